"""Trees that tell one number, grown on many samples; quantiles have their own in `quantiles`."""

from typing import TYPE_CHECKING, NamedTuple

from tower.eta.learning.quantiles import Table
from tower.eta.model import Floats

if TYPE_CHECKING:
    import xgboost


class Growth(NamedTuple):
    """How trees are grown.

    Attributes:
        depth: splits above each other at most.
        rate: how much of each tree is believed.
        leaf: how many samples a leaf has at least.
        l2: how far leaves are drawn towards 0.
        rounds: how many trees.
    """

    depth: int
    rate: float
    leaf: float
    l2: float
    rounds: int = 150


def grown(
    x: Table, y: Floats, growth: Growth, objective: dict[str, object], threads: int
) -> "xgboost.Booster":
    """Trees grown on samples; they answer on one thread.

    Args:
        x: `(n, features)` what they are asked.
        y: `(n,)` what came.
        growth: how they are grown.
        objective: XGBoost's parameters that say what is made small.
        threads: how many grow them, 0 for all cores.
    """
    import xgboost  # noqa: PLC0415 - it takes 0.4 s

    parameters = {
        **objective,
        "tree_method": "hist",
        "max_depth": growth.depth,
        "eta": growth.rate,
        "min_child_weight": growth.leaf,
        "lambda": growth.l2,
        "subsample": 0.7,
        "nthread": threads,
        "seed": 1,
        "verbosity": 0,
    }
    booster = xgboost.train(parameters, xgboost.QuantileDMatrix(x, y), growth.rounds)
    booster.set_param({"nthread": 1})
    return booster
