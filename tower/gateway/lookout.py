"""The watch rules at work in a gateway: what they are told, and what becomes of what they find."""

import asyncio
from typing import Protocol

from tower.domain import events as e
from tower.domain.events import Event
from tower.domain.state import Changed, State
from tower.feed.clock import Clock
from tower.gateway.desk import Desk
from tower.gateway.live_state import LiveState
from tower.gateway.seeing import Seeing
from tower.journal.errors import JournalError, VersionConflict
from tower.watch.watch import Watch

AT_ONCE = (
    e.StopAttempted,
    e.StopDelivered,
    e.StopCollected,
    e.CustomerContacted,
    e.ReplyReceived,
    e.RepliesSeen,
    e.ThresholdsSet,
)
"""What is looked at as soon as it is known; everything else waits for the next round."""

PORTION = 100
"""So many stops, vehicles and exceptions are looked at in one go: some 10 ms."""


class Surroundings(Protocol):
    """What the lookout needs of its gateway."""

    clock: Clock
    desk: Desk
    live: LiveState
    seeing: Seeing


class Lookout:
    """Looks for exceptions and records them.

    Attributes:
        hurry: set while something happened that is looked at at once.
    """

    def __init__(self, gateway: Surroundings) -> None:
        self._gateway = gateway
        self._watch = Watch(gateway.clock.now())
        self._changed: set[Changed] = set()
        self.hurry = asyncio.Event()
        gateway.live.listen(self._on_events_folded)

    async def look(self) -> None:
        """Look once, in portions, so that others have their turn in between.

        Raises:
            JournalError: what was found could not be recorded; it will be found again.
        """
        await self._look_at_a_portion()
        while self._watch.is_behind:
            await asyncio.sleep(0)
            await self._look_at_a_portion()

    async def _look_at_a_portion(self) -> None:
        try:
            await self._gateway.desk.record(self._find)
        except VersionConflict:
            # A carrier cleared the same exception between our look and the append.
            self._watch.look_again()
        except JournalError:
            self._watch.look_again()
            raise

    def _find(self, state: State) -> list[Event]:
        changed, self._changed = self._changed, set()
        sight, now = self._gateway.seeing.sight(), self._gateway.clock.now()
        return self._watch.look(state, sight, now, changed, PORTION)

    def _on_events_folded(self, events: list[Event], changed: frozenset[Changed]) -> None:
        self._changed |= changed
        if any(isinstance(event.body, AT_ONCE) for event in events):
            self.hurry.set()
