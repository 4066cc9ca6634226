"""Waiting longer after each failure, so that a carrier's service can get up again."""

import asyncio
from collections.abc import Callable
from secrets import SystemRandom

_uniform = SystemRandom().uniform


class Backoff:
    """Full jitter: each wait is drawn from zero to a bound that doubles with every failure.

    Source: "Exponential Backoff And Jitter", AWS Architecture Blog, 2015.
    """

    def __init__(
        self,
        first_s: float = 0.5,
        longest_s: float = 60.0,
        draw: Callable[[float, float], float] = _uniform,
    ) -> None:
        """Bounds the first wait by `first_s` and every wait by `longest_s`."""
        self._first_s = first_s
        self._longest_s = longest_s
        self._draw = draw
        self._bound_s = first_s

    def succeeded(self) -> None:
        """The service answered: the next failure waits as shortly as the first."""
        self._bound_s = self._first_s

    def next_wait(self) -> float:
        """Seconds to wait after one more failure."""
        wait = self._draw(0.0, self._bound_s)
        self._bound_s = min(self._longest_s, self._bound_s * 2)
        return wait

    async def wait(self) -> None:
        """Wait after one more failure."""
        await asyncio.sleep(self.next_wait())
