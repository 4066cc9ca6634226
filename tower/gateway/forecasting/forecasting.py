"""What becomes of the arrivals besides being shown: they are kept."""

from tower.domain.events import Event
from tower.feed.clock import Clock
from tower.gateway.desk import Desk
from tower.gateway.forecasting.keeping import Keeper, predicted
from tower.gateway.forecasting.projection import Projection


class Forecasting:
    """Follows the projection and records what is to be remembered of it."""

    def __init__(self, projection: Projection, desk: Desk, clock: Clock) -> None:
        """Make it.

        Args:
            projection: what is predicted.
            desk: where it is recorded.
            clock: the gateway's.
        """
        self._projection = projection
        self._desk = desk
        self._clock = clock
        self._keeper = Keeper()

    async def keep(self) -> None:
        """Record the predictions that are due to be kept; see `Keeper`.

        Raises:
            JournalError: they could not be recorded; they are kept when they are next due.
        """
        while due := self._keeper.due(self._projection.outlooks.values(), self._clock.now()):
            await self._record([predicted(one, "schedule") for one in due])

    async def _record(self, events: list[Event]) -> None:
        await self._desk.record(lambda _: events)
