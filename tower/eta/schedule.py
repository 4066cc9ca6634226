"""A simple projection of one route: drive, wait for the window, serve, drive on.

Everything is given: the stops still to be driven, how long the legs take, where the vehicle is.
Nothing is learnt from the past but the pace of the day (`tower.eta.pace`).
"""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

import msgspec

from tower.domain.geometry import LatLon, distance_m
from tower.domain.records import Break, Stop
from tower.domain.words import Punctuality
from tower.eta.promise import punctuality
from tower.eta.spread import Spread

PATIENCE_S = 600.0
"""A driver who is early waits this long for a window to open, then rings anyway.

Where nobody is there before (the window is hard) the driver waits until it opens.
"""

OVERDUE_SHARE = 0.25
"""A door that already took its time is expected to take this share of it again."""

DETOUR_LIMIT = 1.5
"""The rest of a leg is at most this many times the whole leg (a driver on a detour)."""


class Arrival(msgspec.Struct, frozen=True, kw_only=True):
    """When a vehicle is expected at a stop, UTC.

    Attributes:
        p10: it comes earlier in one case of ten.
        p50: as likely earlier as later.
        p90: it comes later in one case of ten.
        punctuality: how that stands against the promise.
    """

    stop_id: str
    p10: datetime
    p50: datetime
    p90: datetime
    punctuality: Punctuality

    @property
    def early_s(self) -> float:
        """Seconds from P10 to P50."""
        return (self.p50 - self.p10).total_seconds()

    @property
    def late_s(self) -> float:
        """Seconds from P50 to P90."""
        return (self.p90 - self.p50).total_seconds()


class Whereabouts(msgspec.Struct, frozen=True, kw_only=True):
    """What is known of the way to the first stop, besides the newest fix.

    Attributes:
        origin: where the first leg began (the stop before, or the depot). With it, `legs_s[0]`
            is the whole leg and the part already driven is taken off by distance; without it,
            `legs_s[0]` is what is left from the position.
        left_at: when the vehicle left there; for a route not begun, when it is to leave.
        pace: how much longer than planned this driver takes today, 1 as planned.
        breaks: the rests still to be taken, in their order.
    """

    origin: LatLon | None = None
    left_at: datetime | None = None
    pace: float = 1.0
    breaks: tuple[Break, ...] = ()


AS_PLANNED = Whereabouts()
"""Nothing else is known: the first leg is what is left of it, the pace is the plan's."""


class Rest(NamedTuple):
    """A break as it will be taken."""

    planned: Break
    begins: datetime


class Mark(NamedTuple):
    """What has to be known after a stop to go on from there.

    Attributes:
        breaks: the breaks still to be taken.
        rests: how many were taken until then.
    """

    spread: Spread
    breaks: tuple[Break, ...]
    rests: int


class Itinerary(NamedTuple):
    """How the rest of a route goes.

    Attributes:
        arrivals: one a stop.
        leaves: when the vehicle leaves each of them, as likely earlier as later.
        rests: the breaks taken on the way.
        marks: what is needed to go on after each stop; None where that is not possible.
    """

    arrivals: list[Arrival]
    leaves: list[datetime]
    rests: list[Rest]
    marks: Sequence[Mark | None] = ()


class Begun(NamedTuple):
    """An itinerary that begins with the same stops, and how many those are."""

    way: Itinerary
    stops: int

    @property
    def mark(self) -> Mark | None:
        """What is needed to go on after those stops, None where that is not possible."""
        is_within = 0 < self.stops <= len(self.way.marks)
        return self.way.marks[self.stops - 1] if is_within else None


def itinerary(
    stops: Sequence[Stop],
    legs_s: Sequence[float],
    position: LatLon | None,
    fix_at: datetime | None,
    now: datetime,
    whereabouts: Whereabouts = AS_PLANNED,
    begun: Begun | None = None,
) -> Itinerary:
    """Predict how the rest of a route goes: drive, wait for the window, serve, rest, drive on.

    A break is taken between two stops: at the first door left after it may begin, or before a
    leg that would carry the driver past the moment it has to have begun.

    Args:
        stops: the stops not done yet, in driving order, each with its plan.
        legs_s: driving seconds to each of them, from the one before; the first from
            `whereabouts.origin`, or from the position where that is None.
        position: where the vehicle is, None where it never said.
        fix_at: when it was there; an old fix is trusted, and time goes on from it.
        now: the present, UTC; no arrival is predicted in the past.
        whereabouts: what else is known of the first leg, and the breaks still to be taken.
        begun: an itinerary of the same vehicle at the same moment; as far as its stops and legs
            are the same it is not worked out again.

    Returns:
        One arrival a stop, in the same order. A vehicle standing at the first stop has arrived:
        P10, P50 and P90 are the time it did.

    Raises:
        ValueError: there are not as many legs as stops.
    """
    if len(legs_s) != len(stops):
        raise ValueError(f"{len(stops)} stops need as many legs, not {len(legs_s)}")
    if not stops:
        return Itinerary([], [], [])
    driven, driven_legs = _as_driven(stops, legs_s)
    mark = begun.mark if begun is not None and driven is stops else None
    if begun is not None and mark is not None:
        return _taken_up(stops, legs_s, begun, mark, now, whereabouts.pace)
    rests: list[Rest] = []
    passed = list(_driven(driven, driven_legs, position, fix_at, now, whereabouts, rests))
    marks = [visit.mark for visit in passed] if driven is stops else []
    if driven is not stops:
        places = {visit.arrival.stop_id: visit for visit in passed}
        passed = [places[stop.id] for stop in stops]
    return Itinerary([v.arrival for v in passed], [v.leaves for v in passed], rests, marks)


def _taken_up(
    stops: Sequence[Stop],
    legs_s: Sequence[float],
    begun: Begun,
    mark: Mark,
    now: datetime,
    pace: float,
) -> Itinerary:
    """Go on after the stops that another itinerary begins with."""
    count, way = begun.stops, begun.way
    rests = list(way.rests[: mark.rests])
    rest = _Way(way.leaves[count - 1], now, pace, mark.breaks, rests)
    passed = list(_after_door(stops[count:], legs_s[count:], rest, mark.spread))
    return Itinerary(
        [*way.arrivals[:count], *(visit.arrival for visit in passed)],
        [*way.leaves[:count], *(visit.leaves for visit in passed)],
        rests,
        [*way.marks[:count], *(visit.mark for visit in passed)],
    )


def as_driven_order(stops: Sequence[Stop]) -> list[int]:
    """The places of some stops with the one the vehicle stands at first.

    Whatever the sequence says: of several, the one it came to last.

    Args:
        stops: the stops not done yet, in driving order.
    """
    standing = [index for index, stop in enumerate(stops) if _is_at_the_door(stop)]
    index = max(standing, key=lambda place: stops[place].arrived_stamp, default=0)
    others = (place for place in range(len(stops)) if place != index)
    return [index, *others] if stops else []


def _as_driven(
    stops: Sequence[Stop], legs_s: Sequence[float]
) -> tuple[Sequence[Stop], Sequence[float]]:
    """The stops with the one the vehicle stands at first, whatever the sequence says.

    The way back from a stop served early is taken to be as long as the leg that led to it.
    """
    order = as_driven_order(stops)
    if order[0] == 0:
        return stops, legs_s
    legs = [legs_s[place] for place in order]
    legs[1] = legs_s[order[0]]
    return [stops[place] for place in order], legs


def _is_at_the_door(stop: Stop) -> bool:
    return stop.state.is_at_the_door and stop.arrived_at is not None


class _Visit(NamedTuple):
    arrival: Arrival
    leaves: datetime
    mark: Mark | None = None


def _driven(
    stops: Sequence[Stop],
    legs_s: Sequence[float],
    position: LatLon | None,
    fix_at: datetime | None,
    now: datetime,
    whereabouts: Whereabouts,
    rests: list[Rest],
) -> Iterator[_Visit]:
    if stops[0].state.is_at_the_door and stops[0].arrived_at is not None:
        yield from _from_the_door(stops, legs_s, stops[0].arrived_at, now, whereabouts, rests)
        return
    left_s = legs_s[0] * _share_left(stops[0], position, whereabouts)
    since = counts_from(position, fix_at, now, whereabouts.left_at)
    reached = max(now, since + timedelta(seconds=left_s * whereabouts.pace))
    if whereabouts.left_at is not None and whereabouts.left_at > now:
        spread = Spread().after_departure().after_leg(left_s)
    else:
        spread = Spread().after_leg(max(left_s, (reached - now).total_seconds()))
    way = _Way(reached, now, whereabouts.pace, whereabouts.breaks, rests)
    yield from _onwards(stops, legs_s, way, spread)


def counts_from(
    position: LatLon | None, fix_at: datetime | None, now: datetime, left_at: datetime | None
) -> datetime:
    """The moment the rest of the first leg counts from: that of a fix on it, else its beginning.

    Args:
        position: where the vehicle is, None where it never said.
        fix_at: when it was there.
        now: the present, UTC.
        left_at: when the leg began or is to begin, None where nobody knows.
    """
    if position is not None and fix_at is not None and (left_at is None or fix_at >= left_at):
        return min(fix_at, now)
    return left_at or now


def _share_left(stop: Stop, position: LatLon | None, whereabouts: Whereabouts) -> float:
    if stop.plan is None:
        return 1.0
    return share_left(whereabouts.origin, position, stop.plan.position)


def share_left(origin: LatLon | None, position: LatLon | None, destination: LatLon) -> float:
    """The share of a leg that is still to be driven, 1 for all of it; more on a detour.

    Args:
        origin: where the leg began, None where the leg is counted from the position.
        position: where the vehicle is, None where it never said.
        destination: where the leg ends.
    """
    if origin is None or position is None:
        return 1.0
    whole_m = distance_m(origin, destination)
    if whole_m < 1.0:
        return 1.0
    return min(DETOUR_LIMIT, distance_m(position, destination) / whole_m)


def _from_the_door(
    stops: Sequence[Stop],
    legs_s: Sequence[float],
    arrived_at: datetime,
    now: datetime,
    whereabouts: Whereabouts,
    rests: list[Rest],
) -> Iterator[_Visit]:
    """The vehicle stands at the first stop."""
    here, pace = stops[0], whereabouts.pace
    standing = punctuality(here.plan, arrived_at, arrived_at)
    arrival = Arrival(
        stop_id=here.id, p10=arrived_at, p50=arrived_at, p90=arrived_at, punctuality=standing
    )
    service_s = _service_s(here) * pace
    ends = arrived_at + timedelta(seconds=_wait_s(here, arrived_at) + service_s)
    leaves = max(ends, now + timedelta(seconds=OVERDUE_SHARE * service_s))
    yield _Visit(arrival, leaves)
    if len(stops) == 1:
        return
    leg_s = legs_s[1] * pace
    leaves, breaks = _rested(leaves, leg_s, whereabouts.breaks, rests)
    spread = Spread().after_service((leaves - now).total_seconds()).after_leg(leg_s)
    way = _Way(leaves + timedelta(seconds=leg_s), now, pace, breaks, rests)
    yield from _onwards(stops[1:], legs_s[1:], way, spread)


def _after_door(
    stops: Sequence[Stop], legs_s: Sequence[float], way: "_Way", spread: Spread
) -> Iterator[_Visit]:
    """From the moment the vehicle leaves a door to the last of `stops`."""
    if not stops:
        return
    leg_s = legs_s[0] * way.pace
    leaves, breaks = _rested(way.reached, leg_s, way.breaks, way.rests)
    onwards = _Way(leaves + timedelta(seconds=leg_s), way.now, way.pace, breaks, way.rests)
    yield from _onwards(stops, legs_s, onwards, spread.after_leg(leg_s))


class _Way(NamedTuple):
    """When the first of some stops is reached (or a door left), and how it goes on."""

    reached: datetime
    now: datetime
    pace: float
    breaks: tuple[Break, ...]
    rests: list[Rest]


def _onwards(
    stops: Sequence[Stop], legs_s: Sequence[float], way: _Way, spread: Spread
) -> Iterator[_Visit]:
    """From the arrival at the first of `stops` to the last."""
    reached, breaks = way.reached, way.breaks
    for index, stop in enumerate(stops):
        if index:
            leg_s = legs_s[index] * way.pace
            reached, breaks = _rested(reached, leg_s, breaks, way.rests)
            reached += timedelta(seconds=leg_s)
            spread = spread.after_leg(leg_s)
        arrival = _arrival(stop, reached, spread, way.now)
        wait_s, service_s = _wait_s(stop, reached), _service_s(stop) * way.pace
        reached += timedelta(seconds=wait_s + service_s)
        spread = spread.after_wait(wait_s).after_service(service_s)
        yield _Visit(arrival, reached, Mark(spread, breaks, len(way.rests)))


def _rested(
    leaves: datetime, leg_s: float, breaks: tuple[Break, ...], rests: list[Rest]
) -> tuple[datetime, tuple[Break, ...]]:
    """When the driver leaves a door, after a break where one falls there; the breaks left."""
    if not breaks:
        return leaves, breaks
    due = breaks[0]
    if leaves < due.earliest and leaves + timedelta(seconds=leg_s) <= due.latest:
        return leaves, breaks
    begins = max(leaves, due.earliest)
    rests.append(Rest(due, begins))
    return begins + timedelta(seconds=due.duration_s), breaks[1:]


def _arrival(stop: Stop, p50: datetime, spread: Spread, now: datetime) -> Arrival:
    p90 = p50 + timedelta(seconds=spread.late_s)
    return Arrival(
        stop_id=stop.id,
        p10=max(now, p50 - timedelta(seconds=spread.early_s)),
        p50=p50,
        p90=p90,
        punctuality=punctuality(stop.plan, p50, p90),
    )


def _service_s(stop: Stop) -> float:
    return stop.plan.service_s if stop.plan else 0.0


def _wait_s(stop: Stop, reached: datetime) -> float:
    if stop.plan is None or stop.plan.window_start is None:
        return 0.0
    early_s = max(0.0, (stop.plan.window_start - reached).total_seconds())
    return early_s if stop.plan.window_is_hard else min(PATIENCE_S, early_s)
