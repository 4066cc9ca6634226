"""Asks for the cause of an exception, on its card."""

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QPushButton, QWidget

_OWN_KEYS = frozenset({Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Escape})


class CauseField(QLineEdit):
    """A line for the cause.

    Attributes:
        given_up: Escape was pressed.
    """

    given_up = Signal()

    def event(self, event: QEvent) -> bool:
        """Enter and Escape are the field's own while it has the focus, not the window's."""
        if (
            isinstance(event, QKeyEvent)
            and event.type() == QEvent.Type.ShortcutOverride
            and event.key() in _OWN_KEYS
        ):
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Escape gives up."""
        if event.key() == Qt.Key.Key_Escape:
            self.given_up.emit()
        else:
            super().keyPressEvent(event)


class CauseRow(QWidget):
    """The field and its button; hidden until it is asked.

    Attributes:
        field: where the cause is written.
        given: the cause, which may be empty.
        closing: it is about to be hidden; the keys want another owner.
    """

    given = Signal(str)
    closing = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.field = CauseField()
        self.field.setPlaceholderText("The cause?  Enter resolves, Esc leaves it open")
        self.field.setAccessibleName("Cause")
        self.field.setMaxLength(500)
        button = QPushButton("Resolve")
        button.setProperty("primary", True)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self.field, 1)
        row.addWidget(button)
        self.field.returnPressed.connect(self._on_given)
        self.field.given_up.connect(self.close_row)
        button.clicked.connect(self._on_given)
        self.hide()

    def ask(self) -> None:
        """Show the field and put the cursor into it."""
        self.show()
        self.field.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def close_row(self) -> None:
        """Hide it, forgetting what was written."""
        self.field.clear()
        if not self.isHidden():
            self.closing.emit()
            self.hide()

    def _on_given(self) -> None:
        self.given.emit(self.field.text())
        self.close_row()
