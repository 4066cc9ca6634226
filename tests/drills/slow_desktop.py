"""Lets desktops read one byte a second, and measures what the fast one beside them notices.

The slow ones sit behind a proxy that takes a byte a second from the gateway. Meanwhile carriers
and a dispatcher work, and a desktop that reads follows as before.
"""

import tempfile
import time
from contextlib import ExitStack
from pathlib import Path

import numpy as np
import psutil

from tests.drills._gateway import GatewayProcess
from tests.drills._outcome import Outcome
from tests.drills._room import Room
from tests.drills._single import run_alone
from tests.drills._watcher import Watcher, until
from tests.protocol.proxy import DOWN, Proxy
from tests.report import Line
from tower.domain.events import Event
from tower.feed.clock import SystemClock

NAME = "slow_desktop"
WORDS = "desktops read one byte a second while others stay fast"

SLOW = 3
"""Desktops that read one byte a second."""

_SECONDS = 40.0
_PACE_S = 0.05
_MIB = 1024 * 1024


class Fast(Watcher):
    """A desktop that reads, and how long after its recording each event is there.

    Attributes:
        late_s: seconds, of each event since the last time it was asked.
    """

    def __init__(self, port: int) -> None:
        super().__init__(port)
        self.late_s: list[float] = []
        self._clock = SystemClock()

    def events_arrived(self, events: list[Event]) -> None:
        """From the feed."""
        super().events_arrived(events)
        now = self._clock.now()
        self.late_s += [(now - event.recorded_at).total_seconds() for event in events]

    def p95_ms(self) -> float:
        """95 of 100 events since the last time were there within so many milliseconds."""
        late, self.late_s = self.late_s, []
        return float(np.percentile(late, 95)) * 1000 if late else float("nan")


def run(seed: int, seconds: float = _SECONDS) -> Outcome:  # noqa: ARG001 - nothing is random
    """Have them read slowly for so long, on a journal of its own."""
    with tempfile.TemporaryDirectory() as folder:
        return drill(seconds, Path(folder))


def drill(seconds: float, folder: Path) -> Outcome:
    """Have them read slowly for so long.

    Args:
        seconds: how long, after a quarter as long when they read as anybody.
        folder: where the gateway's journal lies.
    """
    with (
        GatewayProcess(folder) as gateway,
        Proxy(gateway.port) as proxy,
        Room(gateway.port, _PACE_S) as room,
        Fast(gateway.port) as fast,
        ExitStack() as stack,
    ):
        slow = [stack.enter_context(Watcher(proxy.port)) for _ in range(SLOW)]
        until(lambda: all(one.is_well for one in (*slow, fast)))
        process = psutil.Process(gateway.pid)
        time.sleep(seconds / 4)
        before_ms, before_mb = fast.p95_ms(), process.memory_info().rss / _MIB
        proxy.trickle(1.0, DOWN)
        most_mb = _most_memory(process, seconds)
        during_ms, ended = fast.p95_ms(), time.monotonic()
        proxy.mend()
        is_well = until(lambda: all(one.is_well for one in slow))
        recovered_s = time.monotonic() - ended
        seen = tuple(dict.fromkeys(words for one in slow for words in one.seen))
        cleared = room.finish() and is_well and not fast.seen
        same = until(lambda: all(one.state.seq >= room.watcher.state.seq for one in slow))
    outcome = room.outcome(NAME, folder / "data", recovered_s, cleared=cleared)
    figures = (
        Line("fast_p95_before_ms", before_ms, "an event is on the fast desktop within", "ms"),
        Line("fast_p95_during_ms", during_ms, "... while the others are slow", "ms"),
        Line("memory_before_mb", before_mb, "memory of the gateway before", "MB"),
        Line("memory_most_mb", most_mb, "... at most while they are slow", "MB"),
        Line("slow_agree", same, "the slow desktops have all of it in the end"),
    )
    return outcome._replace(
        seen=seen, cleared=outcome.cleared and same, more=outcome.more + figures
    )


def _most_memory(process: psutil.Process, seconds: float) -> float:
    """The most memory in so long, MiB."""
    most, ends = 0.0, time.monotonic() + seconds
    while time.monotonic() < ends:
        most = max(most, process.memory_info().rss / _MIB)
        time.sleep(0.2)
    return most


if __name__ == "__main__":
    run_alone(NAME)
