"""What sort of day a simulated shift is."""

from datetime import date
from enum import StrEnum

SUPPOSED_DATE = date(2026, 3, 5)
"""The date of a shift nobody named one for: a Thursday."""


class Regime(StrEnum):
    """A sort of day; most are ordinary.

    `rush`: heavier peaks; `rain`: it rains from morning to evening; `bridge`: one crossing of the
    main road is closed from some hour on.
    """

    ORDINARY = "ordinary"
    RUSH = "rush"
    RAIN = "rain"
    BRIDGE = "bridge"
