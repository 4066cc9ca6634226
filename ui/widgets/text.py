"""Text as delegates draw it: on one line, cut with an ellipsis where it does not fit."""

from functools import cache, lru_cache

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QStaticText, QTransform

from ui.theme import BODY_PX, Theme

_KEPT = 8_192
"""Texts whose width is remembered: what is on the screen is drawn over and over."""

LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
CENTRE = Qt.AlignmentFlag.AlignCenter
_SHARES = {LEFT: 0.0, RIGHT: 1.0, CENTRE: 0.5}
"""Which share of the room a text leaves stands before it."""


@cache
def _font(size_px: int, bold: bool) -> QFont:
    return Theme().font(size_px, bold=bold)


@cache
def _metrics(size_px: int, bold: bool) -> QFontMetricsF:
    return QFontMetricsF(_font(size_px, bold))


@cache
def _height(size_px: int, bold: bool) -> float:
    return _metrics(size_px, bold).height()


@lru_cache(_KEPT)
def _advance(text: str, size_px: int, bold: bool) -> float:
    return _metrics(size_px, bold).horizontalAdvance(text)


@lru_cache(_KEPT)
def _laid_out(text: str, size_px: int, bold: bool) -> QStaticText:
    """A text whose glyphs are placed once, however often it is drawn."""
    laid_out = QStaticText(text.replace("\n", " "))
    laid_out.setTextFormat(Qt.TextFormat.PlainText)
    laid_out.setPerformanceHint(QStaticText.PerformanceHint.AggressiveCaching)
    laid_out.prepare(QTransform(), _font(size_px, bold))
    return laid_out


@lru_cache(_KEPT)
def _elided(text: str, width: float, size_px: int, bold: bool, cut: Qt.TextElideMode) -> str:
    return _metrics(size_px, bold).elidedText(text, cut, width)


def width_of(text: str, size_px: int = BODY_PX, *, bold: bool = False) -> float:
    """Pixels a text takes."""
    return _advance(text, size_px, bold)


def cut_to(text: str, width: float, size_px: int = BODY_PX, *, bold: bool = False) -> str:
    """A text cut with an ellipsis so that it takes no more pixels than `width`."""
    return _elided(text, width, size_px, bold, Qt.TextElideMode.ElideRight)


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
    if _advance(text, size_px, bold) > box.width():
        text = _elided(text, box.width(), size_px, bold, cut)
    font, height = _font(size_px, bold), _height(size_px, bold)
    spare = box.width() - _advance(text, size_px, bold)
    left = box.left() + spare * _SHARES[align]
    painter.setFont(font)
    painter.setPen(colour)
    painter.drawStaticText(
        QPointF(left, box.center().y() - height / 2), _laid_out(text, size_px, bold)
    )
