"""What the stops already done say about the way to the next one."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from itertools import pairwise

from tower.domain.geometry import LatLon
from tower.domain.records import Break, Route, Stop
from tower.domain.words import StopState
from tower.eta.pace import pace_of
from tower.eta.schedule import Whereabouts

_REST_SHARE = 0.7
"""A gap between two doors longer than its leg by this share of a break was that break."""


def whereabouts(
    route: Route,
    stops: Sequence[Stop],
    legs_s: Sequence[float],
    depot: LatLon | None,
    now: datetime,
) -> Whereabouts:
    """Where the leg to the first stop not done began, when, at which pace, and the breaks left.

    Args:
        route: the route.
        stops: all its stops in driving order, done ones included.
        legs_s: driving seconds to each of them from the place before.
        depot: where the route begins, None where it has no depot.
        now: the present, UTC.
    """
    finished = [(stop, leg) for stop, leg in zip(stops, legs_s, strict=True) if stop.is_done]
    ended = [
        stop.finished_at
        for stop, _ in finished
        if stop.finished_at is not None and stop.state is not StopState.CANCELLED
    ]
    first = next((place for place, stop in enumerate(stops) if not stop.is_done), 0)
    planned = route.plan.starts_at if route.plan else None
    return Whereabouts(
        origin=_origin(stops, first, depot),
        left_at=max(ended) if ended else route.started_at or planned,
        pace=pace_of([stop for stop, _ in finished], [leg for _, leg in finished]),
        breaks=breaks_left(route, finished, now),
    )


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
        reached = after.arrived_at
        if before.finished_at is None or reached is None or reached < planned.earliest:
            continue
        away_s = (reached - before.finished_at).total_seconds() - leg_s
        if away_s >= _REST_SHARE * planned.duration_s:
            return True
    return False
