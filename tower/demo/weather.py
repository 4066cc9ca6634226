"""The rain of a simulated day, and how much it slows driving."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from tower.demo.chance import happens
from tower.demo.regimes import Regime

WET_SHARE = 0.3
"""Share of the ordinary days on which it rains for some hours."""

LIGHT_MM_H, HEAVY_MM_H = (0.3, 1.6), (2.5, 6.0)
"""Millimetres an hour in light rain, and on a day of rain."""

LIGHT_BEGINS_H, LIGHT_LASTS_H = (7.5, 16.5), (2, 5)
HEAVY_HOURS = (7, 20)

RAIN_SHARE, RAIN_MOST = 0.05, 1.25
"""Each millimetre an hour makes driving so much slower, up to the most. Freeways
lose 2 to 9 % of their speed (Hranac et al., "Empirical Studies on Traffic Flow in Inclement
Weather", FHWA-HOP-07-073, 2006); that towns lose more is an assumption."""


class Shower(NamedTuple):
    """Rain between two seconds of the day, millimetres an hour."""

    starts_s: float
    ends_s: float
    mm_h: float


def rain_at(showers: Sequence[Shower], at_s: float) -> float:
    """Millimetres an hour at a second of the day."""
    return sum(one.mm_h for one in showers if one.starts_s <= at_s < one.ends_s)


def wet_roads(rain_mm_h: float) -> float:
    """How much longer driving takes in the rain."""
    return min(RAIN_MOST, 1.0 + RAIN_SHARE * rain_mm_h)


def showers_of(regime: Regime, rng: np.random.Generator) -> tuple[Shower, ...]:
    """The rain of a day, by the hour.

    Args:
        regime: what sort of day it is.
        rng: decides when and how much.
    """
    is_wet, begins_h = happens(WET_SHARE, rng), float(rng.uniform(*LIGHT_BEGINS_H))
    if regime is Regime.RAIN:
        first_h, after_h = HEAVY_HOURS
        return _hourly(float(first_h), after_h - first_h, HEAVY_MM_H, rng)
    lasts_h = int(rng.integers(*LIGHT_LASTS_H, endpoint=True))
    return _hourly(begins_h, lasts_h, LIGHT_MM_H, rng) if is_wet else ()


def _hourly(
    begins_h: float, hours: int, mm_h: tuple[float, float], rng: np.random.Generator
) -> tuple[Shower, ...]:
    begins_s = round(3600.0 * begins_h)
    return tuple(
        Shower(begins_s + 3600.0 * hour, begins_s + 3600.0 * (hour + 1), round(amount, 1))
        for hour, amount in enumerate(rng.uniform(*mm_h, hours).tolist())
    )
