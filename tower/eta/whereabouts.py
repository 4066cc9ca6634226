"""What the stops already done say about the way to the next one."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from itertools import pairwise

from tower.domain.geometry import LatLon, distance_m
from tower.domain.records import Break, Route, Stop
from tower.domain.words import StopState
from tower.eta.pace import pace_of
from tower.eta.schedule import Whereabouts

NEAR_M = 150.0
"""A vehicle this near to the door it served last has not left it, metres."""

_REST_SHARE = 0.7
"""A gap between two doors longer than its leg by this share of a break was that break."""


def whereabouts(
    route: Route,
    stops: Sequence[Stop],
    legs_s: Sequence[float],
    depot: LatLon | None,
    now: datetime,
    position: LatLon | None = None,
) -> Whereabouts:
    """Where the leg to the first stop not done began, when, at which pace, and the breaks left.

    Args:
        route: the route.
        stops: all its stops in driving order, done ones included.
        legs_s: driving seconds to each of them from the place before.
        depot: where the route begins, None where it has no depot.
        now: the present, UTC.
        position: where the vehicle is, None where that is not known.
    """
    finished = [(stop, leg) for stop, leg in zip(stops, legs_s, strict=True) if stop.is_done]
    ended = [
        stop.finished_at
        for stop, _ in finished
        if stop.finished_at is not None and stop.state is not StopState.CANCELLED
    ]
    first = next(iter(in_order_driven(stops)), 0)
    planned = route.plan.starts_at if route.plan else None
    left_at = max(ended) if ended else route.started_at or planned
    origin = _origin(stops, first, depot)
    breaks = breaks_left(route, [*finished, *_under_way(stops, legs_s, first)], now)
    stands = position is not None and origin is not None and distance_m(position, origin) < NEAR_M
    if ended and stands and breaks and left_at and _rests(stops[first], breaks[0], left_at, now):
        left_at, breaks = left_at + timedelta(seconds=breaks[0].duration_s), breaks[1:]
    return Whereabouts(
        origin=origin,
        left_at=left_at,
        pace=pace_of([stop for stop, _ in finished], [leg for _, leg in finished]),
        breaks=breaks,
    )


GONE_ON = 2
"""Whoever has served so many stops after one has passed it by, and does not turn round at once."""


def in_order_driven(stops: Sequence[Stop]) -> list[int]:
    """The places of the stops not done, in the order they are to be expected.

    That of the sequence; what the driver has passed by comes at the end.

    Args:
        stops: all stops of a route in driving order, done ones included.
    """
    served = [stop.is_done and stop.state is not StopState.CANCELLED for stop in stops]
    ahead, passed = list[int](), list[int]()
    for place, stop in enumerate(stops):
        if not stop.is_done:
            is_passed = stop.underway is None and sum(served[place + 1 :]) >= GONE_ON
            (passed if is_passed else ahead).append(place)
    return [*ahead, *passed]


def _under_way(
    stops: Sequence[Stop], legs_s: Sequence[float], first: int
) -> list[tuple[Stop, float]]:
    """The first stop not done, where the vehicle is on its way there or at its door."""
    is_driven_to = first < len(stops) and stops[first].underway is not None
    return [(stops[first], legs_s[first])] if is_driven_to else []


def _rests(next_stop: Stop, due: Break, left_at: datetime, now: datetime) -> bool:
    """True while the driver takes a break at the door served last.

    It is taken at the first door left after it may begin; who is on the way takes none.
    """
    ends = left_at + timedelta(seconds=due.duration_s)
    is_off = next_stop.underway is not None and next_stop.underway.at >= left_at
    return due.earliest <= left_at <= now < ends and not is_off


def _origin(stops: Sequence[Stop], first: int, depot: LatLon | None) -> LatLon | None:
    before = stops[first - 1].plan if first else None
    return before.position if before is not None else depot


def breaks_left(
    route: Route, finished: Sequence[tuple[Stop, float]], now: datetime
) -> tuple[Break, ...]:
    """The breaks of a route that are still to be taken.

    A break is over once it must have begun and its time has passed, or once the driver was away
    from every door for about as long between two stops.

    Args:
        route: the route.
        finished: its done stops in driving order, each with the driving seconds to it.
        now: the present, UTC.
    """
    planned = route.plan.breaks if route.plan else ()
    left = []
    for one in planned:
        is_over = now > one.latest + timedelta(seconds=one.duration_s)
        if not is_over and not _was_taken(one, finished):
            left.append(one)
    return tuple(left)


def _was_taken(planned: Break, finished: Sequence[tuple[Stop, float]]) -> bool:
    for (before, _), (after, leg_s) in pairwise(finished):
        reached, driving_s = _met(after, before.finished_at), leg_s
        if before.finished_at is None or reached is None or reached < planned.earliest:
            continue
        if after.arrived_at is None:
            driving_s = 0.0
        away_s = (reached - before.finished_at).total_seconds() - driving_s
        if away_s >= _REST_SHARE * planned.duration_s:
            return True
    return False


def _met(stop: Stop, since: datetime | None) -> datetime | None:
    """When the vehicle reached a stop, or as long as it has not, when it set off there."""
    if stop.arrived_at is not None or stop.underway is None:
        return stop.arrived_at
    is_later = since is not None and stop.underway.at >= since
    return stop.underway.at if is_later else None
