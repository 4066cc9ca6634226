"""The scrubber: the span of the shift as a line, with a hand that is dragged along it."""

from datetime import datetime, timedelta

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QHelpEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QPixmap,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from tower.replay.recording import Bookmark, Mark
from ui.exceptions.rows import kind_words
from ui.replay.marks import Placed, draw_flag, draw_mark, in_layers
from ui.replay.travel import TimeTravel
from ui.session import Session
from ui.theme import SMALL_PX
from ui.tips import plain_tip

_HEIGHT_PX = 40
_EDGE_PX = 12.0
_LINE_Y = 16.0
_NEAR_PX = 5.0
_LEAST_TICK_PX = 62.0
_TICKS_S = (300, 600, 900, 1800, 3600, 7200, 14_400, 28_800, 86_400)
_NOTCH = 120.0
_WHEEL_S = 60.0
_NOW_PX = 36.0
"""Room at the right end for the word "now"."""

_KEYS_S = {
    Qt.Key.Key_Left: -10.0,
    Qt.Key.Key_Right: 10.0,
    Qt.Key.Key_Down: -60.0,
    Qt.Key.Key_Up: 60.0,
    Qt.Key.Key_PageDown: -600.0,
    Qt.Key.Key_PageUp: 600.0,
}
"""Seconds each key moves the hand."""


class Scrubber(QWidget):
    """Shows where in the shift the window stands; dragging, the wheel and keys move it.

    Args:
        session: gives zone and theme.
        travel: what is shown.

    Attributes:
        moved: the moment the hand was moved to.
        mark_chosen: the `Mark` that was clicked.
        play_wanted: the space bar.
    """

    moved = Signal(object)
    mark_chosen = Signal(object)
    play_wanted = Signal()

    def __init__(self, session: Session, travel: TimeTravel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session, self._travel = session, travel
        self._ground: QPixmap | None = None
        self._ground_of: object = None
        self._is_held = False
        self.setFixedHeight(_HEIGHT_PX)
        self.setMinimumWidth(220)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName("Moment of the shift")
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        travel.changed.connect(self.refresh)
        session.theme.theme_changed.connect(self._on_theme_changed)

    def refresh(self) -> None:
        """Draw it as it stands."""
        self.setAccessibleDescription(self._session.clock_text(self._travel.at, seconds=True))
        self.update()

    def sizeHint(self) -> QSize:
        """As wide as there is room."""
        return QSize(700, _HEIGHT_PX)

    # Places

    def x_of(self, at: datetime) -> float:
        """Where a moment stands, in pixels from the left."""
        room = self.width() - 2 * _EDGE_PX
        return _EDGE_PX + room * self._travel.span.share(at)

    def moment_at(self, x: float) -> datetime:
        """The moment at a place, within the span."""
        room = max(1.0, self.width() - 2 * _EDGE_PX)
        span = self._travel.span
        return span.clamp(span.at((x - _EDGE_PX) / room))

    def _mark_near(self, x: float) -> Mark | None:
        """The exception whose mark is under the pointer, the gravest where several are."""
        near = [one for one in self._travel.marks if abs(self.x_of(one.at) - x) <= _NEAR_PX]
        return min(
            near, key=lambda one: (one.severity.rank, abs(self.x_of(one.at) - x)), default=None
        )

    def _bookmark_near(self, x: float) -> Bookmark | None:
        found = self._travel.bookmarks.all
        return next((one for one in found if abs(self.x_of(one.at) - x) <= _NEAR_PX), None)

    # Mouse and keyboard

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Take the hand, or go to the exception under the pointer."""
        if event.button() is not Qt.MouseButton.LeftButton:
            return
        at = event.position()
        mark = self._mark_near(at.x()) if at.y() < _LINE_Y + _NEAR_PX else None
        if mark is not None:
            self.mark_chosen.emit(mark)
            return
        self._is_held = True
        self.moved.emit(self.moment_at(at.x()))

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Drag the hand."""
        if self._is_held:
            self.moved.emit(self.moment_at(event.position().x()))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Let it go: the last place always counts."""
        if self._is_held and event.button() is Qt.MouseButton.LeftButton:
            self._is_held = False
            self.moved.emit(self.moment_at(event.position().x()))

    def wheelEvent(self, event: QWheelEvent) -> None:
        """A minute a notch, ten with Ctrl."""
        fast = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
        notches = (event.angleDelta().y() or event.angleDelta().x()) / _NOTCH
        self._move_by(notches * _WHEEL_S * (10 if fast else 1))
        event.accept()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Arrows, page keys, Home and End move the hand; the space bar plays."""
        key, span = Qt.Key(event.key()), self._travel.span
        if key in _KEYS_S and not event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self._move_by(_KEYS_S[key])
        elif key == Qt.Key.Key_Home:
            self.moved.emit(span.begins)
        elif key == Qt.Key.Key_End:
            self.moved.emit(span.ends)
        elif key == Qt.Key.Key_Space:
            self.play_wanted.emit()
        else:
            super().keyPressEvent(event)

    def _move_by(self, seconds: float) -> None:
        wanted = self._travel.at + timedelta(seconds=seconds)
        self.moved.emit(self._travel.span.clamp(wanted))

    def event(self, event: object) -> bool:
        """Say what is under the pointer."""
        if isinstance(event, QHelpEvent):
            QToolTip.showText(event.globalPos(), plain_tip(self.tip_at(event.pos().x())), self)
            return True
        return super().event(event)  # type: ignore[arg-type]  # Qt hands in any QEvent

    def tip_at(self, x: float) -> str:
        """The time at a place, and the exception or bookmark there."""
        if mark := self._mark_near(x):
            ended = f", over {self._session.clock_text(mark.ended_at)}" if mark.ended_at else ""
            time = self._session.clock_text(mark.at, seconds=True)
            return f"{time} {mark.severity.value}: {kind_words(mark.kind)}{ended}"
        if bookmark := self._bookmark_near(x):
            return f"{self._session.clock_text(bookmark.at, seconds=True)} {bookmark.words}"
        return self._session.clock_text(self.moment_at(x), seconds=True)

    # Drawing

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The marks stand elsewhere."""
        super().resizeEvent(event)
        self._ground = None

    def _on_theme_changed(self) -> None:
        self._ground = None
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw the line with its marks, now, and the hand."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.drawPixmap(0, 0, self._drawn_ground())
        theme, travel = self._session.theme, self._travel
        if not self._session.is_recording:
            self._draw_now(painter)
        x = self.x_of(travel.span.clamp(travel.at))
        painter.setPen(QPen(theme.color("past"), 2.0))
        painter.drawLine(QPointF(x, 2.0), QPointF(x, _HEIGHT_PX - 12.0))
        painter.setBrush(theme.color("past"))
        painter.drawEllipse(QPointF(x, _LINE_Y + 8.0), 5.0, 5.0)
        if self.hasFocus():
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(theme.color("accent"), 1.0))
            painter.drawRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5))

    def _draw_now(self, painter: QPainter) -> None:
        theme, x = self._session.theme, self.x_of(self._session.live_clock.now())
        painter.setPen(QPen(theme.color("accent"), 1.5, Qt.PenStyle.DashLine))
        painter.drawLine(QPointF(x, 4.0), QPointF(x, _LINE_Y + 10.0))
        painter.setFont(theme.font(SMALL_PX))
        box = QRectF(x - 40.0, _HEIGHT_PX - 14.0, 40.0 + _EDGE_PX - 1.0, 13.0)
        painter.drawText(box, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, "now")

    def _drawn_ground(self) -> QPixmap:
        """Line, ticks, marks and bookmarks: drawn anew only where one of them changed."""
        travel, span = self._travel, self._travel.span
        seconds_px = (span.ends - span.begins).total_seconds() / max(1, self.width())
        whole = int(span.ends.timestamp() / max(1.0, seconds_px))
        known = (id(travel.recording), travel.bookmarks.all, span.begins, whole)
        if self._ground is None or known != self._ground_of:
            self._ground, self._ground_of = self._draw_ground(), known
        return self._ground

    def _draw_ground(self) -> QPixmap:
        ratio = self.devicePixelRatioF()
        ground = QPixmap(self.size() * ratio)
        ground.setDevicePixelRatio(ratio)
        theme = self._session.theme
        ground.fill(theme.color("panel"))
        painter = QPainter(ground)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._draw_line(painter)
        self._draw_ticks(painter)
        marks = (Placed(self.x_of(one.at), one) for one in self._travel.marks)
        for placed in in_layers(marks):
            draw_mark(painter, theme, placed, _LINE_Y - 8.0)
        for bookmark in self._travel.bookmarks.all:
            colour = theme.color("text")
            draw_flag(painter, colour, self.x_of(bookmark.at), _LINE_Y - 1.0, _LINE_Y + 12.0)
        painter.end()
        return ground

    def _draw_line(self, painter: QPainter) -> None:
        """What is recorded as a bar, what came since as a thin line."""
        theme, travel = self._session.theme, self._travel
        y, recording = _LINE_Y + 8.0, self._travel.recording
        ends = recording.info.ends if recording is not None else travel.span.begins
        begin, end = self.x_of(travel.span.begins), self.x_of(travel.span.clamp(ends))
        painter.setPen(QPen(theme.color("line_strong"), 1.0))
        painter.drawLine(QPointF(begin, y), QPointF(self.x_of(travel.span.ends), y))
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.color("line_strong"))
        painter.drawRoundedRect(QRectF(begin, y - 2.5, max(0.0, end - begin), 5.0), 2.5, 2.5)

    def _draw_ticks(self, painter: QPainter) -> None:
        """Times of the day below the line, as many as have room."""
        theme, span = self._session.theme, self._travel.span
        length = (span.ends - span.begins).total_seconds()
        room = max(1.0, self.width() - 2 * _EDGE_PX)
        step = next((one for one in _TICKS_S if room * one / max(1.0, length) >= _LEAST_TICK_PX), 0)
        if not step:
            return
        painter.setPen(theme.color("muted"))
        painter.setFont(theme.font(SMALL_PX))
        offset = self._session.local(span.begins).utcoffset() or timedelta()
        first = -(-(span.begins.timestamp() + offset.total_seconds()) // step) * step
        at = first - offset.total_seconds()
        while at < span.ends.timestamp():
            moment = span.begins + timedelta(seconds=at - span.begins.timestamp())
            x = self.x_of(moment)
            painter.drawLine(QPointF(x, _LINE_Y + 11.0), QPointF(x, _LINE_Y + 13.0))
            box = QRectF(max(1.0, x - 20.0), _HEIGHT_PX - 14.0, 40.0, 13.0)
            if box.right() < self.width() - _NOW_PX or self._session.is_recording:
                painter.drawText(box, Qt.AlignmentFlag.AlignCenter, self._session.clock_text(at))
            at += step
