"""Taking back a dispatcher's own commands: each has another command that does so."""

from collections.abc import Callable

from msgspec.structs import replace
from PySide6.QtCore import QObject
from PySide6.QtGui import QUndoCommand, QUndoStack

from tower.domain.commands import (
    ClaimException,
    Command,
    ReleaseException,
    ReopenException,
    ResolveException,
)
from ui.session import CommandResult, Session

_Work = ClaimException | ReleaseException | ResolveException
_INVERSE: dict[
    type[Command], tuple[type[ReleaseException | ClaimException | ReopenException], str]
] = {
    ClaimException: (ReleaseException, "claim"),
    ReleaseException: (ClaimException, "release"),
    ResolveException: (ReopenException, "resolve"),
}


class _Done(QUndoCommand):
    """A command that was done."""

    def __init__(self, command: _Work, words: str, send: Callable[[Command], None]) -> None:
        super().__init__(words)
        self._command, self._send, self._first = command, send, True

    def undo(self) -> None:
        self._send(_INVERSE[type(self._command)][0](
            exception_id=self._command.exception_id, version=0
        ))  # fmt: skip

    def redo(self) -> None:
        if not self._first:
            self._send(self._command)
        self._first = False


class UndoLog(QObject):
    """The dispatcher's own commands that can be taken back, in order.

    Attributes:
        stack: Qt's undo stack; its texts name what Ctrl+Z takes back.
    """

    def __init__(self, session: Session, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session, self._own = session, list[Command]()
        self.stack = QUndoStack(self)
        self.stack.setUndoLimit(100)
        session.command_answered.connect(self._on_command_answered)
        session.state_replaced.connect(self.stack.clear)

    def _send(self, command: Command) -> None:
        """Send a command against the version its exception has now."""
        exception_id = getattr(command, "exception_id", "")
        record = self._session.state.exceptions.get(exception_id)
        fresh = replace(command, version=record.work.version if record else 0)
        self._own.append(fresh)
        self._session.run(fresh)

    def _on_command_answered(self, command: Command, result: CommandResult) -> None:
        if any(command is one for one in self._own):
            self._own = [one for one in self._own if one is not command]
            if not result.ok:
                self.stack.clear()
        elif result.ok and isinstance(command, _Work):
            self.stack.push(_Done(command, self._words(command), self._send))

    def _words(self, command: _Work) -> str:
        record = self._session.state.exceptions.get(command.exception_id)
        headline = record.finding.headline if record and record.finding else "exception"
        return f"{_INVERSE[type(command)][1]} {headline}"
