"""The marks of the scrubber: exceptions by severity in colour and shape, bookmarks, now."""

from collections.abc import Iterable
from typing import NamedTuple

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen, QPolygonF

from tower.domain.words import Severity
from tower.replay.recording import Mark
from ui.theme import Theme

_SIZE_PX = 4.5


class Placed(NamedTuple):
    """An exception's mark and where it stands."""

    x: float
    mark: Mark


def in_layers(marks: Iterable[Placed]) -> list[Placed]:
    """The gravest last, so that nothing is drawn over it."""
    return sorted(marks, key=lambda one: -one.mark.severity.rank)


def draw_mark(painter: QPainter, theme: Theme, placed: Placed, y: float) -> None:
    """A triangle where critical, a diamond where major, a dot where minor, a dash else.

    Filled while it was still open at the end of the recording, hollow where it was resolved.
    """
    colour = theme.severity_color(placed.mark.severity)
    painter.setPen(QPen(colour, 1.4))
    is_over = placed.mark.ended_at is not None
    painter.setBrush(theme.color("panel") if is_over else colour)
    _shape(painter, placed.mark.severity, placed.x, y)


def _shape(painter: QPainter, severity: Severity, x: float, y: float) -> None:
    size = _SIZE_PX
    match severity:
        case Severity.CRITICAL:
            points = [
                QPointF(x - size, y + size),
                QPointF(x + size, y + size),
                QPointF(x, y - size),
            ]
            painter.drawPolygon(QPolygonF(points))
        case Severity.MAJOR:
            points = [
                QPointF(x - size, y),
                QPointF(x, y - size),
                QPointF(x + size, y),
                QPointF(x, y + size),
            ]
            painter.drawPolygon(QPolygonF(points))
        case Severity.MINOR:
            painter.drawEllipse(QPointF(x, y), size - 1.0, size - 1.0)
        case _:
            painter.drawRect(QRectF(x - 1.0, y - size + 1.0, 2.0, 2 * size - 2.0))


def draw_flag(painter: QPainter, colour: QColor, x: float, top: float, bottom: float) -> None:
    """A bookmark: a small flag on a staff."""
    painter.setPen(QPen(colour, 1.4))
    painter.drawLine(QPointF(x, top), QPointF(x, bottom))
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(colour)
    flag = [QPointF(x, top), QPointF(x + 8, top + 3.5), QPointF(x, top + 7)]
    painter.drawPolygon(QPolygonF(flag))
