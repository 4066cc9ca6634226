"""The exception panel: the queue above, the card of one exception below."""

from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget

from ui.exceptions.card import ExceptionCard
from ui.exceptions.delegate import ExceptionDelegate
from ui.exceptions.model import ExceptionModel, View
from ui.exceptions.work import ExceptionWork
from ui.session import Selection, Session
from ui.widgets.empty import EmptyState
from ui.widgets.rowlist import RowList
from ui.widgets.split import Split
from ui.widgets.tabs import TabHeader

_EMPTY = {
    View.OPEN: ("No open exceptions", "New ones appear here at once."),
    View.MINE: ("Nothing is yours", "C claims the selected exception."),
    View.RESOLVED: ("Nothing resolved yet", "What is resolved today appears here."),
}

_LEAST_PX = 280

OPENING_TICKS = 6
"""Seconds after a shift was opened in which the card follows the gravest exception, unasked."""


class ExceptionsPanel(QWidget):
    """The queue by severity and SLA, and the work on the exception shown.

    Attributes:
        header: stands in the dock's title.
        queue: the rows.
        card: the exception shown.
    """

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self.model = ExceptionModel(session, self)
        self.header = TabHeader(session.theme, ("Exceptions", "Mine", "Resolved"), "Exceptions")
        self.header.set_caption("by severity")
        self.queue = RowList(session.theme, "Exceptions by severity and SLA")
        self.queue.show_model(self.model, ExceptionDelegate(session, self.model, self.queue))
        self.model.anchor = self.queue.anchor
        self.card = ExceptionCard(session, ExceptionWork(session, self))
        self._walked, self._opening_ticks = False, OPENING_TICKS
        self._empty = EmptyState(session.theme, *_EMPTY[View.OPEN])
        self._layers = QStackedWidget()
        self._layers.addWidget(self.queue)
        self._layers.addWidget(self._empty)
        self.setMinimumWidth(_LEAST_PX)
        self._assemble()
        self._listen()
        self._on_counted()
        self._on_selection_changed(session.selection)

    def _assemble(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(Split(self._session.theme, self._layers, self.card, (1, 1)))

    def _listen(self) -> None:
        session = self._session
        self.header.tab_chosen.connect(self._on_tab_chosen)
        self.model.counted.connect(self._on_counted)
        self.queue.chosen.connect(lambda id_: session.select("exception", id_))
        self.queue.opened.connect(lambda _id: self.open_current())
        self.queue.pointer_left.connect(self.model.settle)
        self.card.cause.closing.connect(self.queue.setFocus)
        session.selection_changed.connect(self._on_selection_changed)
        session.ticked.connect(self._on_ticked)

    # What menus ask

    def walk(self, step: int) -> None:
        """Select the exception `step` rows further down; at first the one shown."""
        shown = self.card.exception_id
        is_first = not self._walked and self.model.place_of(shown) >= 0
        if wanted := shown if is_first else self.queue.walk(step):
            self._session.select("exception", wanted)

    def open_current(self) -> None:
        """Select the stop, vehicle or route the exception shown is about."""
        record = self._session.state.exceptions.get(self.card.exception_id)
        subject = record.finding.subject if record and record.finding else None
        for kind in ("stop", "vehicle", "route"):
            if id_ := getattr(subject, f"{kind}_id", ""):
                self._session.select(kind, id_)
                return

    def claim(self) -> None:
        """Take the exception shown."""
        self.card.claim()

    def release(self) -> None:
        """Give it back."""
        self.card.release()

    def resolve(self) -> None:
        """Ask for its cause and close it."""
        self.card.resolve()

    def reopen(self) -> None:
        """Put it back into the queue."""
        self.card.reopen()

    # Happenings

    def _on_tab_chosen(self, tab: int) -> None:
        self.model.show_view(View(tab))
        self._empty.set_words(*_EMPTY[View(tab)])
        is_past = View(tab) is View.RESOLVED
        self.header.set_caption("newest first" if is_past else "by severity")

    def _on_counted(self) -> None:
        titles = ("Exceptions", "Mine", "Resolved")
        for tab, (title, count) in enumerate(zip(titles, self.model.counts, strict=True)):
            self.header.set_title(tab, f"{title} ({count})")
        self._layers.setCurrentWidget(self.queue if self.model.rowCount() else self._empty)
        shown = self.card.exception_id
        if self.model.read(shown) is None or (not self._walked and self._is_passed_over(shown)):
            self._show(self.model.id_at(0))

    def _is_passed_over(self, exception_id: str) -> bool:
        """Whether an exception nobody selected should give way to the one at the top."""
        is_gone = self.model.place_of(exception_id) < 0
        return is_gone or (self._opening_ticks > 0 and self.model.place_of(exception_id) > 0)

    def _on_ticked(self) -> None:
        if self.model.rowCount():
            self._opening_ticks = max(0, self._opening_ticks - 1)

    def _on_selection_changed(self, selection: Selection) -> None:
        if selection.kind == "exception":
            self._walked = True
            self._show(selection.id)

    def _show(self, exception_id: str) -> None:
        self.queue.show_current(exception_id)
        self.card.show_exception(exception_id)
