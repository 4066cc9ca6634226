"""What the gateway's machine does to it: a disk that fills up, a clock that jumps."""

import shutil
from collections.abc import Sequence
from pathlib import Path

from tower.domain.telemetry import Fix
from tower.feed.clock import Clock
from tower.gateway.timekeeping import SteadyClock

LEAST_BYTES = 32 * 1024 * 1024
"""With less room left, people are told: the journal's write-ahead log alone takes half of it."""

_MIB = 1024 * 1024


class DiskSpace:
    """The room left on the disk of one folder."""

    def __init__(self, folder: Path) -> None:
        """Nothing is looked at yet."""
        self._folder = folder

    @property
    def trouble(self) -> str:
        """What people should know of it, in words; "" while there is room enough."""
        try:
            free = shutil.disk_usage(self._folder).free
        except OSError as error:
            return f"The data folder {self._folder} cannot be reached: {error.strerror}."
        if free >= LEAST_BYTES:
            return ""
        left = f"{free / _MIB:.0f} MB are" if free >= _MIB else "Nothing is"
        return f"{left} left on the disk of {self._folder}. Free some disk space."


class Machine:
    """The machine a gateway runs on, as far as people must know of it."""

    def __init__(self, folder: Path, clock: Clock) -> None:
        """Nothing is looked at yet.

        Args:
            folder: where the data lies.
            clock: the gateway's.
        """
        self._disk = DiskSpace(folder)
        self._clock = clock if isinstance(clock, SteadyClock) else None

    @property
    def trouble(self) -> str:
        """What people should know of it, in words; "" while all is well."""
        return self._disk.trouble or (self._clock.trouble if self._clock else "")

    def witness(self, fixes: Sequence[Fix]) -> None:
        """Take note of positions, whose times tell which clock is right."""
        if self._clock is not None:
            self._clock.witness(fixes)
