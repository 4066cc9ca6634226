"""Tables of figures: rows of names and numbers, bars in the cells, every cell to be opened."""

from math import ceil
from typing import Any

from PySide6.QtCore import QEvent, QModelIndex, QPersistentModelIndex, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QWidget,
)

from tower.kpi.measure import Mood
from ui.keyed import Index
from ui.kpi.strip import MOOD_COLOURS
from ui.performance.bars import MOODS
from ui.performance.pictures import Cell, FigureRow, Table
from ui.sortedrows import SortedModel
from ui.theme import SMALL_PX, Theme
from ui.widgets.ownkeys import ENTERS, claims
from ui.widgets.text import LEFT, RIGHT, draw_text, width_of

ROW_PX = 22
_PAD_PX = 8
_BAR_PX = 12
_NAME_LEAST_PX, _CELL_LEAST_PX = 84, 48
_SORT_PX = 12
_MEASURED = 200
"""So many rows say how wide a column is."""

_MARKS = {Mood.GOOD: "", Mood.WATCH: "◆ ", Mood.BAD: "■ ", Mood.NEUTRAL: ""}


class FigureModel(SortedModel[FigureRow]):
    """The rows, sorted by a column of figures or by name."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.titles = ("",)

    def show_table(self, table: Table) -> None:
        """Show another table; a sorting by a column it still has stays."""
        if table.titles != self.titles:
            self.beginResetModel()
            self._ids, self._rows = [], {}
            self._index()
            self.titles = table.titles
            self.forget_sorting()
            self.endResetModel()
        self.give({row.id: row for row in table.rows})

    def text(self, row: FigureRow, column: int) -> str:
        """The name, or a figure in words."""
        if column == 0:
            return row.name
        return row.cells[column - 1].text if column <= len(row.cells) else ""

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:  # noqa: ANN401
        """The titles; names stand at the left, figures at the right."""
        if role == Qt.ItemDataRole.TextAlignmentRole and orientation is Qt.Orientation.Horizontal:
            return LEFT if section == 0 else RIGHT
        if role == Qt.ItemDataRole.ToolTipRole and orientation is Qt.Orientation.Horizontal:
            return f"{self.titles[section]}. Click: sort by it"
        return super().headerData(section, orientation, role)

    def cell(self, index: Index) -> Cell | None:
        """The figure at an index, None for a name."""
        inside = index.isValid() and 0 < index.column() <= len(self.titles) - 1
        return self.record(index.row()).cells[index.column() - 1] if inside else None

    def rank(self, row: FigureRow, column: int, *, descending: bool) -> tuple[bool, float | str]:
        """The name or the figure; what has no figure stays last either way."""
        if column == 0:
            return False, row.name.casefold()
        value = row.cells[column - 1].value
        return (value is None) != descending, value or 0.0


class FigureDelegate(QStyledItemDelegate):
    """Draws a cell: its bar, its figure, and a sign where it misses its target."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme

    def sizeHint(
        self, _option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> QSize:
        """As wide as its words."""
        text = str(index.data() or "")
        return QSize(int(width_of(text, SMALL_PX)) + 3 * _PAD_PX, ROW_PX)

    def paint(
        self,
        painter: QPainter,
        option: QStyleOptionViewItem,
        index: QModelIndex | QPersistentModelIndex,
    ) -> None:
        """Draw one cell."""
        model, theme = index.model(), self._theme
        if not isinstance(model, FigureModel):
            return
        box = QRectF(option.rect)
        painter.save()
        if option.state & QStyle.StateFlag.State_Selected:
            painter.fillRect(option.rect, theme.color("selection"))
        elif option.state & QStyle.StateFlag.State_MouseOver:
            painter.fillRect(option.rect, theme.color("panel_hover"))
        cell = model.cell(index)
        words = box.adjusted(_PAD_PX, 0, -_PAD_PX, 0)
        if cell is None:
            draw_text(painter, words, str(index.data()), theme.color("text"), LEFT, SMALL_PX)
        else:
            self._draw_cell(painter, words, cell)
        painter.restore()

    def _draw_cell(self, painter: QPainter, box: QRectF, cell: Cell) -> None:
        theme, is_change = self._theme, not cell.measure
        if cell.share > 0:
            bar = QRectF(box.x(), box.center().y() - _BAR_PX / 2, box.width(), _BAR_PX)
            bar.setWidth(max(1.0, bar.width() * min(1.0, cell.share)))
            painter.fillRect(bar, theme.faded(MOODS[cell.mood], 0.32))
        mark = "" if is_change else _MARKS[cell.mood]
        colour = "text"
        if is_change or (mark and not cell.share):
            # On a bar, which has the colour already, words stay legible in the text's own.
            colour = "text_secondary" if cell.mood is Mood.NEUTRAL else MOOD_COLOURS[cell.mood]
        if cell.before:
            colour = "muted"
        draw_text(painter, box, f"{mark}{cell.text}", theme.color(colour), RIGHT, SMALL_PX)


class FigureTable(QTableView):
    """A table of figures.

    Args:
        theme: colours and type.
        name: what a screen reader calls it.

    Attributes:
        cell_opened: id of the row and its `Cell` of which the user wants to see what is behind.
    """

    cell_opened = Signal(str, object)

    def __init__(self, theme: Theme, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self.figures = FigureModel(self)
        self.setModel(self.figures)
        self.setItemDelegate(FigureDelegate(theme, self))
        self.setAccessibleName(name)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setMouseTracking(True)
        self.setTabKeyNavigation(False)
        self.setFrameShape(QTableView.Shape.NoFrame)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self._set_headers()
        self.clicked.connect(self._open)
        theme.theme_changed.connect(self._dress)
        self._dress()

    def show_table(self, table: Table) -> None:
        """Show another table."""
        self.figures.show_table(table)
        self._size_columns()

    def _set_headers(self) -> None:
        rows, titles = self.verticalHeader(), self.horizontalHeader()
        rows.hide()
        rows.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        rows.setDefaultSectionSize(ROW_PX)
        titles.setSectionsClickable(True)
        titles.setHighlightSections(False)
        titles.setSortIndicatorShown(True)
        titles.setSortIndicatorClearable(True)
        titles.setSortIndicator(-1, Qt.SortOrder.AscendingOrder)
        titles.setTextElideMode(Qt.TextElideMode.ElideRight)
        titles.setMinimumSectionSize(_CELL_LEAST_PX)
        titles.sortIndicatorChanged.connect(self.figures.sort)

    def _size_columns(self) -> None:
        """Give each column what its words need; where there is no room titles are cut first."""
        columns, room = range(len(self.figures.titles)), self.viewport().width()
        words = [self._needed(column) for column in columns]
        titled = [max(words[column], self._titled(column)) for column in columns]
        needed = titled if sum(titled) <= room else words
        needed[0] = max(_NAME_LEAST_PX, needed[0] + min(0, room - sum(needed)))
        spare = max(0, room - sum(needed))
        for column, width in enumerate(needed):
            share = spare // len(needed)
            rest = spare % len(needed) if column == 0 else 0
            self.horizontalHeader().resizeSection(column, width + share + rest)

    def _needed(self, column: int) -> int:
        """Pixels the words of a column's cells take."""
        figures, rows = self.figures, range(min(_MEASURED, self.figures.rowCount()))
        texts = (figures.text(figures.record(row), column) for row in rows)
        widest = max((width_of(text, SMALL_PX) for text in texts), default=0.0)
        sign = max(width_of(mark, SMALL_PX) for mark in _MARKS.values()) if column else 0.0
        least = _CELL_LEAST_PX if column else _NAME_LEAST_PX
        return max(ceil(widest + sign) + 2 * _PAD_PX + 1, least)

    def _titled(self, column: int) -> int:
        """Pixels a column's title takes."""
        return int(width_of(self.figures.titles[column], SMALL_PX)) + _SORT_PX + 2 * _PAD_PX

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Use the width there is."""
        super().resizeEvent(event)
        self._size_columns()

    def _dress(self) -> None:
        self.horizontalHeader().setFont(self._theme.font(SMALL_PX))
        self.viewport().update()

    def _open(self, index: QModelIndex) -> None:
        """Open a cell; a name opens the row's first figure."""
        row = self.figures.record(index.row())
        cell = self.figures.cell(index) or (row.cells[0] if row.cells else None)
        if cell is not None and cell.measure:
            self.cell_opened.emit(row.id, cell)

    def event(self, event: QEvent) -> bool:
        """Enter belongs to the table while it has the focus."""
        return claims(event, ENTERS) or super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter opens the cell."""
        if event.key() in ENTERS and self.currentIndex().isValid():
            self._open(self.currentIndex())
        else:
            super().keyPressEvent(event)
