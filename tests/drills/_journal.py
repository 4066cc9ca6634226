"""What a drill finds in the journal afterwards."""

from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import closing
from pathlib import Path
from typing import NamedTuple

from tower.domain.events import Event, ExceptionNoted, ExceptionRaised
from tower.domain.fold import apply
from tower.domain.state import State
from tower.feed.clock import SystemClock
from tower.journal.journal import Journal
from tower.journal.mending import open_sound

JOURNAL = "journal.db"
_PAGE = 10_000


class Found(NamedTuple):
    """What stands in a journal.

    Attributes:
        alarms: how often each vehicle's alarm was raised.
        notes: how often each note was written.
        in_order: sequence numbers have no gap, and recording times only grow.
        follower_agrees: a desktop's state is the fold of the events it has.
    """

    alarms: Counter[str]
    notes: Counter[str]
    in_order: bool
    follower_agrees: bool


def found_in(data: Path, follower: State | None = None) -> Found:
    """Open the journal of a data folder as a gateway does, mended where it must be; read it all.

    Args:
        data: the data folder.
        follower: what a desktop made of the events it got.
    """
    alarms, notes, in_order = Counter[str](), Counter[str](), _Order()
    upto, folded = follower.seq if follower else 0, State()
    with closing(open_sound(data / JOURNAL, SystemClock())[0]) as journal:
        for event in _events(journal):
            in_order.take(event)
            if event.seq <= upto:
                apply(folded, event)
            if isinstance(event.body, ExceptionRaised):
                alarms[event.subject.vehicle_id] += 1
            elif isinstance(event.body, ExceptionNoted):
                notes[event.body.words] += 1
    return Found(alarms, notes, in_order.is_kept, follower is None or folded == follower)


def alarms_in(data: Path) -> Counter[str]:
    """How often each vehicle's alarm stands in the journal of a data folder."""
    return found_in(data).alarms


def events_of(data: Path) -> list[Event]:
    """All events of a data folder, in order."""
    with closing(Journal.open(data / JOURNAL, SystemClock())) as journal:
        return list(_events(journal))


def lost_and_doubled(acknowledged: Iterable[str], found: Counter[str]) -> tuple[int, int]:
    """How many acknowledged things are not there, and how many things are there twice."""
    lost = sum(1 for one in acknowledged if not found[one])
    return lost, sum(1 for count in found.values() if count > 1)


class _Order:
    """Whether events came in the journal's order."""

    def __init__(self) -> None:
        self.is_kept = True
        self._last: Event | None = None

    def take(self, event: Event) -> None:
        """The next one."""
        last, self._last = self._last, event
        if last is not None:
            follows = event.seq == last.seq + 1 and event.recorded_at > last.recorded_at
            self.is_kept = self.is_kept and follows


def _events(journal: Journal) -> Iterator[Event]:
    after = 0
    while page := journal.read(after, _PAGE):
        yield from page
        after = page[-1].seq
