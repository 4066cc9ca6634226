"""What an order to put an exception aside, or to bring it back, becomes."""

from datetime import UTC, timedelta

from msgspec.structs import replace

from tower.domain.commands import SnoozeException, WakeException
from tower.domain.records import ExceptionRecord
from tower.domain.state import State
from tower.domain.words import Awaited, ExceptionState
from tower.gateway.deciding.claiming import at_hand, back_in_queue, set_free
from tower.gateway.deciding.exceptions import RESOLVED_ALREADY, becomes, looked_at
from tower.gateway.deciding.verdicts import Refused, Rules, Terms, Verdict

LONGEST_SNOOZE = timedelta(hours=24)
"""Nothing is put aside beyond the shift it belongs to."""


def _snooze(command: SnoozeException, state: State, terms: Terms) -> Verdict:
    """Nobody holds what is snoozed; it comes back to whom it is assigned to, else who snoozed."""
    record = at_hand(command, state, terms)
    if not isinstance(record, ExceptionRecord):
        return record
    if not record.is_open:
        return RESOLVED_ALREADY
    problem = _time_problem(command, terms) or _awaited_problem(command, record, state)
    if problem:
        return Refused(problem)
    work, actor = looked_at(record, terms).work, terms.grant.actor
    body = replace(
        set_free(work),
        state=ExceptionState.SNOOZED,
        snoozed_until=command.until.astimezone(UTC),
        awaits=command.awaits,
        cause=command.reason,
        assigned_to=work.assigned_to or actor.id,
        assigned_name=work.assigned_name if work.assigned_to else actor.name,
    )
    return becomes(record, body, terms)


def _wake(command: WakeException, state: State, terms: Terms) -> Verdict:
    record = at_hand(command, state, terms)
    if not isinstance(record, ExceptionRecord):
        return record
    if record.work.state is not ExceptionState.SNOOZED:
        return Refused("This exception is not snoozed.")
    return becomes(record, back_in_queue(record.work), terms)


def _time_problem(command: SnoozeException, terms: Terms) -> str:
    if command.until.tzinfo is None:
        return "Say in which time zone the exception is to come back: 2026-03-02T15:00:00Z."
    if command.until <= terms.now:
        return "The time at which the exception is to come back is over."
    if command.until > terms.now + LONGEST_SNOOZE:
        return "An exception can be snoozed for 24 hours at most."
    return ""


def _awaited_problem(command: SnoozeException, record: ExceptionRecord, state: State) -> str:
    """Why what is awaited cannot happen any more, or ""."""
    if command.awaits is None:
        return ""
    stop = state.stops.get(record.finding.subject.stop_id if record.finding else "")
    if stop is None:
        return f"This exception is about no stop, so there is no {command.awaits} to wait for."
    if command.awaits is not Awaited.REPLY and stop.is_done:
        return f"There is no {command.awaits} to wait for: the stop is {stop.state}."
    if command.awaits is Awaited.ARRIVAL and stop.state.is_at_the_door:
        return "There is no arrival to wait for: the driver is at the door."
    return ""


RULES: Rules = {SnoozeException: _snooze, WakeException: _wake}
"""Decides what is put aside."""
