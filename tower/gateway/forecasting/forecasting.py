"""What becomes of the arrivals besides being shown: they are kept, and measured."""

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

from tower.domain import events as e
from tower.domain.events import Event
from tower.domain.state import Changed
from tower.eta.learning.store import ModelStore
from tower.eta.model import Reason
from tower.gateway.desk import Desk
from tower.gateway.forecasting import publishing
from tower.gateway.forecasting.forecast import Forecast
from tower.gateway.forecasting.hindsight import Hindsight, read_back
from tower.gateway.forecasting.keeping import Keeper, predicted
from tower.gateway.forecasting.models import Models
from tower.gateway.forecasting.projection import Projection
from tower.gateway.forecasting.publishing import Publication
from tower.gateway.live_state import LiveState
from tower.gateway.settings import GatewaySettings
from tower.journal.port import Reader

AT_ONCE = (
    e.StopProgress,
    e.StopPlanned,
    e.StopAmended,
    e.RoutePlanned,
    e.RoutesSequenced,
    e.RouteStarted,
    e.RouteFinished,
    e.ConditionsReported,
)
"""What changes arrivals; positions are heeded at the next round."""

PLANNED_ANEW = (e.StopPlanned, e.StopAmended, e.RoutePlanned, e.RoutesSequenced)
"""What is decided about a route: its customers see what follows from it at once."""

_AT_A_TIME = 50


class Forecasting:
    """Follows the projection and records what is to be remembered of it.

    Attributes:
        projection: the newest arrivals.
        hindsight: how good the predictions were.
        models: which model predicts, and why.
    """

    def __init__(
        self,
        projection: Projection,
        live: LiveState,
        desk: Desk,
        hurry: Callable[[], None],
        settings: GatewaySettings,
    ) -> None:
        """Make it.

        Args:
            projection: what is predicted.
            live: tells what happens.
            desk: where it is recorded.
            hurry: called when what happened changes arrivals.
            settings: where learnt models are, and how early customers see when.
        """
        self.projection = projection
        self.hindsight = Hindsight()
        self.models = Models(ModelStore(Path(settings.data) / "models"), projection)
        self._desk = desk
        self._hurry = hurry
        self._ahead = timedelta(hours=settings.publish_h)
        self._keeper = Keeper()
        self._looked_through: Forecast | None = None
        self._publish_from = datetime.min.replace(tzinfo=UTC)
        live.listen(self._on_events_folded)

    def reasons(self, stop_id: str) -> tuple[Reason, ...]:
        """Why a stop is not reached when the plan of the day has it, the largest share first."""
        newest = self.projection.newest
        return newest.reasons(stop_id) if newest else ()

    async def remember(self, journal: Reader, now: datetime) -> None:
        """Take in what was predicted and came today before the gateway started."""
        events = await asyncio.to_thread(read_back, journal, now)
        for start in range(0, len(events), _AT_A_TIME):
            self.hindsight.take(events[start : start + _AT_A_TIME])
            await asyncio.sleep(0)

    async def keep(self) -> None:
        """Record the predictions that are due to be kept; see `Keeper`.

        Each forecast is looked through once: of a large shift several looks fall on one.

        Raises:
            JournalError: they could not be recorded; they are kept when they are next due.
        """
        forecast = self.projection.newest
        if forecast is None or forecast is self._looked_through:
            return
        self._looked_through = forecast
        for due in self._keeper.due(forecast):
            if due:
                await self._record([predicted(forecast, index) for index in due])
            else:
                await asyncio.sleep(0)

    async def publish(self) -> None:
        """Set what customers see, where that changed; looked at every few seconds.

        Raises:
            JournalError: it could not be recorded; it is looked at again.
        """
        forecast = self.projection.newest
        if forecast is None or forecast.now < self._publish_from or not self._may_publish:
            return
        self._publish_from = forecast.now + publishing.EVERY
        found = await asyncio.to_thread(publishing.publications, forecast, self._ahead)
        for start in range(0, len(found), publishing.PORTION):
            await self._set(found[start : start + publishing.PORTION], forecast.now)

    async def _set(self, found: list[Publication], now: datetime) -> None:
        await self._desk.record(lambda state: publishing.published_events(state, found, now))

    @property
    def _may_publish(self) -> bool:
        """Not before it is known what predicts: customers would see two models' words at once."""
        return bool(self._ahead) and self.models.has_looked

    def _on_events_folded(self, events: list[Event], _changed: frozenset[Changed]) -> None:
        """Compare what came with what was predicted, and have it predicted anew."""
        settled = self.hindsight.take(events)
        if settled:
            version = self.projection.model.version
            self.projection.learn(one.outcome for one in settled if one.kept.model == version)
        if any(isinstance(event.body, AT_ONCE) for event in events):
            self._hurry()
        decided = [one.recorded_at for one in events if isinstance(one.body, PLANNED_ANEW)]
        if decided:  # by a prediction that was made after it, not by one under way
            self._publish_from = min(self._publish_from, max(decided))

    async def _record(self, events: list[Event]) -> None:
        await self._desk.record(lambda _: events)
