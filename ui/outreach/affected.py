"""Whom a late vehicle keeps waiting. Knows no widgets."""

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from typing import NamedTuple

from tower.domain.records import Route, Stop, StopPlan
from tower.domain.state import State
from tower.domain.words import MessageState
from tower.feed.arrivals import Arrival
from ui.outreach.phrases import duration_words
from ui.session import Session

NEAR = timedelta(minutes=10)
"""An arrival so shortly before the end of its window is worth a word."""


class Affected(NamedTuple):
    """A stop whose customer ought to hear from us.

    Attributes:
        why: `18 min after its window`, in words.
    """

    stop: Stop
    why: str


def affected_stops(session: Session, route: Route) -> tuple[Affected, ...]:
    """The open stops of a route that come after or near the end of their window, or moved.

    Moved is what comes later than last told, or without a window planned, by more than the
    policy's `moved_by_s`. In the order of the route.
    """
    told = _told(session.state, route)
    moved_by = timedelta(seconds=session.state.policy.moved_by_s)
    return tuple(_affected(session, route, told, moved_by))


def _affected(
    session: Session, route: Route, told: Mapping[str, datetime], moved_by: timedelta
) -> Iterator[Affected]:
    for stop in session.state.stops_of(route):
        plan, expected = stop.plan, session.arrivals.row(stop.id)
        if plan is None or expected is None or not plan.kind.is_customer:
            continue
        if stop.is_done or stop.state.is_at_the_door:
            continue
        why = _window_words(plan, expected) or _moved_words(
            plan, told.get(stop.id), expected, moved_by
        )
        if why:
            yield Affected(stop, why)


def _window_words(plan: StopPlan, expected: Arrival) -> str:
    end = plan.window_end
    if end is None:
        return ""
    late = (expected.p50 - end).total_seconds()
    if late > 0:
        return f"{duration_words(late)} after its window"
    if expected.p90 > end or end - expected.p50 < NEAR:
        return f"{duration_words(late)} before its window ends"
    return ""


def _moved_words(
    plan: StopPlan, told: datetime | None, expected: Arrival, moved_by: timedelta
) -> str:
    # Who was promised a window and told nothing believes in the window.
    against = told or (None if plan.window_end else plan.planned_at)
    if against is None or expected.p50 - against <= moved_by:
        return ""
    than = "told" if told else "planned"
    return f"{duration_words((expected.p50 - against).total_seconds())} later than {than}"


def _told(state: State, route: Route) -> dict[str, datetime]:
    """For each stop of a route the arrival its customer was told last."""
    mine, newest = set(route.sequence), dict[str, tuple[datetime, datetime]]()
    for message in state.messages.values():
        plan, at = message.plan, message.queued_at
        if plan is None or plan.told_at is None or at is None or plan.stop_id not in mine:
            continue
        if message.state is MessageState.CANCELLED or message.state is MessageState.FAILED:
            continue
        if plan.stop_id not in newest or newest[plan.stop_id][0] < at:
            newest[plan.stop_id] = at, plan.told_at
    return {stop_id: told_at for stop_id, (_, told_at) in newest.items()}
