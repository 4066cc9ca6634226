"""Quantiles of a duration by gradient-boosted trees: P10, P50 and P90 at once.

The trees minimise the pinball loss of each quantile (Koenker and Bassett 1978); several grown from
different seeds are averaged. XGBoost is imported where it is used: it takes 0.4 s.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

from tower.eta.model import Floats

if TYPE_CHECKING:
    import xgboost

LEVELS = (0.1, 0.5, 0.9)
"""The quantiles told."""

Table = NDArray[np.float32]
"""`(n, features)`; nan where something is not known."""


class Settings(NamedTuple):
    """How trees are grown.

    Attributes:
        rounds: trees of each quantile.
        depth: questions on the way to a leaf.
        rate: the share of its answer that each tree adds.
        leaf_weight: samples a leaf rests on, at least.
        l2: how strongly answers of leaves are drawn towards 0.
        rows: share of the samples each tree sees; columns: share of the features.
        members: models of different seeds that are averaged.
        threads: how many grow them, 0 for all cores.
    """

    rounds: int = 80
    depth: int = 4
    rate: float = 0.08
    leaf_weight: float = 100.0
    l2: float = 4.0
    rows: float = 0.5
    columns: float = 0.6
    members: int = 1
    threads: int = 1


class Quantiles(Protocol):
    """Tells quantiles of rows."""

    def predict(self, x: Table) -> Floats:
        """`(n, 3)` P10, P50 and P90, each row in order."""
        ...


class QuantileTrees:
    """Trees that tell P10, P50 and P90 of what they were grown on.

    Args:
        members: grown boosters, averaged.
        centre: what was taken off the answers before, and is put back.
        scale: what they were divided by.
    """

    def __init__(
        self, members: Sequence["xgboost.Booster"], centre: float = 0.0, scale: float = 1.0
    ) -> None:
        self.members = tuple(members)
        self.centre, self.scale = centre, scale

    def predict(self, x: Table) -> Floats:
        """`(n, 3)` P10, P50 and P90, each row in order."""
        if not len(x):
            return np.empty((0, len(LEVELS)))
        said = [np.asarray(one.inplace_predict(x), dtype=np.float64) for one in self.members]
        told = np.mean(said, axis=0).reshape(len(x), len(LEVELS))
        return np.sort(self.centre + self.scale * told, axis=1)

    def contributions(self, x: Table) -> Floats:
        """`(n, features + 1)` what each feature adds to P50; the last column is the same for all.

        SHAP values of the trees (Lundberg and Lee 2017); they add up to P50 but for the sorting
        of quantiles that cross.
        """
        import xgboost  # noqa: PLC0415 - see the top of the file

        matrix = xgboost.DMatrix(x)
        said = [np.asarray(one.predict(matrix, pred_contribs=True)) for one in self.members]
        middle: Floats = self.scale * np.mean(said, axis=0)[:, 1, :].astype(np.float64)
        middle[:, -1] += self.centre
        return middle


def grow(x: Table, y: Floats, settings: Settings, weights: Floats | None = None) -> QuantileTrees:
    """Grow trees on samples.

    Args:
        x: `(n, features)`.
        y: `(n,)` what came.
        settings: how.
        weights: `(n,)` how much each sample counts, all the same where None.
    """
    import xgboost  # noqa: PLC0415 - see the top of the file

    centre = float(np.median(y))
    scale = max(1e-9, float(np.mean(np.abs(y - centre))))
    matrix = xgboost.QuantileDMatrix(x, (y - centre) / scale, weight=weights)
    members = [
        xgboost.train(_parameters(settings, seed), matrix, settings.rounds)
        for seed in range(settings.members)
    ]
    for member in members:
        member.set_param({"nthread": 1})
    return QuantileTrees(members, centre, scale)


def _parameters(settings: Settings, seed: int) -> dict[str, object]:
    return {
        "objective": "reg:quantileerror",
        "quantile_alpha": list(LEVELS),
        "base_score": 0.0,
        "tree_method": "hist",
        "max_depth": settings.depth,
        "eta": settings.rate,
        "min_child_weight": settings.leaf_weight,
        "lambda": settings.l2,
        "subsample": settings.rows,
        "colsample_bytree": settings.columns,
        "nthread": settings.threads,
        "seed": seed,
        "verbosity": 0,
    }
