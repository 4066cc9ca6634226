"""The commands on an exception, and what became of them. Knows no widgets."""

from PySide6.QtCore import QObject, Signal

from tower.domain.commands import (
    ClaimException,
    Command,
    ReleaseException,
    ReopenException,
    ResolveException,
)
from tower.domain.records import ExceptionRecord
from ui.session import CommandResult, Session

_Work = ClaimException | ReleaseException | ResolveException | ReopenException


class ExceptionWork(QObject):
    """Sends a person's commands on exceptions and keeps what was answered.

    Attributes:
        answered: id of the exception whose command was sent or answered.
    """

    answered = Signal(str)

    def __init__(self, session: Session, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._waiting: dict[str, Command] = {}
        self._troubles: dict[str, str] = {}
        session.command_answered.connect(self._on_command_answered)
        session.state_replaced.connect(self._waiting.clear)

    def is_waiting(self, exception_id: str) -> bool:
        """True while a command on it was sent and not answered."""
        return exception_id in self._waiting

    def trouble(self, exception_id: str) -> str:
        """Why the last command on it was not done, in words; "" where it was."""
        return self._troubles.get(exception_id, "")

    def forget_trouble(self, exception_id: str) -> None:
        """The trouble was read."""
        self._troubles.pop(exception_id, None)

    def claim(self, record: ExceptionRecord) -> None:
        """Take an exception."""
        self._run(ClaimException(exception_id=record.id, version=record.work.version))

    def release(self, record: ExceptionRecord) -> None:
        """Give it back to the queue."""
        self._run(ReleaseException(exception_id=record.id, version=record.work.version))

    def resolve(self, record: ExceptionRecord, cause: str) -> None:
        """Close it with its cause."""
        self._run(
            ResolveException(
                exception_id=record.id, version=record.work.version, cause=cause.strip()
            )
        )

    def reopen(self, record: ExceptionRecord) -> None:
        """Put it back into the queue."""
        self._run(ReopenException(exception_id=record.id, version=record.work.version))

    def _run(self, command: _Work) -> None:
        if command.exception_id in self._waiting:
            return
        self._troubles.pop(command.exception_id, None)
        self._waiting[command.exception_id] = command
        self.answered.emit(command.exception_id)
        self._session.run(command)

    def _on_command_answered(self, command: Command, result: CommandResult) -> None:
        if not isinstance(command, _Work):
            return
        if self._waiting.get(command.exception_id) is command:
            del self._waiting[command.exception_id]
        if not result.ok:
            self._troubles[command.exception_id] = result.message or "It could not be done."
        self.answered.emit(command.exception_id)
