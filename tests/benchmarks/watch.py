"""How fast exceptions are found: all rules over a large fleet, and from a report to the screen.

A pass is one look of the rules at 10,000 vehicles under way with 100,000 stops, two seconds after
the look before: positions came, arrivals moved, drivers and customers reported. The naive pass
looks at every stop and vehicle there is, with the same rules. What is found is folded, as in a
gateway, and not counted.

To the screen: a real gateway process with the simulated shift, and a real window. Drivers report
that they could not get in; measured is from the moment before a report is sent to the first
painting of the queue with its row in it.
"""

import os
import sys
import tempfile
import time
from argparse import Namespace
from collections.abc import Callable, Iterable
from pathlib import Path
from statistics import median
from typing import NamedTuple

import numpy as np

from tests.benchmarks._display import settle_environment
from tests.benchmarks._watch_fleet import Fleet
from tests.benchmarks._watch_screen import reports_on_screen
from tests.report import Line, argument_parser, show_whole
from tower.domain.events import Event
from tower.domain.state import Changed
from tower.gateway.lookout import PORTION
from tower.watch.watch import Watch

NAIVE_ROUNDS = 3


class Took(NamedTuple):
    """How long something took.

    Attributes:
        ms: on the wall, milliseconds.
        cpu_ms: of the processor, which a busy machine does not lengthen.
    """

    ms: float
    cpu_ms: float


class Passes:
    """One watch at work on a fleet.

    Attributes:
        raised: events the rules made.
        portions: how long each uninterrupted piece of work took.
    """

    def __init__(self, fleet: Fleet) -> None:
        self._fleet, self._watch = fleet, Watch(fleet.now)
        self._changed: set[Changed] = set()
        self.portions: list[Took] = []
        self.raised = 0

    def look(self, changed: set[Changed]) -> Took:
        """One whole look in portions, as the gateway does it; how long it took."""
        self._changed |= changed
        took = [self._portion()]
        while self._watch.is_behind:
            took.append(self._portion())
        return Took(sum(one.ms for one in took), sum(one.cpu_ms for one in took))

    def naive(self) -> Took:
        """One look at everything, with nothing known but the state; how long it took."""
        fleet, watch = self._fleet, Watch(self._fleet.now)
        sight = fleet.seeing.sight()
        return _took(lambda: watch.look(fleet.state, sight, fleet.now))

    def _portion(self) -> Took:
        fleet, changed, found = self._fleet, self._changed, list[Event]()
        sight = fleet.seeing.sight()
        took = _took(
            lambda: found.extend(self._watch.look(fleet.state, sight, fleet.now, changed, PORTION))
        )
        self._changed = fleet.take(found)
        self.raised += len(found)
        self.portions.append(took)
        return took


def measure_passes(options: Namespace) -> list[Line]:
    """Look at the fleet again and again."""
    fleet = Fleet(options.vehicles)
    passes = Passes(fleet)
    first = passes.look(set())
    for _ in range(options.settle):
        passes.look(fleet.step())
    passes.portions.clear()
    took = [passes.look(fleet.step()) for _ in range(options.passes)]
    portions, raised = list(passes.portions), passes.raised
    naive = [passes.naive() for _ in range(NAIVE_ROUNDS)]
    pass_ms, naive_ms = (median(one.ms for one in each) for each in (took, naive))
    return [
        Line("vehicles", len(fleet.state.vehicles), "Vehicles under way"),
        Line("stops", len(fleet.state.stops), "Stops"),
        Line("pass_ms", pass_ms, "A pass, median", "ms"),
        Line("pass_p95_ms", _p95(one.ms for one in took), "A pass, 95th percentile", "ms"),
        Line("pass_cpu_ms", median(one.cpu_ms for one in took), "A pass, of the processor", "ms"),
        Line("naive_ms", naive_ms, "A pass that looks at everything", "ms"),
        Line(
            "naive_cpu_ms", median(one.cpu_ms for one in naive), "The same, of the processor", "ms"
        ),
        Line("speedup", naive_ms / pass_ms, "Naive over ours", "times"),
        Line("portion_max_ms", max(one.ms for one in portions), "Longest piece, unpaused", "ms"),
        Line(
            "portion_max_cpu_ms",
            max(one.cpu_ms for one in portions),
            "Longest piece, of the processor",
            "ms",
        ),
        Line("first_pass_ms", first.ms, "The first pass after a start, in portions", "ms"),
        Line("raised", raised, "Events the rules made"),
    ]


def measure_screen(options: Namespace) -> list[Line]:
    """Send reports, and wait for each on the screen."""
    with tempfile.TemporaryDirectory(prefix="tower-watch-") as folder:
        times = np.array(reports_on_screen(Path(folder), options.reports))
    return [
        Line("reports", len(times), "Reports sent"),
        Line("raise_to_screen_s", float(np.median(times)), "Report to screen, median", "s"),
        Line("raise_to_screen_p99_s", float(np.percentile(times, 99)), "The same, p99", "s"),
        Line("load", os.getloadavg()[0], "Load of the machine meanwhile, processes"),
    ]


def _took(work: Callable[[], object]) -> Took:
    began, worked = time.perf_counter(), time.thread_time()
    work()
    return Took((time.perf_counter() - began) * 1000.0, (time.thread_time() - worked) * 1000.0)


def _p95(values: Iterable[float]) -> float:
    return float(np.percentile(list(values), 95))


def main() -> int:
    """Run from the command line."""
    parser = argument_parser("tests.benchmarks.watch", str(__doc__))
    parser.add_argument("--vehicles", type=int, default=10_000, help="vehicles (%(default)s)")
    parser.add_argument("--passes", type=int, default=120, help="passes measured (%(default)s)")
    parser.add_argument("--settle", type=int, default=60, help="passes before (%(default)s)")
    parser.add_argument("--reports", type=int, default=100, help="reports sent (%(default)s)")
    options = parser.parse_args()
    lines = measure_passes(options)
    if options.reports:
        lines += measure_screen(options)
    show_whole(lines, as_json=options.json)
    return 0


if __name__ == "__main__":
    settle_environment()
    sys.exit(main())
