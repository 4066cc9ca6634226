"""Opens what a commit asks back, over the window."""

from PySide6.QtCore import QObject, Qt
from PySide6.QtWidgets import QMessageBox, QWidget

from ui.draft.draft import Draft
from ui.draft.outcome import Conflict, Refusal
from ui.draft_dialogs.conflict import ConflictDialog
from ui.draft_dialogs.reason import ReasonDialog
from ui.session import Session


class DraftDialogs(QObject):
    """Listens to the draft and asks the user what it cannot decide.

    Args:
        session: the shift.
        draft: the change being tried out.
        window: the window the questions lie over.
    """

    def __init__(self, session: Session, draft: Draft, window: QWidget) -> None:
        super().__init__(window)
        self._session, self._draft, self._window = session, draft, window
        self._conflict_dialog: ConflictDialog | None = None
        self._waiting: Conflict | None = None
        draft.commit_refused.connect(self._on_commit_refused)
        draft.conflict_found.connect(self._on_conflict_found)
        draft.changed.connect(self._on_changed)

    def _on_commit_refused(self, refusal: Refusal) -> None:
        if refusal.needs_override and refusal.violations:
            self._ask_for_reason(refusal)
            return
        box = QMessageBox(self._window)
        box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        box.setIcon(QMessageBox.Icon.Warning)
        box.setWindowTitle("Not sent" if refusal.status else "No answer")
        box.setTextFormat(Qt.TextFormat.PlainText)
        box.setText(f"{_sentence(refusal.message)}\n\n{_what_now(refusal)}")
        box.open()

    def _ask_for_reason(self, refusal: Refusal) -> None:
        dialog = ReasonDialog(self._session, self._draft, refusal, self._window)
        dialog.confirmed.connect(lambda reason: self._draft.commit(reason, override=True))
        dialog.open()

    def _on_conflict_found(self, conflict: Conflict) -> None:
        """Show it at once; while stops are being dragged, once they are put down."""
        if self._draft.lifted:
            self._waiting = conflict
        else:
            self._show(conflict)

    def _on_changed(self) -> None:
        waiting = self._waiting
        if waiting is not None and not self._draft.lifted:
            self._waiting = None
            if not self._draft.is_empty:
                self._show(waiting)

    def _show(self, conflict: Conflict) -> None:
        dialog = self._conflict_dialog
        if dialog is None:
            dialog = self._conflict_dialog = ConflictDialog(
                self._session, self._draft, self._window
            )
        dialog.show_conflict(conflict)
        dialog.open()


def _sentence(message: str) -> str:
    return f"{message[:1].upper()}{message[1:]}{'' if message.endswith('.') else '.'}"


def _what_now(refusal: Refusal) -> str:
    if refusal.status:
        return "Your draft stays as it is."
    return "Your draft stays as it is. Should the change have arrived all the same, it clears."
