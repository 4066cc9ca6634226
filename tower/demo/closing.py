"""A closed road: where it is, and the roads of the region while it is."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import replace
from itertools import pairwise

import numpy as np

from tower.demo.happenings import Closure, Jam
from tower.demo.promise import Promise
from tower.domain.geometry import LatLon, distance_m
from tower.road.engine import Leg, RoutingEngine
from tower.road.graph import RoadGraph
from tower.road.roads import Profile
from tower.road.ruler import Ruler
from tower.road.snap import RoadFinder

LET_PAST_S = 600.0
"""Where no way leads round, one is let past after ten minutes."""

BEGINS_H, TOLD_S = (9.0, 12.0), (480.0, 1_500.0)
"""The hours of the day between which a road is closed, and how long until it is told of."""

CANDIDATES, APART_M = 12, 700.0
"""So many places are looked at, none nearer to another or to the depot than this, metres."""

STRAIGHT_M = 100.0
"""It lies in a straight piece of at least so many metres: no roundabout, no yard to cross."""

AT_PLACE_M = 5.0
"""A line this near to the place leads over it, metres."""

QUEUE_M, QUEUE_FACTOR = 1_500.0, 2.0
"""How far from the place vehicles queue, metres, and how much longer they take there."""


Closing = Callable[[Closure], RoutingEngine]
"""The roads of the region while one is closed."""


def closure_of(
    promises: Sequence[Promise], depot: LatLon, closing: Closing, rng: np.random.Generator
) -> Closure:
    """Closes a place many of the planned ways lead over and few ways lead round, as a bridge is.

    Args:
        promises: the routes.
        depot: where they start.
        closing: makes the roads for a closure.
        rng: decides when it is closed.
    """
    starts_s = 3_600.0 * float(rng.uniform(*BEGINS_H))
    able = [
        Closure(
            place=place,
            starts_s=round(starts_s),
            told_s=round(starts_s + float(rng.uniform(*TOLD_S))),
            words="Bridge on the main road closed",
        )
        for place in _busy(promises, depot)
    ]
    return max(able, key=lambda one: _harm_s(one, promises, closing(one)))


def queue_at(closure: Closure) -> Jam:
    """The queue where a road is closed, and on what leads round it."""
    day_ends_s = 24 * 3_600.0
    return Jam(closure.place, QUEUE_M, closure.starts_s, day_ends_s, QUEUE_FACTOR)


def closed_roads(graph: RoadGraph, closure: Closure) -> RoadGraph:
    """The roads of a region with the one closed: passing it takes `LET_PAST_S` longer.

    Args:
        graph: the roads as they are otherwise.
        closure: what is closed; the road nearest to its place.
    """
    network = graph.network
    drivable = network.speeds[Profile.CAR.row].max(axis=0) > 0
    [snap] = RoadFinder(network, drivable).find(np.array([closure.place]))
    if snap is None:
        return graph
    delays = network.delays.copy()
    delays[snap.segment] += LET_PAST_S
    return RoadGraph(replace(network, delays=delays), graph.names)


def passes(legs: Sequence[Leg], closure: Closure) -> bool:
    """True where one of the legs leads over the closed place."""
    return any(_crosses(leg, closure.place) for leg in legs)


def _crosses(leg: Leg, place: LatLon) -> bool:
    south_west, north_east = leg.shape.min(axis=0), leg.shape.max(axis=0)
    if (south_west > place).any() or (north_east < place).any():
        return False
    ruler = Ruler(leg.shape, leg.shape_times_s)
    return ruler.locate(place).offset_m < AT_PLACE_M


def _harm_s(closure: Closure, promises: Sequence[Promise], closed: RoutingEngine) -> float:
    """Seconds lost by all that would have passed: by the way the first of them goes instead."""
    legs = [leg for promise in promises for leg in promise.legs if _crosses(leg, closure.place)]
    if not legs:
        return 0.0
    ends = [LatLon(*legs[0].shape[place].tolist()) for place in (0, -1)]
    [instead] = closed.legs(ends, Profile.CAR)
    return len(legs) * (instead.duration_s - legs[0].duration_s)


def _busy(promises: Sequence[Promise], depot: LatLon) -> list[LatLon]:
    """Straight pieces of road many legs lead over, the busiest first, none near another."""
    passed = Counter[_Stretch]()
    for promise in promises:
        if Profile.of_vehicle(promise.vehicle.kind) is Profile.BICYCLE:
            continue
        for leg in promise.legs:
            points = [(lat, lon) for lat, lon in np.round(leg.shape, 6).tolist()]
            passed.update({(min(ends), max(ends)) for ends in pairwise(points)})
    found = [depot]
    for stretch in sorted(passed, key=lambda one: (-passed[one], one)):
        middle = LatLon(*np.mean(stretch, axis=0).tolist())
        is_straight = distance_m(LatLon(*stretch[0]), LatLon(*stretch[1])) >= STRAIGHT_M
        if is_straight and all(distance_m(middle, one) > APART_M for one in found):
            found.append(middle)
        if len(found) > CANDIDATES:
            break
    return found[1:] or found


_Stretch = tuple[tuple[float, float], tuple[float, float]]
