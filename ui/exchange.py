"""What passes between a panel and the session: what is asked, and what comes back.

Values only; nobody here waits, sends or draws.
"""

import threading
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple, Protocol

import msgspec

from tower.gateway.telling.answers import BarredMessage
from tower.routes.violations import Violation


class Selection(NamedTuple):
    """What is selected everywhere at once.

    Attributes:
        kind: `vehicle`, `stop`, `route`, `exception`, `depot`, `carrier`, or "" for nothing.
        id: Tower's id of it.
    """

    kind: str = ""
    id: str = ""


class CommandResult(msgspec.Struct, frozen=True, kw_only=True):
    """The gateway's answer to a command.

    Attributes:
        status: HTTP status; 0 where the gateway could not be asked at all.
        seq: place in the journal of the last event the command made.
        error: the gateway's short name of what went wrong, such as `version_conflict`.
        message: what went wrong, in words for the dispatcher.
        fresh: the record as it stands now, where somebody else was faster (409).
        violations: the hard constraints a sequence would newly break (422 `infeasible`).
        barred: messages that were left out although others were sent.
    """

    status: int
    seq: int = 0
    error: str = ""
    message: str = ""
    fresh: object = None
    violations: tuple[Violation, ...] = ()
    barred: tuple[BarredMessage, ...] = ()

    @property
    def ok(self) -> bool:
        """True where the command was done."""
        return self.status == 200


class Answer(msgspec.Struct, frozen=True, kw_only=True):
    """The gateway's answer to a question.

    Attributes:
        status: HTTP status; 0 where the gateway could not be asked at all.
        body: the answer itself.
        message: why there is none, in words.
        etag: version of what was asked for, where the gateway gave one.
    """

    status: int = 0
    body: bytes = b""
    message: str = ""
    etag: str = ""


class Question(NamedTuple):
    """Something a panel asks the gateway, and whom to tell (on the GUI thread)."""

    path: str
    on_answer: Callable[[Answer], None]
    headers: Mapping[str, str] = {}
    body: bytes | None = None


class Download(NamedTuple):
    """Something large the gateway is asked for, in the background.

    Attributes:
        path: what is asked.
        on_answer: told the answer, on the GUI thread.
        on_progress: told how many bytes came, of how many (0 where nobody knows), likewise.
        stop: set by whoever does not want it any more.
    """

    path: str
    on_answer: Callable[[Answer], None]
    on_progress: Callable[[int, int], None]
    stop: threading.Event


class Job(NamedTuple):
    """Work too long for the GUI thread, and what to do with its result back there."""

    work: Callable[[], Any]
    then: Callable[[Any], None]


class LiveAdvance(NamedTuple):
    """What arrived since the past is looked at.

    Attributes:
        events: how many events.
        exceptions: ids of the exceptions that were raised, in their order.
        critical: of these, how many are critical.
    """

    events: int = 0
    exceptions: tuple[str, ...] = ()
    critical: int = 0


class PastAnswers(Protocol):
    """Answers questions about the moment of the past that is shown."""

    @property
    def takes_notes(self) -> bool:
        """Whether there is a gateway that a note could go to."""
        ...

    def answer(self, path: str) -> Answer | None:
        """The answer to a question; None where it is not about a moment: the gateway is asked."""
        ...
