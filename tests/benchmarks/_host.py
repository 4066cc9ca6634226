"""What the machine gives a program at the moment, to be said beside what was measured on it.

The machines benchmarks run on are shared: within an hour the same work may take half as long again,
and whoever computes may be kept from the processor for as long as the window is meant to block.
"""

import statistics
import time

from tests.report import Line

WATCHED_S = 2.0
STEPS, TIMES = 200_000, 9


def host_lines() -> list[Line]:
    """How quick the machine is and how it is shared; to be asked before anything is started."""
    return [
        Line("host_work_ms", _work_ms(), "The machine: 200,000 steps of a bare loop, median", "ms"),
        Line("host_gap_max_ms", _gap_ms(), "  longest time the loop was kept waiting", "ms"),
    ]


def _work_ms() -> float:
    return statistics.median(_looped_ms() for _ in range(TIMES))


def _looped_ms() -> float:
    began = time.thread_time()
    for _ in range(STEPS):
        pass
    return 1000 * (time.thread_time() - began)


def _gap_ms() -> float:
    """The longest time in which a loop that only looks at the clock saw none."""
    longest, seen = 0.0, time.perf_counter()
    ends = seen + WATCHED_S
    while seen < ends:
        now = time.perf_counter()
        longest, seen = max(longest, now - seen), now
    return 1000 * longest
