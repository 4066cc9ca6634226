"""How good our orders are: travelling salesman problems with time windows, against the best known.

Each instance of the file is given to the solver the optimiser uses, for so many seconds with
everything in them, in two threads. Every tour is checked by plain arithmetic in the file's rules.
"""

import sys
import time
from argparse import Namespace
from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path
from statistics import fmean
from typing import NamedTuple

import numpy as np

from tests.benchmarks._tsptw_check import BrokenTour, cost_of
from tests.benchmarks._tsptw_file import BadInstances, Instance, read_instances
from tests.report import Line, argument_parser, show_whole
from tower.routes.solver.problem import Call, Carrier, IntMatrix, Problem
from tower.routes.solver.search import by_window, solve_within

AT_BEST_PCT = 0.002
"""Best known costs are published rounded."""

_SPARE_S = 0.02
_MOST_TIME = 10**11


class Outcome(NamedTuple):
    """What was found for one instance.

    Attributes:
        cost: of the tour by the checker, None where none keeps the rules.
        took_s: seconds, from the instance to the tour.
    """

    instance: Instance
    cost: Decimal | None
    took_s: float

    @property
    def gap_pct(self) -> float | None:
        """How much dearer than the best known, per cent; None where that cannot be said."""
        best = self.instance.best_known
        if self.cost is None or best is None or best <= 0:
            return None
        return float((self.cost - best) / best * 100)


def problem_of(instance: Instance) -> tuple[Problem, list[int]]:
    """An instance as the solver takes it, and the node of each of its calls.

    Numbers become whole ones by a power of ten that keeps every decimal, or as many as fit:
    then travel is rounded up and windows inwards, so that what keeps them keeps the real ones.
    """
    others = [node for node in range(instance.nodes) if node != instance.depot]
    latest = sum(map(max, instance.matrix)) + max(opens for opens, _ in instance.windows)
    unit = _unit(instance, latest)
    matrix = np.array(
        [[_up(entry, unit) for entry in row] for row in instance.matrix], dtype=np.int64
    )
    windows = [
        (_up(opens, unit), int(min(latest if closes is None else closes, latest) // unit))
        for opens, closes in instance.windows
    ]
    makespan = instance.objective == "makespan"
    opens, closes = windows[instance.depot]
    carrier = Carrier(
        instance.depot,
        instance.depot,
        ready=opens,
        due=closes,
        starts_by=opens,
        duration_cost=int(makespan),
    )
    costs: IntMatrix = np.zeros_like(matrix) if makespan else matrix
    calls = tuple(Call(node, *windows[node]) for node in others)
    problem = Problem(calls=calls, carriers=(carrier,), costs=(costs,), durations=(matrix,))
    return problem, others


def _unit(instance: Instance, latest: Decimal) -> Decimal:
    """The value of one whole unit."""
    numbers = [entry for row in instance.matrix for entry in row]
    numbers += [end for window in instance.windows for end in window if end is not None]
    finest = min(_exponent(number) for number in set(numbers))
    coarsest = len(str(int(latest))) - len(str(_MOST_TIME))
    return Decimal(10) ** max(finest, coarsest)


def _exponent(number: Decimal) -> int:
    exponent = number.normalize().as_tuple().exponent
    assert isinstance(exponent, int)
    return min(0, exponent)


def _up(number: Decimal, unit: Decimal) -> int:
    return -int(-number // unit)


def solved(instance: Instance, seconds: float) -> Outcome:
    """Give an instance to the solver and have the tour checked."""
    begun = time.perf_counter()
    tour = _tour(instance, begun + seconds - _SPARE_S)
    took_s = time.perf_counter() - begun
    try:
        return Outcome(instance, cost_of(instance, tour), took_s)
    except BrokenTour:
        return Outcome(instance, None, took_s)


def _tour(instance: Instance, ends_at: float) -> list[int]:
    problem, nodes = problem_of(instance)
    if not nodes:
        return []
    plan = solve_within(problem, ends_at, starts=(by_window(problem), None))
    return [nodes[call] for call in plan.tours[0]]


def measure(options: Namespace) -> list[Line]:
    """Solve every instance of the file."""
    instances = read_instances(options.file)
    if not options.json:
        _print("instance", "nodes", "found", "best known", "gap %", "s")
    outcomes = []
    for instance in instances:
        outcomes.append(solved(instance, options.seconds))
        if not options.json:
            _print(*_row(outcomes[-1]))
    return _summary(outcomes)


def _row(outcome: Outcome) -> tuple[str, ...]:
    instance, gap_pct = outcome.instance, outcome.gap_pct
    return (
        instance.name,
        str(instance.nodes),
        "infeasible" if outcome.cost is None else f"{outcome.cost.normalize():f}",
        "—" if instance.best_known is None else f"{instance.best_known.normalize():f}",
        "—" if gap_pct is None else f"{gap_pct:.3f}",
        f"{outcome.took_s:.2f}",
    )


def _print(name: str, *columns: str) -> None:
    print(f"{name:<24}", *(f"{column:>12}" for column in columns), flush=True)


def _summary(outcomes: Sequence[Outcome]) -> list[Line]:
    gaps = [outcome.gap_pct for outcome in outcomes if outcome.gap_pct is not None]
    dearer = [max(0.0, gap) for gap in gaps]
    infeasible = sum(outcome.cost is None for outcome in outcomes)
    longest_s = max((outcome.took_s for outcome in outcomes), default=0.0)
    return [
        Line("instances", len(outcomes), "Instances"),
        Line("at_best", sum(gap <= AT_BEST_PCT for gap in gaps), "At the best known cost"),
        Line("mean_gap_pct", fmean(dearer) if dearer else None, "Dearer than that, mean", "%"),
        Line("worst_gap_pct", max(dearer, default=None), "Dearer than that, most", "%"),
        Line("infeasible", infeasible, "Without a tour that keeps the rules"),
        Line("longest_s", longest_s, "An instance, longest", "s"),
    ]


def main() -> None:
    """Run from the command line."""
    parser = argument_parser("tests.benchmarks.tsptw", str(__doc__))
    parser.add_argument("file", type=Path, help="instances, form tsptw-neutral-1")
    parser.add_argument(
        "--seconds", type=float, default=2.0, help="for each instance (%(default)g)"
    )
    options = parser.parse_args()
    try:
        lines = measure(options)
    except BadInstances as error:
        sys.exit(f"error: {error}")
    show_whole(lines, as_json=options.json)


if __name__ == "__main__":
    main()
