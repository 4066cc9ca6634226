"""What goes wrong on one day, as data."""

import math
from enum import StrEnum
from typing import NamedTuple

from tower.domain.geometry import LatLon, distance_m

Spans = tuple[tuple[float, float], ...]
"""Stretches of time: begin and end, seconds of the day."""


class Mishap(StrEnum):
    """What goes wrong at one stop, or on the way there."""

    NOT_HOME = "not_home"
    NO_ACCESS = "no_access"
    WRONG_PIN = "wrong_pin"
    NOT_FOUND = "not_found"
    REFUSED = "refused"
    DAMAGED = "damaged"
    CLOSED = "closed"
    ASKS_WHERE = "asks_where"
    ASKS_CHANGE = "asks_change"
    WRONG_DOOR = "wrong_door"
    PARCEL_SHORT = "parcel_short"
    LONG_STAY = "long_stay"
    STANDS_BEFORE = "stands_before"
    DETOUR = "detour"
    FORGOTTEN = "forgotten"


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
        outages: carrier id to the spans in which nothing comes from it at all.
        mishaps: stop id to what goes wrong there.
        places: stop id to the place a mishap is about: where the door really is, where a detour
            leads, where parcels were handed over.
        fridge: route id to the spans in which its box is not cooled.
        drain: route id to how many times faster than rated its battery empties.
        breakdown: route id to when its vehicle breaks down for good.
    """

    jams: tuple[Jam, ...]
    pace: dict[str, float]
    silences: dict[str, Spans]
    outages: dict[str, Spans]
    mishaps: dict[str, Mishap]
    places: dict[str, LatLon]
    fridge: dict[str, Spans]
    drain: dict[str, float]
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
