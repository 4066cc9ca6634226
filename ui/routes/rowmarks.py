"""Small signs of a stop's row: what it asks for, a lock, a grip, a number struck through."""

import math
from functools import lru_cache

from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen, QPixmap

from ui.theme import SMALL_PX, Theme
from ui.widgets.text import CENTRE, draw_text, width_of

_MARK_PX, _LETTERS_PX, _PAD_PX, _GAP_PX = 13.0, 9, 4.0, 4.0
_EDGE_PX = 1.5

_DOTS = [QPointF(x, y) for y in (-4.0, 0.0, 4.0) for x in (-2.0, 2.0)]


def draw_mark(painter: QPainter, theme: Theme, at: QPointF, letters: str, room: QRectF) -> float:
    """A few letters in a frame, from `at` to the right; nothing where there is no room.

    Returns:
        Where what follows may begin, pixels.
    """
    width = width_of(letters, _LETTERS_PX, bold=True) + 2 * _PAD_PX
    if at.x() + width > room.right():
        return at.x()
    box = QRectF(at.x(), at.y() - _MARK_PX / 2, width, _MARK_PX)
    painter.setPen(QPen(theme.color("line_strong"), 1))
    painter.setBrush(theme.color("field"))
    painter.drawRoundedRect(box.adjusted(0.5, 0.5, -0.5, -0.5), 3, 3)
    draw_text(painter, box, letters, theme.color("text_secondary"), CENTRE, _LETTERS_PX, bold=True)
    return box.right() + _GAP_PX


def draw_struck(painter: QPainter, box: QRectF, words: str, colour: QColor) -> None:
    """A number struck through, in the middle of a box; it may stand out a little."""
    wide = box.adjusted(-6, 0, 4, 0)
    draw_text(painter, wide, words, colour, CENTRE, SMALL_PX)
    half = width_of(words, SMALL_PX) / 2 + 1.5
    middle = wide.center()
    painter.setPen(QPen(colour, 1.2))
    painter.drawLine(QLineF(middle.x() - half, middle.y(), middle.x() + half, middle.y()))


def draw_ring(painter: QPainter, box: QRectF, colour: QColor, ground: QColor) -> None:
    """A filled ring; drawn once for each colour and put down like a stamp after that."""
    ratio = painter.device().devicePixelRatio()
    stamp = _ring(box.width(), colour.rgba(), ground.rgba(), ratio)
    painter.drawPixmap(box.topLeft() - QPointF(_EDGE_PX, _EDGE_PX), stamp)


@lru_cache(64)
def _ring(size: float, colour: int, ground: int, ratio: float) -> QPixmap:
    whole = math.ceil((size + 2 * _EDGE_PX) * ratio)
    stamp = QPixmap(whole, whole)
    stamp.setDevicePixelRatio(ratio)
    stamp.fill(Qt.GlobalColor.transparent)
    painter = QPainter(stamp)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(QColor.fromRgba(colour), 2))
    painter.setBrush(QColor.fromRgba(ground))
    painter.drawEllipse(QRectF(_EDGE_PX, _EDGE_PX, size, size))
    painter.end()
    return stamp


def draw_lock(painter: QPainter, box: QRectF, colour: QColor) -> None:
    """A padlock."""
    middle = box.center()
    body = QRectF(middle.x() - 4, middle.y() - 1, 8, 6.5)
    painter.setPen(QPen(colour, 1.4))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawArc(QRectF(middle.x() - 2.6, middle.y() - 5.5, 5.2, 8), 0, 180 * 16)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(colour)
    painter.drawRoundedRect(body, 1.2, 1.2)


def draw_grip(painter: QPainter, box: QRectF, colour: QColor) -> None:
    """Two columns of dots: this row can be dragged."""
    painter.setPen(QPen(colour, 2.0, c=Qt.PenCapStyle.RoundCap))
    middle = box.center()
    painter.drawPoints([middle + dot for dot in _DOTS])
