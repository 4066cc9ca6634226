"""A list of tall rows, each drawn by a delegate: hover, selection, keyboard, double click."""

from collections.abc import Callable
from time import monotonic
from typing import Any

from PySide6.QtCore import (
    QEvent,
    QItemSelectionModel,
    QModelIndex,
    QPersistentModelIndex,
    QPoint,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen, QWheelEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QWidget,
)

from ui.keyed import KeyedModel
from ui.theme import Theme
from ui.widgets.ownkeys import claims

_AROUND_ROWS = 4
"""Rows there must be room for before a walk shows what comes next."""

_POINTS_S = 30.0
"""Seconds for which a pointer that lies still points at its row."""

_OWN_KEYS = frozenset({Qt.Key.Key_Home, Qt.Key.Key_End})


class RowDelegate(QStyledItemDelegate):
    """Draws the ground of a row and the line below it; a subclass draws what stands on it.

    Attributes:
        height_px: height of every row.
    """

    height_px = 34

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.theme = theme

    def draw(self, painter: QPainter, option: QStyleOptionViewItem, row: Any) -> None:  # noqa: ANN401
        """Draw a record over the row's ground."""
        raise NotImplementedError

    def ground(self, _row: Any) -> str:  # noqa: ANN401
        """Name of the colour a row stands on while it is neither selected nor hovered."""
        return ""

    def sizeHint(
        self, _option: QStyleOptionViewItem, _index: QModelIndex | QPersistentModelIndex
    ) -> QSize:
        """Every row is as tall as the others."""
        return QSize(100, self.height_px)

    def paint(
        self,
        painter: QPainter,
        option: QStyleOptionViewItem,
        index: QModelIndex | QPersistentModelIndex,
    ) -> None:
        """Draw one row."""
        model = index.model()
        if not isinstance(model, KeyedModel):
            return
        row = model.record(index.row())
        painter.save()
        self._draw_ground(painter, option, self.ground(row))
        self.draw(painter, option, row)
        painter.restore()

    def _draw_ground(self, painter: QPainter, option: QStyleOptionViewItem, own: str) -> None:
        box, state = option.rect, option.state
        if state & QStyle.StateFlag.State_Selected:
            painter.fillRect(box, self.theme.color("selection"))
        elif state & QStyle.StateFlag.State_MouseOver:
            painter.fillRect(box, self.theme.color("panel_hover"))
        elif own:
            painter.fillRect(box, self.theme.color(own))
        painter.setPen(self.theme.color("line"))
        painter.drawLine(box.bottomLeft(), box.bottomRight())


class RowList(QTableView):
    """Shows a `KeyedModel`; tells by id what the user picks.

    A table of one column: where a row is follows from its number. Qt's list would look at every
    row of a hundred thousand whenever one of them moved.

    Args:
        theme: repainted when it changes.
        name: what a screen reader calls the list.

    Attributes:
        chosen: id of the row the user clicked or walked to.
        opened: id of the row the user double-clicked.
        pointer_left: the pointer left the list; rows may move again.
        scrolled: the user scrolled.
    """

    chosen = Signal(str)
    opened = Signal(str)
    pointer_left = Signal()
    scrolled = Signal()

    def __init__(self, theme: Theme, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._shown, self._last_row = "", 0
        self._pointer: QPoint | None = None
        self._pointed_at = 0.0
        self._in_sight, self._target = False, -1
        self._theme = theme
        self.setAccessibleName(name)
        self.setFrameShape(QTableView.Shape.NoFrame)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setMouseTracking(True)
        self._be_a_list()
        self.viewport().setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.clicked.connect(lambda index: self._choose(index.row()))
        self.doubleClicked.connect(lambda index: self.opened.emit(self._id(index.row())))
        self.verticalScrollBar().actionTriggered.connect(self.scrolled)
        theme.theme_changed.connect(self.viewport().update)

    def _be_a_list(self) -> None:
        """No headers, no grid, no cells to walk between."""
        self.horizontalHeader().hide()
        self.verticalHeader().hide()
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setTabKeyNavigation(False)

    def show_model(self, model: KeyedModel[Any], delegate: RowDelegate) -> None:
        """Show a model's rows as a delegate draws them."""
        self.verticalHeader().setMinimumSectionSize(1)
        self.verticalHeader().setDefaultSectionSize(delegate.height_px)
        self.setModel(model)
        for column in range(1, len(model.titles)):
            self.setColumnHidden(column, True)
        self.horizontalHeader().setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        self.setItemDelegate(delegate)
        self.verticalScrollBar().setSingleStep(delegate.height_px)
        model.layoutAboutToBeChanged.connect(self._note_sight)
        model.arranged.connect(self._on_arranged)

    def show_current(self, id_: str, *, scroll: bool = True) -> None:
        """Mark the row of an id, now or when it comes; "" marks none."""
        self._shown = id_
        self._mark_shown()
        index = self.currentIndex()
        if scroll and index.isValid():
            self.scrollTo(index, QAbstractItemView.ScrollHint.EnsureVisible)

    def mark_target(self, row: int) -> None:
        """Frame a row something can be let go on; -1 frames none."""
        if row != self._target:
            self._target = row
            self.viewport().update()

    @property
    def current(self) -> str:
        """Id of the marked row, "" for none."""
        return self._id(self.currentIndex().row()) if self.currentIndex().isValid() else ""

    def anchor(self) -> str | None:
        """Id under the pointer, "" where it is over no row, None where nobody points.

        A pointer that was left lying over the list for half a minute points at nothing.
        """
        if self._pointer is None or monotonic() - self._pointed_at > _POINTS_S:
            return None
        index = self.indexAt(self._pointer)
        return self._id(index.row()) if index.isValid() else ""

    def walk(self, step: int) -> str:
        """The id `step` rows from the marked one, within the list; "" where it is empty.

        Where the marked row is gone, the walk goes on from its place.
        """
        model = self.model()
        if not isinstance(model, KeyedModel) or model.rowCount() == 0:
            return ""
        last, index = model.rowCount() - 1, self.currentIndex()
        row = index.row() + step if index.isValid() else self._last_row - (step < 0)
        return self._id(max(0, min(last, row)))

    def show_around(self) -> None:
        """Show the row before the marked one and the row after it too: what comes is seen."""
        row, height, bar = self.currentIndex().row(), self._row_px, self.verticalScrollBar()
        if row < 0 or self.viewport().height() < _AROUND_ROWS * height:
            return
        lowest = (row + 2) * height - self.viewport().height()
        bar.setValue(max(lowest, min(bar.value(), (row - 1) * height)))

    def _id(self, row: int) -> str:
        model = self.model()
        return model.id_at(row) if isinstance(model, KeyedModel) else ""

    def _note_sight(self) -> None:
        """Remember whether the marked row is seen, before rows move."""
        row, height = self.currentIndex().row(), self._row_px
        top = row * height - self.verticalScrollBar().value()
        self._in_sight = row >= 0 and top >= 0 and top + height <= self.viewport().height()

    @property
    def _row_px(self) -> int:
        """Height of every row; asking the view for a row's place lays out all of them."""
        delegate = self.itemDelegate()
        return delegate.height_px if isinstance(delegate, RowDelegate) else 0

    def _on_arranged(self) -> None:
        """A marked row that was seen is seen wherever it has moved."""
        self._mark_shown()
        index = self.currentIndex()
        if self._in_sight and index.isValid():
            self._bring_into_sight(index.row())
        self._in_sight = False

    def _bring_into_sight(self, row: int) -> None:
        """Scroll no more than it takes to show a row whole."""
        bar, top = self.verticalScrollBar(), row * self._row_px
        lowest = top + self._row_px - self.viewport().height()
        if not lowest <= bar.value() <= top:
            self.scrollTo(self.currentIndex(), QAbstractItemView.ScrollHint.EnsureVisible)

    def _mark_shown(self) -> None:
        model = self.model()
        if not isinstance(model, KeyedModel):
            return
        place = model.place_of(self._shown)
        if place >= 0:
            self._last_row = place
        if place < 0:
            self.clearSelection()
            self.setCurrentIndex(QModelIndex())
        elif place != self.currentIndex().row():
            # The view's own setCurrentIndex would add to what is marked while Shift is held.
            flags = QItemSelectionModel.SelectionFlag.ClearAndSelect
            self.selectionModel().setCurrentIndex(model.index(place, 0), flags)

    def _choose(self, row: int) -> None:
        if id_ := self._id(row):
            self._shown = id_
            self.chosen.emit(id_)

    def paintEvent(self, event: QPaintEvent) -> None:
        """The rows, and the frame around the one something can be let go on."""
        super().paintEvent(event)
        if self._target < 0:
            return
        box = self.visualRect(self.model().index(self._target, 0))
        painter = QPainter(self.viewport())
        painter.setPen(QPen(self._theme.color("accent"), 2))
        painter.drawRect(box.adjusted(1, 1, -2, -2))

    # Mouse and keyboard

    def moveCursor(
        self, action: QAbstractItemView.CursorAction, modifiers: Qt.KeyboardModifier
    ) -> QModelIndex:
        """Home and End go to the first and the last row."""
        rows, ends = self.model().rowCount(), QAbstractItemView.CursorAction
        if action in (ends.MoveHome, ends.MoveEnd):
            return self.model().index(0 if action == ends.MoveHome else rows - 1, 0)
        return super().moveCursor(action, modifiers)

    def event(self, event: QEvent) -> bool:
        """Home and End belong to the list while it has the focus."""
        return claims(event, _OWN_KEYS) or super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """What the keyboard walks to is chosen."""
        before = self.current
        super().keyPressEvent(event)
        if self.current and self.current != before:
            self._choose(self.currentIndex().row())
            self.show_around()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Remember which row must not move now."""
        self._pointer = event.position().toPoint()
        self._pointed_at = monotonic()
        super().mouseMoveEvent(event)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Scroll."""
        self._pointed_at = monotonic()
        super().wheelEvent(event)
        self.scrolled.emit()

    def viewportEvent(self, event: QEvent) -> bool:
        """Notice the pointer leaving."""
        if event.type() == QEvent.Type.Leave:
            self._pointer = None
            self.pointer_left.emit()
        return super().viewportEvent(event)


Anchor = Callable[[], str | None]
"""Says which row must not move now, as `RowList.anchor` does."""
