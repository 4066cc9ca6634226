"""How long a vehicle is held up where it is now: trees on the clock at a door, or on a leg.

A vehicle that has stood at a door, or on its way, for much longer than expected is in some trouble,
and does not go on the moment somebody looks. How much longer it takes acts on every stop after, so
it is learnt from the first of them alone and added to all.
"""

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import NDArray

from tower.eta.learning.quantiles import Table
from tower.eta.learning.trees import Growth, grown
from tower.eta.model import FEATURES, Floats, Rows

if TYPE_CHECKING:
    import xgboost

ASKED = (
    *("door_elapsed_s", "door_left_s", "leg_elapsed_s", "leg_over_s", "fix_age_s"),
    *("pace", "recent_pace", "fleet_pace", "rain_mm_h"),
)
"""What the trees are asked."""

LEAST_SAMPLES = 400
"""With fewer first stops, nobody is taken to be held up."""

EARLIEST_S, LATEST_S = -1_200.0, 2_400.0
"""What came earlier or later than projected counts as this."""

_GROWTH = Growth(depth=4, rate=0.05, leaf=20.0, l2=4.0)
_SQUARES: dict[str, object] = {"objective": "reg:squarederror"}


class HoldupLaw(NamedTuple):
    """How much later than projected vehicles come to the stop they come to next."""

    trees: "xgboost.Booster | None" = None

    def seconds(self, rows: Rows) -> Floats:
        """`(n,)` seconds that each stop comes later; 0 on routes that have not begun."""
        if self.trees is None or not len(rows.x):
            return np.zeros(len(rows.x))
        told = np.asarray(self.trees.inplace_predict(_table(rows.x)), dtype=np.float64)
        return np.where(rows.column("is_started") > 0.0, told.reshape(len(rows.x)), 0.0)

    def heeded(self, rows: Rows) -> Rows:
        """The same rows, each with what holds its vehicle up in `base_s`."""
        x = rows.x.copy()
        x[:, FEATURES.index("base_s")] += self.seconds(rows)
        return rows._replace(x=x)


def learnt_holdups(rows: Rows, came_s: Floats, threads: int = 0) -> HoldupLaw:
    """What holds vehicles up, from what was projected of stops and when vehicles came there.

    Args:
        rows: the projection.
        came_s: `(n,)` seconds from then to the arrival.
        threads: how many grow trees, 0 for all cores.
    """
    nexts = _is_next(rows)
    if nexts.sum() < LEAST_SAMPLES:
        return HoldupLaw()
    late_s = np.clip(came_s - rows.column("base_s"), EARLIEST_S, LATEST_S)
    trees = grown(_table(rows.x[nexts]), late_s[nexts], _GROWTH, _SQUARES, threads)
    return HoldupLaw(trees)


def _is_next(rows: Rows) -> NDArray[np.bool_]:
    """The stops that vehicles under way come to next."""
    is_at_door = rows.column("door_left_s") > 0.0
    is_next = rows.column("stops_before") == is_at_door.astype(np.float64)
    return np.asarray(is_next & (rows.column("is_started") > 0.0))


def _table(x: Table) -> Table:
    return np.ascontiguousarray(x[:, [FEATURES.index(name) for name in ASKED]])
