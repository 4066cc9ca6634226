"""The gateway's time: the machine's clock, unless that is suddenly set.

A shift cannot go back two hours because somebody set a clock. So a jump is not followed at once:
the gateway goes on by its own count and says so, until the machine's clock is back, or the
vehicles' devices show that the machine's new time is the right one.
"""

import sys
import time as machine
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import NamedTuple

from tower.domain.moments import utc
from tower.domain.telemetry import Fix

JUMP_S = 5.0
"""A machine's clock that is further off than this from one call to the next was set."""

AGREES_S = 120.0
"""A device whose time is this near to a clock's bears it out."""

WITNESSES = 20
"""Positions that must bear out the machine's new time before it is taken."""

TOLD_S = 60.0
"""How long people are told that a new time was taken."""

_MINUTE_S, _HOUR_S = 60, 3600

if sys.platform == "linux":

    def _steady() -> float:
        """Seconds that nobody sets, those asleep included."""
        return machine.clock_gettime(machine.CLOCK_BOOTTIME)

elif sys.platform == "darwin":

    def _steady() -> float:
        """Seconds that nobody sets, those asleep included."""
        return machine.clock_gettime(machine.CLOCK_MONOTONIC)

else:

    def _steady() -> float:
        """Seconds that nobody sets, those asleep included."""
        return machine.monotonic()


class _Hand(NamedTuple):
    """What the clock showed at one moment of the steady count."""

    shown: float
    at: float


class SteadyClock:
    """The machine's clock, but for jumps; may be read from any thread."""

    rate = 1.0

    def __init__(
        self,
        wall: Callable[[], float] = machine.time,
        steady: Callable[[], float] = _steady,
    ) -> None:
        """Starts at the machine's time.

        Args:
            wall: the machine's clock, seconds since 1970.
            steady: a count of seconds that nobody sets.
        """
        self._wall, self._steady = wall, steady
        self._hand = _Hand(wall(), steady())
        self._off_s = 0.0
        self._for, self._against = 0, 0
        self._told, self._told_until = "", 0.0

    def now(self) -> datetime:
        """The time, aware, UTC."""
        return utc(self.time())

    def time(self) -> float:
        """The time in seconds since 1970."""
        count, wall = self._steady(), self._wall()
        own = self._hand.shown + count - self._hand.at
        if abs(wall - own) > JUMP_S:
            self._off_s = wall - own
            return own
        self._hand, self._off_s = _Hand(wall, count), 0.0
        self._for = self._against = 0
        return wall

    @property
    def trouble(self) -> str:
        """What people should know of the time, in words; "" while the clocks agree."""
        shown = self.time()
        if self._off_s:
            return (
                f"The clock of the gateway's machine jumped {in_words(self._off_s)}. Tower goes on "
                f"by its own time, {utc(shown):%H:%M} UTC. Set that clock right, or start the "
                "gateway again to take its time."
            )
        return self._told if self._steady() < self._told_until else ""

    def witness(self, fixes: Sequence[Fix]) -> None:
        """Take note, after a jump, of which time the vehicles' devices bear out.

        Args:
            fixes: positions that have just come in.
        """
        if not self._off_s:
            return
        own = self.time()
        for fix in fixes:
            self._hear(fix, own)
        if self._for >= WITNESSES and self._for > 3 * self._against:
            self._take_wall()

    def _hear(self, fix: Fix, own: float) -> None:
        at = fix.at.timestamp()
        if fix.clock_replaced:
            self._for += self._off_s > 0
        elif abs(at - own) <= AGREES_S:
            self._against += 1
        elif abs(at - own - self._off_s) <= AGREES_S:
            self._for += 1

    def _take_wall(self) -> None:
        jump = in_words(self._off_s)
        self._told = f"The gateway's clock was set {jump}: its machine and the vehicles agree."
        self._told_until = self._steady() + TOLD_S
        self._hand = _Hand(self._wall(), self._steady())
        self.time()


def in_words(jump_s: float) -> str:
    """How far a clock jumped, and which way."""
    minutes, seconds = divmod(round(abs(jump_s)), _MINUTE_S)
    hours, minutes = divmod(minutes, _HOUR_S // _MINUTE_S)
    units = ((hours, "h"), (minutes, "min"), (seconds if not hours else 0, "s"))
    said = " ".join(f"{number} {unit}" for number, unit in units if number)
    return f"{said} {'forward' if jump_s > 0 else 'back'}"
