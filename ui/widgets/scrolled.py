"""What stands in a scroll area and is as tall as its words are at the width there is."""

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QWidget


class ScrolledBody(QWidget):
    """Leaves its height to its layout's height for width.

    Qt takes the least height of wrapped words at their least width, a word a line, and so would
    scroll far past the end.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)

    def minimumSizeHint(self) -> QSize:
        """As narrow as its parts can be, and no taller than they are."""
        return QSize(super().minimumSizeHint().width(), 0)
