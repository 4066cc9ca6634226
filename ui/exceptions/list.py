"""The list of the queue: several rows can be marked; Enter opens one."""

from PySide6.QtCore import QEvent
from PySide6.QtGui import QKeyEvent

from ui.widgets.marklist import MarkList
from ui.widgets.ownkeys import ENTERS, claims


class QueueList(MarkList):
    """Rows of the queue."""

    def event(self, event: QEvent) -> bool:
        """Enter belongs to the list while it has the focus."""
        return claims(event, ENTERS) or super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter opens the marked row."""
        if event.key() in ENTERS:
            if self.current:
                self.opened.emit(self.current)
            return
        super().keyPressEvent(event)
