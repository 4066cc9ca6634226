"""Conformal calibration: the sides of P10-P90 are stretched until they keep what they say.

Conformalised quantile regression (Romano, Patterson and Candès 2019), each side on its own and
relative to its width (Sesia and Candès 2020): with the share `s = (P50 - arrival) / (P50 - P10)`
of arrivals nobody learnt from, the early side is stretched by the `ceil(0.9 (n + 1))`-th smallest
`s`; the late side likewise. So one arrival of ten is earlier than P10 and one later than P90.
"""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from tower.eta.model import Floats

MISSED = 0.1
"""Share of arrivals beyond each side."""

LEAST_FACTOR, MOST_FACTOR = 0.2, 6.0
"""Sides are not stretched beyond these, whatever a few samples say."""

LEAST_SAMPLES = 60
"""A bin with fewer is calibrated with all samples."""


class Sides(NamedTuple):
    """What the two sides of P10-P90 are multiplied by."""

    early: float = 1.0
    late: float = 1.0


class Calibration(NamedTuple):
    """How sides are stretched, by how far ahead a prediction looks.

    Attributes:
        edges: where one bin ends and the next begins, rising; one fewer than the bins.
        sides: one a bin.
    """

    edges: tuple[float, ...] = ()
    sides: tuple[Sides, ...] = (Sides(),)

    def applied(self, told: Floats, ahead: Floats) -> Floats:
        """`(n, 3)` quantiles with their sides stretched.

        Args:
            told: `(n, 3)` P10, P50 and P90, each row in order.
            ahead: `(n,)` what the bins go by.
        """
        bins = np.searchsorted(self.edges, ahead, side="right")
        early = np.array([one.early for one in self.sides])[bins]
        late = np.array([one.late for one in self.sides])[bins]
        low, middle, high = told.T
        return np.column_stack(
            (middle - early * (middle - low), middle, middle + late * (high - middle))
        )


def calibrated(
    told: Floats,
    came: Floats,
    ahead: Floats,
    edges: Sequence[float] = (),
    least_width: float = 1.0,
) -> Calibration:
    """Learn how far the sides have to be stretched.

    Args:
        told: `(n, 3)` quantiles told of samples nobody learnt from.
        came: `(n,)` what came.
        ahead: `(n,)` what the bins go by.
        edges: where bins end.
        least_width: a side narrower than this counts as so wide, in the unit of `told`.
    """
    shares = _shares(told, came, least_width)
    whole = _sides(shares)
    bins = np.searchsorted(tuple(edges), ahead, side="right")
    sides = []
    for number in range(len(edges) + 1):
        own = bins == number
        sides.append(_sides(shares[own]) if own.sum() >= LEAST_SAMPLES else whole)
    return Calibration(tuple(float(edge) for edge in edges), tuple(sides))


def _shares(told: Floats, came: Floats, least_width: float) -> Floats:
    low, middle, high = told.T
    early = (middle - came) / np.maximum(least_width, middle - low)
    late = (came - middle) / np.maximum(least_width, high - middle)
    return np.column_stack((early, late))


def _sides(shares: Floats) -> Sides:
    return Sides(*(_factor(column) for column in shares.T))


def _factor(shares: Floats) -> float:
    if not len(shares):
        return 1.0
    rank = int(np.ceil((1.0 - MISSED) * (len(shares) + 1)))
    at = min(len(shares), rank) - 1
    return float(np.clip(np.partition(shares, at)[at], LEAST_FACTOR, MOST_FACTOR))


def coverage(told: Floats, came: Floats) -> float:
    """Share of what came that lies between P10 and P90, 0 to 1."""
    return float(np.mean((told[:, 0] <= came) & (came <= told[:, 2])))
