"""A button that Enter presses while it has the focus, whatever Enter does in the window."""

from collections.abc import Callable

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QPushButton

_ENTERS = frozenset({Qt.Key.Key_Return, Qt.Key.Key_Enter})


class EnterButton(QPushButton):
    """A small button among words.

    Args:
        words: what it says; `&` marks a key.
        does: what a press does.
    """

    def __init__(self, words: str, does: Callable[[], None]) -> None:
        super().__init__(words)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.clicked.connect(lambda _checked=False: does())

    def event(self, event: QEvent) -> bool:
        """Enter is the button's own."""
        if (
            isinstance(event, QKeyEvent)
            and event.type() == QEvent.Type.ShortcutOverride
            and event.key() in _ENTERS
        ):
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter presses it."""
        if event.key() in _ENTERS:
            self.click()
        else:
            super().keyPressEvent(event)
