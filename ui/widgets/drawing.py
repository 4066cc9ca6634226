"""Strokes several delegates draw alike: badges, sparklines, progress and status shapes."""

from collections.abc import Sequence

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QPainter, QPen, QPolygonF

from tower.domain.words import Punctuality, Severity

STATUS_SHAPES = {
    Punctuality.ON_TIME: "▲",
    Punctuality.AT_RISK: "◆",
    Punctuality.LATE: "■",
    Punctuality.NO_SIGNAL: "△",
    Punctuality.IDLE: "○",
    Punctuality.DONE: "✓",
}
"""A shape for each standing, so that colour is never the only sign."""

SEVERITY_SHAPES = {
    Severity.CRITICAL: "⬢",
    Severity.MAJOR: "▲",
    Severity.MINOR: "◆",
    Severity.INFO: "●",
}
"""A shape for each severity."""


def draw_badge(painter: QPainter, box: QRectF, text: str, colour: QColor, font: QFont) -> None:
    """A rounded frame with a word in its colour, as the route list's standing."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    fill = QColor(colour)
    fill.setAlphaF(0.10)
    edge = QColor(colour)
    edge.setAlphaF(0.75)
    painter.setPen(QPen(edge, 1))
    painter.setBrush(fill)
    radius = box.height() / 2
    painter.drawRoundedRect(box.adjusted(0.5, 0.5, -0.5, -0.5), radius, radius)
    painter.setPen(colour)
    painter.setFont(font)
    painter.drawText(box, Qt.AlignmentFlag.AlignCenter, text)
    painter.restore()


def draw_progress(
    painter: QPainter, box: QRectF, fraction: float, colour: QColor, ground: QColor
) -> None:
    """A thin bar, filled from the left up to `fraction` (0 to 1)."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    radius = box.height() / 2
    painter.setBrush(ground)
    painter.drawRoundedRect(box, radius, radius)
    width = box.width() * min(1.0, max(0.0, fraction))
    if width >= 1:
        painter.setBrush(colour)
        painter.drawRoundedRect(QRectF(box.x(), box.y(), width, box.height()), radius, radius)
    painter.restore()


def draw_sparkline(painter: QPainter, box: QRectF, values: Sequence[float], colour: QColor) -> None:
    """A line through values at equal steps, scaled to fill the box; fewer than two draw none."""
    if len(values) < 2:
        return
    low, high = min(values), max(values)
    span = (high - low) or 1.0
    step = box.width() / (len(values) - 1)
    line = QPolygonF(
        [
            QPointF(box.x() + index * step, box.bottom() - (value - low) / span * box.height())
            for index, value in enumerate(values)
        ]
    )
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(colour, 1.5))
    painter.drawPolyline(line)
    painter.restore()
