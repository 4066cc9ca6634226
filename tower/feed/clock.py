"""What time it is for the shift: the machine's clock, or one that runs faster or was set."""

import time as machine
from collections.abc import Callable
from datetime import datetime
from typing import NamedTuple, Protocol

from tower.domain.moments import Now, utc


class Clock(Now, Protocol):
    """Where a component of the gateway or the desktop gets the time from."""

    @property
    def rate(self) -> float:
        """Seconds of the shift that pass in one second of the wall; 1 in earnest."""
        ...

    def time(self) -> float:
        """The time in seconds since 1970."""
        ...


class SystemClock:
    """The machine's own clock."""

    rate = 1.0

    def now(self) -> datetime:
        """The time, aware, UTC."""
        return utc(machine.time())

    def time(self) -> float:
        """The time in seconds since 1970."""
        return machine.time()


class _Hand(NamedTuple):
    """Where a running clock stood at one moment of the monotonic clock, and how fast it runs."""

    base: float
    since: float
    rate: float


class RunningClock:
    """A clock that was set and runs at a rate of its own; may be read from any thread."""

    def __init__(
        self,
        base: float,
        rate: float = 1.0,
        monotonic: Callable[[], float] = machine.monotonic,
    ) -> None:
        """Starts at `base` seconds since 1970 and passes `rate` seconds in each second.

        Raises:
            ValueError: the rate is not above zero.
        """
        self._monotonic = monotonic
        self._hand = _Hand(base, monotonic(), _checked(rate))

    @property
    def rate(self) -> float:
        """Seconds of this clock that pass in one second of the wall."""
        return self._hand.rate

    def time(self) -> float:
        """The time in seconds since 1970."""
        hand = self._hand
        return hand.base + (self._monotonic() - hand.since) * hand.rate

    def now(self) -> datetime:
        """The time, aware, UTC."""
        return utc(self.time())

    def set_rate(self, rate: float) -> None:
        """Go faster or slower from now on, without a jump.

        Raises:
            ValueError: the rate is not above zero.
        """
        hand, now = self._hand, self._monotonic()
        shown = hand.base + (now - hand.since) * hand.rate
        self._hand = _Hand(shown, now, _checked(rate))

    def set(self, base: float) -> None:
        """Jump to `base` seconds since 1970 and run on from there."""
        self._hand = _Hand(base, self._monotonic(), self._hand.rate)


class FollowingClock(RunningClock):
    """A clock that keeps to another machine's by the times that machine sends.

    A message that was held up can only make the sender's time look older, never newer. So a
    time ahead of this clock is taken at once, and one behind it only bends the clock a little,
    unless the two are so far apart that one of them was set.
    """

    JUMP_S = 5.0
    """Wall seconds of difference beyond which the sender's clock must have been set."""

    BEND = 0.02
    """The part of a difference that a time behind this clock takes back."""

    def follow(self, time: float, rate: float) -> None:
        """Take note that the other clock showed `time` (s since 1970) and runs at `rate`."""
        if rate != self.rate:
            self.set_rate(rate)
            self.set(time)
            return
        ahead = time - self.time()
        if ahead >= 0 or ahead < -self.JUMP_S * rate:
            self.set(time)
        else:
            self.set(self.time() + ahead * self.BEND)


def _checked(rate: float) -> float:
    if not rate > 0:
        raise ValueError(f"a clock cannot run at {rate}: give a rate above zero")
    return rate
