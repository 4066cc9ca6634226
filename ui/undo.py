"""Taking back what a dispatcher did: gestures not sent yet, and commands that have an inverse."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import NamedTuple, Protocol

from msgspec.structs import replace
from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QUndoCommand, QUndoStack

from tower.domain.commands import (
    ClaimException,
    Command,
    ReleaseException,
    ReopenException,
    ResolveException,
)
from ui.commits import Commit, Commits
from ui.draft.draft import Draft
from ui.session import CommandResult, Session

_Work = ClaimException | ReleaseException | ResolveException
_INVERSE: dict[
    type[Command], tuple[type[ReleaseException | ClaimException | ReopenException], str]
] = {
    ClaimException: (ReleaseException, "claim"),
    ReleaseException: (ClaimException, "release"),
    ResolveException: (ReopenException, "resolve"),
}
_LIMIT = 100
_CONFLICT, _UNFIT = 409, 422
_BUSY = "The change before is still being sent."


class _Deed(Protocol):
    """Something that was done and can be taken back."""

    @property
    def words(self) -> str: ...

    def undo(self) -> None: ...

    def redo(self) -> None: ...


class _Sent(NamedTuple):
    """A command the log itself sent.

    Attributes:
        held: what it reopens was the dispatcher's own and is to be claimed again.
    """

    command: Command
    held: bool


class _Worked(NamedTuple):
    """A command on an exception its dispatcher held or did not hold."""

    words: str
    command: _Work
    held: bool
    send: Callable[[_Sent], None]

    def undo(self) -> None:
        inverse, _ = _INVERSE[type(self.command)]
        self.send(_Sent(inverse(exception_id=self.command.exception_id, version=0), self.held))

    def redo(self) -> None:
        self.send(_Sent(self.command, held=False))


class _Gesture(NamedTuple):
    """A gesture of the draft."""

    words: str
    draft: Draft

    def undo(self) -> None:
        self.draft.undo()

    def redo(self) -> None:
        self.draft.redo()


class _Committed(NamedTuple):
    """A change of sequence that was committed."""

    words: str
    commit: Commit
    commits: Commits

    def undo(self) -> None:
        self.commits.send(self.commit, back=True)

    def redo(self) -> None:
        self.commits.send(self.commit, back=False)


class _Entry(QUndoCommand):
    """A deed on Qt's stack; does nothing while the stack is only being arranged."""

    def __init__(self, deed: _Deed, is_arranging: Callable[[], bool]) -> None:
        super().__init__(deed.words)
        self.deed, self._is_arranging = deed, is_arranging

    def undo(self) -> None:
        if not self._is_arranging():
            self.deed.undo()

    def redo(self) -> None:
        if not self._is_arranging():
            self.deed.redo()


class UndoLog(QObject):
    """What the dispatcher did and can take back, in order: one list behind Ctrl+Z.

    Gestures of the draft stand in it until the draft is committed, which then stands there as
    one. A commit whose routes others changed since is not taken back unseen: it becomes a draft.

    Attributes:
        stack: Qt's undo stack; its texts name what Ctrl+Z takes back. Use `undo` and `redo`.
        said: why something could not be taken back as it was done, in words.
    """

    said = Signal(str)

    def __init__(self, session: Session, draft: Draft, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session, self._draft = session, draft
        self._own, self._held = list[_Sent](), set[str]()
        self._arranging, self._epoch = False, session.epoch
        self._commits = Commits(session, draft, self)
        self.stack = QUndoStack(self)
        self.stack.setUndoLimit(_LIMIT)
        self._listen()

    def _listen(self) -> None:
        session, draft = self._session, self._draft
        session.command_issued.connect(self._on_command_issued)
        session.command_answered.connect(self._on_command_answered)
        session.state_replaced.connect(self._on_state_replaced)
        draft.gesture_added.connect(lambda words: self._push(_Gesture(words, draft)))
        draft.emptied.connect(lambda: self._keep(lambda deed: not isinstance(deed, _Gesture)))
        draft.committed.connect(self._on_committed)
        self._commits.failed.connect(self._on_commit_failed)

    # What the user asks

    def undo(self) -> None:
        """Take back what was done last."""
        if self.stack.canUndo() and self._may_go_on():
            self._go(self.stack.index() - 1, back=True)

    def redo(self) -> None:
        """Do again what was taken back last."""
        if self.stack.canRedo() and self._may_go_on():
            self._go(self.stack.index(), back=False)

    def _may_go_on(self) -> bool:
        is_busy = self._draft.is_sending or self._commits.is_sending
        if is_busy:
            self.said.emit(_BUSY)
        return not is_busy

    def _go(self, place: int, *, back: bool) -> None:
        deed = self._deeds()[place]
        if isinstance(deed, _Committed) and self._commits.is_overtaken(deed.commit, back=back):
            self._take_up(deed, back=back)
        elif back:
            self.stack.undo()
        else:
            self.stack.redo()

    def _take_up(self, deed: _Committed, *, back: bool) -> None:
        """Make a draft of what must not be sent unseen."""
        commit = deed.commit
        step, overtaken = self._commits.step(commit, back=back), self._commits.overtaken(commit)
        self._keep(lambda other: other is not deed)
        if why := self._draft.take_up(step, commit.seen, overtaken):
            self.said.emit(why)

    # The stack

    def _deeds(self) -> list[_Deed]:
        entries = (self.stack.command(place) for place in range(self.stack.count()))
        return [entry.deed for entry in entries if isinstance(entry, _Entry)]

    def _push(self, deed: _Deed) -> None:
        with self._only_arranging():
            self.stack.push(_Entry(deed, lambda: self._arranging))

    def _keep(self, wanted: Callable[[_Deed], bool]) -> None:
        """Forget the other deeds; what was taken back stays taken back."""
        deeds, index = self._deeds(), self.stack.index()
        if all(map(wanted, deeds)):
            return
        with self._only_arranging():
            self.stack.clear()
            for deed in filter(wanted, deeds):
                self.stack.push(_Entry(deed, lambda: self._arranging))
            self.stack.setIndex(sum(map(wanted, deeds[:index])))

    @contextmanager
    def _only_arranging(self) -> Iterator[None]:
        self._arranging = True
        try:
            yield
        finally:
            self._arranging = False

    # Changes of sequence

    def _on_committed(self, words: str) -> None:
        self._push(_Committed(words, self._commits.newest(words), self._commits))

    def _on_commit_failed(self, commit: Commit, back: bool, result: CommandResult) -> None:
        """Somebody was faster, or it would break something now: the dispatcher decides."""
        self.said.emit(result.message)
        deed = next((one for one in self._deeds() if _is_about(one, commit)), None)
        if not isinstance(deed, _Committed):
            return
        if result.status in (_CONFLICT, _UNFIT):
            self._take_up(deed, back=back)
        else:
            self._step_back(deed, back=back)

    def _step_back(self, deed: _Deed, *, back: bool) -> None:
        """It was not done: the stack is as it was before."""
        place = self._deeds().index(deed)
        was, is_now = (place + 1, place) if back else (place, place + 1)
        if self.stack.index() != is_now:
            self._keep(lambda other: other is not deed)
            return
        with self._only_arranging():
            self.stack.setIndex(was)

    # Work on exceptions

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
            self._push(_Worked(self._words(command), command, held, self._send))

    def _on_own_answered(self, sent: _Sent, result: CommandResult) -> None:
        if not result.ok:
            self._keep(lambda deed: not isinstance(deed, _Worked))
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

    def _on_state_replaced(self) -> None:
        """Gestures are still in the draft; commits are only of use in the same journal."""
        is_same, self._epoch = self._session.epoch == self._epoch, self._session.epoch
        self._keep(
            lambda deed: isinstance(deed, _Gesture) or (is_same and isinstance(deed, _Committed))
        )


def _is_about(deed: _Deed, commit: Commit) -> bool:
    return isinstance(deed, _Committed) and deed.commit is commit
