"""Notices when a claim of one's own is lost: somebody took over, or the lease lapsed."""

from collections.abc import Iterable

from PySide6.QtCore import QObject, Signal

from tower.domain.events import Event, ExceptionWorked
from tower.domain.records import ExceptionRecord
from tower.domain.words import ExceptionState
from ui.exceptions.rows import subject_words
from ui.outreach.phrases import on_one_line
from ui.session import Session

_NAME_MOST, _FATE_MOST = 90, 160


class ClaimWatch(QObject):
    """Watches the claims of whoever sits here.

    Args:
        session: the shift.
        parent: its Qt parent.

    Attributes:
        lost: id of the exception, and what became of the claim, in words.
    """

    lost = Signal(str, str)

    def __init__(self, session: Session, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._epoch, self._mine = session.epoch, set[str]()
        session.live_events_arrived.connect(self._on_events_arrived)
        session.live_replaced.connect(self._on_state_replaced)
        session.actor_changed.connect(self._learn)
        self._learn()

    def _learn(self) -> None:
        self._epoch = self._session.epoch
        exceptions = self._session.live_state.exceptions.values()
        self._mine = {one.id for one in exceptions if self._holds(one)}

    def _holds(self, record: ExceptionRecord) -> bool:
        is_claimed = record.work.state is ExceptionState.CLAIMED
        return is_claimed and record.work.owner == self._session.actor_id != ""

    def _on_state_replaced(self) -> None:
        """After a gap in the same journal, what was lost meanwhile is told."""
        before, is_same = self._mine, self._epoch == self._session.epoch
        self._learn()
        if is_same:
            for id_ in before - self._mine:
                self._tell(id_, "")

    def _on_events_arrived(self, events: Iterable[Event]) -> None:
        last = {
            event.subject.exception_id: event
            for event in events
            if isinstance(event.body, ExceptionWorked)
        }
        for id_, event in last.items():
            record = self._session.live_state.exceptions.get(id_)
            if record is not None and self._holds(record):
                self._mine.add(id_)
            elif id_ in self._mine:
                self._mine.discard(id_)
                if event.actor.id != self._session.actor_id:
                    self._tell(id_, event.actor.name or event.actor.id)

    def _tell(self, id_: str, doer: str) -> None:
        record = self._session.live_state.exceptions.get(id_)
        if record is not None:
            name = on_one_line(subject_words(self._session, record), _NAME_MOST)
            self.lost.emit(id_, f"{name}: {on_one_line(_fate(record, doer), _FATE_MOST)}")


def _fate(record: ExceptionRecord, doer: str) -> str:
    """What became of a claim."""
    work = record.work
    match work.state:
        case ExceptionState.CLAIMED:
            return f"{work.owner_name or work.owner} has taken it over from you"
        case ExceptionState.RESOLVED:
            by = "by itself" if work.by_rule or not doer else f"by {doer}"
            return f"resolved {by}{f': {work.cause}' if work.cause else ''}"
        case ExceptionState.SNOOZED:
            return f"put aside by {doer or 'somebody'}"
        case ExceptionState.ESCALATED:
            return "a supervisor was asked to look"
    if work.by_rule or not doer:
        return "your claim has lapsed, it is back in the queue"
    return f"{doer} has put it back into the queue"
