"""Draws a place suggested for a stop: where, when, at what cost, and who pays."""

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QStyleOptionViewItem, QWidget

from ui.proposals.placerows import PlaceRow
from ui.session import Session
from ui.theme import SMALL_PX, TITLE_PX
from ui.widgets.rowlist import RowDelegate
from ui.widgets.text import CENTRE, LEFT, RIGHT, draw_text, width_of

_EDGE_PX, _NUMBER_PX = 10.0, 22.0


class PlaceDelegate(RowDelegate):
    """Draws rows of `PlaceModel`, three lines each."""

    height_px = 62

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(session.theme, parent)
        self._session = session

    def draw(self, painter: QPainter, option: QStyleOptionViewItem, row: PlaceRow) -> None:
        """Draw one place."""
        box, theme = QRectF(option.rect), self.theme
        number = QRectF(box.left() + _EDGE_PX, box.top(), _NUMBER_PX, box.height())
        draw_text(painter, number, row.id, theme.color("muted"), CENTRE, TITLE_PX, bold=True)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self._session.route_color(row.move.route_id))
        painter.drawRoundedRect(QRectF(number.right() + 6, box.top() + 8, 7, 18), 2, 2)
        left = number.right() + 22
        room = box.right() - _EDGE_PX - left
        lines = [QRectF(left, box.top() + top, room, 17) for top in (5, 22, 40)]
        self._draw_route(painter, lines[0], row)
        draw_text(painter, lines[1], row.where, theme.color("text_secondary"), LEFT)
        self._draw_price(painter, lines[2], row)

    def _draw_route(self, painter: QPainter, line: QRectF, row: PlaceRow) -> None:
        at = f"arrives {row.at}" if row.at else ""
        draw_text(painter, line, at, self.theme.color("text_secondary"), RIGHT)
        name = QRectF(line)
        name.setRight(line.right() - width_of(at) - 10)
        draw_text(painter, name, row.route, self.theme.color("text"), LEFT, bold=True)

    def _draw_price(self, painter: QPainter, line: QRectF, row: PlaceRow) -> None:
        """The cost, then who pays, then what it breaks, as far as there is room."""
        parts = [
            (row.cost, "text"),
            (row.hurts or "hurts nobody", "at_risk" if row.hurts else "on_time"),
            (row.broken, "late" if row.is_hard else "at_risk"),
        ]
        x = line.left()
        for words, tone in parts:
            if not words or x >= line.right():
                continue
            box = QRectF(x, line.top(), line.right() - x, line.height())
            draw_text(painter, box, words, self.theme.color(tone), LEFT, SMALL_PX)
            x += width_of(words, SMALL_PX) + 12
