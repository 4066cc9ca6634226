"""How good predictions are: what predicts, what it was measured at, how it does today."""

from collections.abc import Iterable, Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QAbstractItemView,
    QDialog,
    QDialogButtonBox,
    QHeaderView,
    QLabel,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from tower.gateway.forecasting.answers import ForecastAnswer, LeadAnswer
from ui.forecast.asking import Asked
from ui.forecast.words import adjusted_words, model_words, provider_words
from ui.session import Session
from ui.theme import TITLE_PX

_COLUMNS = {
    "Ahead": "How long before the arrival the prediction was made",
    "Error": "Mean absolute error of P50, last 24 hours",
    "Later by": "How much later than P50 vehicles came on average, last 24 hours",
    "Within": "Share of arrivals between P10 and P90, last 24 hours; 80 % is right",
    "Arrivals": "How many that rests on",
    "At training": "Mean absolute error on shifts the model did not learn from",
}
_NOTHING = "—"
_TARGET = "Predictions are honest where 80 of 100 arrivals lie between P10 and P90."
_SIZE_PX = (620, 360)


class QualityWindow(QDialog):
    """Says what predicts and how well; follows the badge's question.

    Args:
        session: theme and clock.
        asked: asks the gateway.
        parent: the window it lies over.

    Attributes:
        words: what predicts.
        table: by how far ahead.
    """

    def __init__(
        self, session: Session, asked: "Asked[ForecastAnswer]", parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._session, self._asked = session, asked
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle("Predicted arrivals")
        self.resize(*_SIZE_PX)
        self.title, self.words = QLabel(), QLabel()
        self.title.setFont(session.theme.font(TITLE_PX, bold=True))
        for label in (self.title, self.words):
            label.setTextFormat(Qt.TextFormat.PlainText)
            label.setWordWrap(True)
        self.table = _table()
        self._lay_out()
        asked.changed.connect(self._show)
        asked.ask()
        self._show()

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(18, 16, 18, 14)
        column.setSpacing(10)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        buttons.rejected.connect(self.reject)
        column.addWidget(self.title)
        column.addWidget(self.words)
        column.addWidget(self.table, 1)
        column.addStretch()
        column.addWidget(buttons)

    def _show(self) -> None:
        forecast = self._asked.told
        if forecast is None:
            self.words.setText(self._asked.trouble or "Asking the gateway…")
            return
        self.title.setText(f"Arrivals are predicted by {model_words(forecast.model)}")
        self.words.setText("\n".join(self._lines(forecast)))
        made = {one.minutes: one for one in forecast.quality.leads} if forecast.quality else {}
        today = {one.minutes: one for one in forecast.today}
        leads = sorted(today.keys() | made.keys())
        self._fill([(lead, today.get(lead), made.get(lead)) for lead in leads])

    def _lines(self, forecast: ForecastAnswer) -> Iterable[str]:
        if forecast.why:
            yield forecast.why
        if forecast.quality is not None:
            own = forecast.quality
            yield (
                f"Measured {own.measured_at:%Y-%m-%d} on {own.shifts} shifts it did not learn "
                f"from: {100 * own.coverage:.0f} % of {own.arrivals} arrivals within P10–P90."
            )
        if forecast.coverage is not None:
            yield (
                f"Last 24 hours: {100 * forecast.coverage:.0f} % of {forecast.arrivals} "
                f"arrivals within P10–P90; by them {adjusted_words(forecast)}."
            )
        else:
            yield "No arrival of the last 24 hours had been predicted long enough before."
        yield from map(provider_words, forecast.conditions)
        yield f"{forecast.stops} stops on {forecast.routes} routes in {forecast.took_ms:.0f} ms."
        yield _TARGET

    def _fill(self, rows: "Sequence[_Row]") -> None:
        self.table.setVisible(bool(rows))
        self.table.setRowCount(len(rows))
        for number, row in enumerate(rows):
            for column, words in enumerate(_cells(*row)):
                item = QTableWidgetItem(words)
                item.setTextAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
                self.table.setItem(number, column, item)


_Row = tuple[int, LeadAnswer | None, LeadAnswer | None]


def _cells(lead: int, today: LeadAnswer | None, made: LeadAnswer | None) -> tuple[str, ...]:
    one = today if today is not None and today.arrivals else None
    return (
        f"{lead} min",
        _minutes(one.mae_s if one else None),
        _minutes(one.late_s if one else None),
        _NOTHING if one is None or one.coverage is None else f"{100 * one.coverage:.0f} %",
        str(one.arrivals if one else 0),
        _minutes(made.mae_s if made else None),
    )


def _minutes(seconds: float | None) -> str:
    return _NOTHING if seconds is None else f"{seconds / 60:.1f} min"


def _table() -> QTableWidget:
    table = QTableWidget(0, len(_COLUMNS))
    table.setAccessibleName("How good predictions are, by how far ahead they are made")
    for column, (title, tip) in enumerate(_COLUMNS.items()):
        header = QTableWidgetItem(title)
        header.setToolTip(tip)
        table.setHorizontalHeaderItem(column, header)
    table.verticalHeader().hide()
    table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
    table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
    table.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
    return table
