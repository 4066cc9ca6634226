"""One lane a carrier: messages wait their turn, and a flood fills its own lane only."""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable
from typing import Generic, TypeVar

from tower.gateway.options import TowerError

_Item = TypeVar("_Item")


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
        self.waiting: deque[_Item] = deque()
        self.free = asyncio.Semaphore(places)


class Lanes(Generic[_Item]):
    """Bounded queues, one a name, emptied in turn.

    A place is taken when a message enters and given back by `leave`, which is after its commit:
    the limit counts everything that is on its way.
    """

    def __init__(self, places: int) -> None:
        """Make the lanes.

        Args:
            places: messages of one name that may be on their way at once.
        """
        self._places = places
        self._lanes: dict[str, _Lane[_Item]] = {}
        self._turn: deque[str] = deque()
        self._some = asyncio.Event()

    async def enter(self, name: str, item: _Item, *, wait: bool) -> None:
        """Put a message into its lane.

        Args:
            name: whose lane.
            item: the message.
            wait: whether to wait for a place rather than be turned away.

        Raises:
            LaneFull: no place is free and `wait` is False.
        """
        lane = self._lanes.setdefault(name, _Lane(self._places))
        if not wait and lane.free.locked():
            raise LaneFull(name, self._places)
        await lane.free.acquire()
        if not lane.waiting:
            self._turn.append(name)
        lane.waiting.append(item)
        self._some.set()

    def leave(self, name: str) -> None:
        """Give a place back."""
        self._lanes[name].free.release()

    async def next(self) -> tuple[str, _Item]:
        """The next message, one of each lane in turn."""
        while not self._turn:
            self._some.clear()
            await self._some.wait()
        name = self._turn.popleft()
        lane = self._lanes[name]
        item = lane.waiting.popleft()
        if lane.waiting:
            self._turn.append(name)
        return name, item

    async def serve(self, work: Callable[[str, _Item], Awaitable[None]]) -> None:
        """Hand over every message in turn, until cancelled."""
        while True:
            name, item = await self.next()
            await work(name, item)
            await asyncio.sleep(0)
