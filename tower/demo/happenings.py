"""What goes wrong on one day, as data."""

from enum import StrEnum
from typing import NamedTuple

from tower.demo.traffic import Traffic
from tower.demo.weather import Shower, rain_at, wet_roads
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


class Closure(NamedTuple):
    """A place of the main road nobody can pass from an hour on.

    Attributes:
        words: what people call it.
        told_s: when it becomes known to those who tell of traffic.
    """

    place: LatLon
    starts_s: float
    told_s: float
    words: str


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
        traffic: how fast it is by hour and place, besides the jams.
        showers: the rain.
        closure: a place of the main road nobody can pass from some hour on, None for none.
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
    traffic: Traffic = Traffic()
    showers: tuple[Shower, ...] = ()
    closure: Closure | None = None

    def rain_mm_h(self, at_s: float) -> float:
        """The rain at a second of the day, millimetres an hour."""
        return rain_at(self.showers, at_s)

    def is_closed(self, at_s: float) -> bool:
        """True while the closed place is closed."""
        return self.closure is not None and self.closure.starts_s <= at_s

    def crawl(self, where: LatLon, at_s: float, *, in_traffic: bool) -> float:
        """How much longer than free flow driving takes there and then.

        Args:
            where: the place.
            at_s: second of the day.
            in_traffic: false for a bike, which only the rain slows.
        """
        wet = wet_roads(self.rain_mm_h(at_s))
        if not in_traffic:
            return wet
        jams = (
            jam.factor
            for jam in self.jams
            if jam.starts_s <= at_s < jam.ends_s and distance_m(jam.centre, where) < jam.radius_m
        )
        return wet * self.traffic.factor(where, at_s) * max(jams, default=1.0)
