"""The marks of the plainer map, in the colours and shapes of the full one.

Outlines are those of ``ui/web/src/stamps.ts`` and ``ui/web/src/marks.ts``, about the origin, in
pixels; north is up.
"""

import math
from functools import cache
from typing import Final

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QPainter, QPen, QPixmap, QPolygonF

from tower.domain.words import Punctuality, Severity, VehicleKind
from ui.theme import SMALL_PX, palettes, typeface

Outline = tuple[tuple[float, float], ...]

OUTLINES: Final[dict[VehicleKind, Outline]] = {
    VehicleKind.VAN: ((0, -9), (6.6, 7.6), (0, 4), (-6.6, 7.6)),
    VehicleKind.E_VAN: ((0, -9), (6.6, 3.2), (5.2, 7.8), (0, 4.2), (-5.2, 7.8), (-6.6, 3.2)),
    VehicleKind.TRUCK: ((0, -9.4), (5.6, -3.8), (5.6, 7.4), (-5.6, 7.4), (-5.6, -3.8)),
    VehicleKind.CAR: ((0, -8), (5.4, 4.5), (3.4, 7), (-3.4, 7), (-5.4, 4.5)),
    VehicleKind.CARGO_BIKE: ((0, -8.5), (3.9, 0.6), (0, 8), (-3.9, 0.6)),
    VehicleKind.BUS: ((0, -10.6), (4.7, -4.6), (4.7, 8.8), (0, 5.4), (-4.7, 8.8), (-4.7, -4.6)),
}
HEADINGS: Final = 24
_STAMP_PX: Final = 34
_CORNERS: Final[dict[Severity, tuple[int, float, float]]] = {
    Severity.CRITICAL: (8, 8.6, math.pi / 8),
    Severity.MAJOR: (3, 9.6, 0.0),
    Severity.MINOR: (4, 8.4, 0.0),
}
RISE: Final = 20.0
"""How far above its place the mark of an exception sits, pixels."""


def colour(theme: str, key: str, opacity: float = 1.0) -> QColor:
    """A colour of the palette."""
    found = QColor(palettes()[theme][key])
    found.setAlphaF(opacity)
    return found


def route_colour(theme: str, number: int, opacity: float = 1.0) -> QColor:
    """The colour a route wears; numbers wrap around the list."""
    count = sum(1 for key in palettes()[theme] if key.startswith("routes."))
    return colour(theme, f"routes.{number % count}", opacity)


@cache
def vehicle_stamp(theme: str, kind: VehicleKind, standing: Punctuality, turn: int) -> QPixmap:
    """A vehicle, ready to be laid on the map.

    Args:
        theme: ``"dark"`` or ``"light"``.
        kind: Decides the outline.
        standing: Decides the colour and the badge.
        turn: Where it points, in `HEADINGS` steps clockwise from north.
    """
    stamp = QPixmap(_STAMP_PX, _STAMP_PX)
    stamp.fill(Qt.GlobalColor.transparent)
    painter = QPainter(stamp)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.translate(_STAMP_PX / 2, _STAMP_PX / 2)
    painter.save()
    painter.rotate(360.0 * turn / HEADINGS)
    _draw_outline(painter, theme, OUTLINES[kind], standing)
    painter.restore()
    _draw_badge(painter, theme, standing)
    painter.end()
    return stamp


def _draw_outline(painter: QPainter, theme: str, outline: Outline, standing: Punctuality) -> None:
    shape = QPolygonF([QPointF(x, y) for x, y in outline])
    casing = QPen(colour(theme, "map.route_casing"), 2.6)
    casing.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
    painter.setPen(casing)
    is_hollow = standing is Punctuality.NO_SIGNAL
    painter.setBrush(colour(theme, "map.ground" if is_hollow else f"marks.{standing.value}"))
    painter.drawPolygon(shape)
    if is_hollow:
        painter.setPen(QPen(colour(theme, "marks.no_signal"), 1.6, Qt.PenStyle.DashLine))
        painter.drawPolygon(shape)
    else:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.drawPolygon(shape)


def _draw_badge(painter: QPainter, theme: str, standing: Punctuality) -> None:
    """A triangle at risk, an exclamation mark late: for eyes that do not tell colours apart."""
    if standing not in {Punctuality.AT_RISK, Punctuality.LATE}:
        return
    casing = colour(theme, "map.route_casing")
    painter.translate(9, -9)
    painter.setPen(QPen(casing, 1.4))
    painter.setBrush(colour(theme, f"marks.{standing.value}"))
    if standing is Punctuality.LATE:
        painter.drawEllipse(QPointF(0, 0), 4.6, 4.6)
        bars = QRectF(-0.75, -2.8, 1.5, 3.4), QRectF(-0.75, 1.5, 1.5, 1.4)
    else:
        painter.drawPolygon(QPolygonF([QPointF(0, -5), QPointF(5, 4), QPointF(-5, 4)]))
        bars = QRectF(-0.75, -2.0, 1.5, 3.4), QRectF(-0.75, 2.2, 1.5, 1.4)
    for bar in bars:
        painter.fillRect(bar, casing)


def draw_depot(painter: QPainter, theme: str, at: QPointF, *, is_selected: bool) -> None:
    """A depot: a square with a door."""
    casing = colour(theme, "map.route_casing")
    painter.setPen(QPen(colour(theme, "accent") if is_selected else casing, 2))
    painter.setBrush(colour(theme, "text"))
    painter.drawRoundedRect(QRectF(at.x() - 8, at.y() - 8, 16, 16), 3.5, 3.5)
    house = ((-4.5, -0.5), (0, -4.5), (4.5, -0.5), (4.5, 4.5), (-4.5, 4.5))
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(casing)
    painter.drawPolygon(QPolygonF([at + QPointF(x, y) for x, y in house]))
    painter.fillRect(QRectF(at.x() - 1.6, at.y() + 0.8, 3.2, 3.7), colour(theme, "text"))


def draw_exception(
    painter: QPainter, theme: str, at: QPointF, severity: Severity, *, is_selected: bool
) -> None:
    """An exception: octagon critical, triangle major, diamond minor, disc info; on a stem."""
    paint, casing = colour(theme, f"marks.{severity.value}"), colour(theme, "map.route_casing")
    painter.setPen(QPen(paint, 1.6))
    painter.drawLine(at + QPointF(0, -3), at + QPointF(0, 7 - RISE))
    middle = at + QPointF(0, -RISE)
    if is_selected:
        draw_ring(painter, theme, middle, 13.0)
    painter.setPen(QPen(casing, 1.5))
    painter.setBrush(paint)
    painter.drawPolygon(severity_outline(severity).translated(middle))
    mark = "i" if severity is Severity.INFO else "!"
    draw_words(painter, casing, middle + QPointF(0, 1.6 * (severity is Severity.MAJOR)), mark)


def severity_outline(severity: Severity) -> QPolygonF:
    """The outline of a severity about the origin, so that it can be told without its colour."""
    corners, radius, turn = _CORNERS.get(severity, (24, 7.0, 0.0))
    angles = [turn + 2.0 * math.pi * corner / corners for corner in range(corners)]
    return QPolygonF([QPointF(radius * math.sin(a), -radius * math.cos(a)) for a in angles])


def draw_ring(painter: QPainter, theme: str, at: QPointF, radius: float) -> None:
    """Around what is selected."""
    painter.setBrush(colour(theme, "accent", 0.22))
    painter.setPen(QPen(colour(theme, "accent"), 2))
    painter.drawEllipse(at, radius, radius)


def draw_words(painter: QPainter, ink: QColor, middle: QPointF, words: str) -> None:
    """A few letters about a point."""
    font = QFont(typeface())
    font.setPixelSize(SMALL_PX)
    font.setWeight(QFont.Weight.DemiBold)
    painter.setFont(font)
    painter.setPen(ink)
    box = QRectF(middle.x() - 30, middle.y() - 10, 60, 20)
    painter.drawText(box, Qt.AlignmentFlag.AlignCenter, words)
