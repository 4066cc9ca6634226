"""The search for better orders in plain numbers: a vehicle routing problem, solved by PyVRP.

Nothing here knows stops or routes: places are rows of matrices, times and costs whole numbers.
`tower.routes.optimiser.optimise` writes routes as such a problem and judges what comes back.

PyVRP is an iterated local search in C++ that lets other threads run meanwhile: N. A. Wouda,
L. Lan and W. Kool, "PyVRP: A High-Performance VRP Solver Package", INFORMS Journal on Computing
36(4), 2024.
"""

import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor

from pyvrp import (
    CostEvaluator,
    IteratedLocalSearch,
    IteratedLocalSearchCallbacks,
    IteratedLocalSearchParams,
    PenaltyManager,
    RandomNumberGenerator,
    Solution,
)
from pyvrp.search import (
    OPERATORS,
    BinaryOperator,
    LocalSearch,
    PerturbationManager,
    PerturbationParams,
    Relocate3,
    Swap31,
    Swap32,
    Swap33,
    UnaryOperator,
    compute_neighbours,
)

from tower.routes.solver.model import Model
from tower.routes.solver.penalties import AdaptivePenalties, FixedPenalties, Penalties
from tower.routes.solver.problem import Plan, Problem, Tours

_LONG_MOVES: list[type[UnaryOperator | BinaryOperator]] = [Relocate3, Swap31, Swap32, Swap33]
_MOST_PERTURBATIONS = 8
_AS_LIMITS = Penalties(late=1e6, load=1e6)

OnBetter = Callable[[Plan], None]
"""Called from the search, on its thread, with each plan that is better than all before."""


class Search:
    """One search: a problem, a beginning, and a seed.

    Args:
        problem: what is to be solved.
        seed: of its chance; the same seed looks at the same things in the same order.
        start: tours to begin from; None for tours made up by chance.
        penalties: what being late and overloaded costs; None where the limits must hold.
    """

    def __init__(
        self,
        problem: Problem,
        *,
        seed: int = 0,
        start: Tours | None = None,
        penalties: Penalties | None = None,
    ) -> None:
        self._model = Model(problem)
        self._start = start
        self._random = RandomNumberGenerator(seed=seed)
        self._search = _local_search(self._model, self._random)
        self._prices: PenaltyManager
        if penalties is None:
            self._prices = AdaptivePenalties(problem.dimensions)
            self._ranks = FixedPenalties(_AS_LIMITS, problem.dimensions)
        else:
            self._prices = self._ranks = FixedPenalties(penalties, problem.dimensions)

    def raise_late(self, factor: float) -> None:
        """From now on being late counts so many times as much; may be called while it runs."""
        self._ranks.raise_late(factor)

    def run(
        self,
        is_over: Callable[[], bool],
        on_better: OnBetter | None = None,
    ) -> Plan:
        """Search until told to stop.

        Args:
            is_over: asked after each step, which takes milliseconds; True ends the search.
            on_better: called with each plan that is better than all before.

        Returns:
            The best plan found. It may break limits where no plan was found that keeps them.
        """
        best = _Best(self._model, self._ranks, on_better)
        first = self._first()
        best.consider(first)
        improved = self._search(first, self._prices.max_cost_evaluator(), exhaustive=True)
        best.consider(improved)
        parameters = IteratedLocalSearchParams(callbacks=best)
        steps = IteratedLocalSearch(
            self._model.data, self._prices, self._search, improved, parameters
        )
        steps.run(lambda _cost: is_over(), collect_stats=False, display=False)
        return self._model.plan(best.solution)

    def _first(self) -> Solution:
        if self._start is not None:
            return self._model.solution(self._start)
        return Solution.make_random(self._model.data, self._random)


class _Best(IteratedLocalSearchCallbacks):
    """Keeps the best solution seen."""

    def __init__(self, model: Model, ranks: FixedPenalties, on_better: OnBetter | None) -> None:
        self._model, self._ranks, self._on_better = model, ranks, on_better
        self._evaluator = ranks.cost_evaluator()
        self._cost = float("inf")
        self.solution: Solution

    def consider(self, solution: Solution) -> None:
        """Keep it if it is better, or the first."""
        if self._evaluator is not self._ranks.cost_evaluator():
            self._evaluator = self._ranks.cost_evaluator()
            self._cost = self._evaluator.penalised_cost(self.solution)
        cost = self._evaluator.penalised_cost(solution)
        if cost < self._cost:
            self._cost, self.solution = cost, solution
            if self._on_better is not None:
                self._on_better(self._model.plan(solution))

    def on_iteration(
        self,
        current: Solution,  # noqa: ARG002 - PyVRP's signature
        candidate: Solution,
        best: Solution,
        cost_evaluator: CostEvaluator,  # noqa: ARG002
    ) -> None:
        """Look at what a step found."""
        self.consider(candidate)
        self.consider(best)


def solve_within(
    problem: Problem, ends_at: float, *, starts: Sequence[Tours | None] = (None, None)
) -> Plan:
    """Search in several threads at once, where all limits must hold.

    Args:
        problem: what is to be solved.
        ends_at: when to stop, by `time.perf_counter`.
        starts: tours each thread begins from, None for tours made up by chance.

    Returns:
        The best plan of all; one that breaks a limit only where all do.
    """

    def run(seed: int) -> Plan:
        search = Search(problem, seed=seed, start=starts[seed])
        return search.run(lambda: time.perf_counter() >= ends_at)

    with ThreadPoolExecutor(len(starts)) as threads:
        plans = list(threads.map(run, range(len(starts))))
    return min(plans, key=lambda plan: (not plan.is_feasible, plan.lateness, plan.cost))


def by_window(problem: Problem) -> Tours:
    """All calls made by the first vehicle, in the order of the middles of their windows."""
    middles = [call.opens + call.closes for call in problem.calls]
    order = tuple(sorted(range(len(middles)), key=middles.__getitem__))
    return (order, *((),) * (len(problem.carriers) - 1))


def _local_search(model: Model, random: RandomNumberGenerator) -> LocalSearch:
    perturbation = PerturbationManager(PerturbationParams(1, _MOST_PERTURBATIONS))
    search = LocalSearch(model.data, random, compute_neighbours(model.data), perturbation)
    for operator in (*OPERATORS, *_LONG_MOVES):
        if operator.supports(model.data):
            search.add_operator(operator(model.data))
    return search
