"""What a step of the playbook shows before it does anything: a frame below the buttons."""

from collections.abc import Callable

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from ui.outreach.said import Said
from ui.theme import SMALL_PX, Theme
from ui.widgets.ownkeys import ENTERS, ESCAPE, claims

_OWN_KEYS = ENTERS | ESCAPE


class Pane(QFrame):
    """A framed box: a title, what is to be decided, and why something was not done.

    Enter does what its first button says, Escape closes it, wherever in it the focus is.

    Args:
        theme: colours and type.
        name: what a screen reader calls it.

    Attributes:
        title, trouble: said above and below what is to be decided.
        body: where a subclass puts its own.
        closed: the user closed it, or it is done with.
        resized: it takes more room, or less.
    """

    closed = Signal()
    resized = Signal()

    def __init__(self, theme: Theme, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self.setObjectName("stepPane")
        self.setAccessibleName(name)
        self.title = Said(theme, "accent", bold=True)
        self.trouble = Said(theme, "late", bold=True)
        self.body = QVBoxLayout()
        self.body.setSpacing(5)
        self._buttons = QHBoxLayout()
        self._buttons.setSpacing(6)
        column = QVBoxLayout(self)
        column.setContentsMargins(10, 8, 10, 8)
        column.setSpacing(5)
        column.addWidget(self.title)
        column.addLayout(self.body)
        column.addWidget(self.trouble)
        column.addLayout(self._buttons)
        theme.theme_changed.connect(self._dress)
        self._dress()
        self.hide()

    def accept_step(self) -> None:
        """Do what Enter does; a subclass says what."""
        raise NotImplementedError

    def close_pane(self) -> None:
        """Put it away."""
        if not self.isHidden():
            self.hide()
            self.closed.emit()

    def add_button(
        self, words: str, does: Callable[[], None], *, primary: bool = False
    ) -> QPushButton:
        """Put a button below, right of the others."""
        button = QPushButton(words)
        button.setProperty("primary", primary)
        button.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        button.clicked.connect(lambda _checked=False: does())
        self._buttons.addWidget(button)
        return button

    def end_buttons(self) -> None:
        """Keep the buttons at the left."""
        self._buttons.addStretch(1)

    def small(self, colour: str = "muted") -> Said:
        """A line of small words within the pane."""
        line = Said(self._theme, colour, SMALL_PX)
        self.body.addWidget(line)
        return line

    def _dress(self) -> None:
        ground, edge = self._theme.color("selection"), self._theme.color("selection_line")
        self.setStyleSheet(
            f"#stepPane {{ background: {ground.name()}; border: 1px solid {edge.name()};"
            " border-radius: 7px; }"
        )

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Tell whoever has to bring it into sight."""
        super().resizeEvent(event)
        self.resized.emit()

    def event(self, event: QEvent) -> bool:
        """Enter and Escape are the pane's own while the focus is in it, not the window's."""
        return claims(event, _OWN_KEYS) or super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter does what the focused button says, else it; Escape leaves it."""
        if event.key() == Qt.Key.Key_Escape:
            self.close_pane()
        elif event.key() in ENTERS:
            focused = self.focusWidget()
            if isinstance(focused, QPushButton) and focused.hasFocus():
                focused.click()
            else:
                self.accept_step()
        else:
            super().keyPressEvent(event)
