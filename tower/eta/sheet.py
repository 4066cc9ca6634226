"""What is known of one route, as numbers: it changes only when the route does.

Not with the clock, nor with where the vehicle is.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from operator import is_
from typing import NamedTuple, Self

import numpy as np

from tower.domain.geometry import LatLon
from tower.domain.records import Stop, StopPlan
from tower.eta.course import Course
from tower.eta.doors import Caller
from tower.eta.hindrances import Hindrances, Touches
from tower.eta.model import Floats
from tower.eta.pace import pace_of_known
from tower.eta.schedule import as_driven_order
from tower.eta.whereabouts import Track, in_order_driven, track

_NAN = float("nan")
_WIDTH = 6


@dataclass(frozen=True, slots=True, eq=False)
class StopColumns:
    """The stops not done, in the order they are expected; times in seconds since 1970.

    Attributes:
        rows: `(n, 6)`: one array for a route, of which there are ten thousand.
    """

    rows: Floats

    @classmethod
    def of_all(cls, columns: Sequence[Self]) -> Self:
        """Those of some routes, one after the other."""
        return cls(np.concatenate([np.zeros((0, _WIDTH)), *(one.rows for one in columns)]))

    @property
    def opens_s(self) -> Floats:
        """`(n,)` when the window opens, long ago where nobody has to wait."""
        return self.rows[:, 0]

    @property
    def is_hard(self) -> Floats:
        """`(n,)` 1 where nobody is there before."""
        return self.rows[:, 1]

    @property
    def closes_s(self) -> Floats:
        """`(n,)` when the promise ends; nan where there is none."""
        return self.rows[:, 2]

    @property
    def planned_s(self) -> Floats:
        """`(n,)` when it is reached in the plan of the day; nan where it is not in it."""
        return self.rows[:, 3]

    @property
    def places(self) -> Floats:
        """`(n, 2)` where they are, degrees; nan where nobody said."""
        return self.rows[:, 4:]


@dataclass(frozen=True, slots=True, eq=False)
class RouteSheet:
    """The rest of a route, as numbers.

    Attributes:
        course: what it was made of, but for where the vehicle was.
        caller: who drives it.
        order: the places of the stops not done in the route's sequence, as they are expected.
        stop_ids: those stops.
        is_here: the vehicle stands at the first of them; arrived_s: since when.
        next_place: which of them is the first in the route's own order.
        columns: of those stops.
        doors_s: `(n,)` expected seconds at each door; legs_s: driving to each by the roads.
        track: what the stops done say.
        hindrances: the disturbances of the moment; touches: those on the way.
    """

    course: Course
    caller: Caller
    order: tuple[int, ...]
    stop_ids: tuple[str, ...]
    is_here: bool
    arrived_s: float
    next_place: int
    columns: StopColumns
    doors_s: Floats
    legs_s: Floats
    track: Track
    hindrances: Hindrances
    touches: Touches

    def is_of(self, course: Course, caller: Caller) -> bool:
        """True while nothing about a route has changed; where its vehicle is does not count."""
        known = self.course
        return (
            known.route is course.route
            and known.legs_s is course.legs_s
            and self.caller == caller
            and known.depot == course.depot
            and are_same(known.stops, course.stops)
        )


def are_same(before: Sequence[Stop], after: Sequence[Stop]) -> bool:
    """True where two lists hold the very same records."""
    return len(before) == len(after) and all(map(is_, before, after))


class Expected(NamedTuple):
    """What is expected of a route, besides what the roads say.

    Attributes:
        doors_s: seconds at the doors of all its stops.
        driven_s: of the legs to them, for those that are over; as the roads say for the others.
        is_known: the driver's earlier shifts are in what is expected of the doors.
        hindrances: the disturbances of the moment.
    """

    doors_s: Sequence[float]
    driven_s: Sequence[float]
    is_known: bool
    hindrances: Hindrances


def sheet_of(
    course: Course, caller: Caller, expected: Expected, before: RouteSheet | None = None
) -> RouteSheet:
    """Write down a route.

    Args:
        course: the route as it stands.
        caller: who drives it.
        expected: of its doors, its legs and the traffic.
        before: an older sheet of the route; what did not change is taken from it.
    """
    doors_s, driven_s, is_known, hindrances = expected
    if before is not None and _has_only_other_legs(before, course, caller, hindrances):
        legs_s = _legs(course, before.order, is_moved=before.next_place > 0)
        return replace(before, course=_placeless(course), legs_s=legs_s)
    stops = course.stops
    order, next_place, here = _order(course)
    left = [stops[place] for place in order]
    known = track(course.route, stops, driven_s, course.depot, doors_s)
    if is_known:
        known = known._replace(pace=pace_of_known(known.doors))
    is_same = before is not None and are_same(
        [before.course.stops[place] for place in before.order], left
    )
    columns = before.columns if before is not None and is_same else _columns(left)
    origins = np.array([_degrees(known.origin), *columns.places[:-1].tolist()])[: len(left)]
    return RouteSheet(
        course=_placeless(course),
        caller=caller,
        order=order,
        stop_ids=tuple(stop.id for stop in left),
        is_here=here is not None,
        arrived_s=here if here is not None else _NAN,
        next_place=next_place,
        columns=columns,
        doors_s=np.array([doors_s[place] for place in order], dtype=np.float64),
        legs_s=_legs(course, order, is_moved=next_place > 0),
        track=known,
        hindrances=hindrances,
        touches=hindrances.touches(origins.reshape(-1, 2), columns.places),
    )


def _placeless(course: Course) -> Course:
    return course._replace(position=None, fix_at=None)


def _has_only_other_legs(
    before: RouteSheet, course: Course, caller: Caller, hindrances: Hindrances
) -> bool:
    """True where nothing is new but how long the legs still to be driven are expected to take."""
    known = before.course
    if known.route is not course.route or not are_same(known.stops, course.stops):
        return False
    ahead = frozenset(before.order[1:] if before.track.breaks else before.order)
    legs = enumerate(zip(known.legs_s, course.legs_s, strict=True))
    return (
        before.caller == caller
        and before.hindrances is hindrances
        and known.depot == course.depot
        and all(was == now for place, (was, now) in legs if place not in ahead)
    )


def _order(course: Course) -> tuple[tuple[int, ...], int, float | None]:
    """How the stops not done are expected, which is first in the sequence, and where it stands.

    The last is when the vehicle came to the first of them, None where it stands at none.
    """
    if course.route.finished_at is not None:
        return (), 0, None
    places = in_order_driven(course.stops)
    stops = [course.stops[place] for place in places]
    driven = as_driven_order(stops)
    order = tuple(places[index] for index in driven)
    first = course.stops[order[0]] if order else None
    if first is None or not first.state.is_at_the_door or first.arrived_at is None:
        return order, 0, None
    return order, driven.index(0), first.arrived_at.timestamp()


def _legs(course: Course, order: Sequence[int], *, is_moved: bool) -> Floats:
    """The way back from a stop served early is taken to be as long as the leg that led to it."""
    legs = np.array([course.legs_s[place] for place in order], dtype=np.float64)
    if is_moved:
        legs[1] = legs[0]
    return legs


def _columns(stops: Sequence[Stop]) -> StopColumns:
    rows = np.empty((len(stops), _WIDTH))
    for place, stop in enumerate(stops):
        rows[place] = _row(stop.plan)
    return StopColumns(rows)


def _row(plan: StopPlan | None) -> tuple[float, ...]:
    if plan is None:
        return (-np.inf, 0.0, _NAN, _NAN, _NAN, _NAN)
    opens, closes, planned = plan.window_start, plan.window_end, plan.planned_at
    return (
        -np.inf if opens is None else opens.timestamp(),
        float(plan.window_is_hard),
        _NAN if closes is None else closes.timestamp(),
        _NAN if planned is None else planned.timestamp(),
        plan.lat,
        plan.lon,
    )


def _degrees(place: LatLon | None) -> tuple[float, float]:
    return (_NAN, _NAN) if place is None else (place.lat, place.lon)
