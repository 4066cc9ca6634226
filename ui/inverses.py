"""What takes back a command: the commands that bring back how things were. Knows no widgets.

Versions are left at 0: they are filled in when the commands are sent, one after the other.
"""

from collections.abc import Iterator
from datetime import datetime

from tower.domain.commands import (
    AmendStop,
    AssignException,
    ClaimException,
    Command,
    MergeException,
    ReleaseException,
    ReopenException,
    ResolveException,
    SnoozeException,
    WakeException,
)
from tower.domain.records import StopChanges, StopPlan, Work
from tower.domain.words import Disposition, ExceptionState

Undoable = (
    ClaimException
    | ReleaseException
    | AssignException
    | SnoozeException
    | WakeException
    | MergeException
    | ResolveException
    | ReopenException
)
"""Commands on an exception that others take back. What a supervisor was asked stays asked."""

CALLED: dict[type[Command], str] = {
    ClaimException: "claim",
    ReleaseException: "release",
    AssignException: "assign",
    SnoozeException: "snooze",
    WakeException: "wake",
    MergeException: "merge",
    ResolveException: "resolve",
    ReopenException: "reopen",
}
"""What each of them is called."""


def way_back(command: Undoable, before: Work, me: str, now: datetime) -> tuple[Command, ...]:
    """The commands that take one on an exception back, in their order; none where nothing does.

    Args:
        command: what was done.
        before: the work on the exception before it.
        me: id of whoever did it.
        now: the gateway's time; nothing is snoozed into the past.
    """
    id_ = command.exception_id
    held = before.state is ExceptionState.CLAIMED and before.owner == me != ""
    again = tuple(_again(id_, before, now))
    claim = (ClaimException(exception_id=id_, version=0),) if held else ()
    match command:
        case ClaimException():
            release = ReleaseException(exception_id=id_, version=0)
            return () if held else again or (release,)
        case ReleaseException():
            return claim
        case AssignException():
            lost = claim if command.to not in ("", me) else ()
            return (_assign(id_, before), *lost)
        case SnoozeException():
            woken = WakeException(exception_id=id_, version=0)
            unasked = () if before.assigned_to else (_assign(id_, before),)
            return again or (*(claim or (woken,)), *unasked)
        case WakeException():
            return again
        case MergeException() | ResolveException():
            return (ReopenException(exception_id=id_, version=0), *again, *claim)
        case ReopenException():
            return (_closed(id_, before),)


def _again(id_: str, before: Work, now: datetime) -> Iterator[Command]:
    """The snooze it was in."""
    until = before.snoozed_until
    if before.state is ExceptionState.SNOOZED and until is not None and until > now:
        yield SnoozeException(
            exception_id=id_, version=0, until=until, awaits=before.awaits, reason=before.cause
        )


def _assign(id_: str, before: Work) -> Command:
    return AssignException(
        exception_id=id_, version=0, to=before.assigned_to, to_name=before.assigned_name
    )


def _closed(id_: str, before: Work) -> Command:
    if before.merged_into:
        return MergeException(exception_id=id_, version=0, into=before.merged_into)
    disposition = before.disposition or Disposition.DONE
    return ResolveException(
        exception_id=id_, version=0, cause=before.cause, disposition=disposition
    )


def amendment_back(command: AmendStop, before: StopPlan) -> AmendStop | None:
    """What takes back an agreement; None where there is nothing to go back to.

    A window that was never promised before cannot be taken back to none.

    Args:
        command: what was agreed.
        before: the stop before it.
    """
    names = [
        name for name in StopChanges.__struct_fields__ if getattr(command.changes, name) is not None
    ]
    values = {name: getattr(before, name) for name in names}
    changes = StopChanges(**values)
    if changes in (StopChanges(), command.changes):
        return None
    return AmendStop(stop_id=command.stop_id, changes=changes, because="taken back")
