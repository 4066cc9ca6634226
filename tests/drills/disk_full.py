"""Fills the disk under a gateway while it is fed and commanded, then frees it again.

The data folder lies on a small disk of its own. While it is full nothing may be acknowledged that
is not safe; what was refused is sent again, as carriers and desktops do, and is there once.
"""

import tempfile
import time
from pathlib import Path

from tests.drills._disk import NoSmallDisk, SmallDisk, small_disk
from tests.drills._gateway import GatewayProcess, free_port
from tests.drills._outcome import Outcome, not_here
from tests.drills._room import Room
from tests.drills._single import run_alone
from tests.drills._watcher import until
from tests.report import Line

NAME = "disk_full"
WORDS = "the disk of the data folder is full while the gateway is fed and commanded"

_MEGABYTES = 128
_LETTERS = 200
_BEFORE = 100
_AFTER = 100
_REFUSALS = 20
_FULL_S = 6.0
_BYTES_LEFT = (0, 64 * 1024)
"""Filled to the last byte, then again with so little left that some writes fit and some do not."""


def run(seed: int, seconds: float = _FULL_S) -> Outcome:  # noqa: ARG001 - nothing is random
    """Fill the disk twice, for so long each time."""
    with tempfile.TemporaryDirectory() as folder:
        try:
            with small_disk(Path(folder) / "disk", _MEGABYTES) as disk:
                return drill(Path(folder), disk, seconds)
        except NoSmallDisk as error:
            return not_here(NAME, f"it needs a small disk of its own: {error}")


def drill(folder: Path, disk: SmallDisk, seconds: float) -> Outcome:
    """Fill the disk twice.

    Args:
        folder: for the settings and the log.
        disk: where the data folder lies.
        seconds: how long it is full each time.
    """
    data = disk.folder / "data"
    with GatewayProcess(folder, port=free_port(), data=data) as gateway:
        with Room(gateway.port, weight=_LETTERS) as room:
            room.work(_BEFORE)
            times = [_fill_and_free(room, disk, seconds, leave) for leave in _BYTES_LEFT]
            cleared = all(time_s is not None for time_s in times) and room.finish()
        gateway.end()
    refused = room.alarms.refused.total()
    told = Line("ingest_refused", refused, "messages refused meanwhile")
    recovered_s = max((time_s for time_s in times if time_s is not None), default=None)
    is_told = refused >= _REFUSALS and room.watcher.saw("disk")
    return room.outcome(NAME, data, recovered_s, cleared=cleared and is_told, more=(told,))


def _fill_and_free(room: Room, disk: SmallDisk, seconds: float, leave: int) -> float | None:
    """Seconds from the freeing until all is well and things are recorded; None if it never is."""
    ends = time.monotonic() + seconds
    while time.monotonic() < ends:
        disk.fill(leave)
        time.sleep(0.05)
    until(lambda: not room.watcher.is_well)
    disk.free()
    freed = time.monotonic()
    worked, is_well = room.work(_AFTER), room.watcher.until_well()
    return time.monotonic() - freed if worked and is_well else None


if __name__ == "__main__":
    run_alone(NAME)
