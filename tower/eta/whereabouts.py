"""What the stops already done say about the way to the next one."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from itertools import pairwise
from typing import NamedTuple

from tower.domain.geometry import LatLon, distance_m
from tower.domain.records import Break, Route, Stop
from tower.domain.words import StopState
from tower.eta.pace import Served, pace_over, served
from tower.eta.schedule import Whereabouts

NEAR_M = 150.0
"""A vehicle this near to the door it served last has not left it, metres."""

_MOVES_OFF = timedelta(minutes=1)
"""From being done at a door to leaving it: so much sooner than a break may begin is soon enough."""

_REST_SHARE = 0.7
"""A gap between two doors longer than its leg by this share of a break was that break."""


class Track(NamedTuple):
    """What the done stops of a route say, whatever the time and wherever the vehicle is.

    Attributes:
        origin: where the leg to the next stop began; left_at: when the vehicle left there.
        has_served: at least one stop is done.
        next_stop: the first stop not done, as it is to be expected; None where none is left.
        breaks: the rests nobody took so far.
        doors: what each door took, in driving order.
        pace: how much longer than expected they took, 1 where just that.
    """

    origin: LatLon | None
    left_at: datetime | None
    has_served: bool
    next_stop: Stop | None
    breaks: tuple[Break, ...]
    doors: tuple[Served, ...]
    pace: float

    def at(self, now: datetime, position: LatLon | None = None) -> Whereabouts:
        """What that means at a moment.

        Args:
            now: the present, UTC.
            position: where the vehicle is, None where that is not known.
        """
        breaks = tuple(one for one in self.breaks if not _is_over(one, now))
        left_at = self.left_at
        if breaks and self._rests(breaks[0], position, now) and left_at is not None:
            left_at, breaks = left_at + timedelta(seconds=breaks[0].duration_s), breaks[1:]
        return Whereabouts(origin=self.origin, left_at=left_at, pace=self.pace, breaks=breaks)

    def _rests(self, due: Break, position: LatLon | None, now: datetime) -> bool:
        """True while the driver takes a break at the door served last.

        It is taken at the first door left after it may begin; who is on the way takes none.
        """
        if not self.has_served or self.left_at is None or self.next_stop is None:
            return False
        if position is None or self.origin is None or distance_m(position, self.origin) >= NEAR_M:
            return False
        ends = self.left_at + timedelta(seconds=due.duration_s)
        underway = self.next_stop.underway
        is_off = underway is not None and underway.at >= self.left_at
        return due.earliest - _MOVES_OFF <= self.left_at <= now < ends and not is_off


def track(
    route: Route,
    stops: Sequence[Stop],
    legs_s: Sequence[float],
    depot: LatLon | None,
    doors_s: Sequence[float] | None = None,
) -> Track:
    """What the done stops of a route say.

    Args:
        route: the route.
        stops: all its stops in driving order, done ones included.
        legs_s: driving seconds to each of them from the place before.
        depot: where the route begins, None where it has no depot.
        doors_s: expected seconds at each door; as planned where None.
    """
    done = [place for place, stop in enumerate(stops) if stop.is_done]
    finished = [(stops[place], legs_s[place]) for place in done]
    ended = [
        stop.finished_at
        for stop, _ in finished
        if stop.finished_at is not None and stop.state is not StopState.CANCELLED
    ]
    first = next(iter(in_order_driven(stops)), None)
    planned = route.plan.starts_at if route.plan else None
    expected_s = None if doors_s is None else [doors_s[place] for place in done]
    doors = tuple(served([stop for stop, _ in finished], [leg for _, leg in finished], expected_s))
    return Track(
        origin=_origin(stops, first or 0, depot),
        left_at=max(ended) if ended else route.started_at or planned,
        has_served=bool(ended),
        next_stop=None if first is None else stops[first],
        breaks=_breaks_left(route, [*finished, *_under_way(stops, legs_s, first)]),
        doors=doors,
        pace=pace_over(doors),
    )


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
    return track(route, stops, legs_s, depot).at(now, position)


GONE_ON = 2
"""Whoever has served so many stops after one has passed it by, and does not turn round at once."""


def in_order_driven(stops: Sequence[Stop]) -> list[int]:
    """The places of the stops not done, in the order they are to be expected.

    That of the sequence; what the driver has passed by comes at the end.

    Args:
        stops: all stops of a route in driving order, done ones included.
    """
    ahead, passed = list[int](), list[int]()
    gone_on = 0
    for place in range(len(stops) - 1, -1, -1):
        stop = stops[place]
        if stop.is_done:
            gone_on += stop.state is not StopState.CANCELLED
        elif stop.underway is None and gone_on >= GONE_ON:
            passed.append(place)
        else:
            ahead.append(place)
    return [*reversed(ahead), *reversed(passed)]


def _under_way(
    stops: Sequence[Stop], legs_s: Sequence[float], first: int | None
) -> list[tuple[Stop, float]]:
    """The first stop not done, where the vehicle is on its way there or at its door."""
    if first is None or stops[first].underway is None:
        return []
    return [(stops[first], legs_s[first])]


def _origin(stops: Sequence[Stop], first: int, depot: LatLon | None) -> LatLon | None:
    before = stops[first - 1].plan if first else None
    return before.position if before is not None else depot


def _breaks_left(route: Route, finished: Sequence[tuple[Stop, float]]) -> tuple[Break, ...]:
    """The breaks of a route that nobody took.

    One was taken where the driver was away from every door for about as long between two stops.
    """
    planned = route.plan.breaks if route.plan else ()
    return tuple(one for one in planned if not _was_taken(one, finished))


def _is_over(planned: Break, now: datetime) -> bool:
    """True once a break must have begun and its time has passed."""
    return now > planned.latest + timedelta(seconds=planned.duration_s)


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
