"""Draws a row of the outbox: when, who and how it fared above, the words below."""

from PySide6.QtCore import QRectF
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QStyleOptionViewItem, QWidget

from ui.outreach.outboxrows import OutboxRow
from ui.session import Session
from ui.theme import SMALL_PX
from ui.widgets.rowlist import RowDelegate
from ui.widgets.text import draw_text, width_of

_EDGE_PX, _TIME_PX, _GAP_PX = 10.0, 42.0, 10.0


class OutboxDelegate(RowDelegate):
    """Draws rows of `OutboxModel`."""

    height_px = 40

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(session.theme, parent)
        self._session = session

    def draw(self, painter: QPainter, option: QStyleOptionViewItem, row: OutboxRow) -> None:
        """Draw one message or reply."""
        theme, box = self.theme, QRectF(option.rect)
        upper = QRectF(box.left() + _EDGE_PX, box.top() + 3, box.width() - 2 * _EDGE_PX, 17)
        when = self._session.clock_text(row.at)
        draw_text(painter, upper, when, theme.color("muted"), size_px=SMALL_PX)
        upper.setLeft(upper.left() + _TIME_PX)
        name = QRectF(upper)
        name.setWidth(min(width_of(row.who, bold=row.is_unread), upper.width() / 2))
        draw_text(painter, name, row.who, theme.color("text"), bold=row.is_unread)
        upper.setLeft(name.right() + _GAP_PX)
        draw_text(painter, upper, row.standing, theme.color(row.tone), size_px=SMALL_PX)
        lower = QRectF(box.left() + _EDGE_PX + _TIME_PX, box.top() + 20, 0, 17)
        lower.setRight(box.right() - _EDGE_PX)
        draw_text(painter, lower, row.words, theme.color("text_secondary"), size_px=SMALL_PX)
