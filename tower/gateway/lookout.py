"""The watch rules at work in a gateway: what they see, and what becomes of what they find."""

from collections.abc import Mapping
from datetime import datetime
from typing import Protocol

from tower.domain.events import Event
from tower.domain.moments import utc
from tower.domain.state import State
from tower.feed.clock import Clock
from tower.feed.vehicles import VehicleTable
from tower.gateway.desk import Desk
from tower.gateway.hearing import Hearing
from tower.gateway.projection import Projection
from tower.journal.errors import VersionConflict
from tower.watch.watch import Sight, Watch


class Surroundings(Protocol):
    """What the lookout needs of its gateway."""

    clock: Clock
    desk: Desk
    hearing: Hearing
    projection: Projection
    vehicle_table: VehicleTable


class Lookout:
    """Looks for exceptions and records them."""

    def __init__(self, gateway: Surroundings) -> None:
        self._gateway = gateway
        self._watch = Watch(gateway.clock.now())

    async def look(self) -> None:
        """Look once.

        Raises:
            JournalError: what was found could not be recorded; it will be found again.
        """
        try:
            await self._gateway.desk.record(self._find)
        except VersionConflict:
            # A carrier cleared the same exception between our look and the append.
            return

    def _find(self, state: State) -> list[Event]:
        gateway = self._gateway
        sight = Sight(
            arrivals=gateway.projection.arrivals,
            last_fix=last_fixes(gateway.vehicle_table),
            last_heard={i: utc(at) for i, at in gateway.hearing.last_heard().items()},
        )
        return self._watch.look(state, sight, gateway.clock.now())


def last_fixes(table: VehicleTable) -> Mapping[str, datetime]:
    """When every vehicle that ever said where it is said so last."""
    times = table.columns["at_ms"].tolist()
    pairs = zip(table.ids, times, strict=False)
    return {vehicle_id: utc(at / 1000) for vehicle_id, at in pairs if at}
