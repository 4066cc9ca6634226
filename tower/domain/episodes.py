"""What everybody who finds exceptions has in common: carriers' alarms and Tower's own rules.

An exception is named by its kind, what it is about, and the number of its episode: two who find
the same thing find one exception.
"""

from datetime import timedelta

from msgspec.structs import asdict, replace

from tower.domain.events import ExceptionWorked
from tower.domain.identity import subject_id
from tower.domain.records import Subject, Work
from tower.domain.words import Disposition, ExceptionKind, ExceptionState, Severity

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


def carried(work: Work) -> ExceptionWorked:
    """The next version of the work, so far with everything as it is; `replace` what changes."""
    said = {**asdict(work), "version": work.version + 1, "by_rule": False}
    del said["at"]
    return ExceptionWorked(**said)


def cleared(work: Work, cause: str) -> ExceptionWorked:
    """An exception is over by itself; whoever claimed it is remembered."""
    return replace(
        carried(work),
        state=ExceptionState.RESOLVED,
        lease_until=None,
        snoozed_until=None,
        awaits=None,
        cause=cause,
        by_rule=True,
        disposition=Disposition.DONE,
    )


def reopened(work: Work) -> ExceptionWorked:
    """An exception that was over is back in the queue, for whoever it was assigned to."""
    return ExceptionWorked(
        state=ExceptionState.OPEN,
        version=work.version + 1,
        fence=work.fence,
        assigned_to=work.assigned_to,
        assigned_name=work.assigned_name,
        by_rule=True,
    )
