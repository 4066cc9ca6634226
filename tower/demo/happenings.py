"""What goes wrong on one day, as data."""

import math
from enum import StrEnum
from typing import NamedTuple

from tower.domain.geometry import LatLon, distance_m


class Mishap(StrEnum):
    """What goes wrong at one stop."""

    NOT_HOME = "not_home"
    NO_ACCESS = "no_access"
    WRONG_PIN = "wrong_pin"
    REFUSED = "refused"
    DAMAGED = "damaged"
    CLOSED = "closed"
    ASKS_WHERE = "asks_where"
    ASKS_CHANGE = "asks_change"


class Jam(NamedTuple):
    """Traffic that crawls: everything within `radius_m` of `centre` takes `factor` as long."""

    centre: LatLon
    radius_m: float
    starts_s: float
    ends_s: float
    factor: float


class Happenings(NamedTuple):
    """Everything that goes wrong on one day.

    Attributes:
        pace: route id to how much longer its driver takes than planned.
        silences: route id to the spans in which its device sends nothing.
        mishaps: stop id to what goes wrong there.
        fridge: route id to when its cooling fails.
        breakdown: route id to when its vehicle breaks down for good.
    """

    jams: tuple[Jam, ...]
    pace: dict[str, float]
    silences: dict[str, tuple[tuple[float, float], ...]]
    mishaps: dict[str, Mishap]
    fridge: dict[str, float]
    breakdown: dict[str, float]

    def crawl(self, where: LatLon, at_s: float) -> float:
        """How much longer driving takes there and then; 1 where traffic flows."""
        rush = 1.0 + 0.18 * math.exp(-(((at_s - 17.2 * 3600) / 3600.0) ** 2))
        jams = (
            jam.factor
            for jam in self.jams
            if jam.starts_s <= at_s < jam.ends_s and distance_m(jam.centre, where) < jam.radius_m
        )
        return rush * max(jams, default=1.0)
