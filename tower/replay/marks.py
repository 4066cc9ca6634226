"""What the scrubber shows of exceptions: when they were raised, when they were over."""

from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple

from tower.domain.events import Event, ExceptionRaised, ExceptionWorked
from tower.domain.state import State
from tower.domain.words import ExceptionKind, ExceptionState, Severity


class Mark(NamedTuple):
    """An exception on the scrubber.

    Attributes:
        at: when the room learnt of it, UTC.
        severity: the newest word on it, as kind.
        ended_at: when it was resolved for the last time, None while it is open.
    """

    at: datetime
    exception_id: str
    severity: Severity
    kind: ExceptionKind
    ended_at: datetime | None


def marks(base: State, events: Iterable[Event]) -> list[Mark]:
    """The exceptions of a span, in the order they were raised.

    Args:
        base: the state the span begins with; what is open there is marked where it was raised.
        events: the events of the span, in the order they were learnt.
    """
    found = {
        record.id: Mark(record.raised_at, record.id, finding.severity, finding.kind, None)
        for record in base.exceptions.values()
        if record.is_open and (finding := record.finding) and record.raised_at
    }
    for event in events:
        if isinstance(event.body, ExceptionRaised):
            _raise(found, event, event.body)
        elif isinstance(event.body, ExceptionWorked):
            _work(found, event, event.body)
    return sorted(found.values(), key=lambda mark: (mark.at, mark.exception_id))


def _raise(found: dict[str, Mark], event: Event, body: ExceptionRaised) -> None:
    exception_id, finding = event.subject.exception_id, body.finding
    known = found.get(exception_id)
    at, ended_at = (known.at, known.ended_at) if known else (event.recorded_at, None)
    found[exception_id] = Mark(at, exception_id, finding.severity, finding.kind, ended_at)


def _work(found: dict[str, Mark], event: Event, body: ExceptionWorked) -> None:
    known = found.get(event.subject.exception_id)
    if known is not None:
        is_over = body.state is ExceptionState.RESOLVED
        found[known.exception_id] = known._replace(ended_at=event.recorded_at if is_over else None)
