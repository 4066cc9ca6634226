"""Which exception an alarm belongs to: the one that is open, or a new episode of it.

An exception is named by its kind, what it is about, and the number of its episode. Repetitions
renew the open episode; after it was resolved the next alarm begins another one.
"""

from datetime import datetime, timedelta
from itertools import count

from msgspec.structs import replace

from tower.domain.events import Event
from tower.domain.identity import subject_id
from tower.domain.records import ExceptionRecord
from tower.domain.state import State, apply
from tower.domain.words import ExceptionKind

QUIET_AFTER_RESOLVED = timedelta(minutes=10)
"""After a person resolved an exception its alarm may go on this long without a new episode."""

_LARGEST_OVERLAY = 1000


class Episodes:
    """Finds exceptions, counting in those whose events are still on their way to the journal."""

    def __init__(self, state: State) -> None:
        self._state = state
        self._ahead = State()

    def for_alarm(self, kind: ExceptionKind, about: str, at: datetime) -> ExceptionRecord:
        """The exception an alarm raises or renews; a fresh record where it begins an episode."""
        return next(
            record
            for episode in count(1)
            if _reaches(record := self._record(kind, about, episode), at)
        )

    def to_clear(self, kind: ExceptionKind, about: str, at: datetime) -> ExceptionRecord | None:
        """The open exception an all-clear ends, None where nothing was open then."""
        record = self.for_alarm(kind, about, at)
        if record.raised_at is None or not record.is_open or at < record.raised_at:
            return None
        return record

    def note(self, event: Event) -> None:
        """Remember an event that was made and is not in the state yet."""
        exception_id = event.subject.exception_id
        known = self._state.exceptions.get(exception_id)
        if known is not None:
            self._ahead.exceptions.setdefault(exception_id, known)
        apply(self._ahead, event)
        if len(self._ahead.exceptions) > _LARGEST_OVERLAY:
            self._forget_what_arrived()

    def _record(self, kind: ExceptionKind, about: str, episode: int) -> ExceptionRecord:
        exception_id = subject_id(kind, about, str(episode))
        known = self._state.exceptions.get(exception_id)
        ahead = self._ahead.exceptions.get(exception_id)
        if ahead is None:
            return known or ExceptionRecord(id=exception_id)
        if known is None:
            return ahead
        if _has_all_of(known, ahead):
            del self._ahead.exceptions[exception_id]
            return known
        newer_work = known.work_stamp > ahead.work_stamp
        return replace(ahead, work=known.work, work_stamp=known.work_stamp) if newer_work else ahead

    def _forget_what_arrived(self) -> None:
        for exception_id, ahead in list(self._ahead.exceptions.items()):
            known = self._state.exceptions.get(exception_id)
            if known is not None and _has_all_of(known, ahead):
                del self._ahead.exceptions[exception_id]


def _has_all_of(known: ExceptionRecord, ahead: ExceptionRecord) -> bool:
    return known.finding_stamp >= ahead.finding_stamp and known.work_stamp >= ahead.work_stamp


def _reaches(record: ExceptionRecord, at: datetime) -> bool:
    """True where an episode was not over at that time, or has not begun at all."""
    if record.raised_at is None or record.is_open or record.work.at is None:
        return True
    quiet = timedelta(0) if record.work.by_rule else QUIET_AFTER_RESOLVED
    return at <= record.work.at + quiet
