"""The row under the pointer while stops are dragged."""

from PySide6.QtCore import QPoint, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QStyleOptionViewItem, QWidget

from ui.routes.columns import stop_columns
from ui.routes.stopdelegate import StopDelegate
from ui.routes.stops import StopRow
from ui.session import Session
from ui.theme import SMALL_PX
from ui.widgets.drawing import draw_badge
from ui.widgets.text import width_of

_STACK_PX, _BADGE_PX, _ABOVE_PX = 4, 16.0, 9
_BESIDE_PX = QPoint(14, 10)
"""Away from the lists only number and name are shown, so far from what is pointed at."""


class LiftedRow(QWidget):
    """A stop's row as the draft has it, over everything; more than one as a stack.

    Attributes:
        is_aside: it shows number and name only, beside the pointer.
    """

    def __init__(self, session: Session, parent: QWidget) -> None:
        super().__init__(parent)
        self._session, self._over = session, parent
        self._delegate = StopDelegate(session, self)
        self._delegate.is_lifting = True
        self._row: StopRow | None = None
        self._count, self._grip = 1, QPoint()
        self._whole, self.is_aside = QSize(), False
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)

    def lift(self, box: QRect, grip: QPoint, delegate: StopDelegate, count: int) -> None:
        """Appear.

        Args:
            box: the row it was taken from, in the parent's coordinates.
            grip: where the pointer took it, likewise.
            delegate: its clock is shared.
            count: how many stops are dragged.
        """
        self._grip, self._count = grip - box.topLeft(), count
        self._delegate.span = delegate.span
        extra = _STACK_PX * min(2, count - 1)
        self._whole = box.size()
        self.setGeometry(box.adjusted(0, -_ABOVE_PX, extra, extra))
        self.raise_()
        self.show()

    def show_row(self, row: StopRow | None) -> None:
        """Say what would become of the first stop."""
        self._row = row
        self.update()

    def follow(self, at: QPoint, *, aside: bool) -> None:
        """Stay with the pointer, as far to the right as the window reaches.

        Args:
            at: the pointer, in the parent's coordinates.
            aside: leave free what lies under it.
        """
        if aside != self.is_aside:
            self._fold(aside=aside)
        offset = _BESIDE_PX if aside else -self._grip
        wanted = at + offset - QPoint(0, _ABOVE_PX)
        room = self._over.width() - self.width()
        self.move(max(2, min(wanted.x(), room - 2)), wanted.y())

    def _fold(self, *, aside: bool) -> None:
        self.is_aside = aside
        extra = _STACK_PX * min(2, self._count - 1)
        named_px = round(stop_columns(QRectF(QPoint(), self._whole)).bar.left())
        width = named_px if aside else self._whole.width()
        self.resize(width + extra, self.height())

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw the row on its own ground."""
        if self._row is None:
            return
        painter, theme = QPainter(self), self._session.theme
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        extra = _STACK_PX * min(2, self._count - 1)
        box = self.rect().adjusted(0, _ABOVE_PX, -extra - 1, -extra - 1)
        painter.setPen(QPen(theme.color("accent"), 1.2))
        painter.setBrush(theme.color("selection"))
        for step in range(extra, -1, -_STACK_PX):
            painter.drawRoundedRect(box.translated(step, step), 4, 4)
        painter.save()
        painter.setClipRect(box.adjusted(1, 1, -1, -1))
        option = QStyleOptionViewItem()
        option.rect = QRect(box.topLeft(), QSize(self._whole.width(), box.height()))
        self._delegate.draw(painter, option, self._row)
        painter.restore()
        if self._count > 1:
            self._draw_count(painter, QRectF(box))

    def _draw_count(self, painter: QPainter, box: QRectF) -> None:
        theme, words = self._session.theme, f"{self._count} stops"
        width = width_of(words, SMALL_PX) + 16
        badge = QRectF(box.right() - width - 6, box.top() - _ABOVE_PX, width, _BADGE_PX)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.color("selection"))
        painter.drawRoundedRect(badge, _BADGE_PX / 2, _BADGE_PX / 2)
        draw_badge(painter, badge, words, theme.color("accent"), theme.font(SMALL_PX))
