"""Text as delegates draw it: on one line, cut with an ellipsis where it does not fit."""

from functools import cache

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter

from ui.theme import BODY_PX, Theme

LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
CENTRE = Qt.AlignmentFlag.AlignCenter


@cache
def _font(size_px: int, bold: bool) -> QFont:
    return Theme().font(size_px, bold=bold)


@cache
def _metrics(size_px: int, bold: bool) -> QFontMetricsF:
    return QFontMetricsF(_font(size_px, bold))


def width_of(text: str, size_px: int = BODY_PX, *, bold: bool = False) -> float:
    """Pixels a text takes."""
    return _metrics(size_px, bold).horizontalAdvance(text)


def cut_to(text: str, width: float, size_px: int = BODY_PX, *, bold: bool = False) -> str:
    """A text cut with an ellipsis so that it takes no more pixels than `width`."""
    return _metrics(size_px, bold).elidedText(text, Qt.TextElideMode.ElideRight, width)


def draw_text(
    painter: QPainter,
    box: QRectF,
    text: str,
    colour: QColor,
    align: Qt.AlignmentFlag = LEFT,
    size_px: int = BODY_PX,
    *,
    bold: bool = False,
    cut: Qt.TextElideMode = Qt.TextElideMode.ElideRight,
) -> None:
    """Draw a text on one line of a box, cut with an ellipsis where the box is too narrow."""
    metrics = _metrics(size_px, bold)
    if metrics.horizontalAdvance(text) > box.width():
        text = metrics.elidedText(text, cut, box.width())
    painter.setFont(_font(size_px, bold))
    painter.setPen(colour)
    painter.drawText(box, int(align | Qt.TextFlag.TextSingleLine), text)
