"""What an order about one exception becomes: taken, handed on, escalated, written about, closed.

Every order works on the next version of what is there, so what it does not change stays.
"""

from msgspec.structs import replace

from tower.domain.commands import (
    AssignException,
    ClaimException,
    EscalateException,
    NoteException,
    ReleaseException,
    ReopenException,
    ResolveException,
)
from tower.domain.episodes import carried
from tower.domain.events import ExceptionNoted, ExceptionWorked
from tower.domain.records import ExceptionRecord
from tower.domain.state import State
from tower.domain.words import Disposition, ExceptionState
from tower.gateway.deciding.claiming import (
    about,
    at_hand,
    back_in_queue,
    held_by,
    renewal,
    set_free,
    unknown,
)
from tower.gateway.deciding.verdicts import Accepted, Refused, Rules, Terms, Verdict
from tower.gateway.signin import Role

RESOLVED_ALREADY = Refused("This exception is resolved already.")
"""The answer to work on what is over."""


def _claim(command: ClaimException, state: State, terms: Terms) -> Verdict:
    record = state.exceptions.get(command.exception_id)
    if record is not None and held_by(record, terms.now) == terms.grant.actor.id:
        return Accepted((renewal(record, terms.now, terms.lease, terms.grant.actor),))
    found = at_hand(command, state, terms, may_override=False)
    if not isinstance(found, ExceptionRecord):
        return found
    if not found.is_open:
        return Refused("This exception is resolved. Reopen it first.")
    actor = terms.grant.actor
    body = replace(
        set_free(found.work),
        state=ExceptionState.CLAIMED,
        owner=actor.id,
        owner_name=actor.name,
        lease_until=terms.now + terms.lease,
        fence=found.work.fence + 1,
    )
    return becomes(found, body, terms)


def _release(command: ReleaseException, state: State, terms: Terms) -> Verdict:
    record = at_hand(command, state, terms)
    if not isinstance(record, ExceptionRecord):
        return record
    if record.work.state is not ExceptionState.CLAIMED:
        return Refused("Nobody holds this exception, so there is nothing to release.")
    return becomes(record, back_in_queue(looked_at(record, terms).work), terms)


def _assign(command: AssignException, state: State, terms: Terms) -> Verdict:
    record = at_hand(command, state, terms)
    if not isinstance(record, ExceptionRecord):
        return record
    if not record.is_open:
        return RESOLVED_ALREADY
    if command.to == record.work.assigned_to:
        whom = record.work.assigned_name or command.to
        return Refused(
            f"This exception is assigned to {whom} already."
            if command.to
            else "This exception is assigned to nobody already."
        )
    looked = looked_at(record, terms) if command.to else record
    body = _handed_on(looked, command.to, terms)
    name = (command.to_name.strip() or command.to) if command.to else ""
    return becomes(record, replace(body, assigned_to=command.to, assigned_name=name), terms)


def _handed_on(record: ExceptionRecord, to: str, terms: Terms) -> ExceptionWorked:
    """The claim of one person ends where another is to look at it; a snooze goes on."""
    work, holder = record.work, held_by(record, terms.now)
    if work.state is ExceptionState.SNOOZED or (holder and to in ("", holder)):
        return carried(work)
    return back_in_queue(work)


def _escalate(command: EscalateException, state: State, terms: Terms) -> Verdict:
    record = at_hand(command, state, terms)
    if not isinstance(record, ExceptionRecord):
        return record
    if not record.is_open:
        return RESOLVED_ALREADY
    if record.work.state is ExceptionState.ESCALATED:
        return Refused("A supervisor was asked to look at this exception already.")
    body = replace(
        set_free(record.work),
        state=ExceptionState.ESCALATED,
        escalated_at=terms.now,
        escalated_because=command.reason,
    )
    return becomes(record, body, terms)


def _note(command: NoteException, state: State, terms: Terms) -> Verdict:
    record = state.exceptions.get(command.exception_id)
    if record is None:
        return unknown(command.exception_id)
    words = command.words.strip()
    if not words:
        return Refused("The note says nothing.")
    noted = ExceptionNoted(words=words)
    return Accepted((about(record, noted, terms.now, terms.grant.actor),))


def _resolve(command: ResolveException, state: State, terms: Terms) -> Verdict:
    record = at_hand(command, state, terms)
    if not isinstance(record, ExceptionRecord):
        return record
    if not record.is_open:
        return RESOLVED_ALREADY
    if command.disposition is Disposition.DUPLICATE:
        return Refused("Merge this exception into the one it is a duplicate of.")
    return becomes(record, closed(record, command.disposition, command.cause, terms), terms)


def _reopen(command: ReopenException, state: State, terms: Terms) -> Verdict:
    record = at_hand(command, state, terms)
    if not isinstance(record, ExceptionRecord):
        return record
    if record.is_open:
        return Refused("This exception is open already.")
    body = replace(back_in_queue(record.work), disposition=None, merged_into="")
    return becomes(record, body, terms)


def becomes(record: ExceptionRecord, body: ExceptionWorked, terms: Terms) -> Accepted:
    """The order is carried out by the next version of the exception's work."""
    return Accepted((about(record, body, terms.now, terms.grant.actor),))


def closed(
    record: ExceptionRecord, disposition: Disposition, cause: str, terms: Terms
) -> ExceptionWorked:
    """The end of the work on an exception, and who ended it."""
    return replace(
        set_free(record.work),
        state=ExceptionState.RESOLVED,
        owner=terms.grant.actor.id,
        owner_name=terms.grant.actor.name,
        cause=cause,
        disposition=disposition,
    )


def looked_at(record: ExceptionRecord, terms: Terms) -> ExceptionRecord:
    """The exception with its escalation over where a supervisor decides about it."""
    if terms.grant.role is not Role.SUPERVISOR or record.work.escalated_at is None:
        return record
    return replace(record, work=replace(record.work, escalated_at=None, escalated_because=""))


RULES: Rules = {
    ClaimException: _claim,
    ReleaseException: _release,
    AssignException: _assign,
    EscalateException: _escalate,
    NoteException: _note,
    ResolveException: _resolve,
    ReopenException: _reopen,
}
"""Decides orders about one exception."""
