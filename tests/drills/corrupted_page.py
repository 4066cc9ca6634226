"""Flips bytes in pages of the journal: of one that is stopped, of one in use, and in its first.

Each time it has to be found and said, mended without anybody's doing, and everything that was
acknowledged has to be there once. The damaged file is kept aside.
"""

import random
import tempfile
import time
from pathlib import Path

from tests.drills._damage import damage, pages_with
from tests.drills._gateway import GatewayProcess, free_port
from tests.drills._journal import JOURNAL
from tests.drills._outcome import Outcome
from tests.drills._room import Room
from tests.drills._single import run_alone
from tests.drills._watcher import until
from tests.report import Line

NAME = "corrupted_page"
WORDS = "bytes of the journal's pages are flipped, while it is stopped and while it is in use"

_ENOUGH = 300
_PACE_S = 0.02
_AN_EVENT = b"exception_raised"
_FIRST_PAGE = 0
_FOUND_S = 60.0
_CLEARED_S = 120.0
_COPY_FOLLOWS_S = 3.0


def run(seed: int) -> Outcome:
    """Damage a journal three times."""
    with tempfile.TemporaryDirectory() as folder:
        return drill(Path(folder), random.Random(seed))


def drill(folder: Path, rng: random.Random) -> Outcome:
    """Damage a journal three times.

    Args:
        folder: for the settings, the log and the data.
        rng: decides which bytes are flipped.
    """
    journal, recoveries_s = folder / "data" / JOURNAL, list[float]()
    with Room(free_port(), pace_s=_PACE_S) as room:
        with GatewayProcess(folder, port=room.port) as gateway:
            room.work(_ENOUGH)
            gateway.end()
        for page in (_page_of_events(journal, rng), _FIRST_PAGE):
            damage(journal, page, rng)
            stopped = time.monotonic()
            with GatewayProcess(folder, port=room.port) as gateway:
                room.work(1)
                recoveries_s.append(time.monotonic() - stopped)
                room.work(_ENOUGH)
                time.sleep(_COPY_FOLLOWS_S)
                gateway.end()
        with GatewayProcess(folder, port=room.port) as gateway:
            room.work(_ENOUGH)
            damage(journal, _page_of_events(journal, rng), rng)
            begun = time.monotonic()
            found = room.watcher.until_saw("The journal is damaged", _FOUND_S)
            found_s = time.monotonic() - begun
            mended = until(lambda: len(_kept_aside(journal)) == 3, _FOUND_S)
            told = time.monotonic()
            worked = room.work(1)
            recoveries_s.append(time.monotonic() - told)
            is_well = room.watcher.until_well(_CLEARED_S)
            cleared = found and mended and worked and is_well and room.finish()
            gateway.end()
    lines = (
        Line("damaged", 3, "times bytes were flipped"),
        Line("kept_aside", len(_kept_aside(journal)), "damaged files kept aside"),
        Line("found_s", found_s, "found while in use after", "s"),
    )
    worst_s = max(recoveries_s)
    return room.outcome(NAME, gateway.data, worst_s, cleared=cleared, more=lines)


def _page_of_events(journal: Path, rng: random.Random) -> int:
    return rng.choice(pages_with(journal, _AN_EVENT))


def _kept_aside(journal: Path) -> list[Path]:
    return [one for one in journal.parent.glob(f"{JOURNAL}.damaged-*") if "-wal" not in one.name]


if __name__ == "__main__":
    run_alone(NAME)
