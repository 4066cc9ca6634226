"""What a command becomes: events, a conflict with somebody else's work, or a refusal.

Pure: the state is read, the time is an argument, nothing is written.
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import msgspec

from tower.domain.commands import (
    AnyCommand,
    ClaimException,
    Command,
    LockStops,
    ReleaseException,
    ReopenException,
    ResolveException,
    SequenceRoutes,
)
from tower.domain.events import CommandRefused, Event, ExceptionWorked
from tower.domain.records import Actor, ExceptionRecord, Subject, Work
from tower.domain.state import State
from tower.domain.words import ExceptionState
from tower.gateway.locks import lock
from tower.gateway.sequences import sequence
from tower.gateway.signin import Role
from tower.gateway.verdicts import Accepted, Outdated, Refused, Terms, Verdict, new_event


def decide(command: AnyCommand, state: State, terms: Terms) -> Verdict:
    """Check a command against the state and say what it becomes."""
    return _RULES[type(command)](command, state, terms)


def refusal_event(command: Command, why: str, terms: Terms) -> Event:
    """The trace a refused command leaves for the audit."""
    word = str(type(command).__struct_config__.tag)
    body = CommandRefused(command=word, why=why)
    return new_event(terms.now, terms.grant.actor, _subject(command), body)


def _subject(command: Command) -> Subject:
    if isinstance(command, SequenceRoutes):
        return Subject(route_id=command.routes[0].route_id if command.routes else "")
    if isinstance(command, LockStops):
        return Subject(stop_id=command.stops[0] if len(command.stops) == 1 else "")
    return Subject(exception_id=getattr(command, "exception_id", ""))


def _claim(command: ClaimException, state: State, terms: Terms) -> Verdict:
    record = state.exceptions.get(command.exception_id)
    if record is None:
        return _unknown_exception(command.exception_id)
    if held_by(record, terms.now) == terms.grant.actor.id:
        return Accepted((renewal(record, terms.now, terms.lease, terms.grant.actor),))
    taken = _taken(record, command.version, terms, may_override=False)
    if taken is not None:
        return taken
    if not record.is_open:
        return Refused("This exception is resolved. Reopen it first.")
    actor = terms.grant.actor
    worked = ExceptionWorked(
        state=ExceptionState.CLAIMED,
        version=record.work.version + 1,
        owner=actor.id,
        owner_name=actor.name,
        lease_until=terms.now + terms.lease,
        fence=record.work.fence + 1,
    )
    return Accepted((_worked(record, worked, terms.now, actor),))


def _release(command: ReleaseException, state: State, terms: Terms) -> Verdict:
    record = state.exceptions.get(command.exception_id)
    if record is None:
        return _unknown_exception(command.exception_id)
    taken = _taken(record, command.version, terms)
    if taken is not None:
        return taken
    if record.work.state is not ExceptionState.CLAIMED:
        return Refused("Nobody holds this exception, so there is nothing to release.")
    return Accepted((_worked(record, _open_again(record), terms.now, terms.grant.actor),))


def _resolve(command: ResolveException, state: State, terms: Terms) -> Verdict:
    record = state.exceptions.get(command.exception_id)
    if record is None:
        return _unknown_exception(command.exception_id)
    taken = _taken(record, command.version, terms)
    if taken is not None:
        return taken
    if not record.is_open:
        return Refused("This exception is resolved already.")
    actor = terms.grant.actor
    worked = ExceptionWorked(
        state=ExceptionState.RESOLVED,
        version=record.work.version + 1,
        owner=actor.id,
        owner_name=actor.name,
        fence=record.work.fence,
        cause=command.cause,
    )
    return Accepted((_worked(record, worked, terms.now, actor),))


def _reopen(command: ReopenException, state: State, terms: Terms) -> Verdict:
    record = state.exceptions.get(command.exception_id)
    if record is None:
        return _unknown_exception(command.exception_id)
    taken = _taken(record, command.version, terms)
    if taken is not None:
        return taken
    if record.is_open:
        return Refused("This exception is open already.")
    return Accepted((_worked(record, _open_again(record), terms.now, terms.grant.actor),))


def held_by(record: ExceptionRecord, now: datetime) -> str:
    """Id of the person whose claim holds now, or ""."""
    work = record.work
    if work.state is not ExceptionState.CLAIMED or work.lease_until is None:
        return ""
    return work.owner if work.lease_until > now else ""


def renewal(record: ExceptionRecord, now: datetime, lease: timedelta, actor: Actor) -> Event:
    """The same claim, holding longer; its fence stays as it is."""
    work = record.work
    body = ExceptionWorked(
        state=ExceptionState.CLAIMED,
        version=work.version + 1,
        owner=work.owner,
        owner_name=work.owner_name,
        lease_until=now + lease,
        fence=work.fence,
    )
    return _worked(record, body, now, actor)


def lapse(record: ExceptionRecord, now: datetime, rule: Actor) -> Event:
    """The end of a claim whose holder fell silent."""
    body = msgspec.structs.replace(_open_again(record), by_rule=True)
    return _worked(record, body, now, rule)


def _open_again(record: ExceptionRecord) -> ExceptionWorked:
    work: Work = record.work
    return ExceptionWorked(state=ExceptionState.OPEN, version=work.version + 1, fence=work.fence)


def _worked(record: ExceptionRecord, body: ExceptionWorked, now: datetime, actor: Actor) -> Event:
    facts = record.finding.subject if record.finding else Subject()
    subject = msgspec.structs.replace(facts, exception_id=record.id)
    return new_event(now, actor, subject, body)


def _unknown_exception(exception_id: str) -> Refused:
    return Refused(f"There is no exception {exception_id}.")


def _taken(
    record: ExceptionRecord, version: int, terms: Terms, *, may_override: bool = True
) -> Outdated | None:
    holder = held_by(record, terms.now)
    if holder == terms.grant.actor.id:
        # Under a claim that holds nobody else changes the exception: what came since is its
        # own renewals, which the holder's window may not have seen yet.
        return None
    supervisor = may_override and terms.grant.role is Role.SUPERVISOR
    if record.work.version != version:
        return Outdated(f"{_who(record)} changed this exception in the meantime.", record)
    if holder and not supervisor:
        return Outdated(f"{_who(record)} is working on this exception.", record)
    return None


def _who(record: ExceptionRecord) -> str:
    return record.work.owner_name or record.work.owner or "Somebody"


_RULES: dict[type[Command], Callable[[Any, State, Terms], Verdict]] = {
    ClaimException: _claim,
    ReleaseException: _release,
    ResolveException: _resolve,
    ReopenException: _reopen,
    SequenceRoutes: sequence,
    LockStops: lock,
}
