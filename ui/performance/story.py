"""The whole history of one stop, in the words of the event log. Knows no widgets."""

from urllib.parse import quote

from PySide6.QtCore import QObject, Qt, Signal

from tower.domain.fold import fold
from tower.domain.moments import utc
from tower.domain.state import State
from tower.gateway.kpi_answers import StopHistory
from ui.answers import AnswerFault, read
from ui.eventlog.words import UNLISTED, Line, line_of
from ui.exchange import Answer
from ui.filter import links
from ui.keyed import ID_ROLE, NO_INDEX, Index, KeyedModel
from ui.performance.phrases import day_words
from ui.session import Session

NOT_KEPT = "The journal does not know this stop: its history is simulated, or no longer kept."


def _named(state: State) -> State:
    """What gives names to the things events are about, without the stops."""
    return State(
        shifts=dict(state.shifts), carriers=dict(state.carriers), vehicles=dict(state.vehicles)
    )


class StoryModel(KeyedModel[Line]):
    """The events of a stop, oldest first.

    Attributes:
        stop_id: whose story, "" for nobody's.
        note: why there is none, or what is left out; "" where all is told.
        told: any of these is another.
    """

    titles: tuple[str, ...] = ("When", "What happened", "By")
    told = Signal()

    def __init__(self, session: Session, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self.stop_id, self.note = "", ""

    def show_stop(self, stop_id: str) -> None:
        """Tell of a stop."""
        self.stop_id = stop_id
        self.note = "Asking…" if stop_id else ""
        self.arrange({})
        self.told.emit()
        if stop_id:
            path = f"/v1/stops/{quote(stop_id, safe='')}/history"
            self._session.ask(path, lambda reply: self._on_reply(stop_id, reply))

    def _on_reply(self, stop_id: str, reply: Answer) -> None:
        if stop_id != self.stop_id:
            return
        try:
            self._take(read(reply, StopHistory))
        except AnswerFault as error:
            self.note = NOT_KEPT if reply.status == 404 else f"No history: {error}"
        self.told.emit()

    def _take(self, history: StopHistory) -> None:
        state, linked = self._session.state, self._session.links
        if self.stop_id not in state.stops:
            # A stop of another day: what its own events say is all that is known of it.
            state = fold(history.events, _named(state))
            linked = links(state)
        told = [one for one in history.events if type(one.body) not in UNLISTED]
        self.arrange({one.id: line_of(one, state, linked) for one in told})
        cut = "Older events are left out. " if history.cut else ""
        self.note = f"{cut}{len(told)} events" if told else NOT_KEPT

    def text(self, row: Line, column: int) -> str:
        """What stands in a column."""
        at = self._session.local(utc(row.at))
        return (f"{day_words(at.date())} {at:%H:%M:%S}", row.text, row.who)[column]

    def copied(self) -> str:
        """All of it, a line an event, for the clipboard."""
        rows = (self.record(row) for row in range(self.rowCount(NO_INDEX)))
        lines = ("\t".join(self.text(one, n) for n in range(len(self.titles))) for one in rows)
        return "\n".join(lines)

    def data(self, index: Index, role: int = ID_ROLE) -> object:
        """Words, and the colour an event has in the log."""
        if role == Qt.ItemDataRole.ForegroundRole and index.isValid():
            tone = self.record(index.row()).tone if index.column() == 1 else "muted"
            return self._session.theme.color(tone)
        return super().data(index, role)
