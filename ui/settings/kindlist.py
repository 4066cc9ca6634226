"""The list that picks a kind of exception."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QListWidget, QListWidgetItem

from tower.domain.words import ExceptionKind
from ui.settings.words import kind_title

_WIDTH_PX = 160


class KindList(QListWidget):
    """Every kind of exception; one is always picked."""

    def __init__(self) -> None:
        super().__init__()
        self.setFixedWidth(_WIDTH_PX)
        self.setAccessibleName("Kinds of exception")
        for kind in ExceptionKind:
            item = QListWidgetItem(kind_title(kind))
            item.setData(Qt.ItemDataRole.UserRole, kind.value)
            self.addItem(item)
        self.setCurrentRow(0)

    @property
    def kind(self) -> ExceptionKind:
        """The kind picked."""
        return ExceptionKind(self.currentItem().data(Qt.ItemDataRole.UserRole))

    def showEvent(self, event: QShowEvent) -> None:
        """Lay the rows out anew: before, they had not the style's height."""
        super().showEvent(event)
        self.doItemsLayout()
