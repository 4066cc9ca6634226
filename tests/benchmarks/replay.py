"""How quickly any moment of a ten-hour shift of 300 vehicles is there.

A shift made up from a seed is recorded from its journal, read again, and travelled in: anywhere,
and picture by picture. The naive way, folding from the beginning, runs beside it.
"""

import asyncio
import io
import random
import time
from collections.abc import Callable, Sequence
from contextlib import closing
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import TypeVar

import numpy as np

from tests.benchmarks._replay_shift import make_shift
from tests.benchmarks._shift import memory_folder
from tests.report import Line, argument_parser, show
from tower.domain.fold import fold
from tower.gateway.recordings import Recorder, Setting, Wanted
from tower.gateway.server import JOURNAL_FILE
from tower.journal.reading import read_events
from tower.journal.spans import Spans
from tower.lasting import no_search
from tower.replay.contents import Contents
from tower.replay.file import read_recording, write_contents
from tower.replay.masking import masked_contents
from tower.replay.recording import Reader, Recording

MOMENTS = 300
STEP = timedelta(seconds=12)
"""Shift time between two pictures at x120 and ten pictures a second."""

_NAIVE = 5
_BEAT_S = 0.001

_Result = TypeVar("_Result")


def timed(
    work: Callable[[], _Result], clock: Callable[[], float] = time.perf_counter
) -> tuple[float, _Result]:
    """Seconds something takes by a clock, and what came of it."""
    begun = clock()
    result = work()
    return clock() - begun, result


def made(journal: Path, setting: Setting) -> tuple[Contents, bytes]:
    """The bytes of a recording, made as the gateway's thread makes them."""
    stream = io.BytesIO()
    with no_search():
        with closing(Spans(journal)) as spans:
            contents = Recorder(spans).record(Wanted(), setting)
        write_contents(contents, stream)
    return contents, stream.getvalue()


async def longest_hold_s(work: Callable[[], _Result]) -> tuple[float, float, _Result]:
    """Seconds some work takes in a thread, and the longest an event loop was held meanwhile."""
    loop, begun = asyncio.get_running_loop(), time.perf_counter()
    working = loop.run_in_executor(None, work)
    longest, before = 0.0, time.perf_counter()
    while not working.done():
        await asyncio.sleep(_BEAT_S)
        now = time.perf_counter()
        longest, before = max(longest, now - before - _BEAT_S), now
    return time.perf_counter() - begun, longest, await working


def measure(folder: Path, vehicles: int, seed: int, keep: str) -> dict[str, float]:
    """Everything there is to measure, by name."""
    make_s, shapes = timed(lambda: make_shift(folder, vehicles, seed))
    journal = folder / JOURNAL_FILE
    state = fold(read_events(journal))
    with closing(Spans(journal)) as spans:
        now = spans.last_learnt()
    assert now is not None
    setting = Setting(shift=state.shift, region="liechtenstein", now=now, shapes=shapes)
    record_s, hold_s, (contents, data) = asyncio.run(longest_hold_s(lambda: made(journal, setting)))
    if keep:
        Path(keep).write_bytes(data)
    load_s, recording = timed(lambda: read_recording(data))
    masked_s, _ = timed(lambda: masked_contents(contents))
    return {
        "make_s": make_s,
        "events": len(recording.events),
        "positions": len(recording.positions),
        "stops": len(state.stops),
        "record_s": record_s,
        "loop_hold_max_ms": 1e3 * hold_s,
        "masked_s": masked_s,
        "file_mb": len(data) / 1e6,
        "load_s": load_s,
        **moments(recording, seed),
    }


def moments(recording: Recording, seed: int) -> dict[str, float]:
    """Milliseconds moments take: at random, one after the other, and the naive way."""
    chance, info = random.Random(seed), recording.info
    span = info.ends - info.begins
    reader = recording.reader()
    wanted = [info.begins + chance.random() * span for _ in range(MOMENTS)]
    anywhere = times_ms(reader, wanted)
    first = wanted[0]
    steps = [first + number * STEP for number in range(MOMENTS)]
    reader.moment(first)
    stepping, backwards = times_ms(reader, steps), times_ms(reader, steps[::-1])
    return {
        "moment_p50_ms": float(np.percentile(anywhere, 50)),
        "moment_p95_ms": float(np.percentile(anywhere, 95)),
        "moment_max_ms": max(anywhere),
        "moment_cpu_p95_ms": float(np.percentile(times_ms(reader, wanted, time.thread_time), 95)),
        "step_p95_ms": float(np.percentile(stepping, 95)),
        "step_back_p95_ms": float(np.percentile(backwards, 95)),
        "naive_ms": float(np.median([naive_ms(recording, at) for at in wanted[:_NAIVE]])),
    }


def times_ms(
    reader: Reader, wanted: Sequence[datetime], clock: Callable[[], float] = time.perf_counter
) -> list[float]:
    """Milliseconds each of these moments takes."""
    return [1e3 * timed(partial(reader.moment, at), clock)[0] for at in wanted]


def naive_ms(recording: Recording, at: datetime) -> float:
    """Milliseconds of folding everything from the beginning."""
    events = recording.events_between(recording.info.begins - timedelta(days=1), at)
    return 1e3 * timed(lambda: fold(events))[0]


_TITLES = {
    "make_s": ("The shift made up", "s"),
    "events": ("Events", ""),
    "positions": ("Positions", ""),
    "stops": ("Stops", ""),
    "record_s": ("Recorded from the journal, into a file", "s"),
    "loop_hold_max_ms": ("An event loop held meanwhile, longest", "ms"),
    "masked_s": ("Personal data replaced", "s"),
    "file_mb": ("The file", "MB"),
    "load_s": ("Read and made ready", "s"),
    "moment_p50_ms": (f"A moment anywhere, middle one of {MOMENTS}", "ms"),
    "moment_p95_ms": ("Nineteen of twenty within", "ms"),
    "moment_max_ms": ("Longest", "ms"),
    "moment_cpu_p95_ms": ("Nineteen of twenty within, of processor time", "ms"),
    "step_p95_ms": ("The next picture at x120, nineteen of twenty within", "ms"),
    "step_back_p95_ms": ("The same backwards", "ms"),
    "naive_ms": ("The naive way, folding from the beginning", "ms"),
}


def main() -> None:
    """Run from the command line."""
    parser = argument_parser("tests.benchmarks.replay", str(__doc__))
    parser.add_argument("--vehicles", type=int, default=300, help="how many (%(default)s)")
    parser.add_argument("--seed", type=int, default=1, help="decides all chance (%(default)s)")
    parser.add_argument("--keep", default="", metavar="FILE.tower", help="keep the recording")
    options = parser.parse_args()
    with memory_folder() as folder:
        found = measure(folder, options.vehicles, options.seed, options.keep)
    lines = [Line(key, found[key], *words) for key, words in _TITLES.items()]
    show(lines, as_json=options.json)


if __name__ == "__main__":
    main()
