"""Draws a stop's row: number, who and where, the window on the clock, the times."""

from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen
from PySide6.QtWidgets import QStyleOptionViewItem, QWidget

from tower.domain.words import Punctuality, StopState
from ui.routes.columns import StopColumns, lower, stop_columns, upper
from ui.routes.rowmarks import draw_grip, draw_lock, draw_mark, draw_ring, draw_struck
from ui.routes.span import Span
from ui.routes.stops import StopRow, shift_words
from ui.session import Session
from ui.theme import SMALL_PX
from ui.widgets.rowlist import RowDelegate
from ui.widgets.text import CENTRE, RIGHT, draw_text, width_of

_TRACK_PX, _WINDOW_PX, _SPREAD_PX, _MARK_PX = 4.0, 10.0, 10.0, 16.0
_FADED, _FADED_TEXT, _LIFTED = 0.5, 0.82, 0.3
_GAP_PX, _SHIFT_PX = 6.0, 34.0
"""What is over is drawn weaker, but can still be read."""

_MARKS = {
    StopState.DELIVERED: "✓",
    StopState.COLLECTED: "✓",
    StopState.ATTEMPTED: "✕",
    StopState.CANCELLED: "–",
    StopState.SKIPPED: "–",
    StopState.EN_ROUTE: "▸",
    StopState.ARRIVED: "●",
    StopState.SERVICING: "●",
}


class StopDelegate(RowDelegate):
    """Draws rows of the stop sheet.

    Attributes:
        span: the part of the clock all rows show.
        is_lifting: draws the row under the pointer, not the place it was taken from.
    """

    height_px = 40

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(session.theme, parent)
        self._session = session
        self.span = Span(0.0, 1.0)
        self.is_lifting = False

    def draw(self, painter: QPainter, option: QStyleOptionViewItem, row: StopRow) -> None:
        """Draw one stop."""
        at = stop_columns(QRectF(option.rect))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        is_past = row.is_done and not row.has_failed
        theme, text = self.theme, self.theme.color("muted" if is_past else "text")
        is_lifted = row.trial is not None and row.trial.is_lifted and not self.is_lifting
        painter.setOpacity(_LIFTED if is_lifted else 1.0)
        draw_text(painter, upper(at.who), row.customer, text)
        self._draw_second_line(painter, lower(at.who), row)
        is_fixed = any(mark.letters == "hard" for mark in row.marks)
        window = theme.color("text_secondary" if is_fixed else "muted")
        draw_text(painter, lower(at.times), row.window_words, window, RIGHT, SMALL_PX)
        if not is_lifted:
            painter.setOpacity(_FADED_TEXT if is_past else 1.0)
        self._draw_times(painter, upper(at.times), row, is_past=is_past)
        if not is_lifted:
            painter.setOpacity(_FADED if is_past else 1.0)
        self._draw_number(painter, at, row)
        self._draw_clock(painter, at.bar, row)

    def _draw_second_line(self, painter: QPainter, box: QRectF, row: StopRow) -> None:
        """What the stop asks for and where it is; while a draft breaks something, what that is."""
        theme, trial = self.theme, row.trial
        if trial is not None and trial.reason:
            words = f"{'■' if trial.is_hard else '▲'} {trial.reason}"
            colour = theme.color("late" if trial.is_hard else "at_risk")
            draw_text(painter, box, words, colour, size_px=SMALL_PX)
            return
        left = box.left()
        for mark in row.marks:
            left = draw_mark(painter, theme, QPointF(left, box.center().y()), mark.letters, box)
        rest = QRectF(left, box.top(), box.right() - left, box.height())
        draw_text(painter, rest, row.place, theme.color("muted"), size_px=SMALL_PX)

    def _draw_times(self, painter: QPainter, box: QRectF, row: StopRow, *, is_past: bool) -> None:
        """The arrival, and by how many minutes a draft would move it."""
        draw_text(painter, box, row.time_words, self._colour(row), RIGHT, bold=not is_past)
        words = shift_words(row.trial.shift_s) if row.trial and row.trial.shift_s else ""
        if not words:
            return
        taken = width_of(row.time_words, bold=not is_past) + _GAP_PX
        left = QRectF(
            box.left() - _SHIFT_PX, box.top(), box.width() + _SHIFT_PX - taken, box.height()
        )
        colour = self.theme.color("text_secondary")
        draw_text(painter, left, words, colour, RIGHT, SMALL_PX)

    def _colour(self, row: StopRow) -> QColor:
        if row.has_failed:
            is_lost = row.state is StopState.ATTEMPTED
            return self.theme.color("late" if is_lost else "done")
        return self.theme.punctuality_color(row.punctuality)

    def _draw_number(self, painter: QPainter, at: StopColumns, row: StopRow) -> None:
        theme, colour = self.theme, self._colour(row)
        self._draw_mark(painter, at.mark, row)
        draw_ring(painter, at.circle, colour, theme.color("field"))
        words = str(row.number) if row.number else "·"
        draw_text(painter, at.circle, words, theme.color("text"), CENTRE, SMALL_PX, bold=True)

    def _draw_mark(self, painter: QPainter, box: QRectF, row: StopRow) -> None:
        """The number it has now, struck through; else how far it has come, or that it can move."""
        theme = self.theme
        if row.trial is not None and row.trial.number and row.trial.number != row.number:
            draw_struck(painter, box, str(row.trial.number), theme.color("text_secondary"))
        elif mark := _MARKS.get(row.state, ""):
            is_here = row.state.is_at_the_door
            colour = self._colour(row) if row.has_failed else theme.color("text_secondary")
            tint = theme.color("accent") if is_here else colour
            draw_text(painter, box, mark, tint, CENTRE, SMALL_PX)
        elif row.is_locked:
            draw_lock(painter, box, theme.color("text_secondary"))
        else:
            draw_grip(painter, box, theme.color("disabled"))

    def _draw_clock(self, painter: QPainter, bar: QRectF, row: StopRow) -> None:
        middle = bar.center().y()
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self.theme.faded("line_strong", 0.7))
        track = QRectF(bar.left(), middle - _TRACK_PX / 2, bar.width(), _TRACK_PX)
        painter.drawRoundedRect(track, 2, 2)
        painter.save()
        painter.setClipRect(bar, Qt.ClipOperation.IntersectClip)
        self._draw_window(painter, bar, row)
        now_x = self.span.x(self._session.clock.time(), bar)
        painter.setPen(QPen(self.theme.faded("accent", 0.55), 1))
        painter.drawLine(QLineF(now_x, bar.top(), now_x, bar.bottom()))
        self._draw_arrival(painter, bar, row)
        painter.restore()

    def _draw_window(self, painter: QPainter, bar: QRectF, row: StopRow) -> None:
        begin, end = row.window
        if begin is None and end is None:
            return
        left = bar.left() if begin is None else self.span.x(begin, bar)
        right = bar.right() if end is None else self.span.x(end, bar)
        painter.setBrush(self.theme.faded("disabled", 0.42))
        box = QRectF(left, bar.center().y() - _WINDOW_PX / 2, max(2.0, right - left), _WINDOW_PX)
        painter.drawRoundedRect(box, 3, 3)

    def _draw_arrival(self, painter: QPainter, bar: QRectF, row: StopRow) -> None:
        middle, expected = bar.center().y(), row.expected
        moment = expected.p50 if expected else row.reached or row.planned
        if moment is None:
            return
        is_plan = expected is None and row.reached is None
        if expected is not None:
            left, right = self.span.x(expected.p10, bar), self.span.x(expected.p90, bar)
            tint = QColor(self._colour(row))
            tint.setAlphaF(0.72)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(tint)
            box = QRectF(left, middle - _SPREAD_PX / 2, max(3.0, right - left), _SPREAD_PX)
            painter.drawRoundedRect(box, 3, 3)
        x = min(bar.right() - 1.0, max(bar.left() + 1.0, self.span.x(moment, bar)))
        is_weak = is_plan or row.punctuality is Punctuality.IDLE
        painter.setPen(QPen(self.theme.color("muted" if is_weak else "text"), 1 if is_plan else 2))
        painter.drawLine(QPointF(x, middle - _MARK_PX / 2), QPointF(x, middle + _MARK_PX / 2))
