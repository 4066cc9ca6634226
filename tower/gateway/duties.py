"""Work that goes on as long as the gateway runs, and is taken up again when it stumbles."""

import asyncio
import contextlib
import logging
import time
from collections.abc import Awaitable, Callable

_log = logging.getLogger(__name__)

_AGAIN_AFTER_S = 1.0
_AGAIN_AT_MOST_S = 60.0
_HURRY_S = 0.25
_REST = 2.0
"""So many times as long as work took, nothing is done of it."""

_LONG_S = 3.0
"""Work that takes longer rests twice as long again for what is beyond: a fleet of fifty thousand
leaves its gateway no third of the time for each duty."""


class Duties:
    """The gateway's background tasks."""

    def __init__(self) -> None:
        self._tasks: set[asyncio.Task[None]] = set()

    def every(
        self,
        seconds: float,
        name: str,
        work: Callable[[], Awaitable[None]],
        hurry: asyncio.Event | None = None,
    ) -> None:
        """Do `work` now and every so many seconds of wall time.

        Work that takes long comes less often, hurried or not: at most a third of the time goes to
        it, and less the longer it takes, so that fifty thousand routes leave the gateway time for
        everybody else.

        Args:
            seconds: from one begin to the next.
            name: what it is, for the log.
            work: what is done.
            hurry: set by whoever cannot wait so long; it is cleared before the work is done.
        """

        async def repeat() -> None:
            while True:
                begun = time.monotonic()
                await work()
                spent = time.monotonic() - begun
                rest = _REST * (spent + max(0.0, spent - _LONG_S))
                await _pause(max(seconds - spent, rest), max(_HURRY_S, rest), hurry)

        self.keep(name, repeat)

    def keep(self, name: str, work: Callable[[], Awaitable[None]]) -> None:
        """Do `work` until it ends by itself; begin again, ever later, when it fails."""
        self._begin(name, _kept(name, work))

    def once(self, name: str, work: Callable[[], Awaitable[None]]) -> None:
        """Do `work` once; a failure is logged."""
        self._begin(name, _tried(name, work))

    async def stop(self) -> None:
        """End everything and wait until it has ended."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        self._tasks.clear()

    def _begin(self, name: str, work: "asyncio._CoroutineLike[None]") -> None:
        task = asyncio.get_running_loop().create_task(work, name=name)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)


async def _pause(seconds: float, least: float, hurry: asyncio.Event | None) -> None:
    if hurry is None:
        await asyncio.sleep(seconds)
        return
    least = min(seconds, least)
    await asyncio.sleep(least)
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(seconds - least):
            await hurry.wait()
    hurry.clear()


async def _kept(name: str, work: Callable[[], Awaitable[None]]) -> None:
    pause, begun = _AGAIN_AFTER_S, time.monotonic()
    while not await _succeeds(name, work):
        if time.monotonic() - begun > _AGAIN_AT_MOST_S:
            pause = _AGAIN_AFTER_S
        _log.warning("%s is taken up again in %.0f s", name, pause)
        await asyncio.sleep(pause)
        pause, begun = min(2 * pause, _AGAIN_AT_MOST_S), time.monotonic()


async def _tried(name: str, work: Callable[[], Awaitable[None]]) -> None:
    await _succeeds(name, work)


async def _succeeds(name: str, work: Callable[[], Awaitable[None]]) -> bool:
    try:
        await work()
    except Exception:  # noqa: BLE001 - what fails in the background must not end the gateway
        _log.exception("%s failed", name)
        return False
    return True
