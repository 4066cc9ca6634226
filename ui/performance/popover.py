"""A small window that opens beside what was clicked and closes with Escape or a click elsewhere."""

from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QVBoxLayout, QWidget

from ui.widgets.beside import move_beside

_MARGIN_PX = 8


class Popover(QFrame):
    """A frame for a column of widgets.

    Attributes:
        column: what it holds.
    """

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent, Qt.WindowType.Popup)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setFrameShape(QFrame.Shape.StyledPanel)
        self.setObjectName("popover")
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(_MARGIN_PX, _MARGIN_PX, _MARGIN_PX, _MARGIN_PX)
        self.column.setSpacing(_MARGIN_PX)

    def open_below(self, owner: QWidget) -> None:
        """Open below a widget."""
        self.adjustSize()
        move_beside(self, owner, QPoint(0, owner.height() + 3))
        self.show()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Escape closes."""
        if event.key() == Qt.Key.Key_Escape:
            self.close()
        else:
            super().keyPressEvent(event)
