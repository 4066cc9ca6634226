"""One lane a carrier: messages wait their turn, and a flood fills its own lane only."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import Generic, TypeVar

from tower.gateway.options import TowerError

_Item = TypeVar("_Item")

HEAVIEST = 20_000
"""Weight a lane may have on its way to the disk before it rests."""

WAITING_BYTES = 8 * 1024 * 1024
"""Bytes of messages that may wait in a lane, however few they are."""

TURN_S = 0.01
"""Seconds for which lanes are emptied at a stretch, all that are busy together."""


class LaneFull(TowerError):
    """Too many messages of one carrier wait already.

    Attributes:
        retry_after_s: seconds after which trying again makes sense.
    """

    def __init__(self, carrier_id: str, limit: int) -> None:
        self.retry_after_s = 1
        super().__init__(
            f"{limit} messages of carrier {carrier_id} wait already; send this one again later."
        )


class _Lane(Generic[_Item]):
    def __init__(self, places: int) -> None:
        self.waiting: asyncio.Queue[tuple[_Item, int]] = asyncio.Queue()
        self.waiting_bytes = 0
        self.free = asyncio.Semaphore(places)
        self.weight = 0
        self.light = asyncio.Event()
        self.light.set()
        self.turn_ends = 0.0


class Lanes(Generic[_Item]):
    """Bounded queues, one a name, each emptied by a worker of its own.

    A place is taken when a message enters and given back by `leave`, which is after its commit:
    the limit counts everything that is on its way. What a message brings to be written counts by
    its weight; a lane with too much of it rests, so that the writer never has a long queue of one
    carrier's before the next carrier's turn.

    Turns are counted in time and not in messages: however much else the gateway does, a lane gets
    as much of its time each round.
    """

    def __init__(self, places: int, monotonic: Callable[[], float] = time.monotonic) -> None:
        """Make the lanes.

        Args:
            places: messages of one name that may be on their way at once.
            monotonic: seconds that only grow.
        """
        self._places, self._monotonic = places, monotonic
        self._busy = 0
        self._lanes: dict[str, _Lane[_Item]] = {}
        self._opened: asyncio.Queue[str] = asyncio.Queue()

    async def enter(self, name: str, item: _Item, *, wait: bool, size: int = 0) -> None:
        """Put a message into its lane.

        Args:
            name: whose lane.
            item: the message.
            wait: whether to wait for a place rather than be turned away.
            size: its bytes.

        Raises:
            LaneFull: no place is free and `wait` is False.
        """
        lane = self._lane(name)
        if not wait and (lane.free.locked() or lane.waiting_bytes > WAITING_BYTES):
            raise LaneFull(name, self._places)
        await lane.free.acquire()
        lane.waiting_bytes += size
        lane.waiting.put_nowait((item, size))

    def leave(self, name: str) -> None:
        """Give a place back."""
        self._lanes[name].free.release()

    def burden(self, name: str, weight: int) -> None:
        """Something of this weight is on its way to the disk."""
        lane = self._lanes[name]
        lane.weight += weight
        if lane.weight >= HEAVIEST:
            lane.light.clear()

    def relieve(self, name: str, weight: int) -> None:
        """It is there."""
        lane = self._lanes[name]
        lane.weight -= weight
        if lane.weight < HEAVIEST:
            lane.light.set()

    async def rest(self, name: str) -> None:
        """Let others have their turn where this one is over; wait while too much is on its way."""
        lane = self._lanes[name]
        if self._monotonic() >= lane.turn_ends:
            await asyncio.sleep(0)
            lane.turn_ends = self._monotonic() + TURN_S / max(1, self._busy)
        await lane.light.wait()

    async def serve(self, work: Callable[[str, _Item], Awaitable[None]]) -> None:
        """Hand over every message, each lane's in order, until cancelled."""
        self._opened = asyncio.Queue()
        async with asyncio.TaskGroup() as workers:
            for name in self._lanes:
                workers.create_task(self._empty(name, work), name=f"lane of {name}")
            while True:
                name = await self._opened.get()
                workers.create_task(self._empty(name, work), name=f"lane of {name}")

    async def _empty(self, name: str, work: Callable[[str, _Item], Awaitable[None]]) -> None:
        lane = self._lanes[name]
        while True:
            item, size = await lane.waiting.get()
            lane.waiting_bytes -= size
            self._busy += 1
            try:
                await work(name, item)
                await self.rest(name)
            finally:
                self._busy -= 1

    def _lane(self, name: str) -> _Lane[_Item]:
        lane = self._lanes.get(name)
        if lane is None:
            lane = self._lanes[name] = _Lane(self._places)
            self._opened.put_nowait(name)
        return lane
