"""What everybody who finds exceptions has in common: carriers' alarms and Tower's own rules.

An exception is named by its kind, what it is about, and the number of its episode: two who find
the same thing find one exception.
"""

from datetime import timedelta

from tower.domain.events import ExceptionWorked
from tower.domain.identity import subject_id
from tower.domain.records import Subject, Work
from tower.domain.words import ExceptionKind, ExceptionState, Severity

ACT_WITHIN: dict[Severity, timedelta | None] = {
    Severity.CRITICAL: timedelta(minutes=5),
    Severity.MAJOR: timedelta(minutes=15),
    Severity.MINOR: timedelta(minutes=60),
    Severity.INFO: None,
}
"""How soon somebody must have acted, by severity."""


def episode_id(kind: ExceptionKind, about: str, episode: int) -> str:
    """The id of an exception; episodes count from 1."""
    return subject_id(kind, about, str(episode))


def about_of(subject: Subject) -> str:
    """The one thing an exception is about: its stop, else its vehicle, else its carrier."""
    return subject.stop_id or subject.vehicle_id or subject.carrier_id


def cleared(work: Work, cause: str) -> ExceptionWorked:
    """An exception is over by itself; whoever claimed it is remembered."""
    return ExceptionWorked(
        state=ExceptionState.RESOLVED,
        version=work.version + 1,
        owner=work.owner,
        owner_name=work.owner_name,
        fence=work.fence,
        cause=cause,
        by_rule=True,
    )


def reopened(work: Work) -> ExceptionWorked:
    """An exception that was over by itself is back."""
    return ExceptionWorked(
        state=ExceptionState.OPEN, version=work.version + 1, fence=work.fence, by_rule=True
    )
