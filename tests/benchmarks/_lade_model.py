"""The product's quantile trees on one table of deliveries: settings and calibration from inside."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from tests.benchmarks._lade_features import NAMES
from tower.eta.learning.conformal import Calibration, calibrated
from tower.eta.learning.quantiles import Quantiles, Settings, Table, grow
from tower.eta.model import Floats

VIEWS: tuple[tuple[str, ...], ...] = (
    ("hour", "weekday", "km"),
    ("hour", "weekday", "km", "centre_km"),
    NAMES,
)
"""Trees are grown on each of these and averaged: few deliveries carry few features well."""

CANDIDATES = (
    Settings(rounds=60, depth=2, leaf_weight=5, l2=5, rows=0.7, columns=0.7, members=3),
    Settings(rounds=90, depth=4, rate=0.05, leaf_weight=15, l2=5, rows=0.7, columns=0.6, members=3),
    Settings(rounds=250, depth=7, rate=0.06, leaf_weight=30, l2=5, rows=0.7, columns=0.7),
)
"""What is chosen from, on deliveries inside the training part only."""

INNER_FOLDS = 4
MANY = 8_000
"""With more deliveries, one part in four held apart says as much as four folds, and one view of
everything as much as the average of several."""

EDGES_MIN = (120.0, 240.0)
"""Calibration is by how long a delivery is expected to take."""

Blocks = NDArray[np.int64]


class Averaged(NamedTuple):
    """Several models of the same thing, each on its own columns."""

    parts: tuple[tuple[Quantiles, tuple[int, ...]], ...]

    def predict(self, x: Table) -> Floats:
        """`(n, 3)` P10, P50 and P90."""
        told = [model.predict(x[:, columns]) for model, columns in self.parts]
        return np.asarray(np.maximum(0.0, np.mean(told, axis=0)))


class Calibrated(NamedTuple):
    """A model with its sides stretched."""

    model: Averaged
    calibration: Calibration

    def predict(self, x: Table) -> Floats:
        """`(n, 3)` P10, P50 and P90, none below 0."""
        told = self.model.predict(x)
        return np.maximum(0.0, self.calibration.applied(told, told[:, 1]))


def folds(blocks: Blocks, count: int) -> list[NDArray[np.bool_]]:
    """Parts to hold out: every block whole in one of them, the parts about as large."""
    names, sizes = np.unique(blocks, return_counts=True)
    count = min(count, len(names))
    loads = np.zeros(count)
    part_of = {}
    for place in np.argsort(-sizes, kind="stable"):
        lightest = int(np.argmin(loads))
        part_of[names[place]] = lightest
        loads[lightest] += sizes[place]
    parts = np.array([part_of[block] for block in blocks])
    return [parts == number for number in range(count)]


def fitted(x: Table, y: Floats, blocks: Blocks) -> Calibrated:
    """Learn from deliveries: choose settings, calibrate, then grow on all of them.

    Args:
        x: `(n, features)`.
        y: `(n,)` minutes.
        blocks: `(n,)` the hour each was accepted in; hours are held out whole.
    """
    parts = folds(blocks, INNER_FOLDS)
    if len(parts) == 1:
        return Calibrated(_grown(x, y, CANDIDATES[0]), Calibration())
    parts = parts[:1] if len(y) > MANY else parts
    trials = [_held_out(x, y, parts, settings) for settings in CANDIDATES]
    told = [np.concatenate([one for one, _ in trial]) for trial in trials]
    came = np.concatenate([y[part] for part in parts])
    best = int(np.argmin([np.mean(np.abs(one[:, 1] - came)) for one in told]))
    calibration = calibrated(told[best], came, told[best][:, 1], EDGES_MIN)
    return Calibrated(_grown(x, y, CANDIDATES[best]), calibration)


def _held_out(
    x: Table, y: Floats, parts: Sequence[NDArray[np.bool_]], settings: Settings
) -> list[tuple[Floats, Floats]]:
    return [(_grown(x[~part], y[~part], settings).predict(x[part]), y[part]) for part in parts]


def _grown(x: Table, y: Floats, settings: Settings) -> Averaged:
    views = VIEWS
    if len(y) > MANY:
        views, settings = VIEWS[-1:], settings._replace(members=1, threads=0)
    places = [tuple(NAMES.index(name) for name in view) for view in views]
    return Averaged(tuple((grow(x[:, columns], y, settings), columns) for columns in places))
