"""Taking back what a dispatcher did: gestures not sent yet, and commands that have an inverse."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import NamedTuple

from msgspec import structs
from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QUndoCommand, QUndoStack

from tower.domain.commands import Command, LockStops
from tower.domain.records import Lock
from tower.domain.state import State
from ui.commits import Commit, Commits
from ui.deeds import Committed, Deed, Gesture, Locked, Part, Worked
from ui.draft.draft import Draft
from ui.draft.words import stops_words
from ui.exchange import CommandResult
from ui.session import Session
from ui.workbefore import WorkBefore

_LIMIT = 100
_CONFLICT, _UNFIT = 409, 422
_BUSY = "The change before is still being sent."


class _Sent(NamedTuple):
    """A command the log itself sent, and those to be sent once it was carried out."""

    command: Command
    then: tuple[Command, ...] = ()


class _Entry(QUndoCommand):
    """A deed on Qt's stack; does nothing while the stack is only being arranged."""

    def __init__(self, deed: Deed, is_arranging: Callable[[], bool]) -> None:
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
        done: what was taken back, or done again, in words, once everybody has it.
    """

    said = Signal(str)
    done = Signal(str)

    def __init__(self, session: Session, draft: Draft, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session, self._draft = session, draft
        self._own = list[_Sent]()
        self._work = WorkBefore(session, self)
        self._locks = dict[LockStops, dict[str, Lock | None]]()
        self._arranging, self._epoch = False, session.epoch
        self._commits = Commits(session, draft, self)
        self.stack = QUndoStack(self)
        self.stack.setUndoLimit(_LIMIT)
        self._listen()

    def _listen(self) -> None:
        session, draft = self._session, self._draft
        session.command_issued.connect(self._on_command_issued)
        session.command_answered.connect(self._on_command_answered)
        session.live_replaced.connect(self._on_state_replaced)
        draft.gesture_added.connect(lambda words: self._push(Gesture(words, draft)))
        draft.emptied.connect(lambda: self._keep(lambda deed: not isinstance(deed, Gesture)))
        draft.committed.connect(self._on_committed)
        self._commits.failed.connect(self._on_commit_failed)
        self._commits.done.connect(self._on_commit_done)

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
        if isinstance(deed, Committed) and self._commits.is_overtaken(deed.commit, back=back):
            self._take_up(deed, back=back)
        elif back:
            self.stack.undo()
        else:
            self.stack.redo()

    def _take_up(self, deed: Committed, *, back: bool) -> None:
        """Make a draft of what must not be sent unseen."""
        commit = deed.commit
        step, overtaken = self._commits.step(commit, back=back), self._commits.overtaken(commit)
        self._keep(lambda other: other is not deed)
        if why := self._draft.take_up(step, commit.seen, overtaken):
            self.said.emit(why)

    # The stack

    def _deeds(self) -> list[Deed]:
        entries = (self.stack.command(place) for place in range(self.stack.count()))
        return [entry.deed for entry in entries if isinstance(entry, _Entry)]

    def _push(self, deed: Deed) -> None:
        with self._only_arranging():
            self.stack.push(_Entry(deed, lambda: self._arranging))

    def _keep(self, wanted: Callable[[Deed], bool]) -> None:
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
        self._push(Committed(words, self._commits.newest(words), self._commits))

    def _on_commit_done(self, commit: Commit, back: bool) -> None:
        self.done.emit(f"{'Taken back' if back else 'Sent again'}: {commit.words}")

    def _on_commit_failed(self, commit: Commit, back: bool, result: CommandResult) -> None:
        """Somebody was faster, or it would break something now: the dispatcher decides."""
        self.said.emit(result.message)
        deed = next((one for one in self._deeds() if _is_about(one, commit)), None)
        if not isinstance(deed, Committed):
            return
        if result.status in (_CONFLICT, _UNFIT):
            self._take_up(deed, back=back)
        else:
            self._step_back(deed, back=back)

    def _step_back(self, deed: Deed, *, back: bool) -> None:
        """It was not done: the stack is as it was before."""
        place = self._deeds().index(deed)
        was, is_now = (place + 1, place) if back else (place, place + 1)
        if self.stack.index() != is_now:
            self._keep(lambda other: other is not deed)
            return
        with self._only_arranging():
            self.stack.setIndex(was)

    # Single commands

    def _on_command_issued(self, command: Command) -> None:
        """Note what is known of something only before it is done."""
        if isinstance(command, LockStops):
            self._locks[command] = _locks_before(command, self._session.state)
        elif not any(one.command is command for one in self._own):
            self._work.note(command)

    def _on_command_answered(self, command: Command, result: CommandResult) -> None:
        sent = next((one for one in self._own if one.command is command), None)
        if sent is not None:
            self._own.remove(sent)
            self._on_own_answered(sent, result)
        elif isinstance(command, LockStops):
            self._on_locks_answered(command, result)
        elif (part := self._work.done(command)) is not None and result.ok:
            self._add(part)

    def _add(self, part: Part) -> None:
        """A command was carried out: a deed of its own, or one more of a gesture on many."""
        done = self._deeds()[: self.stack.index()]
        kin = [one for one in done if isinstance(one, Worked) and one.parts[0].goes_with(part)]
        parts = (*(one for deed in kin for one in deed.parts), part)
        self._keep(lambda deed: deed not in kin)
        words = self._work.words([one.command for one in parts])
        self._push(Worked(words, parts, self._send))

    def _on_locks_answered(self, command: LockStops, result: CommandResult) -> None:
        before = self._locks.pop(command, {})
        if result.ok and before:
            what = stops_words(self._session, tuple(before))
            words = f"{'lock' if command.locked else 'unlock'} {what}"
            self._push(Locked(words, command, before, self._session, self._run))

    def _send(self, commands: tuple[Command, ...]) -> None:
        """Send commands one after the other, against the version their exception has now."""
        if not commands:
            return
        exception_id = getattr(commands[0], "exception_id", "")
        record = self._session.state.exceptions.get(exception_id)
        self._send_on(commands, record.work.version if record else 0)

    def _send_on(self, commands: tuple[Command, ...], version: int) -> None:
        first, *rest = commands
        if hasattr(first, "version"):
            first = structs.replace(first, version=version)
        self._run(first, tuple(rest))

    def _run(self, command: Command, then: tuple[Command, ...] = ()) -> None:
        self._own.append(_Sent(command, then))
        self._session.run(command)

    def _on_own_answered(self, sent: _Sent, result: CommandResult) -> None:
        kind = Locked if isinstance(sent.command, LockStops) else Worked
        if not result.ok:
            self.said.emit(result.message)
            self._keep(lambda deed: not isinstance(deed, kind))
        elif sent.then:
            self._send_on(sent.then, getattr(sent.command, "version", 0) + 1)

    def _on_state_replaced(self) -> None:
        """Gestures are still in the draft; commits are only of use in the same journal."""
        is_same, self._epoch = self._session.epoch == self._epoch, self._session.epoch
        self._keep(
            lambda deed: isinstance(deed, Gesture) or (is_same and isinstance(deed, Committed))
        )


def _locks_before(command: LockStops, state: State) -> dict[str, Lock | None]:
    """The locks a command changes, as they were."""
    known = {one: state.stops[one].lock for one in command.stops if one in state.stops}
    return {
        one: lock
        for one, lock in known.items()
        if (lock is not None) != command.locked or (lock and lock.reason != command.reason)
    }


def _is_about(deed: Deed, commit: Commit) -> bool:
    return isinstance(deed, Committed) and deed.commit is commit
