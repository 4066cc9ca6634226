"""The search for better orders in plain numbers: a vehicle routing problem, solved by PyVRP.

Nothing here knows stops or routes: places are rows of matrices, times whole seconds (or any other
whole unit), costs whole numbers. `tower.routes.optimise` writes routes as such a problem and
judges what comes back.

PyVRP is an iterated local search in C++ that lets other threads run meanwhile:
N. A. Wouda, L. Lan and W. Kool, "PyVRP: A High-Performance VRP Solver Package", INFORMS Journal
on Computing 36(4), 2024.
"""

import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import NamedTuple

import msgspec
import numpy as np
from numpy.typing import NDArray
from pyvrp import (
    CostEvaluator,
    IteratedLocalSearch,
    IteratedLocalSearchCallbacks,
    IteratedLocalSearchParams,
    RandomNumberGenerator,
    Solution,
)
from pyvrp.search import (
    OPERATORS,
    LocalSearch,
    NeighbourhoodParams,
    PerturbationManager,
    PerturbationParams,
    compute_neighbours,
)

from tower.routes.solver_model import Model
from tower.routes.solver_penalties import AdaptivePenalties, FixedPenalties, Penalties
from tower.routes.solver_problem import Plan, Problem, Tours
