"""Whole simulated shifts as journals, to learn arrivals from and to hold predictions against.

A real gateway is told a shift on a stepped clock: a position of every vehicle once a minute, new
arrivals every other minute, and what was predicted is kept in the journal as it is in a live shift.
A journal that was recorded before is used again.
"""

import argparse
import asyncio
import contextlib
import hashlib
import os
import shutil
import sys
import time
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from datetime import date
from pathlib import Path
from typing import NamedTuple

import msgspec
import numpy as np
import platformdirs

from tests.benchmarks._shift import Player, SteppedClock, headless, memory_folder
from tests.benchmarks.rules import plan_of
from tower.carriers.registry import find_adapters
from tower.demo.plan import PLAN_VERSION, DemoPlan
from tower.demo.regimes import SUPPOSED_DATE, Regime
from tower.gateway.gateway import Gateway
from tower.gateway.server import open_journal
from tower.gateway.signin import Tokens
from tower.journal.schema import HEAD

RECORDING = 4
"""Grows when the making of recordings changes, so that older ones are not used; nor are journals of
an older form."""

STEP_S = 60.0
"""Seconds of the shift between two positions of a vehicle."""

PREDICT_EVERY = 2
"""Arrivals are predicted anew every so many steps; that takes most of the time."""

RECORDINGS = Path(platformdirs.user_cache_path("tower")) / "eta"
"""Where recordings are kept unless asked otherwise."""


class Wanted(NamedTuple):
    """A shift to be recorded: its seed, the sort of day, and its local date."""

    seed: int
    regime: Regime = Regime.ORDINARY
    on: date = SUPPOSED_DATE


def record(seed: int, regime: Regime, on: date, folder: Path = RECORDINGS) -> Path:
    """The data folder of a gateway through which a whole shift went.

    Args:
        seed: decides everything that is chance.
        regime: what sort of day it is.
        on: its local date; the weekday is the shift's.
        folder: where recordings are kept.
    """
    plan = plan_of(seed, regime, on)
    digest = hashlib.sha256(msgspec.msgpack.encode(plan)).hexdigest()[:12]
    form = f"{PLAN_VERSION}.{RECORDING}.{HEAD}"
    name = f"{form}-{seed}-{regime}-{on.isoformat()}-{digest}"
    recorded = folder / name
    if not recorded.is_dir():
        with memory_folder() as memory:
            asyncio.run(play(plan, on, memory))
            partial = folder / f"{name}.{os.getpid()}.partial"
            shutil.copytree(memory, partial)
        partial.rename(recorded)
    return recorded


def record_all(wanted: Sequence[Wanted], folder: Path = RECORDINGS, jobs: int = 2) -> list[Path]:
    """`record` for several shifts, in the order they are wanted.

    Args:
        wanted: which.
        folder: where recordings are kept.
        jobs: how many are recorded at a time, each in a process of its own.
    """
    with ProcessPoolExecutor(jobs) as pool:
        begun = [pool.submit(record, *one, folder) for one in wanted]
        return [one.result() for one in begun]


async def play(plan: DemoPlan, on: date, folder: Path) -> None:
    """Let a whole shift go through a gateway, whose journal stays in a folder.

    Args:
        plan: what happens.
        on: the local date of it.
        folder: the data folder of the gateway, empty.
    """
    player = Player(plan, on, alarms=False)
    clock = SteppedClock(player.midnight + player.begins_s - STEP_S)
    settings = headless(folder)
    with contextlib.closing(open_journal(folder, clock)) as journal:
        gateway = Gateway(settings, journal, clock, Tokens(), find_adapters())
        # Behind for as long as it lasts: the gateway itself neither predicts nor watches.
        async with gateway.running():
            with gateway.room.catching_up():
                await player.introduce(gateway.room)
                await gateway.lines.settled()
                moments = np.arange(player.begins_s, player.ends_s, STEP_S).tolist()
                for number, now_s in enumerate(moments):
                    clock.at = player.midnight + now_s
                    await player.tell(gateway.room, now_s)
                    if number % PREDICT_EVERY == 0:
                        await gateway.projection.renew()
                        await gateway.forecasting.keep()
                        gateway.traffic.renew()


def main() -> int:
    """Record shifts and say where they are."""
    parser = argparse.ArgumentParser("tests.benchmarks._eta_shifts", description=__doc__)
    parser.add_argument("--seeds", type=int, nargs="+", default=[1])
    parser.add_argument("--regime", type=Regime, default=Regime.ORDINARY)
    parser.add_argument("--on", type=date.fromisoformat, default=SUPPOSED_DATE)
    parser.add_argument("--jobs", type=int, default=2)
    asked = parser.parse_args()
    begun = time.monotonic()
    wanted = [Wanted(seed, asked.regime, asked.on) for seed in asked.seeds]
    for path in record_all(wanted, jobs=asked.jobs):
        sys.stdout.write(f"{path}\n")
    sys.stderr.write(f"{(time.monotonic() - begun) / len(wanted):.1f} s a shift\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
