"""A room at work while a fault lasts: a carrier, a dispatcher, and a desktop that follows."""

from collections.abc import Mapping
from contextlib import ExitStack
from pathlib import Path
from typing import Self

from tests.drills._gateway import PATIENCE_S
from tests.drills._journal import found_in, lost_and_doubled
from tests.drills._outcome import Outcome
from tests.drills._senders import Alarms, Notes
from tests.drills._watcher import Watcher, until
from tests.report import Line

_ABOUT_EXCEPTIONS = 20
_ALARM_THREADS, _NOTE_THREADS = 3, 2
_SETTLES_S = 180.0


class Room:
    """A carrier reports alarms, a dispatcher writes notes, a desktop shows what became of them.

    All of them keep on whatever happens to the gateway, which is found at one port.

    Attributes:
        alarms: the carrier; each message is an alarm of a vehicle of its own.
        notes: the dispatcher; each command has a key of its own.
        watcher: the desktop.
    """

    def __init__(self, port: int, pace_s: float = 0.0, weight: int = 0) -> None:
        """Nobody works before the room is entered.

        Args:
            port: the gateway's.
            pace_s: pause of each connection after an acknowledgement.
            weight: letters more in each alarm and note.
        """
        self.port = port
        self.watcher = Watcher(port)
        self.alarms = Alarms(port, _ALARM_THREADS, pace_s, weight)
        self.notes = Notes(port, self._first_exceptions, _NOTE_THREADS, pace_s, weight)
        self._open = ExitStack()

    def __enter__(self) -> Self:
        for one in (self.watcher, self.alarms, self.notes):
            self._open.enter_context(one)
        return self

    def __exit__(self, *_: object) -> None:
        self._open.close()

    @property
    def acknowledged(self) -> int:
        """Messages and commands that were answered as safe."""
        return len(self.alarms.acknowledged) + len(self.notes.acknowledged)

    def work(self, enough: int, patience_s: float = PATIENCE_S) -> bool:
        """Wait until so many more are acknowledged; False where they are not in that time."""
        target = self.acknowledged + enough
        return until(lambda: self.acknowledged >= target, patience_s)

    def finish(self) -> bool:
        """Have everything acknowledged that is under way, then end.

        Returns:
            True where all was, and the desktop says that all is well.
        """
        for one in (self.alarms, self.notes):
            one.rest()
        done = until(lambda: self.alarms.is_done and self.notes.is_done, _SETTLES_S)
        is_well = self.watcher.until_well()
        self._open.close()
        return done and is_well

    def outcome(
        self,
        name: str,
        data: Path,
        recovered_s: float | None,
        *,
        cleared: bool,
        more: tuple[Line, ...] = (),
    ) -> Outcome:
        """Compare what was acknowledged with what is in the journal; the gateway is dead by now."""
        found = found_in(data, self.watcher.state)
        vehicles = [self.alarms.vehicle(number) for number in self.alarms.acknowledged]
        notes = [self.notes.words(number) for number in self.notes.acknowledged]
        pairs = (lost_and_doubled(vehicles, found.alarms), lost_and_doubled(notes, found.notes))
        return Outcome(
            name=name,
            acknowledged=self.acknowledged,
            lost=sum(lost for lost, _ in pairs),
            doubled=sum(doubled for _, doubled in pairs),
            recovered_s=recovered_s,
            seen=self.watcher.seen,
            cleared=cleared and found.in_order and found.follower_agrees,
            more=(*self._figures(found.in_order, found.follower_agrees), *more),
        )

    def _figures(self, in_order: bool, agrees: bool) -> tuple[Line, ...]:
        refused = self.alarms.refused + self.notes.refused
        return (
            Line("messages", len(self.alarms.acknowledged), "messages acknowledged"),
            Line("commands", len(self.notes.acknowledged), "commands acknowledged"),
            Line("resent", self.alarms.resent + self.notes.resent, "sent again"),
            Line("refused", refused.total(), "refused with words"),
            *(Line(f"refused_{n}", w, "... for example") for n, w in _examples(refused).items()),
            Line("in_order", in_order, "the journal has no gap and goes forward in time"),
            Line("desktop_agrees", agrees, "the desktop shows what the journal holds"),
        )

    def _first_exceptions(self) -> list[str]:
        known = self.watcher.state.exceptions
        return [id_ for id_, _ in zip(list(known), range(_ABOUT_EXCEPTIONS), strict=False)]


def _examples(refused: Mapping[str, int]) -> dict[str, str]:
    """The commonest wordings of refusals, numbered."""
    common = sorted(refused, key=lambda words: -refused[words])[:3]
    return {str(place + 1): words for place, words in enumerate(common)}
