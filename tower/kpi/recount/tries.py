"""A stop's tries: each time a vehicle came for it, and what came of that."""

from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple

from tower.domain import events as e
from tower.domain.events import Event
from tower.domain.words import StopState

_RANK = {word: rank for rank, word in enumerate(StopState)}


class Try(NamedTuple):
    """One outcome of a stop, and how the vehicle came for it.

    Attributes:
        event: says the outcome.
        set_out_at: the first word that a vehicle is on its way or there, UTC; None where nobody
            said.
        arrived_at: when it arrived, by the last word on that; None likewise.
    """

    event: Event
    state: StopState
    set_out_at: datetime | None
    arrived_at: datetime | None

    @property
    def at(self) -> datetime:
        """When it had its outcome."""
        return self.event.at


def tries(said: Iterable[Event]) -> list[Try]:
    """The tries of a stop in the order they happened.

    The same outcome said again without a word of coming again in between is the same try, as it
    was first said; another outcome is another try.
    """
    found: list[Try] = []
    on_the_way: list[Event] = []
    for event in _in_order(said):
        state = _state(event)
        if not state.is_outcome:
            on_the_way.append(event)
        elif on_the_way or not found or found[-1].state is not state:
            found.append(_try(event, on_the_way))
            on_the_way = []
    return found


def _try(event: Event, on_the_way: list[Event]) -> Try:
    arrivals = [one.at for one in on_the_way if _state(one) is StopState.ARRIVED]
    return Try(
        event=event,
        state=_state(event),
        set_out_at=on_the_way[0].at if on_the_way else None,
        arrived_at=arrivals[-1] if arrivals else None,
    )


def _state(event: Event) -> StopState:
    body = event.body
    return body.state if isinstance(body, e.StopProgress) else StopState.PLANNED


def _in_order(said: Iterable[Event]) -> list[Event]:
    """By time; of one moment the further word is the later, as in the fold."""
    progress = (one for one in said if isinstance(one.body, e.StopProgress))
    return sorted(progress, key=lambda one: (one.at, _RANK[_state(one)], one.id))
