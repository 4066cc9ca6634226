"""What the gateway's machine does to it: disks fill up and damage files, clocks jump."""

import asyncio
import shutil
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from tower.domain.telemetry import Fix
from tower.feed.clock import Clock
from tower.gateway.timekeeping import SteadyClock
from tower.journal.errors import MALFORMED
from tower.journal.journal import Journal
from tower.journal.mending import Mended
from tower.journal.scrubbing import Scrub

LEAST_BYTES = 32 * 1024 * 1024
"""With less room left, people are told: the journal's write-ahead log alone takes half of it."""

TOLD_S, TOLD_LOST_S = 60.0, 3600.0
"""How long people are told that a journal was mended: without loss, and with."""

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


class Soundness:
    """Whether the journal is as it was written.

    Attributes:
        fault: what is damaged, in words; "" while nothing is known to be.
        damaged: set once something is.
    """

    def __init__(self, journal: Journal, monotonic: Callable[[], float] = time.monotonic) -> None:
        """Nothing is looked at yet."""
        self._journal, self._monotonic = journal, monotonic
        self._scrub = Scrub(journal.path)
        self.fault, self.damaged = "", asyncio.Event()
        self._told, self._told_until = "", 0.0

    @property
    def trouble(self) -> str:
        """What people should know of it, in words; "" while all is well."""
        if self.fault:
            return (
                f"The journal is damaged: {self.fault}. The gateway starts again in a moment and "
                "mends it, from what is left and from its second copy."
            )
        return self._told if self._monotonic() < self._told_until else ""

    def tell(self, mended: Mended) -> None:
        """Tell people for a while what was mended."""
        told_s = TOLD_LOST_S if mended.missing else TOLD_S
        self._told, self._told_until = mended.words, self._monotonic() + told_s

    async def look(self) -> None:
        """Look at the next portion of the journal, where it is time to."""
        if self.fault:
            return
        trouble = self._journal.trouble
        if trouble is not None and MALFORMED in str(trouble):
            self.fault = "a page it needs cannot be read"
        elif self._scrub.is_due:
            self.fault = await asyncio.to_thread(self._scrub.look)
        if self.fault:
            self.damaged.set()


class Machine:
    """The machine a gateway runs on, as far as people must know of it.

    Attributes:
        soundness: whether the journal is as it was written.
    """

    def __init__(self, journal: Journal, clock: Clock) -> None:
        """Nothing is looked at yet.

        Args:
            journal: it lies on the disk that is watched.
            clock: the gateway's.
        """
        self.soundness = Soundness(journal)
        self._disk = DiskSpace(journal.path.parent)
        self._clock = clock if isinstance(clock, SteadyClock) else None

    @property
    def trouble(self) -> str:
        """What people should know of it, in words; "" while all is well."""
        clock = self._clock.trouble if self._clock else ""
        return self.soundness.trouble or self._disk.trouble or clock

    def witness(self, fixes: Sequence[Fix]) -> None:
        """Take note of positions, whose times tell which clock is right."""
        if self._clock is not None:
            self._clock.witness(fixes)
