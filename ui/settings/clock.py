"""A field for a time of day."""

from PySide6.QtCore import QEvent, QObject, QTimer
from PySide6.QtWidgets import QTimeEdit


class ClockField(QTimeEdit):
    """Takes hours and minutes; what is clicked is marked, so that digits typed replace it."""

    def __init__(self) -> None:
        super().__init__()
        self.setDisplayFormat("HH:mm")
        self.lineEdit().installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """A click marks the hours or the minutes."""
        if event.type() is QEvent.Type.MouseButtonRelease:
            QTimer.singleShot(0, self, self._mark)
        return super().eventFilter(watched, event)

    def _mark(self) -> None:
        self.setSelectedSection(self.currentSection())
