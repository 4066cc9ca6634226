"""What the declared actions on stops and on the draft do."""

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QMessageBox

from ui.mainwindow import MainWindow, Parts
from ui.menus import Handlers

_SAID_MS = 8000


class GestureHandlers(QObject):
    """Carries out gestures on stops, and sends or forgets the draft.

    Args:
        window: the window; its status bar says what cannot be done.
        parts: what it was assembled from.
    """

    def __init__(self, window: MainWindow, parts: Parts) -> None:
        super().__init__(window)
        self._window, self._draft = window, parts.draft
        self._gestures = parts.panels.routes.gestures
        self._draft.notice.connect(self._say)
        self._draft.committed.connect(lambda words: self._say(f"Sent: {words}"))

    def table(self) -> Handlers:
        """Every handler by its action's id."""
        gestures = self._gestures
        return {
            "stop_earlier": lambda: gestures.shift(-1),
            "stop_later": lambda: gestures.shift(1),
            "stop_move_to": gestures.move_to,
            "stop_take_off": gestures.take_off,
            "stop_lock": gestures.toggle_lock,
            "draft_commit": self._draft.commit,
            "draft_discard": self.discard,
        }

    def put_back(self) -> bool:
        """What Esc does first: put back what is dragged, else forget what is not sent.

        Returns:
            False where there is neither.
        """
        if self._draft.lifted or self._draft.hovering is not None:
            self._draft.cancel_lift()
        elif self._draft.gestures and not self._draft.is_sending:
            self.discard()
        else:
            return False
        return True

    def discard(self) -> None:
        """Forget the draft; of more than one gesture only after a question."""
        count = len(self._draft.gestures)
        if count <= 1:
            self._draft.discard()
            return
        box = QMessageBox(self._window)
        box.setWindowTitle("Discard changes")
        box.setText(f"Forget {count} changes that were not sent?")
        keep = box.addButton("&Keep", QMessageBox.ButtonRole.RejectRole)
        box.addButton("&Discard", QMessageBox.ButtonRole.DestructiveRole)
        box.setDefaultButton(keep)
        box.setEscapeButton(keep)
        box.finished.connect(lambda: self._on_asked(kept=box.clickedButton() is keep))
        box.finished.connect(box.deleteLater)
        box.open()

    def _on_asked(self, *, kept: bool) -> None:
        if not kept:
            self._draft.discard()

    def _say(self, words: str) -> None:
        self._window.status.showMessage(words, _SAID_MS)
