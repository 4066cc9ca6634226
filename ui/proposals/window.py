"""The window of a search: what matters, how far it is, the proposal beside the present order."""

from collections.abc import Mapping

from PySide6.QtCore import QSettings, QSize, Qt, Signal
from PySide6.QtGui import QCloseEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QDialog,
    QLabel,
    QProgressBar,
    QPushButton,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from tower.gateway.answers import Offer
from tower.routes.change import UNASSIGNED, Arrange
from tower.routes.impact import Impact
from ui.draft.draft import Draft
from ui.proposals.aside import aside
from ui.proposals.judge import Judge
from ui.proposals.offerview import OfferView
from ui.proposals.phrases import (
    NOTHING_LEFT,
    empty_words,
    outdated_words,
    progress_words,
    title_of,
    unknowing_words,
)
from ui.proposals.scope import Scope
from ui.proposals.search import Search
from ui.proposals.weighing import Weighing
from ui.session import Session
from ui.theme import TITLE_PX
from ui.widgets.empty import EmptyState
from ui.widgets.notice import Notice
from ui.widgets.sidebyside import side_by_side

_SIZE = (940, 600)
_NOTHING, _OFFER = 0, 1


class ProposalWindow(QDialog):
    """Searches for a better order and shows what it finds; the user decides what becomes of it.

    Args:
        session: the shift.
        draft: takes the proposal when the user wants it.
        settings: keeps the weights.
        parent: the window it lies over.

    Attributes:
        search: the search at the gateway.
        view: the proposal.
        several_wanted: other routes are to be picked.
        used: words of the proposal that became the draft.
    """

    several_wanted = Signal()
    used = Signal(str)

    def __init__(
        self,
        session: Session,
        draft: Draft,
        settings: QSettings | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._session, self._draft = session, draft
        self._shown: Offer | None = None
        self._impact: Impact | None = None
        self._reasons: Mapping[str, str] = {}
        self._scope = Scope(title="", routes=())
        self.setWindowTitle("Optimise")
        self.search, self.judge = Search(session, self), Judge(session, draft, self)
        self.weighing = Weighing(session.theme, settings)
        self.view = OfferView(session)
        self._empty = EmptyState(session.theme, "", "")
        self.title, self.words = QLabel(), QLabel()
        self.notice, self.progress = Notice(session.theme), QProgressBar()
        self.start_button, self.stop_button = QPushButton("&Start"), QPushButton("S&top")
        self.several_button = QPushButton("Se&veral routes…")
        self.use_button, self.discard_button = QPushButton("&Use as draft"), QPushButton("Discard")
        self._layers = QStackedWidget()
        self._lay_out()
        self._listen()

    def _lay_out(self) -> None:
        self.title.setTextFormat(Qt.TextFormat.PlainText)
        self.words.setTextFormat(Qt.TextFormat.PlainText)
        self.title.setFont(self._session.theme.font(TITLE_PX, bold=True))
        self.progress.setRange(0, 1000)
        self.progress.setTextVisible(False)
        self.progress.setFixedHeight(6)
        self.progress.setAccessibleName("Progress of the search")
        self._layers.addWidget(self._empty)
        self._layers.addWidget(self.view)
        column = QVBoxLayout(self)
        column.setContentsMargins(14, 12, 14, 12)
        column.setSpacing(8)
        column.addLayout(side_by_side(self.title, None, self.several_button))
        column.addWidget(self.weighing)
        column.addLayout(side_by_side(self.start_button, self.stop_button, self.words, None))
        column.addWidget(self.progress)
        column.addWidget(self.notice)
        column.addWidget(self._layers, 1)
        column.addLayout(side_by_side(None, self.discard_button, self.use_button))
        for button in self.findChildren(QPushButton):
            button.setAutoDefault(False)
        self.use_button.setProperty("primary", True)
        self.several_button.setToolTip("Pick the routes to be optimised together")
        self.stop_button.setToolTip("End the search; the best it has found stays")
        self.use_button.setToolTip(
            "Make the proposal your draft (Ctrl+Return). Nothing is sent before you commit it."
        )
        self.discard_button.setToolTip("Forget the proposal (Esc)")

    def _listen(self) -> None:
        self.start_button.clicked.connect(self._on_start)
        self.stop_button.clicked.connect(self.search.cancel)
        self.several_button.clicked.connect(self.several_wanted)
        self.use_button.clicked.connect(self.use)
        self.discard_button.clicked.connect(self.reject)
        self.search.changed.connect(self._on_search_changed)
        self.judge.judged.connect(self._on_judged)
        self._draft.gesture_added.connect(self._show_layer)
        self.view.route_chosen.connect(self._on_route_chosen)
        self.finished.connect(lambda _result: self._forget())
        QShortcut(QKeySequence("Ctrl+Return"), self, self.use)

    def _place(self) -> None:
        """Beside the sheet, and within the window."""
        over = self.parentWidget()
        if self.isVisible():
            return
        if over is None:
            self.resize(*_SIZE)
            return
        self.setGeometry(aside(over, QSize(*_SIZE)))

    # What is asked of it

    def open_scope(self, scope: Scope) -> None:
        """Begin a search about something else, with the weights as they are."""
        self._scope = scope
        self.setWindowTitle(title_of(scope))
        self.title.setText(scope.title)
        self.several_button.setVisible(not scope.is_breakdown)
        self._place()
        self.show()
        self.raise_()
        self.activateWindow()
        self._on_start()

    def use(self) -> None:
        """Make the proposal the draft, as one gesture; the search ends."""
        offer = self._shown
        if offer is None or not self.use_button.isEnabled():
            return
        title = f"{title_of(self._scope)}: {self._scope.title}"
        # Routes that stay as they are are no part of the gesture.
        orders = {one: order for one, order in offer.orders.items() if one in self.judge.orders}
        arrange = Arrange(orders=orders, title=title)
        if why := self._draft.propose(arrange, offer.handovers):
            self.notice.say("use", why)
            return
        self.used.emit(title)
        self.accept()

    # Happenings

    def _on_start(self) -> None:
        self._shown, self._impact, self._reasons = None, None, {}
        self.judge.judge(None)
        self.view.forget()
        self.notice.say("use", "")
        self.stop_button.setEnabled(True)
        self.stop_button.setFocus()
        self.search.start(self._scope, self.weighing.weights)

    def _on_search_changed(self) -> None:
        search = self.search
        if search.offer is not None and search.offer is not self._shown:
            self._shown = search.offer
            self.view.expect_better()
            self.judge.judge(search.offer)
        self.progress.setValue(1000 if not search.is_running else round(1000 * search.progress))
        self.words.setText(progress_words(search, self._impact))
        self.start_button.setText("&Start" if search.is_running else "&Run again")
        self.start_button.setEnabled(not search.is_running)
        stopped = self.stop_button.hasFocus() and not search.is_running
        self.stop_button.setEnabled(search.is_running and not search.is_ending)
        if stopped:
            # The keyboard goes on where there is something to do next.
            has_offer = self._layers.currentIndex() == _OFFER
            (self.view.orders if has_offer else self.start_button).setFocus()
        self.notice.say("outdated", outdated_words(self._session, search.outdated))
        self._show_layer()

    def _on_judged(self, impact: Impact) -> None:
        self._impact = impact
        if self._shown is None:
            return
        self._reasons = self._why_left_out(self._shown)
        if impact.routes or self._reasons:
            self.view.show_offer(impact, self._reasons)
        self.words.setText(progress_words(self.search, impact))
        self._show_layer()

    def _why_left_out(self, offer: Offer) -> dict[str, str]:
        """The stops that find no place, with the reasons."""
        return {
            stop_id: offer.reasons.get(stop_id) or "no route has room for it"
            for stop_id in offer.orders.get(UNASSIGNED, ())
        }

    def _on_route_chosen(self, route_id: str) -> None:
        self._session.select("route", route_id)
        self.judge.look_at(route_id)

    def _show_layer(self) -> None:
        impact = self._impact
        is_change = impact is not None and bool(impact.routes)
        has_offer = is_change or (impact is not None and bool(self._reasons))
        self._layers.setCurrentIndex(_OFFER if has_offer else _NOTHING)
        self.use_button.setEnabled(is_change and not self._draft.is_sending)
        if not has_offer:
            empty = empty_words(self.search, self._scope) if impact is None else NOTHING_LEFT
            self._empty.set_words(*empty)
        mine = len(self._draft.gestures)
        self.notice.say("draft", unknowing_words(mine) if is_change else "")

    def _forget(self) -> None:
        self.search.cancel()
        self.judge.judge(None)
        self._shown = self._impact = None
        if (over := self.parentWidget()) is not None:
            over.activateWindow()

    def closeEvent(self, event: QCloseEvent) -> None:
        """Closing is discarding."""
        self._forget()
        super().closeEvent(event)
