"""Earlier shifts out of journals: each told once, in the order it was learnt."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import NamedTuple, Protocol

from tower.domain.events import Event
from tower.domain.fold import apply
from tower.domain.state import State


class Taker(Protocol):
    """Learns from events."""

    def take(self, shift: str, state: State, event: Event) -> None:
        """Take in an event that the state has folded."""
        ...


class Told(NamedTuple):
    """A journal that was read to its end.

    Attributes:
        state: as it stands after the last event.
        shifts: names of its shifts and when each began, in their order.
    """

    state: State
    shifts: dict[str, datetime]


def told(events: Iterable[Event], name: str, takers: Sequence[Taker]) -> Told:
    """Fold events and have others learn from each of them on the way.

    A shift is that which was opened last; where none was, the local day.

    Args:
        events: in their sequence.
        name: of the journal: shifts of two journals are two shifts.
        takers: who learns.
    """
    state, shifts = State(), dict[str, datetime]()
    for event in events:
        apply(state, event)
        shift = f"{name}/{_shift_of(state, event)}"
        shifts.setdefault(shift, event.at)
        for taker in takers:
            taker.take(shift, state, event)
    return Told(state, shifts)


def _shift_of(state: State, event: Event) -> str:
    shift = state.shift
    return shift.id if shift else event.at.astimezone(state.zone).date().isoformat()
