"""Draws an exception's row: severity, kind, subject, why, SLA, who, and what waits."""

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QPainter
from PySide6.QtWidgets import QStyleOptionViewItem, QWidget

from tower.domain.words import Severity
from ui.exceptions.marks import Mark, marks_of
from ui.exceptions.model import ExceptionModel
from ui.exceptions.rows import ExceptionRow, sla_words
from ui.session import Session
from ui.theme import SMALL_PX
from ui.widgets.rowlist import RowDelegate
from ui.widgets.text import CENTRE, RIGHT, draw_text, width_of

_BAR_PX = 4.0
_BAR_SHARES = {
    Severity.CRITICAL: 1.0,
    Severity.MAJOR: 0.68,
    Severity.MINOR: 0.4,
    Severity.INFO: 0.18,
}
_LEFT_PX, _RIGHT_PX = 14.0, 10.0
_FRAME_PX, _BETWEEN_PX = 5.0, 8.0
_DETAIL_SHARE = 0.3
"""The least share of its line that is left to why."""


class ExceptionDelegate(RowDelegate):
    """Draws rows of `ExceptionModel`."""

    height_px = 45

    def __init__(
        self, session: Session, model: ExceptionModel, parent: QWidget | None = None
    ) -> None:
        super().__init__(session.theme, parent)
        self._session, self._model = session, model

    def draw(self, painter: QPainter, option: QStyleOptionViewItem, row: ExceptionRow) -> None:
        """Draw one exception."""
        box = QRectF(option.rect)
        theme = self.theme
        colour = theme.severity_color(row.severity) if row.is_open else theme.color("done")
        self._draw_freshness(painter, box, row)
        self._draw_severity(painter, box, row)
        upper = QRectF(box.left() + _LEFT_PX, box.top() + 5, box.width() - _LEFT_PX - _RIGHT_PX, 18)
        lower = QRectF(upper.left(), upper.bottom() - 1, upper.width(), 17)
        right = self._draw_sla(painter, upper, row)
        left = self._draw_marks(painter, lower, row)
        kind = row.kind.upper()
        upper.setRight(right)
        draw_text(painter, upper, kind, colour, size_px=SMALL_PX, bold=True)
        upper.setLeft(upper.left() + width_of(kind, SMALL_PX, bold=True) + 9)
        draw_text(painter, upper, row.subject, theme.color("text"))
        lower.setRight(left)
        draw_text(painter, lower, row.detail, theme.color("text_secondary"))

    def _draw_severity(self, painter: QPainter, box: QRectF, row: ExceptionRow) -> None:
        """A bar that is the longer the graver."""
        height = box.height() * _BAR_SHARES[row.severity]
        bar = QRectF(box.left(), box.center().y() - height / 2 - 0.5, _BAR_PX, height)
        painter.fillRect(bar, self._mark(row))

    def _mark(self, row: ExceptionRow) -> QColor:
        return self.theme.color(f"marks.{row.severity.value if row.is_open else 'done'}")

    def _draw_freshness(self, painter: QPainter, box: QRectF, row: ExceptionRow) -> None:
        freshness = self._model.freshness(row.id)
        if freshness > 0:
            glow = QColor(self._mark(row))
            glow.setAlphaF(0.08 + 0.16 * freshness)
            painter.fillRect(box.adjusted(0, 0, 0, -1), glow)

    def _draw_sla(self, painter: QPainter, line: QRectF, row: ExceptionRow) -> float:
        """Draw the countdown, or when it was resolved; returns where the rest must end."""
        words, name = self._time_words(row)
        is_bold = name == "late"
        draw_text(painter, line, words, self.theme.color(name), RIGHT, bold=is_bold)
        return line.right() - width_of(words, bold=is_bold) - 10

    def _time_words(self, row: ExceptionRow) -> tuple[str, str]:
        """What stands where the countdown is, and its colour."""
        now = self._session.clock.time()
        if not row.is_open:
            return self._session.clock_text(row.since), "muted"
        if row.is_snoozed:
            return self._model.wake_words(row), "text_secondary"
        if row.due is None:
            return f"since {self._session.clock_text(row.raised)}", "muted"
        return sla_words(row.due, now), "late" if row.due < now else "text"

    def _draw_marks(self, painter: QPainter, line: QRectF, row: ExceptionRow) -> float:
        """Draw what stands small at the right; returns where the rest must end."""
        right, least = line.right(), line.left() + line.width() * _DETAIL_SHARE
        for mark in marks_of(row, has_woken=self._model.has_woken(row.id)):
            width = width_of(mark.words, SMALL_PX, bold=mark.framed) + 2 * _FRAME_PX * mark.framed
            if right - width < least:
                break
            self._draw_mark(painter, QRectF(right - width, line.top(), width, line.height()), mark)
            right -= width + _BETWEEN_PX
        return right - 2

    def _draw_mark(self, painter: QPainter, box: QRectF, mark: Mark) -> None:
        colour = self.theme.color(mark.colour)
        if mark.framed:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(colour)
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(box.adjusted(0.5, 0.5, -0.5, -1.5), 4, 4)
        draw_text(painter, box, mark.words, colour, CENTRE, SMALL_PX, bold=mark.framed)
