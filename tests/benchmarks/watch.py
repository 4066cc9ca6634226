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
from collections.abc import Callable
from pathlib import Path

import numpy as np

from tests.benchmarks._display import settle_environment
from tests.benchmarks._watch_fleet import Fleet
from tests.benchmarks._watch_screen import reports_on_screen
from tests.report import Line, argument_parser, show_whole
from tower.domain.state import Changed
from tower.gateway.lookout import PORTION
from tower.watch.watch import Watch

NAIVE_ROUNDS = 3


class Passes:
    """One watch at work on a fleet.

    Attributes:
        raised: events the rules made.
        portion_ms: how long each uninterrupted piece of work took, milliseconds.
    """

    def __init__(self, fleet: Fleet) -> None:
        self._fleet, self._watch = fleet, Watch(fleet.now)
        self._changed: set[Changed] = set()
        self.portion_ms: list[float] = []
        self.raised = 0

    def look(self, changed: set[Changed]) -> float:
        """One whole look in portions, as the gateway does it.

        Returns:
            Milliseconds it took.
        """
        self._changed |= changed
        took_ms = self._portion()
        while self._watch.is_behind:
            took_ms += self._portion()
        return took_ms

    def naive(self) -> float:
        """One look at everything, with nothing known but the state.

        Returns:
            Milliseconds it took.
        """
        fleet, watch = self._fleet, Watch(self._fleet.now)
        sight = fleet.seeing.sight()
        return _took_ms(lambda: watch.look(fleet.state, sight, fleet.now))

    def _portion(self) -> float:
        fleet, changed = self._fleet, self._changed
        sight = fleet.seeing.sight()
        began = time.perf_counter()
        found = self._watch.look(fleet.state, sight, fleet.now, changed, PORTION)
        took_ms = (time.perf_counter() - began) * 1000.0
        self._changed = fleet.take(found)
        self.raised += len(found)
        self.portion_ms.append(took_ms)
        return took_ms


def measure_passes(options: Namespace) -> list[Line]:
    """Look at the fleet again and again."""
    fleet = Fleet(options.vehicles)
    passes = Passes(fleet)
    first_ms = passes.look(set())
    for _ in range(options.settle):
        passes.look(fleet.step())
    passes.portion_ms.clear()
    took = np.array([passes.look(fleet.step()) for _ in range(options.passes)])
    portion_ms, raised = max(passes.portion_ms), passes.raised
    naive = np.array([passes.naive() for _ in range(NAIVE_ROUNDS)])
    return [
        Line("vehicles", len(fleet.state.vehicles), "Vehicles under way"),
        Line("stops", len(fleet.state.stops), "Stops"),
        Line("pass_ms", float(np.median(took)), "A pass, median", "ms"),
        Line("pass_p95_ms", float(np.percentile(took, 95)), "A pass, 95th percentile", "ms"),
        Line("naive_ms", float(np.median(naive)), "A pass that looks at everything", "ms"),
        Line("speedup", float(np.median(naive) / np.median(took)), "Naive over ours", "times"),
        Line("portion_max_ms", portion_ms, "Longest piece without a pause", "ms"),
        Line("first_pass_ms", first_ms, "The first pass after a start, in portions", "ms"),
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


def _took_ms(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return (time.perf_counter() - began) * 1000.0


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
