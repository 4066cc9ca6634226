"""Playing a recording: how far the hand is at a moment of the wall's clock. Knows no Qt."""

from datetime import datetime, timedelta
from typing import NamedTuple

RATES = (1, 5, 20, 60, 120)
"""Seconds of the shift that pass in one second of the wall."""


class _Run(NamedTuple):
    """Where playing began, by the recording's clock and by the wall's."""

    at: datetime
    since: float
    direction: int


class Player:
    """Whether, which way and how fast a recording is played.

    Attributes:
        rate: one of `RATES`.
    """

    def __init__(self) -> None:
        self.rate = RATES[2]
        self._run: _Run | None = None

    @property
    def direction(self) -> int:
        """1 forwards, -1 backwards, 0 while it stands."""
        return self._run.direction if self._run else 0

    def start(self, at: datetime, now: float, direction: int) -> None:
        """Play from a moment, 1 forwards or -1 backwards, as `now` (s, monotonic) says."""
        self._run = _Run(at, now, direction)

    def pause(self) -> None:
        """Stand."""
        self._run = None

    def set_rate(self, rate: int, now: float) -> None:
        """Go faster or slower from here on, without a jump."""
        at = self.at(now)
        self.rate = rate
        if self._run is not None and at is not None:
            self._run = _Run(at, now, self._run.direction)

    def at(self, now: float) -> datetime | None:
        """The moment that is due; None while it stands."""
        if self._run is None:
            return None
        passed_s = (now - self._run.since) * self.rate * self._run.direction
        return self._run.at + timedelta(seconds=passed_s)


def other_rate(rate: int, step: int) -> int:
    """The next faster (1) or slower (-1) rate; the same at either end."""
    place = RATES.index(rate) + step
    return RATES[max(0, min(len(RATES) - 1, place))]
