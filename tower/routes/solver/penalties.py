"""What the search pays for what must not be, so that it may pass through it on its way."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from pyvrp import CostEvaluator, PenaltyManager, Solution

_FIRST, _LEAST, _MOST = 20.0, 0.1, 100_000.0
_EVERY = 50
_FEASIBLE_SHARE, _TOLERANCE = 0.30, 0.05
_UP, _DOWN = 1.3, 0.8


class Penalties(NamedTuple):
    """Cost of each unit that is too much, in units of the problem's cost.

    Attributes:
        late: of time after a call or a tour should have been over.
        load: of load over a capacity, in every dimension.
    """

    late: float
    load: float

    def evaluator(self, dimensions: int) -> CostEvaluator:
        """These as PyVRP takes them."""
        return CostEvaluator([self.load] * dimensions, self.late, 0.0)


class FixedPenalties(PenaltyManager):
    """Being late and being overloaded have a price that stays."""

    def __init__(self, penalties: Penalties, dimensions: int) -> None:
        super().__init__(([penalties.load] * dimensions, penalties.late, 0.0))
        self._prices_now, self._dimensions = penalties, dimensions
        self._evaluator = penalties.evaluator(dimensions)

    def register(self, sol: Solution) -> None:
        """Nothing is learnt from what was found."""

    def cost_evaluator(self) -> CostEvaluator:
        """The price."""
        return self._evaluator

    def max_cost_evaluator(self) -> CostEvaluator:
        """The price."""
        return self._evaluator

    def raise_late(self, factor: float) -> None:
        """Being late costs so many times as much from now on."""
        self._prices_now = self._prices_now._replace(late=self._prices_now.late * factor)
        self._evaluator = self._prices_now.evaluator(self._dimensions)


class AdaptivePenalties(PenaltyManager):
    """The prices of being late and overloaded follow how often the search is.

    They rise while fewer than three in ten of the solutions looked at keep to the limits, and
    fall while more do. PyVRP's own begin at 50,000 and change every 500 solutions: in a search
    of two seconds that is a wall all the way.
    """

    def __init__(self, dimensions: int) -> None:
        super().__init__(([_FIRST] * dimensions, _FIRST, _FIRST))
        self._prices = np.full(dimensions + 2, _FIRST)
        self._kept = np.zeros(dimensions + 2)
        self._seen = 0

    def register(self, sol: Solution) -> None:
        """Take note of what a solution breaks."""
        broken = (*sol.excess_load(), sol.time_warp(), sol.excess_distance())
        self._kept += np.equal(broken, 0)
        self._seen += 1
        if self._seen == _EVERY:
            self._settle(self._kept / _EVERY)
            self._kept[:] = 0
            self._seen = 0

    def _settle(self, shares: NDArray[np.float64]) -> None:
        self._prices[shares < _FEASIBLE_SHARE - _TOLERANCE] *= _UP
        self._prices[shares > _FEASIBLE_SHARE + _TOLERANCE] *= _DOWN
        np.clip(self._prices, _LEAST, _MOST, out=self._prices)

    def cost_evaluator(self) -> CostEvaluator:
        """The prices now."""
        *loads, late, distance = self._prices.tolist()
        return CostEvaluator(loads, late, distance)

    def max_cost_evaluator(self) -> CostEvaluator:
        """The highest prices there are."""
        return CostEvaluator([_MOST] * (len(self._prices) - 2), _MOST, _MOST)
