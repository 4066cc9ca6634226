"""How long deliveries take from being accepted: the product's quantile trees on a LaDe file.

Known are the time and the places, and what was accepted at the same place before; how long
anything took is known of the training part only. Cross-validated: whole hours of acceptance are
held out, and settings and calibration are chosen inside what is left. Beside it the constant
median of the training part, and the straight line at 25 km/h.
"""

import sys
from argparse import Namespace
from pathlib import Path

import numpy as np

from tests.benchmarks._lade_features import features_of
from tests.benchmarks._lade_model import Blocks, fitted, folds
from tests.benchmarks._lade_rows import BadDeliveries, Deliveries, read_deliveries
from tests.report import Line, argument_parser, show_whole
from tower.eta.learning.conformal import coverage
from tower.eta.learning.quantiles import Table
from tower.eta.model import Floats

FEW, LEAST = 3_000, 20
"""Up to so many deliveries every hour is held out on its own; fewer than the least tell nothing."""

OUTER_FOLDS = 5
SPEED_KMH = 25.0
_HOUR_S = 3_600.0


def measure(options: Namespace) -> list[Line]:
    """Cross-validate on a file.

    Raises:
        BadDeliveries: it cannot be used.
    """
    given = read_deliveries(options.file)
    hours: Blocks = (given.accepted // _HOUR_S).astype(np.int64)
    blocks = len(np.unique(hours))
    if len(hours) < LEAST or blocks == 1:
        raise BadDeliveries(
            f"{options.file} holds {len(hours)} deliveries of {blocks} hours: "
            f"at least {LEAST} of two hours are needed"
        )
    told, constant = _cross_validated(features_of(given), given.minutes, hours)
    return _lines(given, told, constant, blocks)


def _cross_validated(x: Table, y: Floats, hours: Blocks) -> tuple[Floats, Floats]:
    told, constant = np.empty((len(y), 3)), np.empty(len(y))
    count = len(np.unique(hours)) if len(y) <= FEW else OUTER_FOLDS
    for part in folds(hours, min(count, 4 * OUTER_FOLDS)):
        told[part] = fitted(x[~part], y[~part], hours[~part]).predict(x[part])
        constant[part] = np.median(y[~part])
    return told, constant


def _lines(given: Deliveries, told: Floats, constant: Floats, blocks: int) -> list[Line]:
    y = given.minutes
    mae, flat = _mae(told[:, 1], y), _mae(constant, y)
    return [
        Line("deliveries", len(y), "Deliveries"),
        Line("left_out", sum(given.left_out.values()), "Rows left out"),
        Line("left_out_why", "; ".join(_why(given)) or "none", "Why"),
        Line("hours", blocks, "Hours of acceptance"),
        Line("mae_min", mae, "Mean absolute error of P50", "min"),
        Line("coverage", coverage(told, y), "Share between P10 and P90"),
        Line("early", float(np.mean(y < told[:, 0])), "Share before P10"),
        Line("late", float(np.mean(y > told[:, 2])), "Share after P90"),
        Line("mae_constant_min", flat, "By the median of the training part", "min"),
        Line("mae_25kmh_min", _mae(given.km / SPEED_KMH * 60, y), "Straight at 25 km/h", "min"),
        Line("ratio_constant", mae / flat if flat else None, "P50 over the constant median"),
    ]


def _why(given: Deliveries) -> list[str]:
    return [f"{count} {words}" for words, count in sorted(given.left_out.items())]


def _mae(told: Floats, came: Floats) -> float:
    return float(np.mean(np.abs(told - came)))


def main() -> None:
    """Run from the command line."""
    parser = argument_parser("tests.benchmarks.lade", str(__doc__))
    parser.add_argument("file", type=Path, help="deliveries in the form of LaDe (CSV)")
    options = parser.parse_args()
    try:
        lines = measure(options)
    except BadDeliveries as error:
        sys.exit(f"error: {error}")
    show_whole(lines, as_json=options.json)


if __name__ == "__main__":
    main()
