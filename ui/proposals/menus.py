"""The menus of a row: what can be done with a stop or a route, at the pointer or by Menu key."""

from collections.abc import Mapping, Sequence

from PySide6.QtCore import QObject, QPoint, Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu

from ui.keyed import ID_ROLE
from ui.widgets.rowlist import RowList

STOP_MENU = (
    "stop_move_to",
    "stop_best_place",
    "stop_lock",
    "stop_take_off",
    "",
    "route_optimise",
    "",
    "trail_toggle",
    "route_driven",
)
"""Actions of a stop's menu; "" is a line."""

ROUTE_MENU = (
    "route_optimise",
    "routes_optimise",
    "route_broke_down",
    "",
    "route_fit",
    "route_vehicle",
    "",
    "trail_toggle",
    "route_driven",
)
"""Actions of a route's menu."""


class RowMenu(QObject):
    """Opens a menu of declared actions on a list's rows; the row is chosen first.

    Args:
        rows: the list.
        names: ids of the actions in their order, "" for a line.
        actions: every action of the window; those that are missing are left out.
    """

    def __init__(self, rows: RowList, names: Sequence[str], actions: Mapping[str, QAction]) -> None:
        super().__init__(rows)
        self._rows = rows
        self.menu = QMenu(rows)
        for name in names:
            if not name:
                self.menu.addSeparator()
            elif name in actions:
                self.menu.addAction(actions[name])
        rows.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        rows.customContextMenuRequested.connect(self._on_wanted)

    def _on_wanted(self, at: QPoint) -> None:
        """Under the pointer, or below the marked row where the keyboard asked."""
        rows, index = self._rows, self._rows.indexAt(at)
        if not index.isValid() and rows.currentIndex().isValid():
            index = rows.currentIndex()
            at = rows.visualRect(index).bottomLeft()
        if not index.isValid():
            return
        # Several selected rows stay selected: the menu is about all of them.
        if len(rows.selectionModel().selectedRows()) <= 1:
            rows.chosen.emit(str(index.data(ID_ROLE)))
        self.menu.popup(rows.viewport().mapToGlobal(at))
