"""The brands customers know, as a table to edit."""

import re

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QColor
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHBoxLayout,
    QHeaderView,
    QPushButton,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from tower.domain.rulebook import Brand
from ui.settings.page import SettingsFault

_COLUMNS = ("Id", "Name", "Colour", "Answers go to", "Footer", "Language")
_FIELDS = ("id", "name", "colour", "reply_to", "footer", "language")
_COLOUR = 2
_HEIGHT_PX = 150
_COLOUR_FORM = re.compile(r"#[0-9a-fA-F]{6}")
_FIRST_COLOUR = "#1f6feb"


class BrandsTable(QWidget):
    """Edits brands; the first is worn where a stop names none.

    Attributes:
        table: a row a brand.
        edited: a cell was changed by the user.
    """

    edited = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.table = QTableWidget(0, len(_COLUMNS))
        self.table.setHorizontalHeaderLabels(list(_COLUMNS))
        self.table.verticalHeader().hide()
        self.table.setAccessibleName("Brands")
        self.table.setFixedHeight(_HEIGHT_PX)
        self.table.setTabKeyNavigation(False)
        self.table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        header = self.table.horizontalHeader()
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        header.setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
        self.add_button, self.remove_button = QPushButton("Add brand"), QPushButton("Remove brand")
        row = QHBoxLayout()
        for button in (self.add_button, self.remove_button):
            button.setAutoDefault(False)
            row.addWidget(button)
        row.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.table)
        column.addLayout(row)
        self.table.itemChanged.connect(self._on_item_changed)
        self.add_button.clicked.connect(self._on_added)
        self.remove_button.clicked.connect(self._on_removed)

    def show_brands(self, brands: tuple[Brand, ...]) -> None:
        """Fill the table."""
        self.table.blockSignals(True)
        self.table.setRowCount(0)
        for brand in brands:
            self._append(brand)
        self.table.blockSignals(False)

    def brands(self) -> tuple[Brand, ...]:
        """What the table says.

        Raises:
            SettingsFault: a brand has no id or name, two have one id, or a colour is none.
        """
        found = [self._brand(row) for row in range(self.table.rowCount())]
        ids = [brand.id for brand in found]
        if len(set(ids)) != len(ids):
            raise SettingsFault("Two brands have the same id.")
        return tuple(found)

    def set_editable(self, *, editable: bool) -> None:
        """Let cells be changed, or only read."""
        triggers = QAbstractItemView.EditTrigger
        self.table.setEditTriggers(
            triggers.AllEditTriggers if editable else triggers.NoEditTriggers
        )
        self.add_button.setEnabled(editable)
        self.remove_button.setEnabled(editable)

    def _brand(self, row: int) -> Brand:
        id_, name, colour, reply_to, footer, language = (
            self._text(row, column) for column in range(len(_COLUMNS))
        )
        if not id_ or not name:
            raise SettingsFault(f"Brand {row + 1} needs an id and a name.")
        if not _COLOUR_FORM.fullmatch(colour):
            raise SettingsFault(f"The colour of {name} is written like {_FIRST_COLOUR}.")
        return Brand(
            id=id_, name=name, colour=colour, reply_to=reply_to, footer=footer, language=language
        )

    def _text(self, row: int, column: int) -> str:
        item = self.table.item(row, column)
        return item.text().strip() if item else ""

    def _append(self, brand: Brand) -> None:
        row = self.table.rowCount()
        self.table.insertRow(row)
        cells = (
            brand.id, brand.name, brand.colour, brand.reply_to, brand.footer, brand.language,
        )  # fmt: skip
        for column, text in enumerate(cells):
            self.table.setItem(row, column, QTableWidgetItem(text))
        self._colour(row)

    def _colour(self, row: int) -> None:
        item = self.table.item(row, _COLOUR)
        if item is not None and _COLOUR_FORM.fullmatch(item.text().strip()):
            item.setData(Qt.ItemDataRole.DecorationRole, QColor(item.text().strip()))

    def _on_item_changed(self, item: QTableWidgetItem) -> None:
        self.table.blockSignals(True)
        self._colour(item.row())
        self.table.blockSignals(False)
        self.edited.emit()

    def _on_added(self) -> None:
        self.show_brands((*self._lenient(), Brand(id="", name="", colour=_FIRST_COLOUR)))
        self.table.setCurrentCell(self.table.rowCount() - 1, 0)
        self.table.setFocus()
        self.edited.emit()

    def _lenient(self) -> tuple[Brand, ...]:
        """The rows as they are, unfinished ones included."""
        return tuple(
            Brand(**dict(zip(_FIELDS, cells, strict=True)))
            for cells in (
                [self._text(row, column) for column in range(len(_COLUMNS))]
                for row in range(self.table.rowCount())
            )
        )

    def _on_removed(self) -> None:
        if self.table.currentRow() >= 0:
            self.table.removeRow(self.table.currentRow())
            self.edited.emit()
