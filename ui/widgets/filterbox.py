"""A line to filter a list by: a lens, a cross to clear, Escape clears, Down goes into the list."""

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QAction, QIcon, QKeyEvent, QPainter, QPen, QPixmap
from PySide6.QtWidgets import QLineEdit, QWidget

from ui.theme import SMALL_PX, Theme

_HEIGHT_PX = 22
_ICON_PX = 24


class FilterBox(QLineEdit):
    """A slim filter for a panel's title.

    Args:
        theme: colours and type.
        name: what a screen reader calls it.

    Attributes:
        list_wanted: Down or Enter: the list is wanted now.
    """

    list_wanted = Signal()

    def __init__(self, theme: Theme, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self.setAccessibleName(name)
        self.setClearButtonEnabled(True)
        self.setFixedHeight(_HEIGHT_PX)
        self.setStyleSheet("QLineEdit { padding: 0 2px; }")
        self._lens = QAction(self)
        self.addAction(self._lens, QLineEdit.ActionPosition.LeadingPosition)
        theme.theme_changed.connect(self._dress)
        self._dress()

    def event(self, event: QEvent) -> bool:
        """Escape clears the filter, before it clears the selection; Enter is the box's own."""
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.ShortcutOverride:
            is_clearing = event.key() == Qt.Key.Key_Escape and bool(self.text())
            if is_clearing or event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
                event.accept()
                return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Escape clears, Down and Enter go into the list."""
        if event.key() == Qt.Key.Key_Escape and self.text():
            self.clear()
        elif event.key() in (Qt.Key.Key_Down, Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.list_wanted.emit()
        else:
            super().keyPressEvent(event)

    def _dress(self) -> None:
        self.setFont(self._theme.font(SMALL_PX))
        picture = QPixmap(_ICON_PX, _ICON_PX)
        picture.fill(Qt.GlobalColor.transparent)
        painter = QPainter(picture)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(self._theme.color("muted"), 2.0))
        painter.drawEllipse(4, 4, 11, 11)
        painter.drawLine(14, 14, 20, 20)
        painter.end()
        self._lens.setIcon(QIcon(picture))
