"""Why a vehicle will be late at a stop, in words.

What was and what is expected is set against the plan of the day: how long each door took, how
long each leg. The plan's leg between two stops is the time between their planned arrivals, less
waiting and service at the first.
"""

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime, timedelta
from itertools import pairwise
from typing import NamedTuple

from tower.domain.records import Route, Stop
from tower.watch.words import count

WORTH_SAYING = timedelta(minutes=3)
"""A shorter delay is not what made it late."""

SAID = 2
"""So many delays are named, the longest first."""

Expected = Callable[[str], datetime | None]
"""When a stop is expected to be reached, by its id; None where nothing is predicted."""


class Delay(NamedTuple):
    """One thing that took longer than planned."""

    span: timedelta
    words: str


def why_late(
    stops: Sequence[Stop], place: int, route: Route, expected: Expected, now: datetime
) -> str:
    """What made a stop late, and how many stops come before it; "" where nobody can tell.

    Args:
        stops: the stops of its route, in driving order.
        place: its index among them.
        route: the route.
        expected: when the stops not done are expected to be reached.
        now: the present, UTC.
    """
    if any(stop.arrived_at is not None for stop in stops[place + 1 :]):
        left = sum(not stop.is_done for stop in stops) - 1
        return ", ".join(["passed by", *_before_it(left)])
    visits = [_visit(stop, expected, now) for stop in stops[: place + 1]]
    delays = [*_departure(route), *_doors(visits[:-1]), *_legs(visits)]
    worth = sorted((one for one in delays if one.span >= WORTH_SAYING), reverse=True)
    before = sum(not stop.is_done for stop in stops[:place])
    said = [*_plan_itself(stops[place]), *_put_before(stops, place)]
    said += [one.words for one in worth[:SAID]]
    return ", ".join([*said, *_before_it(before)])


def _before_it(stops: int) -> list[str]:
    return [f"{count(stops, 'stop', 'stops')} before it"] if stops else []


class _Visit(NamedTuple):
    """A stop as planned, and as it was or is expected to be."""

    stop: Stop
    came: datetime | None
    left: datetime | None

    @property
    def planned_at(self) -> datetime | None:
        """When the plan of the day has the vehicle there."""
        return self.stop.plan.planned_at if self.stop.plan else None

    @property
    def departure(self) -> datetime | None:
        """When the vehicle left, or leaves where the door takes as long as planned."""
        return self.left or self.served_from(self.came)

    def served_from(self, at: datetime | None) -> datetime | None:
        """When the door is done as planned for somebody who comes at that time."""
        plan = self.stop.plan
        if at is None or plan is None:
            return at
        begins = max(at, plan.window_start) if plan.window_start else at
        return begins + timedelta(seconds=plan.service_s)


def _visit(stop: Stop, expected: Expected, now: datetime) -> _Visit:
    came = stop.arrived_at or stop.finished_at or expected(stop.id)
    visit = _Visit(stop, came, stop.finished_at)
    due = visit.departure
    is_overdue = stop.state.is_at_the_door and due is not None and now > due
    return visit._replace(left=now) if is_overdue else visit


def _departure(route: Route) -> Iterator[Delay]:
    planned = route.plan.starts_at if route.plan else None
    if planned is not None and route.started_at is not None:
        span = route.started_at - planned
        yield Delay(span, f"left the depot {_whole(span)} min late")


def _doors(visits: Sequence[_Visit]) -> Iterator[Delay]:
    """Doors that took, or have taken already, longer than planned."""
    for number, visit in enumerate(visits, start=1):
        due = visit.served_from(visit.stop.arrived_at)
        if visit.left is not None and due is not None:
            span = visit.left - due
            yield Delay(span, f"{_whole(span)} min longer at stop {number}")


def _legs(visits: Sequence[_Visit]) -> Iterator[Delay]:
    """Legs that took, or are expected to take, longer than planned."""
    for number, (before, after) in enumerate(pairwise(visits), start=2):
        planned_from, left = before.served_from(before.planned_at), before.departure
        if planned_from is None or left is None or after.planned_at is None or after.came is None:
            continue
        span = (after.came - left) - (after.planned_at - planned_from)
        is_driven = after.stop.arrived_at is not None or after.stop.is_done
        verb = "took" if is_driven else "takes"
        yield Delay(span, f"the leg to stop {number} {verb} {_whole(span)} min more than planned")


def _plan_itself(stop: Stop) -> Iterator[str]:
    plan = stop.plan
    if plan and plan.planned_at and plan.window_end and plan.planned_at > plan.window_end:
        past = plan.planned_at - plan.window_end
        yield f"planned {_whole(past)} min past its window already"


def _put_before(stops: Sequence[Stop], place: int) -> Iterator[str]:
    """Stops that are driven to sooner than in the plan of the day, or came in since."""
    own = stops[place].plan
    if own is None or own.planned_at is None:
        return
    plans = [stop.plan for stop in stops[:place]]
    moved = sum(
        plan is None or plan.planned_at is None or plan.planned_at > own.planned_at
        for plan in plans
    )
    if moved:
        yield f"{count(moved, 'stop', 'stops')} put before it"


def _whole(span: timedelta) -> int:
    return max(1, round(span.total_seconds() / 60))
