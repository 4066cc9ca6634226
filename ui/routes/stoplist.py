"""The list of a sheet's stops: several can be marked, and dragged by the mouse."""

from PySide6.QtCore import QEvent, QPoint, QRect, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QApplication, QWidget

from ui.keyed import KeyedModel
from ui.theme import Theme
from ui.widgets.marklist import MarkList
from ui.widgets.ownkeys import ESCAPE, claims

_LINE_PX, _KNOB_PX = 2, 3


class StopList(MarkList):
    """Rows that can be lifted.

    Only says what the mouse does; what a lift means is decided by who listens.

    Attributes:
        insertion: the row before which the line of insertion stands, None for no line.
        lift_wanted: ids of the rows to be dragged, and where the pointer took them, global.
        lift_moved: where the pointer is now, global.
        lift_ended: where it let go, global.
        lift_cancelled: Esc.
    """

    lift_wanted = Signal(object, QPoint)
    lift_moved = Signal(QPoint)
    lift_ended = Signal(QPoint)
    lift_cancelled = Signal()

    # Qt sends events before the list is made.
    _is_lifting = False

    def __init__(self, theme: Theme, name: str, parent: QWidget | None = None) -> None:
        super().__init__(theme, name, parent)
        self._pressed, self._pressed_at = "", QPoint()
        self._waits = False
        self.insertion: int | None = None

    # What others ask

    @property
    def is_lifting(self) -> bool:
        """True while the mouse drags rows."""
        return self._is_lifting

    def set_lifting(self, *, lifting: bool) -> None:
        """Say whether what was wanted is being dragged."""
        self._is_lifting = lifting
        if not lifting:
            self._pressed, self._waits = "", False
            self.show_insertion(None)

    def show_insertion(self, row: int | None) -> None:
        """Draw the line of insertion before a row; one more than the last stands below it."""
        if row == self.insertion:
            return
        for one in (self.insertion, row):
            if one is not None:
                # Only what the line covers: the rows stay as they are.
                self.viewport().update(0, self._gap_y(one) - 5, self.viewport().width(), 10)
        self.insertion = row

    def row_box(self, id_: str) -> QRect:
        """Where a row is drawn, in the viewport; empty where it has none."""
        model = self.model()
        place = model.place_of(id_) if isinstance(model, KeyedModel) else -1
        return self.visualRect(model.index(place, 0)) if place >= 0 else QRect()

    def rows_in_sight(self) -> range:
        """The rows that are at least partly seen."""
        rows, view = self.model().rowCount(), self.viewport().rect()
        first = self.indexAt(QPoint(1, 1))
        last = self.indexAt(QPoint(1, view.height() - 1))
        begin = first.row() if first.isValid() else 0
        return range(begin, last.row() + 1 if last.isValid() else rows)

    def gap_at(self, y: int) -> int:
        """The row before which something let go at this height of the viewport would be put."""
        rows = self.model().rowCount()
        index = self.indexAt(QPoint(self.viewport().width() // 2, y))
        if not index.isValid():
            return 0 if y < 0 else rows
        return index.row() + (y > self.visualRect(index).center().y())

    # Mouse

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Remember what may be dragged; a press on marked rows leaves them marked for now."""
        index = self.indexAt(event.position().toPoint())
        model = self.model()
        is_left = event.button() == Qt.MouseButton.LeftButton
        id_ = model.id_at(index.row()) if isinstance(model, KeyedModel) else ""
        self._pressed = id_ if is_left and index.isValid() else ""
        self._pressed_at = event.position().toPoint()
        plain = event.modifiers() == Qt.KeyboardModifier.NoModifier
        self._waits = plain and bool(self._pressed) and len(self.picked) > 1 and id_ in self.picked
        if not self._waits:
            super().mousePressEvent(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Drag, once the pointer is clearly on its way; marks no rows meanwhile."""
        if self._is_lifting:
            self.lift_moved.emit(event.globalPosition().toPoint())
        elif not (event.buttons() & Qt.MouseButton.LeftButton):
            super().mouseMoveEvent(event)
        elif self._pressed and self._is_on_its_way(event):
            self._lift()
            if self.is_lifting:
                self.lift_moved.emit(event.globalPosition().toPoint())
            else:
                self._pressed = ""

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Let go; a press on marked rows that dragged nothing marks only the one."""
        if self._is_lifting:
            self.lift_ended.emit(event.globalPosition().toPoint())
            return
        if self._waits and self._pressed:
            self.clearSelection()
            self.setCurrentIndex(self.indexAt(self._pressed_at))
            self.clicked.emit(self.currentIndex())
        else:
            super().mouseReleaseEvent(event)
        self._pressed, self._waits = "", False

    def _lift(self) -> None:
        """Choose what was pressed, as a click would have, and ask for the drag."""
        stops = self._to_lift()
        if len(stops) == 1:
            self._choose(self.indexAt(self._pressed_at).row())
        self.lift_wanted.emit(stops, self.viewport().mapToGlobal(self._pressed_at))

    def _is_on_its_way(self, event: QMouseEvent) -> bool:
        way = event.position().toPoint() - self._pressed_at
        return way.manhattanLength() >= QApplication.startDragDistance()

    def _to_lift(self) -> tuple[str, ...]:
        return self.picked if self._pressed in self.picked else (self._pressed,)

    # Keyboard

    def event(self, event: QEvent) -> bool:
        """Esc belongs to the drag while there is one."""
        return (self._is_lifting and claims(event, ESCAPE)) or super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Esc puts back what is dragged."""
        if self._is_lifting:
            if event.key() == Qt.Key.Key_Escape:
                self.lift_cancelled.emit()
            return
        super().keyPressEvent(event)

    # Drawing

    def paintEvent(self, event: QPaintEvent) -> None:
        """The rows, and the line of insertion over them."""
        super().paintEvent(event)
        if self.insertion is None:
            return
        y = self._gap_y(self.insertion)
        painter = QPainter(self.viewport())
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        accent = self._theme.color("accent")
        painter.setPen(QPen(accent, _LINE_PX))
        painter.drawLine(8, y, self.viewport().width() - 4, y)
        painter.setBrush(accent)
        painter.drawEllipse(QPoint(6, y), _KNOB_PX, _KNOB_PX)

    def _gap_y(self, row: int) -> int:
        model = self.model()
        if row < model.rowCount():
            return max(1, self.visualRect(model.index(row, 0)).top())
        last = self.visualRect(model.index(row - 1, 0)) if row else QRect()
        return max(1, last.bottom())
