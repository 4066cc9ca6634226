"""A button that Enter presses, also where Enter is a shortcut of the window."""

from PySide6.QtCore import QEvent
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QAbstractButton

from ui.widgets.ownkeys import ENTERS, claims


class EnterPressed(QAbstractButton):
    """Takes Enter for itself while it has the focus; what it looks like is a subclass's."""

    def event(self, event: QEvent) -> bool:
        """Enter is the button's own."""
        return claims(event, ENTERS) or super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter presses it."""
        if event.key() in ENTERS:
            self.click()
        else:
            super().keyPressEvent(event)
