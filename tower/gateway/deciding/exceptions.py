"""What an order about one exception becomes."""

from msgspec.structs import replace

from tower.domain.commands import (
    ClaimException,
    ReleaseException,
    ReopenException,
    ResolveException,
)
from tower.domain.episodes import carried
from tower.domain.state import State
from tower.domain.words import ExceptionState
from tower.gateway.deciding.claiming import back_in_queue, held_by, renewal, taken, worked
from tower.gateway.deciding.verdicts import Accepted, Refused, Rules, Terms, Verdict


def _claim(command: ClaimException, state: State, terms: Terms) -> Verdict:
    record = state.exceptions.get(command.exception_id)
    if record is None:
        return _unknown(command.exception_id)
    if held_by(record, terms.now) == terms.grant.actor.id:
        return Accepted((renewal(record, terms.now, terms.lease, terms.grant.actor),))
    problem = taken(record, command.version, terms, may_override=False)
    if problem is not None:
        return problem
    if not record.is_open:
        return Refused("This exception is resolved. Reopen it first.")
    actor = terms.grant.actor
    body = replace(
        carried(record.work),
        state=ExceptionState.CLAIMED,
        owner=actor.id,
        owner_name=actor.name,
        lease_until=terms.now + terms.lease,
        fence=record.work.fence + 1,
        snoozed_until=None,
        awaits=None,
        cause="",
    )
    return Accepted((worked(record, body, terms.now, actor),))


def _release(command: ReleaseException, state: State, terms: Terms) -> Verdict:
    record = state.exceptions.get(command.exception_id)
    if record is None:
        return _unknown(command.exception_id)
    problem = taken(record, command.version, terms)
    if problem is not None:
        return problem
    if record.work.state is not ExceptionState.CLAIMED:
        return Refused("Nobody holds this exception, so there is nothing to release.")
    body = back_in_queue(record.work)
    return Accepted((worked(record, body, terms.now, terms.grant.actor),))


def _resolve(command: ResolveException, state: State, terms: Terms) -> Verdict:
    record = state.exceptions.get(command.exception_id)
    if record is None:
        return _unknown(command.exception_id)
    problem = taken(record, command.version, terms)
    if problem is not None:
        return problem
    if not record.is_open:
        return Refused("This exception is resolved already.")
    actor = terms.grant.actor
    body = replace(
        carried(record.work),
        state=ExceptionState.RESOLVED,
        owner=actor.id,
        owner_name=actor.name,
        lease_until=None,
        snoozed_until=None,
        awaits=None,
        cause=command.cause,
        disposition=command.disposition,
    )
    return Accepted((worked(record, body, terms.now, actor),))


def _reopen(command: ReopenException, state: State, terms: Terms) -> Verdict:
    record = state.exceptions.get(command.exception_id)
    if record is None:
        return _unknown(command.exception_id)
    problem = taken(record, command.version, terms)
    if problem is not None:
        return problem
    if record.is_open:
        return Refused("This exception is open already.")
    body = replace(back_in_queue(record.work), disposition=None, merged_into="")
    return Accepted((worked(record, body, terms.now, terms.grant.actor),))


def _unknown(exception_id: str) -> Refused:
    return Refused(f"There is no exception {exception_id}.")


RULES: Rules = {
    ClaimException: _claim,
    ReleaseException: _release,
    ResolveException: _resolve,
    ReopenException: _reopen,
}
"""Decides each order about an exception."""
