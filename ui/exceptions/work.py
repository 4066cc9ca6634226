"""The commands on exceptions, one or many at once, and what became of them. Knows no widgets."""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence

from PySide6.QtCore import QObject, Signal

from tower.domain.commands import (
    AssignException,
    ClaimException,
    Command,
    EscalateException,
    MergeException,
    NoteException,
    ReleaseException,
    ReopenException,
    ResolveException,
    SnoozeException,
    WakeException,
)
from tower.domain.records import ExceptionRecord
from ui.exceptions.offers import Person, Resolution, Snooze
from ui.exceptions.rows import subject_words
from ui.exchange import CommandResult
from ui.outreach.phrases import on_one_line
from ui.session import Session

Versioned = (
    ClaimException
    | ReleaseException
    | AssignException
    | SnoozeException
    | WakeException
    | EscalateException
    | MergeException
    | ResolveException
    | ReopenException
)
"""Commands on one exception that name the version they were made against."""

_Work = Versioned | NoteException
_NAME_MOST = 90
_MANY = 20
"""So many take long enough to say that they are being sent."""

_NOT_DONE = "It could not be done."
_STILL_SENDING = "The work before is still being sent."


class Batch:
    """Commands sent together, and how many of them were done.

    Args:
        done_words: what is said of those that were done, such as `claimed`.
        commands: what is sent.
    """

    def __init__(self, done_words: str, commands: Sequence[Command]) -> None:
        self.done_words = done_words
        self.size, self.done = len(commands), 0
        self.pending = list(commands)
        self.troubles = Counter[str]()

    def take(self, command: Command, result: CommandResult) -> bool:
        """Take an answer; False where it is about another batch's command."""
        for place, one in enumerate(self.pending):
            if one is command:
                del self.pending[place]
                self.done += result.ok
                if not result.ok:
                    self.troubles[result.message or _NOT_DONE] += 1
                return True
        return False

    @property
    def summary(self) -> str:
        """`11 claimed`, `11 claimed, 1 not: K. Example is working on it`."""
        failed = sum(self.troubles.values())
        if not failed:
            return f"{self.done} {self.done_words}"
        reasons = "; ".join(
            why if count == 1 or len(self.troubles) == 1 else f"{why} ({count})"
            for why, count in self.troubles.most_common()
        )
        return f"{self.done} {self.done_words}, {failed} not: {reasons}"


class ExceptionWork(QObject):
    """Sends a person's commands on exceptions and keeps what was answered.

    Attributes:
        answered: id of the exception whose command was sent or answered.
        told: what became of what was sent, in a line for the status bar.
    """

    answered = Signal(str)
    told = Signal(str)

    def __init__(self, session: Session, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._waiting: dict[str, Versioned] = {}
        self._troubles: dict[str, str] = {}
        self._batches: list[Batch] = []
        session.command_answered.connect(self._on_command_answered)
        session.exceptions_changed.connect(self._on_exceptions_changed)
        session.live_replaced.connect(self._on_state_replaced)

    def is_waiting(self, exception_id: str) -> bool:
        """True while a command on it was sent and not answered."""
        return exception_id in self._waiting

    def trouble(self, exception_id: str) -> str:
        """Why the last command on it was not done, in words; "" where it was."""
        return self._troubles.get(exception_id, "")

    def forget_trouble(self, exception_id: str) -> None:
        """The trouble was read."""
        self._troubles.pop(exception_id, None)

    # What can be done

    def claim(self, records: Sequence[ExceptionRecord]) -> None:
        """Take exceptions."""
        self._run(
            records,
            "claimed",
            lambda one: ClaimException(exception_id=one.id, version=one.work.version),
        )

    def release(self, records: Sequence[ExceptionRecord]) -> None:
        """Give them back to the queue."""
        self._run(
            records,
            "released",
            lambda one: ReleaseException(exception_id=one.id, version=one.work.version),
        )

    def assign(self, records: Sequence[ExceptionRecord], to: Person) -> None:
        """Ask somebody to look at them, or nobody in particular."""
        self._run(
            records,
            f"assigned to {to.name or to.id}" if to.id else "assigned to nobody in particular",
            lambda one: AssignException(
                exception_id=one.id, version=one.work.version, to=to.id, to_name=to.name
            ),
        )

    def snooze(self, records: Sequence[ExceptionRecord], how: Snooze) -> None:
        """Put them aside."""
        self._run(
            records,
            f"snoozed until {self._session.clock_text(how.until)}"
            + (f" or the {how.awaits}" if how.awaits else ""),
            lambda one: SnoozeException(
                exception_id=one.id, version=one.work.version, until=how.until, awaits=how.awaits
            ),
        )

    def wake(self, records: Sequence[ExceptionRecord]) -> None:
        """Bring them back at once."""
        self._run(
            records,
            "back in the queue",
            lambda one: WakeException(exception_id=one.id, version=one.work.version),
        )

    def escalate(self, records: Sequence[ExceptionRecord], reason: str) -> None:
        """Ask a supervisor to look at them."""
        self._run(
            records,
            "escalated",
            lambda one: EscalateException(
                exception_id=one.id, version=one.work.version, reason=reason.strip()
            ),
        )

    def merge(self, records: Sequence[ExceptionRecord], into: str) -> None:
        """Close them as duplicates of another."""
        self._run(
            records,
            "merged",
            lambda one: MergeException(exception_id=one.id, version=one.work.version, into=into),
        )

    def note(self, records: Sequence[ExceptionRecord], words: str) -> None:
        """Write something down about them; in the past with the moment it is about."""
        about = f"{words.strip()}{self._session.about_words}"
        self._run(
            records,
            "noted",
            lambda one: NoteException(exception_id=one.id, words=about),
        )

    def resolve(self, records: Sequence[ExceptionRecord], how: Resolution) -> None:
        """Close them with their cause."""
        self._run(
            records,
            "resolved",
            lambda one: ResolveException(
                exception_id=one.id,
                version=one.work.version,
                cause=how.cause.strip(),
                disposition=how.disposition,
            ),
        )

    def reopen(self, records: Sequence[ExceptionRecord]) -> None:
        """Put them back into the queue."""
        self._run(
            records,
            "open again",
            lambda one: ReopenException(exception_id=one.id, version=one.work.version),
        )

    # Sending and hearing

    def _run(
        self,
        records: Sequence[ExceptionRecord],
        done_words: str,
        command_of: Callable[[ExceptionRecord], _Work],
    ) -> None:
        """Send a command on each; what waits for an answer gets no other (notes hurt nobody)."""
        commands = [command_of(one) for one in records]
        fresh = [one for one in commands if self._may_go(one)]
        if not fresh:
            self.told.emit(_STILL_SENDING)
            return
        self._batches.append(Batch(self._done_words(records, done_words), fresh))
        for command in fresh:
            self._troubles.pop(command.exception_id, None)
            if isinstance(command, Versioned):
                self._waiting[command.exception_id] = command
            self.answered.emit(command.exception_id)
        if len(fresh) >= _MANY:
            self.told.emit(f"{len(fresh)} are on their way to the gateway …")
        for command in fresh:
            self._session.run(command)

    def _may_go(self, command: _Work) -> bool:
        return isinstance(command, NoteException) or command.exception_id not in self._waiting

    def _done_words(self, records: Sequence[ExceptionRecord], words: str) -> str:
        if len(records) != 1:
            return words
        return f"{words}: {on_one_line(subject_words(self._session, records[0]), _NAME_MOST)}"

    def _on_exceptions_changed(self, ids: Iterable[str]) -> None:
        """What everybody knows to be done may be gone on with before the answer is here."""
        for id_ in ids:
            command, record = self._waiting.get(id_), self._session.state.exceptions.get(id_)
            if command is not None and record and record.work.version > command.version:
                del self._waiting[id_]

    def _on_command_answered(self, command: Command, result: CommandResult) -> None:
        if not isinstance(command, _Work):
            return
        if self._waiting.get(command.exception_id) is command:
            del self._waiting[command.exception_id]
        if not result.ok:
            self._troubles[command.exception_id] = result.message or _NOT_DONE
        self.answered.emit(command.exception_id)
        self._tell(command, result)

    def _tell(self, command: Command, result: CommandResult) -> None:
        batch = next((one for one in self._batches if one.take(command, result)), None)
        if batch is None or batch.pending:
            return
        self._batches.remove(batch)
        if batch.size > 1:
            self.told.emit(batch.summary)
        elif batch.done:
            self.told.emit(batch.done_words[:1].upper() + batch.done_words[1:])
        else:
            self.told.emit(result.message or _NOT_DONE)

    def _on_state_replaced(self) -> None:
        self._waiting.clear()
        self._batches.clear()
