"""Asks before the window closes on changes that were not sent."""

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QMessageBox, QPushButton, QWidget

from ui.draft.draft import Draft


class Leaving(QObject):
    """Lets the window close at once while there is nothing to lose.

    Args:
        draft: what would be forgotten.
        window: the window that is to close; closed where the user says so.
    """

    def __init__(self, draft: Draft, window: QWidget) -> None:
        super().__init__(window)
        self._draft, self._window = draft, window
        self._box: QMessageBox | None = None

    def may_leave(self) -> bool:
        """False where changes are not sent; then the user is asked."""
        if self._draft.is_empty:
            return True
        if self._box is None:
            self._ask()
        return False

    def _ask(self) -> None:
        box = self._box = QMessageBox(self._window)
        box.setWindowTitle("Close Tower")
        box.setText(self._question())
        stay = box.addButton("&Stay", QMessageBox.ButtonRole.RejectRole)
        leave = box.addButton("&Close without sending", QMessageBox.ButtonRole.DestructiveRole)
        box.setDefaultButton(stay)
        box.setEscapeButton(stay)
        box.finished.connect(lambda: self._on_asked(box, leave))
        box.open()

    def _question(self) -> str:
        if self._draft.is_sending:
            return "A change is still being sent. Close before the gateway has answered?"
        count = len(self._draft.gestures)
        what = "a change that was" if count == 1 else f"{count} changes that were"
        return f"There {'is' if count == 1 else 'are'} {what} not sent. Close all the same?"

    def _on_asked(self, box: QMessageBox, leave: QPushButton) -> None:
        self._box = None
        box.deleteLater()
        if box.clickedButton() is leave:
            self._window.close()
