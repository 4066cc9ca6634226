"""Why a vehicle comes when it comes: a stop's arrival, its reasons, what was promised."""

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QFormLayout,
    QLabel,
    QVBoxLayout,
    QWidget,
)

from tower.gateway.forecasting.answers import ArrivalAnswer
from ui.exchange import Selection
from ui.forecast.asking import Asked, arrival_path
from ui.forecast.spanchart import SpanChart, bands_of
from ui.forecast.words import Clock, lines, reason_words
from ui.session import Session
from ui.subjects import stop_id_of, words_of
from ui.theme import BODY_PX, TITLE_PX

EVERY_MS = 5_000
_WIDTH_PX = 520


class ArrivalWindow(QDialog):
    """Follows the selected stop for as long as it is open.

    Args:
        session: shown.
        parent: the window it lies over.

    Attributes:
        chart: prediction, promise and what the customer sees on one line of time.
        reasons: why it is not when the plan of the day has it.
    """

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle("Why this arrival")
        self.setMinimumWidth(_WIDTH_PX)
        self.headline, self.reasons = _label(), _label()
        self.headline.setFont(session.theme.font(TITLE_PX, bold=True))
        self.reasons.setFont(session.theme.font(BODY_PX))
        self.chart, self._form = SpanChart(session), QFormLayout()
        self._asked: Asked[ArrivalAnswer] = Asked(session, ArrivalAnswer, EVERY_MS, self)
        self._asked.changed.connect(self._show)
        session.selection_changed.connect(self._on_selection_changed)
        self._lay_out()
        self._on_selection_changed()

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(18, 16, 18, 14)
        column.setSpacing(10)
        self._form.setHorizontalSpacing(18)
        self._form.setVerticalSpacing(4)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        buttons.rejected.connect(self.reject)
        column.addWidget(self.headline)
        column.addWidget(self.chart)
        column.addLayout(self._form)
        column.addWidget(self.reasons)
        column.addStretch(1)
        column.addWidget(buttons)

    def _on_selection_changed(self) -> None:
        stop_id = stop_id_of(self._session, self._session.selection)
        if stop_id:
            self.headline.setText(words_of(self._session, Selection("stop", stop_id)) or stop_id)
            self._asked.look_at(arrival_path(stop_id))
        elif self._asked.told is None:
            self._show()

    def _show(self) -> None:
        answer = self._asked.told
        while self._form.rowCount():
            self._form.removeRow(0)
        if answer is None:
            self.chart.show_bands([])
            waits = "Asking the gateway…" if self._asked.path else "Select a stop."
            self.reasons.setText(self._asked.trouble or waits)
            return
        self.chart.show_bands(bands_of(answer))
        for name, words in lines(answer, self._session.clock_text):
            self._form.addRow(name, _label(words))
        self.reasons.setText(_reasons(answer, self._session.clock_text))


def open_arrival_window(
    session: Session, parent: QWidget, walks: Sequence[QAction] = ()
) -> ArrivalWindow:
    """Show the window; the one that is open already, where there is one.

    Args:
        session: shown.
        parent: the window it lies over.
        walks: what selects another stop; their keys work in this window too.
    """
    opened = (one for one in parent.findChildren(ArrivalWindow) if one.isVisible())
    window = next(opened, None) or ArrivalWindow(session, parent)
    window.addActions(walks)
    window.show()
    window.raise_()
    window.activateWindow()
    return window


def _reasons(answer: ArrivalAnswer, clock: Clock) -> str:
    if answer.predicted is None and answer.arrived_at is not None:
        return f"The vehicle came at {clock(answer.arrived_at)}; nothing is predicted any more."
    if answer.predicted is None:
        return "Nothing is predicted for this stop."
    if not answer.reasons:
        return "Nothing makes it earlier or later than the plan of the day."
    listed = "\n".join(f"•  {reason_words(one)}" for one in answer.reasons)
    return f"Against the plan of the day:\n{listed}"


def _label(words: str = "") -> QLabel:
    label = QLabel(words)
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setWordWrap(True)
    label.setTextInteractionFlags(
        Qt.TextInteractionFlag.TextSelectableByMouse
        | Qt.TextInteractionFlag.TextSelectableByKeyboard
    )
    return label
