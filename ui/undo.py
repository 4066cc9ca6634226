"""Taking back a dispatcher's own commands: each has another command that does so."""

from collections.abc import Callable
from typing import NamedTuple

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


class _Sent(NamedTuple):
    """A command the log itself sent.

    Attributes:
        held: what it reopens was the dispatcher's own and is to be claimed again.
    """

    command: Command
    held: bool


class _Done(QUndoCommand):
    """A command that was done, on an exception its dispatcher held or did not hold."""

    def __init__(
        self, command: _Work, words: str, send: Callable[[_Sent], None], *, held: bool
    ) -> None:
        super().__init__(words)
        self._command, self._send, self._held, self._first = command, send, held, True

    def undo(self) -> None:
        inverse, _ = _INVERSE[type(self._command)]
        self._send(_Sent(inverse(exception_id=self._command.exception_id, version=0), self._held))

    def redo(self) -> None:
        if not self._first:
            self._send(_Sent(self._command, held=False))
        self._first = False


class UndoLog(QObject):
    """The dispatcher's own commands that can be taken back, in order.

    Attributes:
        stack: Qt's undo stack; its texts name what Ctrl+Z takes back.
    """

    def __init__(self, session: Session, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session, self._own, self._held = session, list[_Sent](), set[str]()
        self.stack = QUndoStack(self)
        self.stack.setUndoLimit(100)
        session.command_issued.connect(self._on_command_issued)
        session.command_answered.connect(self._on_command_answered)
        session.state_replaced.connect(self.stack.clear)

    def _send(self, wanted: _Sent) -> None:
        """Send a command against the version its exception has now."""
        exception_id = getattr(wanted.command, "exception_id", "")
        record = self._session.state.exceptions.get(exception_id)
        fresh = replace(wanted.command, version=record.work.version if record else 0)
        self._own.append(_Sent(fresh, wanted.held))
        self._session.run(fresh)

    def _on_command_issued(self, command: Command) -> None:
        """Note who holds what is about to be resolved; afterwards nobody does."""
        if not isinstance(command, ResolveException):
            return
        record = self._session.state.exceptions.get(command.exception_id)
        self._held.discard(command.exception_id)
        if record is not None and record.work.owner == self._session.actor_id != "":
            self._held.add(command.exception_id)

    def _on_command_answered(self, command: Command, result: CommandResult) -> None:
        sent = next((one for one in self._own if one.command is command), None)
        if sent is not None:
            self._own.remove(sent)
            self._on_own_answered(sent, result)
        elif result.ok and isinstance(command, _Work):
            held = isinstance(command, ResolveException) and command.exception_id in self._held
            self.stack.push(_Done(command, self._words(command), self._send, held=held))

    def _on_own_answered(self, sent: _Sent, result: CommandResult) -> None:
        if not result.ok:
            self.stack.clear()
        elif sent.held and isinstance(sent.command, ReopenException):
            claim = ClaimException(
                exception_id=sent.command.exception_id, version=sent.command.version + 1
            )
            self._own.append(_Sent(claim, held=False))
            self._session.run(claim)

    def _words(self, command: _Work) -> str:
        record = self._session.state.exceptions.get(command.exception_id)
        headline = record.finding.headline if record and record.finding else "exception"
        return f"{_INVERSE[type(command)][1]} {headline}"
