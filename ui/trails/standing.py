"""Where a vehicle stood, for how long, and at which stop. Knows no widgets."""

import math
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

import numpy as np

from tower.domain.geometry import LatLon, distance_m
from tower.domain.moments import utc
from tower.domain.records import Stop
from tower.road.geometry import FloatArray, LocalPlane
from tower.watch.rules.driving import AT_A_STOP_M, NEAR_DEPOT_M
from ui.trails.trail import Trail

LEAST = timedelta(minutes=2)
"""Shorter than this is traffic, not standing."""

WANDERS_M = 40.0
"""So far the positions of a vehicle that stands may lie from each other."""

_AROUND = timedelta(minutes=2)


class Standing(NamedTuple):
    """A stay at one place.

    Attributes:
        first: place in the trail of its first position; `last` of its last.
        at: the middle of its positions.
        stop_id: the stop it was at, "" for none.
        is_at_depot: it stood near its depot.
    """

    since: datetime
    until: datetime
    first: int
    last: int
    at: LatLon
    stop_id: str = ""
    is_at_depot: bool = False

    @property
    def lasted(self) -> timedelta:
        """How long."""
        return self.until - self.since


def standings(
    trail: Trail, stops: Sequence[Stop] = (), depot: LatLon | None = None
) -> list[Standing]:
    """Every stay of two minutes or more.

    A vehicle that is silent for a while and heard again where it was counts as standing there.

    Args:
        trail: where it was.
        stops: the stops it may have stood at, of its route.
        depot: where its route begins and ends.
    """
    if len(trail) < 2:
        return []
    metres = LocalPlane(LatLon(*trail.lat_lon[0])).to_metres(trail.lat_lon)
    found = (_standing(trail, first, last) for first, last in _stays(trail.at_s, metres))
    return [_placed(one, stops, depot) for one in found]


def _stays(at_s: FloatArray, metres: FloatArray) -> Iterable[tuple[int, int]]:
    """First and last position of each stay, as it is noticed: by where it began."""
    times, places = at_s.tolist(), metres.tolist()
    first, least_s, count = 0, LEAST.total_seconds(), len(times)
    for place in range(1, count + 1):
        if place < count and math.dist(places[place], places[first]) <= WANDERS_M:
            continue
        if times[place - 1] - times[first] >= least_s:
            yield first, place - 1
            first = place
        elif place < count:
            first = _next_anchor(places, first, place)


def _next_anchor(places: list[list[float]], first: int, place: int) -> int:
    """The earliest position after `first` that the newest one may still stand at."""
    after = range(first + 1, place)
    near = (one for one in after if math.dist(places[one], places[place]) <= WANDERS_M)
    return next(near, place)


def _standing(trail: Trail, first: int, last: int) -> Standing:
    middle = LatLon(*np.median(trail.lat_lon[first : last + 1], axis=0).tolist())
    since, until = utc(float(trail.at_s[first])), utc(float(trail.at_s[last]))
    return Standing(since, until, first, last, middle)


def _placed(one: Standing, stops: Iterable[Stop], depot: LatLon | None) -> Standing:
    near = {stop.id: away for stop in stops if (away := _away(stop, one.at)) <= AT_A_STOP_M}
    served = [stop for stop in stops if stop.id in near and _was_served(stop, one)]
    if near:
        candidates = [stop.id for stop in served] or list(near)
        return one._replace(stop_id=min(candidates, key=near.__getitem__))
    is_near = depot is not None and distance_m(depot, one.at) <= NEAR_DEPOT_M
    return one._replace(is_at_depot=is_near)


def _away(stop: Stop, at: LatLon) -> float:
    return distance_m(stop.plan.position, at) if stop.plan is not None else float("inf")


def _was_served(stop: Stop, one: Standing) -> bool:
    """Whether the driver was at this door during the stay, give or take two minutes."""
    begin, end = stop.arrived_at or stop.finished_at, stop.finished_at or stop.arrived_at
    if begin is None or end is None:
        return False
    return begin - _AROUND <= one.until and one.since <= end + _AROUND
