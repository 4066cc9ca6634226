"""Another process holds an exclusive transaction of the journal while the gateway is busy.

Requests wait a few seconds and are then refused in words; what was refused is sent again and is
there once. What is read, the desktop's picture, goes on meanwhile.
"""

import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.drills import _locker
from tests.drills._gateway import PATIENCE_S, GatewayProcess, free_port
from tests.drills._journal import JOURNAL
from tests.drills._outcome import Outcome
from tests.drills._room import Room
from tests.drills._single import run_alone
from tests.report import Line

NAME = "database_locked"
WORDS = "another process holds the journal's database for 20 s"

_HELD_S = 20.0
_BEFORE = _AFTER = 60


def run(seed: int, seconds: float = _HELD_S) -> Outcome:  # noqa: ARG001 - nothing is random
    """Hold the database for so long."""
    with tempfile.TemporaryDirectory() as folder:
        return drill(Path(folder), seconds)


def drill(folder: Path, seconds: float) -> Outcome:
    """Hold the database for so long.

    Args:
        folder: for the settings, the log and the data.
        seconds: more than the five a writer waits, or nobody notices.
    """
    with GatewayProcess(folder, port=free_port()) as gateway:
        with Room(gateway.port) as room:
            room.work(_BEFORE)
            with _held(gateway.data / JOURNAL, seconds):
                before = room.acknowledged
                told = room.watcher.until_saw("locked", seconds)
            meanwhile, freed = room.acknowledged - before, time.monotonic()
            worked, is_well = room.work(_AFTER), room.watcher.until_well()
            recovered_s = time.monotonic() - freed
            cleared = told and worked and is_well and room.finish()
        gateway.end()
    held = (
        Line("held_s", seconds, "held for", "s"),
        Line("acknowledged_meanwhile", meanwhile, "acknowledged meanwhile"),
    )
    return room.outcome(NAME, gateway.data, recovered_s, cleared=cleared, more=held)


@contextmanager
def _held(journal: Path, seconds: float) -> Iterator[None]:
    """While another process holds the database; the block ends when it lets go."""
    words = [sys.executable, str(_locker.__file__), str(journal), str(seconds)]
    with subprocess.Popen(words, stdout=subprocess.PIPE) as holder:
        if holder.stdout is None or not holder.stdout.readline():
            raise RuntimeError("the database could not be held")
        yield
        holder.wait(PATIENCE_S)


if __name__ == "__main__":
    run_alone(NAME)
