"""A page of settings of the room: read by everybody, changed by supervisors, saved as a command."""

from collections.abc import Iterable

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from tower.domain.commands import Command
from tower.domain.state import Changed
from ui.exchange import CommandResult
from ui.session import Session
from ui.widgets.notice import Notice

_OTHERS, _ANSWER = "others", "answer"
_READ_ONLY = "Only a supervisor may change this."


class SettingsFault(Exception):
    """What was typed cannot be saved; the message says what to change."""


class SettingsPage(QWidget):
    """One setting of the room: shown as it holds, edited as a draft, saved against its version.

    What somebody else saves meanwhile is shown at once where nothing was edited here; else the
    page says so, and saving asks for a choice. A subclass says how the setting is shown and read.

    Args:
        session: the shift.
        title: the page's name.
        about: what it sets, in a sentence.

    Attributes:
        title: the page's name.
        body: where a subclass puts its fields.
        notice: what is wrong, or who else changed it.
        save_button: sends the draft.
        revert_button: throws the draft away.
        mine_button: replaces what somebody else saved meanwhile.
        edited: something was edited, saved or reverted.
    """

    edited = Signal()

    def __init__(self, session: Session, title: str, about: str) -> None:
        super().__init__()
        self._session = session
        self.title = title
        self.body, self.notice = QVBoxLayout(), Notice(session.theme)
        self.save_button, self.revert_button = QPushButton("&Save"), QPushButton("Re&vert")
        self.mine_button = QPushButton("&Replace theirs")
        self._seen, self._is_edited, self._is_showing = -1, False, False
        self._waiting: Command | None = None
        self._lay_out(about)
        self._listen()

    # What a subclass says

    def table(self) -> str:
        """The table of the state the setting stands in."""
        raise NotImplementedError

    def version(self) -> int:
        """The version that holds."""
        raise NotImplementedError

    def show_held(self) -> None:
        """Put what holds into the fields."""
        raise NotImplementedError

    def command(self, version: int) -> Command:
        """What saves the fields.

        Args:
            version: the one they were edited against.

        Raises:
            SettingsFault: they cannot be saved.
        """
        raise NotImplementedError

    def set_editable(self, *, editable: bool) -> None:
        """Let the fields be changed, or only read."""
        raise NotImplementedError

    # What the window asks

    @property
    def is_edited(self) -> bool:
        """True while something is edited and not saved."""
        return self._is_edited

    @property
    def is_waiting(self) -> bool:
        """True while the gateway has not answered."""
        return self._waiting is not None

    def refresh(self) -> None:
        """Show what holds, throwing away what was edited."""
        self._is_showing = True
        self.show_held()
        self._is_showing = False
        self._seen, self._is_edited = self.version(), False
        self.notice.say(_OTHERS, "")
        self.notice.say(_ANSWER, "")
        self._allow()

    def note_edit(self) -> None:
        """A field was changed; by the user, unless the page is being filled."""
        if not self._is_showing and not self._is_edited:
            self._is_edited = True
        self._allow()

    def save(self) -> None:
        """Send what was edited."""
        try:
            self._waiting = self.command(self._seen)
        except SettingsFault as fault:
            self.notice.say(_ANSWER, str(fault))
            return
        self.notice.say(_ANSWER, "")
        self._allow()
        self._session.run(self._waiting)

    def replace_theirs(self) -> None:
        """Save what was edited over what somebody else saved meanwhile."""
        self._seen = self.version()
        self.save()

    # Within

    def _lay_out(self, about: str) -> None:
        words = QLabel(about)
        words.setWordWrap(True)
        words.setTextFormat(Qt.TextFormat.PlainText)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 12, 16, 12)
        column.setSpacing(10)
        column.addWidget(words)
        column.addLayout(self.body, 1)
        column.addWidget(self.notice)
        row = QHBoxLayout()
        row.addStretch(1)
        for button in (self.mine_button, self.revert_button, self.save_button):
            button.setAutoDefault(False)
            row.addWidget(button)
        self.save_button.setProperty("primary", "true")
        column.addLayout(row)

    def _listen(self) -> None:
        session = self._session
        self.save_button.clicked.connect(self.save)
        self.revert_button.clicked.connect(self.refresh)
        self.mine_button.clicked.connect(self.replace_theirs)
        session.records_changed.connect(self._on_records_changed)
        session.state_replaced.connect(self._on_held_changed)
        session.command_answered.connect(self._on_command_answered)
        session.actor_changed.connect(self._allow)

    def _allow(self) -> None:
        may = self._session.is_supervisor
        is_behind = self._is_edited and self.version() != self._seen
        self.set_editable(editable=may and not self.is_waiting)
        self.save_button.setEnabled(may and self._is_edited and not self.is_waiting)
        self.save_button.setVisible(not is_behind)
        self.save_button.setToolTip("" if may else _READ_ONLY)
        self.mine_button.setVisible(is_behind)
        self.mine_button.setEnabled(may and not self.is_waiting)
        self.revert_button.setEnabled(self._is_edited and not self.is_waiting)
        self.notice.say("role", "" if may else _READ_ONLY)
        self.edited.emit()

    # Happenings

    def _on_records_changed(self, changed: Iterable[Changed]) -> None:
        if any(one.table == self.table() for one in changed):
            self._on_held_changed()

    def _on_held_changed(self) -> None:
        if not self._is_edited:
            self.refresh()
        elif self.version() != self._seen:
            words = "Somebody else saved this meanwhile. Revert shows theirs; or replace it."
            self.notice.say(_OTHERS, words)
            self._allow()

    def _on_command_answered(self, command: Command, result: CommandResult) -> None:
        if command is not self._waiting:
            return
        self._waiting = None
        if result.ok:
            self._is_edited = False
            self._on_held_changed()
        else:
            self.notice.say(_ANSWER, f"Not saved: {result.message}")
        self._allow()
