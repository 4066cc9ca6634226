"""What an order to close an exception as a duplicate of another becomes."""

from collections.abc import Iterator

from msgspec.structs import replace

from tower.domain.commands import MergeException
from tower.domain.episodes import carried
from tower.domain.events import Event
from tower.domain.records import ExceptionRecord
from tower.domain.state import State
from tower.domain.words import Disposition
from tower.gateway.deciding.claiming import about, at_hand, unknown
from tower.gateway.deciding.exceptions import RESOLVED_ALREADY, closed
from tower.gateway.deciding.verdicts import Accepted, Refused, Rules, Terms, Verdict


def _merge(command: MergeException, state: State, terms: Terms) -> Verdict:
    record = at_hand(command, state, terms)
    if not isinstance(record, ExceptionRecord):
        return record
    if not record.is_open:
        return RESOLVED_ALREADY
    problem = _problem(command, state)
    if problem is not None:
        return problem
    headline = _headline(state.exceptions[command.into])
    body = closed(record, Disposition.DUPLICATE, f"Duplicate of {headline}", terms)
    merged = about(record, replace(body, merged_into=command.into), terms.now, terms.grant.actor)
    return Accepted((merged, *_led_on(command, state, terms)))


def _problem(command: MergeException, state: State) -> Refused | None:
    if command.into == command.exception_id:
        return Refused("An exception is no duplicate of itself.")
    into = state.exceptions.get(command.into)
    if into is None:
        return unknown(command.into)
    if not into.is_open:
        return Refused("The exception to merge into is resolved. Choose one that is open.")
    return None


def _led_on(command: MergeException, state: State, terms: Terms) -> Iterator[Event]:
    """What was merged into the duplicate before leads to the other now: there are no chains."""
    for other in state.exceptions.values():
        if other.work.merged_into == command.exception_id:
            body = replace(carried(other.work), merged_into=command.into)
            yield about(other, body, terms.now, terms.grant.actor)


def _headline(record: ExceptionRecord) -> str:
    return record.finding.headline if record.finding else f"exception {record.id}"


RULES: Rules = {MergeException: _merge}
"""Decides what is a duplicate of what."""
