"""The strip over the map: seven numbers, each with its line over the day."""

from PySide6.QtCore import QPoint, QRectF, QSize, Qt
from PySide6.QtGui import QFontMetricsF, QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QHBoxLayout, QSizePolicy, QWidget

from tower.kpi.measure import Measure, Mood
from ui.kpi.board import Board
from ui.kpi.stops import show_stops
from ui.session import Session
from ui.theme import FIGURE_PX, SMALL_PX
from ui.widgets.drawing import draw_sparkline

HEIGHT_PX = 66
PAD_PX = 12
LINE_SHARE = 0.34
"""Part of a cell's width that its sparkline takes."""

MOOD_COLOURS = {
    Mood.GOOD: "on_time",
    Mood.WATCH: "at_risk",
    Mood.BAD: "late",
    Mood.NEUTRAL: "muted",
}
"""Names in the palette file."""

_MOOD_MARKS = {Mood.GOOD: "✓", Mood.WATCH: "▲", Mood.BAD: "▼", Mood.NEUTRAL: ""}


class KpiCell(QAbstractButton):
    """One measure; a click lists the stops behind it."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self.measure: Measure | None = None
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        session.theme.theme_changed.connect(self.update)
        self.clicked.connect(self._on_clicked)

    def show_measure(self, measure: Measure) -> None:
        """Show a measure."""
        if measure == self.measure:
            return
        self.measure = measure
        self.setAccessibleName(f"{measure.title}: {measure.text}. {measure.note}")
        count = len(measure.stops)
        hint = f"Click: which {count} stops?" if count else "No stops behind this number"
        self.setToolTip(f"{measure.title}, counted over {measure.counted}. {hint}")
        self.update()

    def sizeHint(self) -> QSize:
        """A seventh of a full window."""
        return QSize(180, HEIGHT_PX)

    def minimumSizeHint(self) -> QSize:
        """Narrow enough for seven of them in 1366 pixels."""
        return QSize(120, HEIGHT_PX)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw title, figure, note and line."""
        painter, theme = QPainter(self), self._session.theme
        lit = self.underMouse() or self.hasFocus()
        painter.fillRect(self.rect(), theme.color("panel_hover" if lit else "panel"))
        painter.setPen(theme.color("line"))
        painter.drawLine(self.width() - 1, 0, self.width() - 1, self.height())
        measure = self.measure
        if measure is None:
            return
        colour = theme.color(MOOD_COLOURS[measure.mood])
        width = self.width() - 2 * PAD_PX
        painter.setFont(theme.font(SMALL_PX))
        painter.setPen(theme.color("muted"))
        self._text(painter, QRectF(PAD_PX, 6, width, 16), measure.title)
        painter.setPen(colour)
        mark = _MOOD_MARKS[measure.mood]
        note = f"{mark} {measure.note}" if mark and measure.note else measure.note
        self._text(painter, QRectF(PAD_PX, 46, width, 15), note)
        painter.setFont(theme.font(FIGURE_PX, bold=True))
        painter.setPen(theme.color("text"))
        room = width * (1.0 - LINE_SHARE) - 6
        self._text(painter, QRectF(PAD_PX, 20, room, 28), measure.text)
        values = [value for _, value in measure.series]
        line = QRectF(PAD_PX + width * (1.0 - LINE_SHARE), 22, width * LINE_SHARE, 22)
        draw_sparkline(painter, line, values, colour)

    def _text(self, painter: QPainter, box: QRectF, text: str) -> None:
        metrics = QFontMetricsF(painter.font())
        shown = metrics.elidedText(text, Qt.TextElideMode.ElideRight, box.width())
        painter.drawText(box, Qt.AlignmentFlag.AlignVCenter, shown)

    def _on_clicked(self) -> None:
        if self.measure is not None and self.measure.stops:
            corner = QPoint(0, self.height())
            show_stops(self._session, self.measure.title, self.measure.stops, self, corner)


class KpiStrip(QWidget):
    """The measures side by side."""

    def __init__(self, session: Session, board: Board, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session, self._board = session, board
        self.cells: list[KpiCell] = []
        self._layout = QHBoxLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._layout.setSpacing(0)
        self.setFixedHeight(HEIGHT_PX + 1)
        board.strip_measured.connect(self._on_strip_measured)
        session.theme.theme_changed.connect(self.update)

    def _on_strip_measured(self) -> None:
        while len(self.cells) < len(self._board.measures):
            cell = KpiCell(self._session)
            self.cells.append(cell)
            self._layout.addWidget(cell, 1)
        for cell, measure in zip(self.cells, self._board.measures, strict=False):
            cell.show_measure(measure)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw the ground and the line below."""
        painter, theme = QPainter(self), self._session.theme
        painter.fillRect(self.rect(), theme.color("panel"))
        painter.setPen(theme.color("line"))
        painter.drawLine(0, self.height() - 1, self.width(), self.height() - 1)
