"""The window with the best places for a stop: five over all routes, tried out at a glance."""

from collections.abc import Sequence

import msgspec
from PySide6.QtCore import QEvent, QObject, QSize, Qt
from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import (
    QDialog,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from tower.gateway.answers import PlacesAnswer, SuggestionWish
from ui.draft.draft import Draft
from ui.exchange import Answer
from ui.proposals.aside import aside
from ui.proposals.placedelegate import PlaceDelegate
from ui.proposals.placerows import PlaceModel, place_rows
from ui.proposals.totals import stop_words
from ui.proposals.wire import OK, SUGGESTIONS, WireError, read
from ui.routes.previewbox import PreviewBox
from ui.session import Session
from ui.theme import TITLE_PX
from ui.widgets.empty import EmptyState
from ui.widgets.notice import Notice
from ui.widgets.rowlist import RowList

_SIZE = (640, 520)
_PREVIEW_PX = 132


class BestPlaceWindow(QDialog):
    """Shows where a stop fits best; a place under the pointer, or walked to, is previewed.

    Args:
        session: the shift.
        draft: previews a place, and takes it.
        parent: the window it lies over.

    Attributes:
        list: the places, best first.
        places: their rows.
        preview: what the marked place would do.
    """

    def __init__(self, session: Session, draft: Draft, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session, self._draft = session, draft
        self._queue: tuple[str, ...] = ()
        self._turn, self._stop_id = 0, ""
        self.setWindowTitle("Best place")
        self.title, self.preview = QLabel(), PreviewBox(session, draft)
        self.notice = Notice(session.theme)
        self.places = PlaceModel(self)
        self.list = RowList(session.theme, "Best places")
        self.list.show_model(self.places, PlaceDelegate(session, self.list))
        self.take_button, self.close_button = QPushButton("&Take into draft"), QPushButton("Close")
        self._empty = EmptyState(session.theme, "", "")
        self._layers = QStackedWidget()
        self._lay_out()
        self._listen()

    def _lay_out(self) -> None:
        self.title.setTextFormat(Qt.TextFormat.PlainText)
        self.title.setWordWrap(True)
        self.title.setFont(self._session.theme.font(TITLE_PX, bold=True))
        self._layers.addWidget(self._empty)
        self._layers.addWidget(self.list)
        column = QVBoxLayout(self)
        column.setContentsMargins(14, 12, 14, 12)
        column.addWidget(self.title)
        column.addWidget(self.notice)
        column.addWidget(self._layers, 1)
        column.addWidget(self.preview)
        self.preview.most_px = _PREVIEW_PX
        buttons = QHBoxLayout()
        buttons.addStretch(1)
        for button in (self.close_button, self.take_button):
            button.setAutoDefault(False)
            buttons.addWidget(button)
        column.addLayout(buttons)
        self.take_button.setProperty("primary", True)
        self.take_button.setToolTip(
            "Put the stop there in your draft (Enter). Nothing is sent before you commit it."
        )
        self.resize(*_SIZE)

    def _listen(self) -> None:
        self.list.chosen.connect(self._on_chosen)
        self.list.opened.connect(lambda _id: self.take())
        self.list.entered.connect(lambda index: self._try(self.places.id_at(index.row())))
        self.list.pointer_left.connect(lambda: self._try(self.list.current))
        self.list.installEventFilter(self)
        self.preview.stop_chosen.connect(lambda stop_id: self._session.select("stop", stop_id))
        self.take_button.clicked.connect(self.take)
        self.close_button.clicked.connect(self.reject)
        self.finished.connect(lambda _result: self._on_finished())

    # What is asked of it

    def open_stops(self, stop_ids: Sequence[str]) -> None:
        """Ask where these stops fit best, one after the other."""
        self._queue = tuple(stop_ids)
        over = self.parentWidget()
        if over is not None and not self.isVisible():
            self.setGeometry(aside(over, QSize(*_SIZE)))
        self.show()
        self.raise_()
        self.activateWindow()
        self._next()

    def take(self) -> None:
        """Make the marked place part of the draft; the next stop's places follow."""
        row = self.places.record_of(self.list.current)
        if row is None:
            return
        self._draft.cancel_lift()
        if why := self._draft.add(row.move):
            self.notice.say("take", why)
            return
        self._next()

    def _next(self) -> None:
        self._put_back()
        if not self._queue:
            self.accept()
            return
        self._stop_id, self._queue = self._queue[0], self._queue[1:]
        more = f" ({len(self._queue)} more to come)" if self._queue else ""
        words = stop_words(self._session, self._stop_id)
        self.title.setText(f"Where {words} fits best{more}")
        self.places.arrange({})
        self.notice.say("take", "")
        if why := self._draft.lift([self._stop_id]):
            self._show_nothing("This stop cannot be moved", why)
            return
        self._ask()

    def _ask(self) -> None:
        self._turn += 1
        turn = self._turn
        self._show_nothing("Looking through all routes…", "")
        self._session.ask(
            SUGGESTIONS,
            lambda answer: self._on_answer(turn, answer),
            body=msgspec.json.encode(SuggestionWish(stops=(self._stop_id,))),
        )

    # Happenings

    def _on_answer(self, turn: int, answer: Answer) -> None:
        if turn != self._turn or not self.isVisible():
            return
        if answer.status != OK:
            why = answer.message or f"the gateway said {answer.status}"
            self._show_nothing("No places can be suggested", f"{why[0].upper()}{why[1:]}.")
            return
        try:
            found = read(answer.body, tuple[PlacesAnswer, ...])
        except WireError as error:
            self._show_nothing("No places can be suggested", str(error))
            return
        self._show(next((one for one in found if one.stop_id == self._stop_id), None))

    def _show(self, found: PlacesAnswer | None) -> None:
        rows = place_rows(self._session, self._stop_id, found.places) if found else {}
        self.places.arrange(rows)
        if not rows:
            why = (found.why if found else "") or "No route can take it. It may stay unassigned."
            self._show_nothing("There is no place for it", why)
            return
        self._layers.setCurrentWidget(self.list)
        self.take_button.setEnabled(True)
        self.list.show_current(next(iter(rows)))
        self.list.setFocus()
        self._try(self.list.current)

    def _show_nothing(self, headline: str, sentence: str) -> None:
        self._empty.set_words(headline, sentence)
        self._layers.setCurrentWidget(self._empty)
        self.take_button.setEnabled(False)

    def _on_chosen(self, place: str) -> None:
        self.list.show_current(place)
        self._try(place)

    def _try(self, place: str) -> None:
        """Preview a place in the draft."""
        row = self.places.record_of(place)
        if row is not None and self.isVisible() and self._draft.lifted == (self._stop_id,):
            self._draft.hover(row.move)

    def _put_back(self) -> None:
        if self._stop_id and self._draft.lifted == (self._stop_id,):
            self._draft.cancel_lift()
        self._stop_id = ""

    def _on_finished(self) -> None:
        self._put_back()
        if (over := self.parentWidget()) is not None:
            over.activateWindow()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Enter takes the marked place."""
        if watched is self.list and event.type() == QEvent.Type.KeyPress and _is_enter(event):
            self.take()
            return True
        return super().eventFilter(watched, event)

    def closeEvent(self, event: QCloseEvent) -> None:
        """What was tried out is put back."""
        self._on_finished()
        super().closeEvent(event)


def _is_enter(event: QEvent) -> bool:
    key = getattr(event, "key", lambda: None)()
    return key in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
