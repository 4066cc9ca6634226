"""What becomes of the arrivals besides being shown: they are kept, and measured."""

from tower.domain.events import Event
from tower.domain.state import Changed
from tower.eta.model import ArrivalModel, Reason
from tower.eta.schedule_model import ScheduleModel
from tower.feed.clock import Clock
from tower.gateway.desk import Desk
from tower.gateway.forecasting.hindsight import Hindsight
from tower.gateway.forecasting.keeping import Keeper, predicted
from tower.gateway.forecasting.projection import Projection
from tower.gateway.live_state import LiveState


class Forecasting:
    """Follows the projection and records what is to be remembered of it.

    Attributes:
        projection: the newest arrivals.
        hindsight: how good the predictions were.
        model: what predicts.
        trouble: why no learnt model predicts, in words; "" where one does.
        widening: spreads are multiplied by this, by what came today.
        shift_s: seconds added to arrivals by what came today.
    """

    def __init__(self, projection: Projection, live: LiveState, desk: Desk, clock: Clock) -> None:
        """Make it.

        Args:
            projection: what is predicted.
            live: tells what happens.
            desk: where it is recorded.
            clock: the gateway's.
        """
        self.projection = projection
        self.hindsight = Hindsight()
        self.model: ArrivalModel = ScheduleModel()
        self.trouble = "No model has been learnt from earlier shifts yet."
        self.widening, self.shift_s = 1.0, 0.0
        self._desk = desk
        self._clock = clock
        self._keeper = Keeper()
        live.listen(self._on_events_folded)

    def reasons(self, stop_id: str) -> tuple[Reason, ...]:
        """Why a stop is not reached when the plan of the day has it, the largest share first."""
        del stop_id
        return ()

    async def keep(self) -> None:
        """Record the predictions that are due to be kept; see `Keeper`.

        Raises:
            JournalError: they could not be recorded; they are kept when they are next due.
        """
        while due := self._keeper.due(self.projection.outlooks.values(), self._clock.now()):
            await self._record([predicted(one, self.model.version) for one in due])

    def _on_events_folded(self, events: list[Event], _changed: frozenset[Changed]) -> None:
        """Compare what came with what was predicted."""
        self.hindsight.take(events)

    async def _record(self, events: list[Event]) -> None:
        await self._desk.record(lambda _: events)
