"""The table of everything that can be commanded, and the trace a refusal leaves."""

from tower.domain.commands import AnyCommand, Command, LockStops, SequenceRoutes
from tower.domain.events import CommandRefused, Event
from tower.domain.records import Subject
from tower.domain.state import State
from tower.gateway.deciding import (
    amendments,
    exceptions,
    feedback,
    merging,
    playbooks,
    reporting,
    snoozing,
    thresholds,
)
from tower.gateway.deciding.locks import lock
from tower.gateway.deciding.sequences import sequence
from tower.gateway.deciding.verdicts import Rules, Terms, Verdict, new_event
from tower.gateway.telling import decisions as telling


def decide(command: AnyCommand, state: State, terms: Terms) -> Verdict:
    """Check a command against the state and say what it becomes."""
    return RULES[type(command)](command, state, terms)


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
    return Subject(
        exception_id=getattr(command, "exception_id", ""),
        stop_id=getattr(command, "stop_id", ""),
        message_id=getattr(command, "message_id", ""),
    )


RULES: Rules = {
    **exceptions.RULES,
    **snoozing.RULES,
    **merging.RULES,
    **amendments.RULES,
    **thresholds.RULES,
    **playbooks.RULES,
    **feedback.RULES,
    **reporting.RULES,
    **telling.RULES,
    SequenceRoutes: sequence,
    LockStops: lock,
}
"""What decides each command; every sort has its own file."""
