"""Which exception an alarm belongs to: the one that is open, or a new episode of it.

An exception is named by its kind, what it is about, and the number of its episode. Repetitions
renew the open episode. What comes back shortly after it was over is the same episode again, so
that a flapping sensor is one exception; later the next alarm begins another one.
"""

from datetime import datetime, timedelta
from itertools import count

from msgspec.structs import replace

from tower.domain.episodes import episode_id
from tower.domain.events import Event
from tower.domain.fold import apply
from tower.domain.records import ExceptionRecord
from tower.domain.state import State
from tower.domain.words import ExceptionKind

LINGERS = timedelta(minutes=10)
"""An episode takes in alarms for so long after its end: quietly where a person resolved it, opened
again where the carrier had said that it was over."""

_LARGEST_OVERLAY = 1000


class Episodes:
    """Finds exceptions, counting in those whose events are still on their way to the journal."""

    def __init__(self, state: State) -> None:
        self._state = state
        self._ahead = State()
        self._tidy_above = _LARGEST_OVERLAY

    def for_alarm(self, kind: ExceptionKind, about: str, at: datetime) -> ExceptionRecord:
        """The exception an alarm raises or renews; a fresh record where it begins an episode."""
        record = self._record(kind, about, 1)
        for episode in count(2):
            following = self._record(kind, about, episode)
            if _reaches(record, at) or (_lingers(record, at) and following.raised_at is None):
                break
            record = following
        return record

    def to_clear(self, kind: ExceptionKind, about: str, at: datetime) -> ExceptionRecord | None:
        """The open exception an all-clear ends.

        None where nothing was open then, or where the alarm is known to have gone on after it.
        """
        record = self.for_alarm(kind, about, at)
        if record.raised_at is None or not record.is_open:
            return None
        return record if at.timestamp() >= record.finding_stamp.order else None

    def note(self, event: Event) -> None:
        """Remember an event that was made and is not in the state yet."""
        exception_id = event.subject.exception_id
        known = self._state.exceptions.get(exception_id)
        if known is not None:
            self._ahead.exceptions.setdefault(exception_id, known)
        apply(self._ahead, event)
        if len(self._ahead.exceptions) > self._tidy_above:
            self._forget_what_arrived()
            # In a storm nothing may have arrived yet: looking again at each alarm costs the square.
            self._tidy_above = max(_LARGEST_OVERLAY, 2 * len(self._ahead.exceptions))

    def forget(self, exception_id: str) -> None:
        """An event that was noted did not reach the journal; the state alone counts again."""
        self._ahead.exceptions.pop(exception_id, None)

    def is_open(self, exception_id: str) -> bool:
        """True for an exception that was raised and is not over."""
        record = self._newest(exception_id)
        return record.raised_at is not None and record.is_open

    def _record(self, kind: ExceptionKind, about: str, episode: int) -> ExceptionRecord:
        return self._newest(episode_id(kind, about, episode))

    def _newest(self, exception_id: str) -> ExceptionRecord:
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
    work = record.work
    if record.raised_at is None or record.is_open or work.at is None or at <= work.at:
        return True
    return not work.by_rule and _lingers(record, at)


def _lingers(record: ExceptionRecord, at: datetime) -> bool:
    return record.work.at is not None and at <= record.work.at + LINGERS
