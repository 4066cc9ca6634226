"""All that has to do with figures in a gateway, as one thing."""

import asyncio

from tower.domain.events import Event
from tower.domain.state import Changed
from tower.feed.clock import Clock
from tower.gateway.desk import Desk
from tower.gateway.hearing import Hearing
from tower.gateway.lines import RouteLines
from tower.gateway.live_state import LiveState
from tower.gateway.reckoning.figures import Figures
from tower.gateway.reckoning.following import Following
from tower.gateway.reckoning.measuring import Measuring
from tower.gateway.room import Room
from tower.journal.journal import Journal


class Reckoning:
    """Measures what nobody else tells, and answers what everything comes to.

    Attributes:
        figures: answers; any thread may ask.
    """

    def __init__(
        self,
        journal: Journal,
        live: LiveState,
        desk: Desk,
        clock: Clock,
        *,
        hearing: Hearing,
        lines: RouteLines,
        room: Room,
        rest_s: float,
    ) -> None:
        """Put it together; to be called on the event loop.

        Args:
            journal: what the figures are made of.
            live: the state folded from it.
            desk: where what was measured is recorded.
            clock: the gateway's.
            hearing: counts what carriers send.
            lines: the routes along the roads.
            room: where simulated pasts wait, and sources say that they have told theirs.
            rest_s: seconds of wall time between two looks of the figures at the journal.
        """
        self._live = live
        self.figures = Figures(clock)
        self.figures.use(live.state.shift)
        self._following = Following(
            journal, self.figures, room.pasts, lambda: room.is_behind, rest_s
        )
        self._measuring = Measuring(
            state=live.state,
            desk=desk,
            room=room,
            clock=clock,
            hearing=hearing,
            trail=journal.breadcrumbs.trail,
            lines=lines.all,
        )
        live.listen(self._on_events_folded)

    def start(self) -> None:
        """Let the figures follow the journal from now on."""
        self._following.start()

    async def close(self) -> None:
        """End; waits until what is being written is written."""
        await asyncio.to_thread(self._following.close)

    async def measure(self) -> None:
        """Record what can be measured by now: finished routes, the data of carriers.

        Raises:
            JournalError: it could not be recorded; it is tried again the next time.
        """
        await self._measuring.measure()

    def _on_events_folded(self, events: list[Event], changed: frozenset[Changed]) -> None:
        self._measuring.on_events_folded(events)
        if any(one.table == "shifts" for one in changed):
            self.figures.use(self._live.state.shift)
