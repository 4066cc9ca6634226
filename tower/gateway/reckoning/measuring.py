"""What the gateway measures of its own accord and writes into the journal."""

import asyncio
from collections.abc import Callable, Mapping

from tower.domain.events import Event
from tower.domain.state import State
from tower.feed.clock import Clock
from tower.gateway.desk import Desk
from tower.gateway.hearing import Hearing
from tower.gateway.line import RouteLine
from tower.gateway.reckoning.carriers import CarrierListening
from tower.gateway.reckoning.routes import FinishedRoutes, Trail, measured
from tower.gateway.room import Room
from tower.journal.errors import JournalError


class Measuring:
    """Measures finished routes and the data of carriers; lives on the event loop."""

    def __init__(
        self,
        *,
        state: State,
        desk: Desk,
        room: Room,
        clock: Clock,
        hearing: Hearing,
        trail: Trail,
        lines: Callable[[], Mapping[str, tuple[int, RouteLine]]],
    ) -> None:
        """Nothing is measured before the first `measure`.

        Args:
            state: the shift.
            desk: where what was measured is recorded.
            room: says how often a source has told its past; what was heard in it is no measure.
            clock: the gateway's.
            hearing: counts what carriers send.
            trail: where vehicles were; asked in a thread.
            lines: the newest line of each route along the roads.
        """
        self._state = state
        self._desk = desk
        self._room = room
        self._catch_ups = room.catch_ups
        self._trail = trail
        self._carriers = CarrierListening(hearing, clock)
        self._routes = FinishedRoutes(lines)
        self._routes.recall(state, clock.now())

    def on_events_folded(self, events: list[Event]) -> None:
        """Take note of what happened."""
        self._carriers.note(events)
        self._routes.note(events)

    async def measure(self) -> None:
        """Record what can be measured by now.

        Raises:
            JournalError: it could not be recorded; it is tried again the next time.
        """
        if self._catch_ups != self._room.catch_ups:
            self._catch_ups = self._room.catch_ups
            self._carriers.begin(self._state)
        due = self._carriers.due(self._state)
        if due:
            await self._desk.record(lambda _: due)
            self._carriers.begin(self._state)
        await self._measure_routes()

    async def _measure_routes(self) -> None:
        drives = self._routes.take(self._state)
        if not drives:
            return
        try:
            events = await asyncio.to_thread(
                lambda: [measured(drive, self._trail) for drive in drives]
            )
            await self._desk.record(lambda _: events)
        except JournalError:
            self._routes.put_back(drives)
            raise
