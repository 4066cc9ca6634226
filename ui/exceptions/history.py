"""What happened to an exception, from its events. Knows no widgets."""

from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple

import msgspec
from PySide6.QtCore import QObject, Signal

from tower.domain.events import Event
from tower.journal.subjects import subjects_of
from ui.exceptions.happened import Reader, told
from ui.exchange import Answer
from ui.session import Session

LIMIT = 200
_OK = 200


class HistoryError(ValueError):
    """The past of an exception could not be had."""


class _Page(msgspec.Struct):
    events: tuple[Event, ...]


_DECODER = msgspec.json.Decoder(_Page)


class Entry(NamedTuple):
    """One thing that happened."""

    at: datetime
    words: str


class History(QObject):
    """The events of one exception: asked of the gateway once, then kept up to date.

    Attributes:
        exception_id: whose history it is.
        trouble: why the past cannot be shown, "" where it can.
        changed: there is more to tell.
    """

    changed = Signal()

    def __init__(self, session: Session, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._events: dict[str, Event] = {}
        self.exception_id, self.trouble = "", ""
        session.events_arrived.connect(self._on_events_arrived)
        session.state_replaced.connect(self._on_state_replaced)
        session.events_replaced.connect(self._on_state_replaced)

    def show(self, exception_id: str) -> None:
        """Tell of another exception."""
        if exception_id == self.exception_id:
            return
        self.exception_id, self.trouble = exception_id, ""
        self._events.clear()
        self.changed.emit()
        if exception_id:
            path = f"/v1/events?exception={exception_id}&limit={LIMIT}"
            self._session.ask(path, lambda answer: self._on_answer(exception_id, answer))

    def entries(self) -> list[Entry]:
        """What happened, newest first; renewals of facts and claims are left out."""
        session = self._session
        reader = Reader(self.exception_id, session.actor_id, session.clock_text)
        events = sorted(self._events.values(), key=lambda one: (one.recorded_at, one.seq))
        return [Entry(event.at, words) for event, words in told(events, reader)][::-1]

    def _on_answer(self, exception_id: str, answer: Answer) -> None:
        if exception_id != self.exception_id:
            return
        try:
            self._take(_events(answer))
        except HistoryError as error:
            self.trouble = f"The past is not here: {error}"
        self.changed.emit()

    def _on_state_replaced(self) -> None:
        """Another state may be another journal, which tells another past."""
        exception_id, self.exception_id = self.exception_id, ""
        self.show(exception_id)

    def _on_events_arrived(self, events: Iterable[Event]) -> None:
        about = ("exception", self.exception_id)
        mine = [one for one in events if about in subjects_of(one)]
        if mine:
            self._take(mine)
            self.changed.emit()

    def _take(self, events: Iterable[Event]) -> None:
        self._events.update((event.id, event) for event in events)


def _events(answer: Answer) -> tuple[Event, ...]:
    if answer.status != _OK:
        raise HistoryError(answer.message)
    try:
        return _DECODER.decode(answer.body).events
    except msgspec.MsgspecError as error:
        raise HistoryError(f"the gateway's answer cannot be read ({error})") from error
