"""What can be done about an exception, as buttons that fit its state."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QWidget

from tower.domain.records import ExceptionRecord
from tower.domain.words import ExceptionState

_TITLES = {
    "claim": "Claim  C",
    "resolve": "Resolve…  R",
    "release": "Release  U",
    "reopen": "Reopen  ⇧R",
}


class WorkButtons(QWidget):
    """The buttons of the card, with the keys that do the same.

    Attributes:
        by_name: the buttons by the name of their work.
        wanted: the name of the work whose button was pressed.
    """

    wanted = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.by_name = {name: self._make(name, title) for name, title in _TITLES.items()}
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(6)
        for button in self.by_name.values():
            row.addWidget(button)
        row.addStretch(1)

    def _make(self, name: str, title: str) -> QPushButton:
        button = QPushButton(title)
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        button.clicked.connect(lambda _checked=False: self.wanted.emit(name))
        return button

    def show_record(self, record: ExceptionRecord, actor_id: str, *, is_waiting: bool) -> None:
        """Show what can be done with an exception as it stands.

        Args:
            record: the exception.
            actor_id: who sits here.
            is_waiting: a command on it is on its way; nothing can be pressed meanwhile.
        """
        is_claimed = record.work.state is ExceptionState.CLAIMED
        is_mine = is_claimed and record.work.owner == actor_id
        shown = {
            "claim": record.is_open and not is_claimed,
            "resolve": record.is_open,
            "release": is_claimed,
            "reopen": not record.is_open,
        }
        primary = "resolve" if is_mine else "reopen" if not record.is_open else "claim"
        for name, button in self.by_name.items():
            button.setVisible(shown[name])
            button.setEnabled(not is_waiting)
            _set_primary(button, is_primary=name == primary)


def _set_primary(button: QPushButton, *, is_primary: bool) -> None:
    if button.property("primary") != is_primary:
        button.setProperty("primary", is_primary)
        button.style().unpolish(button)
        button.style().polish(button)
