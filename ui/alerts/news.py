"""Which exceptions somebody at this desktop has to be called to. Knows no widgets."""

from collections.abc import Iterable
from enum import StrEnum
from typing import NamedTuple

from PySide6.QtCore import QObject, Signal

from tower.domain.events import Event, ExceptionRaised, ExceptionWorked
from tower.domain.records import ExceptionRecord
from tower.domain.words import ExceptionState, Severity
from ui.exceptions.rows import is_for, kind_words, subject_words
from ui.outreach.phrases import on_one_line
from ui.session import Session

_NAME_MOST = 90


class Why(StrEnum):
    """What is new about an exception."""

    NEW = "new"
    WORSE = "worse"
    ESCALATED = "escalated"
    ASSIGNED = "assigned"
    WOKEN = "woken"


class Alert(NamedTuple):
    """Something to look at now.

    Attributes:
        id: of the exception.
        words: what it is about.
    """

    id: str
    severity: Severity
    why: Why
    words: str


class _Known(NamedTuple):
    """How an exception stood when it was looked at last."""

    rank: int
    escalated_at: object
    state: ExceptionState
    assigned_to: str


class AlertWatch(QObject):
    """Tells what is new in the shift for whoever sits here.

    What is selected, filtered or hidden does not bear on it, nor whether the past is looked at.
    What stood there when the desktop came, what somebody else works on already, and what one did
    oneself is no news. Escalations are a supervisor's.

    Args:
        session: the shift.
        parent: its Qt parent.

    Attributes:
        alerted: a list of `Alert`.
    """

    alerted = Signal(object)

    def __init__(self, session: Session, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._known: dict[str, _Known] = {}
        self._epoch = ""
        session.live_replaced.connect(self._on_state_replaced)
        session.live_events_arrived.connect(self._on_events_arrived)
        self._learn_everything()

    def _learn_everything(self) -> None:
        self._epoch = self._session.epoch
        self._known = {
            record.id: _stand(record) for record in self._session.live_state.exceptions.values()
        }

    def _on_state_replaced(self) -> None:
        """After a gap in the same journal, what came meanwhile is news; else all is known."""
        known, is_same = self._known, bool(self._epoch) and self._epoch == self._session.epoch
        self._learn_everything()
        if is_same:
            missed = [id_ for id_ in self._known if id_ not in known]
            self._tell(Why.NEW, self._open_ones(missed))

    def _open_ones(self, ids: Iterable[str]) -> list[ExceptionRecord]:
        records = (self._session.live_state.exceptions[id_] for id_ in ids)
        return [one for one in records if one.work.state is ExceptionState.OPEN]

    def _on_events_arrived(self, events: Iterable[Event]) -> None:
        doers: dict[str, set[str]] = {}
        for event in events:
            if isinstance(event.body, ExceptionRaised | ExceptionWorked):
                doers.setdefault(event.subject.exception_id, set()).add(event.actor.id)
        found: dict[Why, list[ExceptionRecord]] = {}
        for id_, actors in doers.items():
            record = self._session.live_state.exceptions.get(id_)
            if record is None or record.finding is None:
                continue
            why = self._why(record, is_own=self._session.actor_id in actors)
            self._known[id_] = _stand(record)
            if why is not None:
                found.setdefault(why, []).append(record)
        for why, records in found.items():
            self._tell(why, records)

    def _why(self, record: ExceptionRecord, *, is_own: bool) -> Why | None:
        """What is new about an exception for whoever sits here, if anything."""
        was, work = self._known.get(record.id), record.work
        if is_own or not record.is_open or work.state is ExceptionState.SNOOZED:
            return None
        if self._is_escalated_to_me(record, was):
            return Why.ESCALATED
        if was is None:
            return Why.NEW if work.state is ExceptionState.OPEN else None
        is_mine = is_for(work, self._session.actor_id, self._session.actor_name)
        if is_mine and work.assigned_to != was.assigned_to:
            return Why.ASSIGNED
        if was.state is ExceptionState.SNOOZED and (is_mine or not work.assigned_to):
            return Why.WOKEN
        if was.state is ExceptionState.RESOLVED and work.state is ExceptionState.OPEN:
            return Why.NEW
        is_anybodys = work.state is ExceptionState.OPEN or is_mine
        return Why.WORSE if is_anybodys and _stand(record).rank < was.rank else None

    def _is_escalated_to_me(self, record: ExceptionRecord, was: _Known | None) -> bool:
        at = record.work.escalated_at
        is_new = at is not None and (was is None or was.escalated_at != at)
        is_waiting = record.work.state is ExceptionState.ESCALATED
        return is_new and is_waiting and self._session.is_supervisor

    def _tell(self, why: Why, records: Iterable[ExceptionRecord]) -> None:
        alerts = [
            Alert(
                record.id,
                record.finding.severity,
                why,
                self._words(record),
            )
            for record in records
            if record.finding is not None
        ]
        if alerts:
            self.alerted.emit(alerts)

    def _words(self, record: ExceptionRecord) -> str:
        kind = kind_words(record.finding.kind) if record.finding else ""
        return f"{kind} · {on_one_line(subject_words(self._session, record), _NAME_MOST)}"


def _stand(record: ExceptionRecord) -> _Known:
    work = record.work
    rank = record.finding.severity.rank if record.finding else len(Severity)
    return _Known(rank, work.escalated_at, work.state, work.assigned_to)
