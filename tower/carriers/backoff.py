"""Waiting longer after each failure, so that a carrier's service can get up again."""

import asyncio
from collections.abc import Callable
from random import SystemRandom

from tower.feed.backoff import full_jitter

_chance = SystemRandom().random


class Backoff:
    """Counts failures in a row and waits after each (`tower.feed.backoff.full_jitter`)."""

    def __init__(
        self,
        first_s: float = 0.5,
        longest_s: float = 60.0,
        chance: Callable[[], float] = _chance,
    ) -> None:
        """Bounds the first wait by `first_s` and every wait by `longest_s`."""
        self._first_s = first_s
        self._longest_s = longest_s
        self._chance = chance
        self._failures = 0

    def succeeded(self) -> None:
        """The service answered: the next failure waits as shortly as the first."""
        self._failures = 0

    def next_wait(self) -> float:
        """Seconds to wait after one more failure."""
        wait = full_jitter(self._failures, self._chance, self._first_s, self._longest_s)
        self._failures += 1
        return wait

    async def wait(self) -> None:
        """Wait after one more failure."""
        await asyncio.sleep(self.next_wait())
