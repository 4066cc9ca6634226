"""What the search pays for what must not be, so that it may pass through it."""

from typing import NamedTuple

from pyvrp import CostEvaluator, PenaltyManager, PenaltyParams, Solution

_EVERY = 50
_TARGET = 0.4
_TOLERANCE = 0.1
_UP, _DOWN = 1.4, 0.75


class Penalties(NamedTuple):
    """Cost of each unit that is too much.

    Attributes:
        late: of time after a call or a tour should have been over.
        load: of load over the capacity, in every dimension.
        distance: of distance over the longest.
    """

    late: float
    load: float
    distance: float = 0.0

    def evaluator(self, dimensions: int) -> CostEvaluator:
        """These as PyVRP takes them."""
        return CostEvaluator([self.load] * dimensions, self.late, self.distance)
