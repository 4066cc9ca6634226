"""The buttons of the scrubber, drawn so that no typeface is needed."""

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QAction, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QAbstractButton, QWidget

from ui.theme import Theme

_SIZE = QSize(30, 26)


class IconButton(QAbstractButton):
    """Does what an action does, and shows it as a sign.

    Args:
        theme: its colours.
        sign: `play`, `back`, `event_on`, `event_back`, `mark_on`, `mark_back` or `flag`.
        action: what it does; gives name, tooltip and whether it can be done.
    """

    def __init__(
        self, theme: Theme, sign: str, action: QAction, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._theme, self._sign, self._is_lit = theme, sign, False
        self.setFixedSize(_SIZE)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setAccessibleName(action.text().replace("&", ""))
        key = action.shortcut().toString()
        self.setToolTip(f"{action.statusTip()}{f'  ({key})' if key else ''}")
        self.clicked.connect(lambda _checked=False: action.trigger())
        theme.theme_changed.connect(self.update)

    def light(self, *, is_lit: bool) -> None:
        """Show that it is going on; what plays shows the sign that stops it."""
        if is_lit != self._is_lit:
            self._is_lit = is_lit
            self.update()

    def sizeHint(self) -> QSize:
        """Always the same."""
        return _SIZE

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw the frame and the sign."""
        painter, theme = QPainter(self), self._theme
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        lit = self.underMouse() or self.isDown()
        painter.setPen(theme.color("accent" if self.hasFocus() else "line_strong"))
        painter.setBrush(theme.color("panel_hover" if lit else "panel_raised"))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 5, 5)
        colour = theme.color("past" if self._is_lit else "text")
        painter.setPen(QPen(colour, 1.6))
        painter.setBrush(colour)
        self._draw_sign(painter, QPointF(self.width() / 2, self.height() / 2))

    def _draw_sign(self, painter: QPainter, at: QPointF) -> None:
        x, y = at.x(), at.y()
        if self._is_lit:
            painter.drawRect(QRectF(x - 5, y - 5, 3, 10))
            painter.drawRect(QRectF(x + 2, y - 5, 3, 10))
            return
        if self._sign == "flag":
            painter.drawLine(QPointF(x - 4, y - 7), QPointF(x - 4, y + 7))
            painter.drawPolygon(
                QPolygonF([QPointF(x - 4, y - 7), QPointF(x + 6, y - 3), QPointF(x - 4, y + 1)])
            )
            return
        way = -1 if self._sign.endswith("back") else 1
        painter.drawPolygon(
            QPolygonF(
                [QPointF(x - 4 * way, y - 5), QPointF(x + 5 * way, y), QPointF(x - 4 * way, y + 5)]
            )
        )
        self._draw_beside(painter, QPointF(x + 8 * way, y))

    def _draw_beside(self, painter: QPainter, at: QPointF) -> None:
        """A bar where it stops at the next event, a mark where at the next exception."""
        x, y = at.x(), at.y()
        if self._sign.startswith("event"):
            painter.drawLine(QPointF(x, y - 5), QPointF(x, y + 5))
        elif self._sign.startswith("mark"):
            painter.drawLine(QPointF(x, y - 6), QPointF(x, y + 1))
            painter.drawEllipse(QPointF(x, y + 5), 0.8, 0.8)
