"""The simulated shift behind a gateway: its clock, and its plan made off the event loop."""

import asyncio
import contextlib
import logging
import threading
from datetime import date, datetime, time
from functools import partial
from pathlib import Path

import platformdirs

from tower.demo import history
from tower.demo.happenings import Closure
from tower.demo.plan import DemoPlan
from tower.demo.promise import OPENING_S
from tower.demo.source import DemoSource
from tower.demo.store import demo_plan, roads_of
from tower.feed.clock import RunningClock, SystemClock
from tower.gateway.room import Room
from tower.gateway.server import JOURNAL_FILE, open_journal
from tower.road.engine import RoutingEngine
from tower.road.pack import RegionPack

_log = logging.getLogger(__name__)

_STEP = 0.1


class DemoDay:
    """A simulated shift of today, from 14:23 on or from where it was left.

    Attributes:
        clock: the clock the gateway has to run by.
    """

    def __init__(
        self, pack: RegionPack, seed: int, speed: float, told_until: float = float("-inf")
    ) -> None:
        """Prepare it; nothing is planned yet.

        Args:
            pack: the region it takes place in.
            seed: same seed, same shift.
            speed: how fast its clock runs.
            told_until: when the last of it was recorded by an earlier gateway, epoch seconds.
        """
        self._pack = pack
        self._seed = seed
        self._roads: RoutingEngine | None = None
        self._reading = threading.Lock()
        self._on = datetime.now(pack.info.zone).date()
        self._opens_at = max(_opening(pack, self._on), told_until)
        self._has_opened = False
        self.clock = RunningClock(self._opens_at, speed)

    async def run(self, room: Room) -> None:
        """Plan the shift where it is not kept from an earlier start, and play it."""
        with room.catching_up():
            plan = await asyncio.to_thread(self._plan)
            if not self._has_opened:
                # Planning takes a while the first time; the shift still opens at its hour.
                self.clock.set(self._opens_at)
                self._has_opened = True
            engine = partial(self._engine, plan.happenings.closure)
            source = DemoSource(plan, self._on, self.clock, engine)
            await source.tell_past(room)
        room.recall(partial(history.recall, plan, self._on))
        await source.play(room)

    def _engine(self, closure: Closure | None) -> RoutingEngine:
        """The region's roads, read once; in a worker thread, since that takes a while."""
        with self._reading:
            if self._roads is None:
                self._roads = roads_of(self._pack, closure)
            return self._roads

    def _plan(self) -> DemoPlan:
        folder = Path(platformdirs.user_cache_path("tower")) / "demo"
        return demo_plan(self._pack, self._seed, folder, _Progress().tell, on=self._on)


def told_until(folder: Path) -> float:
    """When the last event of the journal in a data folder was recorded, epoch seconds.

    Minus infinity where there is none.

    Raises:
        DataError: the journal cannot be opened.
    """
    if not (folder / JOURNAL_FILE).exists():
        return float("-inf")
    with contextlib.closing(open_journal(folder, SystemClock())) as journal:
        last = journal.read(journal.seq - 1, 1)
        return last[0].recorded_at.timestamp() if last else float("-inf")


class _Progress:
    def __init__(self) -> None:
        self._next = _STEP

    def tell(self, fraction: float) -> None:
        if fraction >= self._next:
            _log.info("planning the demo shift: %.0f %%", 100 * fraction)
            self._next = fraction + _STEP


def _opening(pack: RegionPack, on: date) -> float:
    return datetime.combine(on, time(), pack.info.zone).timestamp() + OPENING_S
