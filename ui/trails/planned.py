"""Planned against driven: a route as it was planned beside what its vehicle did.

Knows no widgets. Cheap enough for a worker: 10,000 positions against 2,000 points of a line take
some tens of milliseconds.
"""

from bisect import bisect_left
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

import numpy as np
import shapely

from tower.domain.geometry import LatLon
from tower.domain.moments import utc
from tower.domain.records import Route, Stop
from tower.road.geometry import FloatArray, LocalPlane
from ui.shapes import RouteShape
from ui.trails.standing import Standing
from ui.trails.trail import Trail

STRAY_M = 150.0
"""Further than this from the line it is somewhere else; nearer may be the other side of a block."""


class Stray(NamedTuple):
    """A stretch on which the vehicle was away from the line.

    Attributes:
        first: place in the trail of its first position away; `last` of its last.
        farthest_m: metres from the line, at most.
    """

    since: datetime
    until: datetime
    first: int
    last: int
    farthest_m: float


class StopRow(NamedTuple):
    """One stop, as planned and as it went.

    Attributes:
        number: its place in the plan of the day, from 1.
        driven: its place in the order served, None while it is not reached.
        is_out_of_order: it was served before or after others than planned.
        at_door: how long the driver was there.
        shift: later than planned; negative where earlier.
    """

    stop: Stop
    number: int
    driven: int | None
    is_out_of_order: bool
    planned_at: datetime | None
    reached_at: datetime | None
    door_planned: timedelta
    at_door: timedelta | None
    shift: timedelta | None


class Totals(NamedTuple):
    """Way and time.

    Attributes:
        metres: None where nobody knows the roads.
        driving: at the wheel; None likewise.
        doors: at the doors.
    """

    metres: float | None
    driving: timedelta | None
    doors: timedelta


class Comparison(NamedTuple):
    """A route, planned against driven.

    Attributes:
        whole: as planned, from the depot back to it.
        so_far: as planned, up to the last stop that is done.
        driven: as driven since the route started.
        gaps: time without signal, which is neither driving nor standing.
        rows: the stops in the order planned.
        strays: where it left the line, None where the line is not known.
    """

    whole: Totals
    so_far: Totals
    driven: Totals
    gaps: timedelta
    rows: tuple[StopRow, ...]
    strays: tuple[Stray, ...] | None

    @property
    def out_of_order(self) -> int:
        """Stops served in another order than planned."""
        return sum(row.is_out_of_order for row in self.rows)


def compare(
    route: Route,
    stops: Sequence[Stop],
    trail: Trail,
    stays: Sequence[Standing],
    shape: RouteShape | None,
) -> Comparison:
    """Set what was driven beside what was planned.

    Args:
        route: the route.
        stops: its stops, in any order.
        trail: where its vehicle was since the route started.
        stays: where it stood on that trail.
        shape: its line along the roads; that of the order in force.
    """
    rows = stop_rows(stops)
    taken = sum((row.at_door for row in rows if row.at_door is not None), timedelta())
    return Comparison(
        whole=_planned(route, stops, shape, whole=True),
        so_far=_planned(route, stops, shape, whole=False),
        driven=Totals(trail.driven_m, _driving(trail, stays), taken),
        gaps=_silent(trail, stays),
        rows=rows,
        strays=None if shape is None or shape.count < 2 else strays(trail, shape.points),
    )


# Stops


def stop_rows(stops: Sequence[Stop]) -> tuple[StopRow, ...]:
    """The stops in the order of the plan of the day, with the order they were served in."""
    planned = sorted((stop for stop in stops if stop.as_planned is not None), key=_planned_key)
    reached = sorted((stop for stop in planned if _reached(stop) is not None), key=_reached_key)
    places = {stop.id: place for place, stop in enumerate(reached, start=1)}
    numbers = {stop.id: number for number, stop in enumerate(planned, start=1)}
    kept = _longest_rise([numbers[stop.id] for stop in reached])
    return tuple(_row(stop, numbers[stop.id], places.get(stop.id), kept) for stop in planned)


def _row(stop: Stop, number: int, driven: int | None, kept: frozenset[int]) -> StopRow:
    plan, reached = stop.as_planned, _reached(stop)
    planned_at = plan.planned_at if plan else None
    begun, done = stop.arrived_at, stop.finished_at
    return StopRow(
        stop=stop,
        number=number,
        driven=driven,
        is_out_of_order=driven is not None and number not in kept,
        planned_at=planned_at,
        reached_at=reached,
        door_planned=timedelta(seconds=plan.service_s if plan else 0.0),
        at_door=done - begun if begun and done and done >= begun else None,
        shift=reached - planned_at if reached and planned_at else None,
    )


def _reached(stop: Stop) -> datetime | None:
    return stop.arrived_at or stop.finished_at


def _reached_key(stop: Stop) -> tuple[float, str]:
    reached = _reached(stop)
    return (reached.timestamp() if reached else 0.0), stop.id


def _planned_key(stop: Stop) -> tuple[float, str]:
    at = stop.as_planned.planned_at if stop.as_planned else None
    return (at.timestamp() if at else float("inf")), stop.id


def _longest_rise(numbers: Sequence[int]) -> frozenset[int]:
    """The most numbers that stand in rising order: what is left over was served out of order.

    Patience sorting (Fredman 1975), O(n log n).
    """
    tails: list[int] = []
    before: dict[int, int | None] = {}
    for number in numbers:
        place = bisect_left(tails, number)
        before[number] = tails[place - 1] if place else None
        tails[place : place + 1] = [number]
    kept, last = set[int](), tails[-1] if tails else None
    while last is not None:
        kept.add(last)
        last = before[last]
    return frozenset(kept)


# Way and time


def _planned(
    route: Route, stops: Sequence[Stop], shape: RouteShape | None, *, whole: bool
) -> Totals:
    known = {stop.id: stop for stop in stops}
    order = [known[id_] for id_ in route.sequence if id_ in known]
    done = [place for place, stop in enumerate(order, start=1) if stop.is_done]
    count = len(order) if whole else (done[-1] if done else 0)
    services = (stop.as_planned.service_s for stop in order[:count] if stop.as_planned)
    doors = timedelta(seconds=sum(services))
    if shape is None or len(shape.distances_m) != len(order):
        return Totals(None, None, doors)
    home_m, home_s = (shape.home_m, shape.home_s) if whole else (0.0, 0.0)
    seconds = timedelta(seconds=sum(shape.durations_s[:count]) + home_s)
    is_timed = len(shape.durations_s) == len(shape.distances_m)
    return Totals(sum(shape.distances_m[:count]) + home_m, seconds if is_timed else None, doors)


def _driving(trail: Trail, stays: Sequence[Standing]) -> timedelta:
    """Time under way: what is neither standing nor without signal."""
    if len(trail) < 2:
        return timedelta()
    stood = sum((stay.lasted for stay in stays), timedelta())
    return max(timedelta(), trail.until - trail.since - stood - _silent(trail, stays))


def _silent(trail: Trail, stays: Sequence[Standing]) -> timedelta:
    """Time without signal, outside of stays."""
    if len(trail) < 2:
        return timedelta()
    silent = trail.gaps
    for stay in stays:
        silent[stay.first : stay.last] = False
    return timedelta(seconds=float(trail.steps_s[silent].sum()))


# The way beside the line


def strays(trail: Trail, line: FloatArray) -> tuple[Stray, ...]:
    """Where a trail is further than 150 m from a line.

    Args:
        trail: the trail.
        line: `(n, 2)` latitude and longitude, degrees, n at least 2.
    """
    if not len(trail):
        return ()
    away = beside_m(trail.lat_lon, line)
    is_away = np.concatenate(([False], away > STRAY_M, [False]))
    edges = np.flatnonzero(np.diff(is_away.astype(np.int8))).reshape(-1, 2)
    return tuple(_stray(trail, away, first, behind - 1) for first, behind in edges.tolist())


def _stray(trail: Trail, away: FloatArray, first: int, last: int) -> Stray:
    since, until = utc(float(trail.at_s[first])), utc(float(trail.at_s[last]))
    return Stray(since, until, first, last, float(away[first : last + 1].max()))


def beside_m(points: FloatArray, line: FloatArray) -> FloatArray:
    """`(n,)` metres of each point from a line; both latitude and longitude, degrees."""
    plane = LocalPlane(LatLon(*line[0]))
    flat = plane.to_metres(line)
    pieces = shapely.linestrings(np.stack([flat[:-1], flat[1:]], axis=1))
    tree = shapely.STRtree(np.atleast_1d(np.asarray(pieces, dtype=object)).tolist())
    places = shapely.points(plane.to_metres(points))
    _, away = tree.query_nearest(places, return_distance=True, all_matches=False)
    distances: FloatArray = np.asarray(away, dtype=np.float64)
    return distances
