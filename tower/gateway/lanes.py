"""One lane a carrier: messages wait their turn, and a flood fills its own lane only."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Generic, TypeVar

from tower.gateway.options import TowerError

_Item = TypeVar("_Item")

HEAVIEST = 20_000
"""Weight a lane may have on its way to the disk before it rests."""

WAITING_BYTES = 8 * 1024 * 1024
"""Bytes of messages that may wait in a lane, however few they are."""


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


class Lanes(Generic[_Item]):
    """Bounded queues, one a name, each emptied by a worker of its own.

    A place is taken when a message enters and given back by `leave`, which is after its commit:
    the limit counts everything that is on its way. What a message brings to be written counts by
    its weight; a lane with too much of it rests, so that the writer never has a long queue of one
    carrier's before the next carrier's turn.
    """

    def __init__(self, places: int) -> None:
        """Make the lanes.

        Args:
            places: messages of one name that may be on their way at once.
        """
        self._places = places
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
        """Let others have their turn, and wait while too much of this lane is on its way."""
        await asyncio.sleep(0)
        await self._lanes[name].light.wait()

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
            await work(name, item)
            await self.rest(name)

    def _lane(self, name: str) -> _Lane[_Item]:
        lane = self._lanes.get(name)
        if lane is None:
            lane = self._lanes[name] = _Lane(self._places)
            self._opened.put_nowait(name)
        return lane
