"""Why attempts failed today: a bar a reason."""

from PySide6.QtCore import QEvent, QPoint, QRectF, Qt
from PySide6.QtGui import QFontMetricsF, QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from tower.domain.words import AttemptReason
from tower.kpi.breakdown import FailedReason
from ui.kpi.board import Board
from ui.kpi.stops import show_stops
from ui.session import Session
from ui.theme import SMALL_PX

ROW_PX = 19
TOP_PX = 6
NAME_SHARE, NAME_MOST_PX = 0.36, 150
COUNT_PX = 34

_COLOURS = {
    AttemptReason.NOT_HOME: "marks.minor",
    AttemptReason.NO_ACCESS: "marks.minor",
    AttemptReason.WINDOW_MISSED: "marks.late",
    AttemptReason.ADDRESS_NOT_FOUND: "marks.at_risk",
}


class FailedAttemptsPanel(QWidget):
    """Horizontal bars; a click lists the stops of a reason."""

    def __init__(self, session: Session, board: Board, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session, self._board = session, board
        self._hovered = -1
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setMinimumHeight(TOP_PX + 3 * ROW_PX)
        board.reasons_measured.connect(self._on_reasons_measured)
        session.theme.theme_changed.connect(self.update)

    def _on_reasons_measured(self) -> None:
        said = ", ".join(f"{row.title} {row.count}" for row in self._board.reasons)
        self.setAccessibleName(f"Failed attempts today: {said or 'none'}")
        self.update()

    @property
    def rows(self) -> list[FailedReason]:
        """The bars shown: every reason, or where there is no room the last ones as one."""
        reasons = self._board.reasons
        fitting = max(2, (self.height() - TOP_PX) // ROW_PX)
        if len(reasons) <= fitting:
            return reasons
        shown, rest = reasons[: fitting - 1], reasons[fitting - 1 :]
        stops = tuple(stop_id for row in rest for stop_id in row.stops)
        together = FailedReason(
            reason=AttemptReason.OTHER,
            title=f"{len(rest)} more reasons",
            count=sum(row.count for row in rest),
            stops=stops,
        )
        return [*shown, together]

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw the bars."""
        painter, theme, rows = QPainter(self), self._session.theme, self.rows
        painter.fillRect(self.rect(), theme.color("panel"))
        painter.setFont(theme.font(SMALL_PX))
        if not rows:
            painter.setPen(theme.color("muted"))
            text = "No failed attempts yet today"
            painter.drawText(self.rect(), Qt.AlignmentFlag.AlignCenter, text)
            return
        most = max(row.count for row in rows)
        for index, row in enumerate(rows):
            self._draw(painter, index, row, most)

    def _draw(self, painter: QPainter, index: int, row: FailedReason, most: int) -> None:
        theme, top = self._session.theme, TOP_PX + index * ROW_PX
        if index == self._hovered:
            painter.fillRect(QRectF(0, top, self.width(), ROW_PX), theme.color("panel_hover"))
        name_px = min(NAME_MOST_PX, self.width() * NAME_SHARE)
        box = QRectF(10, top, name_px - 16, ROW_PX)
        painter.setPen(theme.color("text_secondary"))
        name = QFontMetricsF(painter.font()).elidedText(
            row.title, Qt.TextElideMode.ElideRight, box.width()
        )
        painter.drawText(box, Qt.AlignmentFlag.AlignVCenter, name)
        room = max(10.0, self.width() - name_px - COUNT_PX - 10)
        bar = QRectF(name_px, top + 5, max(3.0, room * row.count / most), ROW_PX - 10)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.color(_COLOURS.get(row.reason, "marks.done")))
        painter.drawRoundedRect(bar, 2, 2)
        painter.setPen(theme.color("text"))
        count_box = QRectF(bar.right() + 7, top, COUNT_PX, ROW_PX)
        painter.drawText(count_box, Qt.AlignmentFlag.AlignVCenter, str(row.count))

    def _row_at(self, y: float) -> int:
        row = int((y - TOP_PX) // ROW_PX)
        return row if 0 <= row < len(self.rows) else -1

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Light the bar under the pointer."""
        self._hovered = self._row_at(event.position().y())
        over = self._hovered >= 0
        shape = Qt.CursorShape.PointingHandCursor if over else Qt.CursorShape.ArrowCursor
        self.setCursor(shape)
        self.update()

    def leaveEvent(self, _event: QEvent) -> None:
        """Light nothing."""
        self._hovered = -1
        self.update()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """List the stops of the reason."""
        self._open(self._row_at(event.position().y()))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Up and down light a bar, Enter lists its stops."""
        last = len(self.rows) - 1
        if event.key() in (Qt.Key.Key_Down, Qt.Key.Key_Up):
            step = 1 if event.key() == Qt.Key.Key_Down else -1
            self._hovered = max(0, min(last, self._hovered + step))
            self.update()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._open(self._hovered)
        else:
            super().keyPressEvent(event)

    def _open(self, row: int) -> None:
        if not 0 <= row < len(self.rows):
            return
        reason = self.rows[row]
        corner = QPoint(int(self.width() * NAME_SHARE), TOP_PX + (row + 1) * ROW_PX)
        show_stops(self._session, f"Failed: {reason.title}", reason.stops, self, corner)
