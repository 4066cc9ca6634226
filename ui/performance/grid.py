"""The overview: the panels at a glance on a large screen, scrolled on a small one."""

from collections.abc import Mapping

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QGridLayout, QScrollArea, QSizePolicy, QWidget

_GAP_PX = 6
_WIDE_PX, _MIDDLE_PX = 1240, 760
"""From these widths on there are three columns, or two."""

_ROW_LEAST_PX = 232

Place = tuple[int, int, int, int]
"""Row, column, rows and columns a panel takes."""

_THREE: dict[str, Place] = {
    "hours": (0, 0, 1, 1),
    "trend": (0, 1, 1, 1),
    "errors": (0, 2, 1, 1),
    "breakdown": (1, 0, 2, 1),
    "reasons": (1, 1, 1, 1),
    "exceptions": (1, 2, 1, 1),
    "feedback": (2, 1, 1, 1),
    "quality": (2, 2, 1, 1),
}
_TWO: dict[str, Place] = {
    "hours": (0, 0, 1, 1),
    "trend": (0, 1, 1, 1),
    "breakdown": (1, 0, 2, 1),
    "errors": (1, 1, 1, 1),
    "reasons": (2, 1, 1, 1),
    "exceptions": (3, 0, 1, 1),
    "feedback": (3, 1, 1, 1),
    "quality": (4, 0, 1, 2),
}
_ORDER = ("hours", "trend", "breakdown", "errors", "reasons", "exceptions", "feedback", "quality")
_ONE: dict[str, Place] = {name: (row, 0, 1, 1) for row, name in enumerate(_ORDER)}


class PanelGrid(QScrollArea):
    """Puts panels into as many columns as there is room for."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._panels: Mapping[str, QWidget] = {}
        self._places: Mapping[str, Place] = {}
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        body = QWidget()
        self._grid = QGridLayout(body)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setSpacing(_GAP_PX)
        self.setWidget(body)

    def hold(self, panels: Mapping[str, QWidget]) -> None:
        """Take the panels by their names, every one that has a place."""
        self._panels = panels
        for name in _ORDER:
            panels[name].setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Expanding)
        self._arrange(_THREE)

    @property
    def columns(self) -> int:
        """How many columns there are now."""
        return 1 + max(column for _, column, _, _ in self._places.values())

    def minimumSizeHint(self) -> QSize:
        """What does not fit is scrolled."""
        return QSize(320, 200)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Use the room there is."""
        super().resizeEvent(event)
        width = self.viewport().width()
        wide, middle = width >= _WIDE_PX, width >= _MIDDLE_PX
        self._arrange(_THREE if wide else _TWO if middle else _ONE)

    def _arrange(self, places: Mapping[str, Place]) -> None:
        if places is self._places or not self._panels:
            return
        self._places = places
        for panel in self._panels.values():
            self._grid.removeWidget(panel)
        for name in _ORDER:
            self._grid.addWidget(self._panels[name], *places[name])
        rows = 1 + max(row + tall - 1 for row, _, tall, _ in places.values())
        for row in range(self._grid.rowCount()):
            self._grid.setRowMinimumHeight(row, _ROW_LEAST_PX if row < rows else 0)
            self._grid.setRowStretch(row, 1 if row < rows else 0)
        for column in range(self._grid.columnCount()):
            self._grid.setColumnStretch(column, 1 if column < self.columns else 0)
