"""Draws the timeline: rows, blocks, the axis, and what is in the hand."""

from collections.abc import Iterable
from typing import NamedTuple

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QBrush, QColor, QPainter, QPen

from tower.domain.words import Punctuality
from ui.session import Session
from ui.theme import SMALL_PX, Theme
from ui.timeline.rows import Block, Row
from ui.timeline.scale import Scale

ROW_PX = 17
NAME_PX = 78
AXIS_PX = 18
FLAG_PX = 40
_MARK_PX = 3


class Shown(NamedTuple):
    """What there is to draw.

    Attributes:
        rows: the rows in sight with their tops, pixels.
        selected: id of the selected route.
        target: id of the route something is held over.
        lifted: ids of the stops in somebody's hand.
    """

    rows: Iterable[tuple[Row, int]]
    selected: str
    target: str
    lifted: tuple[str, ...]


class Held(NamedTuple):
    """A block in the hand.

    Attributes:
        at: where the pointer is.
        width: how wide the block is, pixels.
        stops: how many it stands for.
    """

    at: QPointF
    width: float
    stops: int
    colour: QColor


class Painting:
    """One drawing of the timeline.

    Args:
        painter: draws on the viewport.
        session: what is selected, what time it is, the theme.
        scale: of the clock.
        size: of the viewport.
    """

    def __init__(self, painter: QPainter, session: Session, scale: Scale, size: QSize) -> None:
        self._painter, self._session, self._scale, self._size = painter, session, scale, size
        painter.setFont(self._theme.font(SMALL_PX))

    @property
    def _theme(self) -> Theme:
        return self._session.theme

    def ground(self) -> None:
        """The panel and the lines of the clock."""
        painter, theme = self._painter, self._theme
        painter.fillRect(
            QRectF(0, 0, self._size.width(), self._size.height()), theme.color("panel")
        )
        painter.setPen(QPen(theme.color("line"), 1))
        for tick in self._scale.ticks(self._offset_s):
            x = round(self._scale.x(tick)) + 0.5
            if x > NAME_PX:
                painter.drawLine(QPointF(x, AXIS_PX), QPointF(x, self._size.height()))

    def nothing(self, words: str) -> None:
        """Say why there is nothing."""
        self._painter.setPen(self._theme.color("muted"))
        room = QRectF(0, 0, self._size.width(), self._size.height())
        self._painter.drawText(room, Qt.AlignmentFlag.AlignCenter, words)

    def rows(self, shown: Shown) -> None:
        """The routes in sight."""
        for row, top in shown.rows:
            self._row(row, top, shown)

    def _row(self, row: Row, top: int, shown: Shown) -> None:
        painter, theme = self._painter, self._theme
        room = QRectF(0, top, self._size.width(), ROW_PX)
        if row.route_id == shown.selected:
            painter.fillRect(room, theme.color("selection"))
        if row.route_id == shown.target:
            painter.setPen(QPen(theme.color("accent"), 1))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRect(room.adjusted(0.5, 0.5, -1.5, -0.5))
        painter.setClipRect(QRectF(NAME_PX, top, self._size.width(), ROW_PX))
        colour = self._session.route_color(row.route_id)
        for block in row.blocks:
            self._block(block, colour, top, is_lifted=block.stop_id in shown.lifted)
        painter.setClipping(False)
        if any(block.drafted for block in row.blocks):
            painter.fillRect(QRectF(0, top + 2, _MARK_PX, ROW_PX - 4), theme.color("accent"))
        self._name(row, top, is_selected=row.route_id == shown.selected)

    def _name(self, row: Row, top: int, *, is_selected: bool) -> None:
        painter = self._painter
        painter.setPen(self._theme.color("text" if is_selected else "text_secondary"))
        box = QRectF(8, top, NAME_PX - 14, ROW_PX)
        cut = painter.fontMetrics().elidedText(
            row.name, Qt.TextElideMode.ElideMiddle, int(box.width())
        )
        painter.drawText(box, Qt.AlignmentFlag.AlignVCenter, cut)

    def _block(self, block: Block, route_colour: QColor, top: int, *, is_lifted: bool) -> None:
        left, right = self._scale.x(block.begin), self._scale.x(block.end)
        if right < NAME_PX or left > self._size.width():
            return
        box = QRectF(left, top + 4, max(3.0, right - left - 1.0), ROW_PX - 8)
        colour = colour_of(block, route_colour, self._theme)
        if block.done:
            self._painter.fillRect(box, colour)
        elif block.drafted:
            self._drafted(box, colour)
        else:
            self._plain(box, colour)
        if block.failed:
            self._painter.setPen(QPen(self._theme.color("panel"), 1.4))
            self._painter.drawLine(box.topLeft(), box.bottomRight())
        if is_lifted or self._session.selection == ("stop", block.stop_id):
            self._frame(box, is_lifted=is_lifted)

    def _plain(self, box: QRectF, colour: QColor) -> None:
        self._painter.setPen(Qt.PenStyle.NoPen)
        self._painter.setBrush(colour)
        self._painter.drawRoundedRect(box, 1.5, 1.5)

    def _drafted(self, box: QRectF, colour: QColor) -> None:
        """Hatched and outlined: it is only tried out."""
        painter = self._painter
        painter.fillRect(box, self._theme.color("panel"))
        painter.setPen(QPen(colour, 1.2))
        painter.setBrush(QBrush(colour, Qt.BrushStyle.Dense4Pattern))
        painter.drawRoundedRect(box.adjusted(0.5, 0.5, -0.5, -0.5), 1.5, 1.5)

    def _frame(self, box: QRectF, *, is_lifted: bool) -> None:
        painter = self._painter
        style = Qt.PenStyle.DotLine if is_lifted else Qt.PenStyle.SolidLine
        painter.setPen(QPen(self._theme.color("accent" if is_lifted else "text"), 1.4, style))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(box.adjusted(-1.5, -1.5, 1.5, 1.5), 2, 2)

    def held(self, held: Held) -> None:
        """The block in the hand, beside the pointer's tip."""
        painter = self._painter
        box = QRectF(held.at.x() + 6, held.at.y() - 16, max(16.0, held.width), 13)
        painter.setPen(QPen(self._theme.color("text"), 1.2))
        painter.setBrush(held.colour)
        painter.drawRoundedRect(box, 2.5, 2.5)
        if held.stops > 1:
            painter.setPen(self._theme.color("panel"))
            painter.drawText(box, Qt.AlignmentFlag.AlignCenter, str(held.stops))

    def axis(self) -> None:
        """The hours along the top, and now."""
        painter, theme = self._painter, self._theme
        painter.fillRect(QRectF(0, 0, self._size.width(), AXIS_PX), theme.color("panel"))
        painter.setPen(theme.color("muted"))
        now_x = self._scale.x(self._session.clock.time())
        for tick in self._scale.ticks(self._offset_s):
            x = self._scale.x(tick)
            if x > NAME_PX and abs(x - now_x) > FLAG_PX:
                box = QRectF(x - 30, 0, 60, AXIS_PX)
                text = self._session.clock_text(tick)
                painter.drawText(box, Qt.AlignmentFlag.AlignCenter, text)
        if NAME_PX <= now_x <= self._size.width():
            self._now(now_x)

    def _now(self, x: float) -> None:
        painter, theme = self._painter, self._theme
        painter.setPen(QPen(theme.color("accent"), 1, Qt.PenStyle.DashLine))
        painter.drawLine(QPointF(x, AXIS_PX), QPointF(x, self._size.height()))
        flag = QRectF(x - FLAG_PX / 2, 1, FLAG_PX, AXIS_PX - 3)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.color("accent_fill"))
        painter.drawRoundedRect(flag, 3, 3)
        painter.setPen(theme.color("accent_text"))
        text = self._session.clock_text(self._session.clock.time())
        painter.drawText(flag, Qt.AlignmentFlag.AlignCenter, text)

    @property
    def _offset_s(self) -> float:
        offset = self._session.local(self._session.now).utcoffset()
        return offset.total_seconds() if offset else 0.0


def colour_of(block: Block, route_colour: QColor, theme: Theme) -> QColor:
    """What a block wears: its route's colour, unless it is done, late or at risk."""
    if block.done:
        late = block.punctuality is Punctuality.LATE or block.failed
        return theme.faded("marks.late" if late else "marks.done", 0.42 if late else 0.3)
    if block.punctuality in (Punctuality.LATE, Punctuality.AT_RISK):
        return theme.color(f"marks.{block.punctuality.value}")
    return route_colour
