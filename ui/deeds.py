"""What can be taken back: each deed knows how it is undone, and how it is done again."""

from collections.abc import Callable, Iterable, Mapping
from typing import NamedTuple, Protocol

from msgspec import structs

from tower.domain.commands import (
    ClaimException,
    Command,
    LockStops,
    ReleaseException,
    ReopenException,
    ResolveException,
)
from tower.domain.records import Lock
from ui.commits import Commit, Commits
from ui.draft.draft import Draft
from ui.session import Session

Work = ClaimException | ReleaseException | ResolveException
"""Commands on an exception that another command takes back."""

INVERSE: dict[
    type[Command], tuple[type[ReleaseException | ClaimException | ReopenException], str]
] = {
    ClaimException: (ReleaseException, "claim"),
    ReleaseException: (ClaimException, "release"),
    ResolveException: (ReopenException, "resolve"),
}
"""For each of them that other command, and its own name in words."""


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


class Sent(NamedTuple):
    """A command the log itself sent.

    Attributes:
        held: what it reopens was the dispatcher's own and is to be claimed again.
    """

    command: Command
    held: bool


class Worked(NamedTuple):
    """A command on an exception its dispatcher held or did not hold."""

    words: str
    command: Work
    held: bool
    send: Callable[[Sent], None]

    def undo(self) -> None:
        """Take it back."""
        inverse, _ = INVERSE[type(self.command)]
        self.send(Sent(inverse(exception_id=self.command.exception_id, version=0), self.held))

    def redo(self) -> None:
        """Do it again."""
        self.send(Sent(self.command, held=False))


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
