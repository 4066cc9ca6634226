"""When an exception goes to a supervisor by rule, and when a snoozed one comes back.

- Open and claimed by nobody for longer than the threshold of its severity: escalated.
- Past its SLA: escalated; who works on it goes on working, with a supervisor asked to look.
- Snoozed: back when its time is over, or sooner when what it awaits has come.
"""

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta

from msgspec.structs import replace

from tower.domain.episodes import carried
from tower.domain.events import Event, ExceptionWorked
from tower.domain.messages import Reply
from tower.domain.records import ExceptionRecord, Stop
from tower.domain.state import State
from tower.domain.timezones import clock_time
from tower.domain.words import Awaited, ExceptionState
from tower.watch.telling import subject_of, told
from tower.watch.thresholds import LimitBook, Limits, Scope, unclaimed_name
from tower.watch.words import minutes

Replies = Callable[[str], Iterable[Reply]]
"""The replies of a stop's customer."""


def sweep(
    state: State,
    now: datetime,
    book: LimitBook | None = None,
    records: Iterable[ExceptionRecord] | None = None,
    replies: Replies | None = None,
) -> list[Event]:
    """What escalates or wakes now, for the journal; nothing where all is as it should be.

    Args:
        state: the shift.
        now: the present, UTC.
        book: the thresholds; read from the state where not given.
        records: the exceptions to look at; all where not given.
        replies: finds the replies of a stop's customer; looked for in the state where not given.
    """
    limits = book or LimitBook(state.room_thresholds)
    asked = replies or _replies_in(state)
    looked_at = state.exceptions.values() if records is None else records
    return [
        told(subject_of(record), body, now, str(body.version))
        for record in looked_at
        if (body := _step(record, state, limits.limits(scope_of(state, record)), asked, now))
    ]


def next_step(record: ExceptionRecord, limits: Limits) -> datetime | None:
    """When time alone will escalate or wake an exception; None for never.

    Args:
        record: the exception.
        limits: the thresholds that hold for it.
    """
    work = record.work
    if record.finding is None or not record.is_open:
        return None
    if work.state is ExceptionState.SNOOZED:
        return work.snoozed_until
    times = (_unclaimed_until(record, limits), _sla_ends(record))
    return min((at for at in times if at is not None), default=None)


def scope_of(state: State, record: ExceptionRecord) -> Scope:
    """What thresholds of an exception may differ by."""
    if record.finding is None:
        return Scope()
    subject = record.finding.subject
    stop, route = state.stops.get(subject.stop_id), state.routes.get(subject.route_id)
    level = stop.plan.service_level if stop is not None and stop.plan is not None else ""
    plan = route.plan if route else None
    carrier_id = subject.carrier_id or (plan.carrier_id if plan else "")
    return Scope(level, carrier_id, plan.depot_id if plan else "")


def _step(
    record: ExceptionRecord, state: State, limits: Limits, replies: Replies, now: datetime
) -> ExceptionWorked | None:
    if record.finding is None or not record.is_open:
        return None
    if record.work.state is ExceptionState.SNOOZED:
        because = _wakes_because(record, state, replies, now)
        return _woken(record, because) if because else None
    because = _escalates_because(record, state, limits, now)
    return _escalated(record, because, now) if because else None


def _woken(record: ExceptionRecord, because: str) -> ExceptionWorked:
    waits = ExceptionState.ESCALATED if record.work.escalated_at else ExceptionState.OPEN
    return replace(
        carried(record.work),
        state=waits,
        snoozed_until=None,
        awaits=None,
        cause=because,
        by_rule=True,
    )


def _escalated(record: ExceptionRecord, because: str, now: datetime) -> ExceptionWorked:
    is_worked_on = record.work.state is ExceptionState.CLAIMED
    return replace(
        carried(record.work),
        state=ExceptionState.CLAIMED if is_worked_on else ExceptionState.ESCALATED,
        escalated_at=now,
        escalated_because=because,
        by_rule=True,
    )


def _escalates_because(record: ExceptionRecord, state: State, limits: Limits, now: datetime) -> str:
    sla, unclaimed = _sla_ends(record), _unclaimed_until(record, limits)
    if sla is not None and now > sla:
        who = record.work.owner_name or record.work.owner
        works = f", {who} works on it" if record.work.state is ExceptionState.CLAIMED else ""
        return f"Past its SLA of {clock_time(sla, state.zone)}{works}."
    if unclaimed is not None and now >= unclaimed:
        return f"Nobody claimed it for {minutes(now - _waits_since(record, now))}."
    return ""


def _sla_ends(record: ExceptionRecord) -> datetime | None:
    """When it is past its SLA; None where that is known already, or somebody acted since."""
    work, due = record.work, record.finding.sla_due_at if record.finding else None
    if due is None or work.escalated_at is not None:
        return None
    if work.state is ExceptionState.CLAIMED:
        return due
    is_waiting = work.state is ExceptionState.OPEN
    return due if is_waiting and (work.at is None or work.at <= due) else None


def _unclaimed_until(record: ExceptionRecord, limits: Limits) -> datetime | None:
    work, finding = record.work, record.finding
    if finding is None or work.state is not ExceptionState.OPEN or work.escalated_at is not None:
        return None
    limit = limits.span(finding.kind, unclaimed_name(finding.severity))
    since = work.at or record.raised_at
    return since + limit if limit > timedelta(0) and since is not None else None


def _waits_since(record: ExceptionRecord, now: datetime) -> datetime:
    return record.work.at or record.raised_at or now


def _wakes_because(record: ExceptionRecord, state: State, replies: Replies, now: datetime) -> str:
    work = record.work
    if work.snoozed_until is None or now >= work.snoozed_until:
        return "The snooze is over."
    stop = state.stops.get(record.finding.subject.stop_id if record.finding else "")
    if stop is None or work.at is None:
        return ""
    match work.awaits:
        case Awaited.REPLY:
            came = any(reply.at > work.at for reply in replies(stop.id))
            return "The customer answered." if came else ""
        case Awaited.ARRIVAL:
            return _arrival_words(stop)
        case Awaited.OUTCOME:
            return f"The stop is done: {stop.state}." if stop.is_done else ""
        case None:
            return ""


def _arrival_words(stop: Stop) -> str:
    if stop.is_done:
        return f"The stop is done: {stop.state}."
    return "The vehicle has arrived." if stop.state.is_at_the_door else ""


def _replies_in(state: State) -> Replies:
    def of_stop(stop_id: str) -> Iterable[Reply]:
        return [reply for reply in state.replies.values() if reply.stop_id == stop_id]

    return of_stop
