"""What can be taken back: each deed knows how it is undone, and how it is done again."""

from collections.abc import Callable, Iterable, Mapping
from typing import NamedTuple, Protocol

from msgspec import structs

from tower.domain.commands import Command, LockStops
from tower.domain.records import Lock
from ui.commits import Commit, Commits
from ui.draft.draft import Draft
from ui.session import Session


class Deed(Protocol):
    """Something that was done and can be taken back."""

    @property
    def words(self) -> str:
        """What it is called."""
        ...

    def undo(self) -> None:
        """Take it back."""
        ...

    def redo(self) -> None:
        """Do it again."""
        ...


class Part(NamedTuple):
    """One command of a gesture, and what takes it back.

    Attributes:
        back: commands, in their order.
        turn: the gesture; commands of one turn are taken back together. 0 for one of its own.
    """

    command: Command
    back: tuple[Command, ...]
    turn: int = 0

    def goes_with(self, other: "Part") -> bool:
        """True for commands of one sort on two things in one gesture."""
        is_one_turn = self.turn == other.turn != 0
        about, others = (getattr(one.command, "exception_id", "") for one in (self, other))
        return is_one_turn and type(self.command) is type(other.command) and about != others


class Worked(NamedTuple):
    """Commands of one gesture: on one exception or on many at once, or on one stop.

    Attributes:
        send: sends commands, each once the one before it was carried out.
    """

    words: str
    parts: tuple[Part, ...]
    send: Callable[[tuple[Command, ...]], None]

    def undo(self) -> None:
        """Take it back."""
        for part in self.parts:
            self.send(part.back)

    def redo(self) -> None:
        """Do it again."""
        for part in self.parts:
            self.send((part.command,))


class Locked(NamedTuple):
    """Stops that were locked or released, each with its lock before."""

    words: str
    command: LockStops
    before: Mapping[str, Lock | None]
    session: Session
    run: Callable[[Command], None]

    def undo(self) -> None:
        """Take it back."""
        for lock in dict.fromkeys(self.before.values()):
            stops = self._still(one for one, known in self.before.items() if known == lock)
            if stops:
                reason = lock.reason if lock else ""
                self.run(LockStops(stops=stops, locked=lock is not None, reason=reason))

    def redo(self) -> None:
        """Do it again."""
        if stops := self._still(self.before):
            self.run(structs.replace(self.command, stops=stops))

    def _still(self, stops: Iterable[str]) -> tuple[str, ...]:
        """Those the gateway would not refuse because they are over."""
        known = self.session.state.stops
        return tuple(one for one in stops if one in known and not known[one].is_done)


class Gesture(NamedTuple):
    """A gesture of the draft."""

    words: str
    draft: Draft

    def undo(self) -> None:
        """Take it back."""
        self.draft.undo()

    def redo(self) -> None:
        """Do it again."""
        self.draft.redo()


class Committed(NamedTuple):
    """A change of sequence that was committed."""

    words: str
    commit: Commit
    commits: Commits

    def undo(self) -> None:
        """Take it back."""
        self.commits.send(self.commit, back=True)

    def redo(self) -> None:
        """Do it again."""
        self.commits.send(self.commit, back=False)
