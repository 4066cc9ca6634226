"""Today's arrivals correct today's predictions: the sides of P10-P90 are stretched, P50 is shifted.

A model is calibrated on days that were; a day may be unlike them (heavy rain, a bridge closed).
After the windowed form of adaptive conformal inference (Gibbs and Candès 2021): of the arrivals of
the last hours, each side is stretched so that one of ten of them would have been beyond it. P50 is
moved by what the median of them was late beyond a twentieth of the time ahead: less than that is
chance, and following it made predictions worse. Few arrivals say little: everything is drawn
towards no change by `n / (n + 80)`.

Pure: the same outcomes give the same answer; nothing here looks at a clock.
"""

import math
from bisect import bisect_right
from collections import deque
from collections.abc import Iterable
from typing import NamedTuple

import numpy as np

from tower.eta.model import Floats

WINDOW_S = 7_200.0
"""Arrivals of so long ago still count."""

TRUST = 80.0
"""So many outcomes weigh as much as the model's own word."""

MISSED = 0.1
"""Share of arrivals beyond each side."""

LEADS_S = ((600.0, 1_800.0), (1_800.0, 3_600.0), (3_600.0, 7_200.0), (7_200.0, 14_400.0))
"""Of all predictions for one arrival, the newest of each of these bands counts."""

_JUDGED_S = 86_400.0
"""What was told longer ago is compared with no arrival any more."""

LEAST, MOST = 0.5, 3.0
"""Sides are not stretched beyond these."""

CHANCE = 0.05
"""A median that is off by no more than this share of the time ahead means nothing."""

LARGEST_SHIFT = 0.2
"""Share of the time ahead that is added at most."""

_LEAST_SIDE_S = 20.0


class Outcome(NamedTuple):
    """A prediction as it was told, and the arrival it was for.

    Attributes:
        stop_id: where the vehicle came to.
        made_s: when it was made, seconds since 1970; came_s: when the vehicle came.
        ahead_s: from then to P50; early_s: from P10 to P50; late_s: from P50 to P90.
    """

    stop_id: str
    made_s: float
    came_s: float
    ahead_s: float
    early_s: float
    late_s: float

    @property
    def error_s(self) -> float:
        """How much later than P50 the vehicle came, negative before."""
        return self.came_s - self.made_s - self.ahead_s


class Adjustment(NamedTuple):
    """What today does to predictions.

    Attributes:
        early: what the early side is multiplied by; late: the late side.
        shift: share of the time ahead that is added to P50.
    """

    early: float = 1.0
    late: float = 1.0
    shift: float = 0.0

    @property
    def widening(self) -> float:
        """What P10-P90 is multiplied by, for people."""
        return (self.early + self.late) / 2.0

    def applied(self, told_s: Floats) -> Floats:
        """`(n, 3)` seconds to P10, P50 and P90 as today has them, none below 0."""
        low, middle, high = told_s.T
        moved = middle * (1.0 + self.shift)
        columns = (moved - self.early * (middle - low), moved, moved + self.late * (high - middle))
        return np.asarray(np.maximum(0.0, np.column_stack(columns)), dtype=np.float64)

    def undone(self, outcome: Outcome) -> Outcome:
        """An outcome as if this had not been applied to its prediction."""
        return outcome._replace(
            ahead_s=outcome.ahead_s / (1.0 + self.shift),
            early_s=outcome.early_s / self.early,
            late_s=outcome.late_s / self.late,
        )


class Online:
    """Learns from arrivals as they come. One for a model: a new model starts anew."""

    def __init__(self) -> None:
        self._outcomes: deque[Outcome] = deque()
        self._from_s: list[float] = []
        self._told: list[Adjustment] = []

    @property
    def count(self) -> int:
        """How many outcomes the newest adjustment rests on."""
        return len(self._outcomes)

    def take(self, outcomes: Iterable[Outcome]) -> None:
        """Take in what came of all predictions made for some arrivals, stop by stop."""
        for outcome in _thinned(outcomes):
            told = self._told_at(outcome.made_s)
            self._outcomes.append(told.undone(outcome))

    def adjustment(self, now_s: float) -> Adjustment:
        """What to do to predictions made now; it is remembered with its time."""
        while self._outcomes and self._outcomes[0].came_s < now_s - WINDOW_S:
            self._outcomes.popleft()
        self._forget_told(now_s - _JUDGED_S)
        adjustment = _learnt(list(self._outcomes))
        if not self._told or self._told[-1] != adjustment:
            self._from_s.append(now_s)
            self._told.append(adjustment)
        return adjustment

    def _forget_told(self, before_s: float) -> None:
        """Leave out what was told before, save what still held then."""
        over = bisect_right(self._from_s, before_s) - 1
        if over > 0:
            del self._from_s[:over], self._told[:over]

    def _told_at(self, made_s: float) -> Adjustment:
        place = bisect_right(self._from_s, made_s)
        return self._told[place - 1] if place else Adjustment()


def _thinned(outcomes: Iterable[Outcome]) -> list[Outcome]:
    """The newest prediction of each band of leads, for each arrival."""
    newest: dict[tuple[str, int], Outcome] = {}
    for outcome in outcomes:
        lead_s = outcome.came_s - outcome.made_s
        for band, (least, most) in enumerate(LEADS_S):
            if least <= lead_s < most:
                newest[outcome.stop_id, band] = outcome
    return list(newest.values())


def _learnt(outcomes: list[Outcome]) -> Adjustment:
    if not outcomes:
        return Adjustment()
    trust = len(outcomes) / (len(outcomes) + TRUST)
    table = np.array([(one.ahead_s, one.early_s, one.late_s, one.error_s) for one in outcomes])
    ahead, early, late, error = table.T
    shift = trust * float(np.median(error / np.maximum(600.0, ahead)))
    shift = math.copysign(min(LARGEST_SHIFT, max(0.0, abs(shift) - CHANCE)), shift)
    rest = error - shift * ahead
    return Adjustment(
        _stretched(-rest / np.maximum(_LEAST_SIDE_S, early), trust),
        _stretched(rest / np.maximum(_LEAST_SIDE_S, late), trust),
        shift,
    )


def _stretched(shares: Floats, trust: float) -> float:
    wanted = float(np.quantile(shares, 1.0 - MISSED, method="higher"))
    return float(np.clip(wanted, LEAST, MOST) ** trust)
