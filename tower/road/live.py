"""How fast traffic is now, learnt from the vehicles on the road.

What a stretch of road really took is set against what the graph expects of it at that hour.
The ratio is kept by small cells of the map and by the direction driven, forgotten over minutes,
and drawn towards the region's general ratio where little was seen (a ratio estimator with
shrinkage: `(driven + prior * general) / (expected + prior)`).
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple

import numpy as np

from tower.road.cells import CellsAlong
from tower.road.geometry import FloatArray, IntArray
from tower.road.roads import Profile

HALF_LIFE_S = 600.0
"""Seconds after which what was seen weighs half."""

GENERAL_HALF_LIFE_S = 2_400.0
"""Likewise for the whole region, whose pace changes slowly."""

PRIOR_S = 60.0
"""Seconds of expected driving that weigh as much as the word that a cell is like the region."""

GENERAL_PRIOR_S = 3_600.0
"""Seconds of expected driving that weigh as much as the word that the region is as usual."""

GENERAL_LEAST, GENERAL_MOST = 0.7, 1.6
"""What one stretch may say of the whole region: a queue is not the weather."""

LEAST, MOST = 0.5, 6.0
"""A stretch that took less or more than this times the expected is taken for just that: beyond
lie parking, breaks and devices' mistakes."""

NEAR = timedelta(minutes=20)
"""A departure this close to the speeds' time meets them; what comes later is the hour's."""

FADE_S = 1_800.0
"""Half an hour from now a third of what is unusual is left of it."""

_FORGOTTEN_S = 0.5
"""A cell with less than so many seconds of expected driving is dropped."""


class Stretch(NamedTuple):
    """A part of a drive.

    Attributes:
        cells: Where it went, with the seconds expected in each.
        driven_s: Seconds it really took.
    """

    cells: CellsAlong
    driven_s: float


@dataclass(frozen=True, slots=True, eq=False)
class SpeedMap:
    """How much longer than expected driving takes now, by cell; never changes.

    Attributes:
        as_of: When this was so.
        general: The region's ratio, which holds wherever no cell says otherwise.
        keys: ``(n,)`` cells that say something, rising.
        factors: ``(n,)`` seconds taken over seconds expected.
    """

    as_of: datetime
    general: float
    keys: IntArray
    factors: FloatArray

    def concerns(self, profile: Profile, departure: datetime | None) -> bool:
        """True where somebody leaving then meets these speeds; bicycles pass by what holds cars."""
        if departure is None or profile is Profile.BICYCLE:
            return False
        return abs(departure - self.as_of) <= NEAR

    def at(self, keys: IntArray) -> FloatArray:
        """The ratio in each cell, the same shape as `keys`."""
        if not len(self.keys):
            return np.full(keys.shape, self.general)
        place = np.minimum(np.searchsorted(self.keys, keys), len(self.keys) - 1)
        known: FloatArray = np.where(self.keys[place] == keys, self.factors[place], self.general)
        return known

    def along(self, cells: CellsAlong) -> FloatArray:
        """The ratio of each leg of a line, ``(legs,)``; the general one where a leg takes no time.

        This corrects a line that is already computed, without searching again.
        """
        expected = np.bincount(cells.owner, cells.seconds, cells.count)
        slowed = np.bincount(cells.owner, cells.seconds * self.at(cells.keys), cells.count)
        ratios: FloatArray = np.full(cells.count, self.general)
        np.divide(slowed, expected, out=ratios, where=expected > 0)
        return ratios


def faded(factors: FloatArray, ahead_s: FloatArray) -> FloatArray:
    """What is left of ratios some time from now: they return to 1 as `exp(-ahead / FADE_S)`.

    Args:
        factors: ``(n,)`` ratios now.
        ahead_s: ``(n,)`` seconds from now.
    """
    left: FloatArray = 1.0 + (factors - 1.0) * np.exp(-np.maximum(ahead_s, 0.0) / FADE_S)
    return left


class LiveSpeeds:
    """Learns from stretches driven. For one thread."""

    def __init__(self) -> None:
        self._index: dict[int, int] = {}
        self._driven = self._expected = np.zeros(0)
        self._all_driven = self._all_expected = 0.0
        self._at: datetime | None = None

    def observe(self, stretches: Iterable[Stretch], at: datetime) -> None:
        """Take in what was driven up to now.

        Args:
            stretches: Driving only: standing at a door is no queue.
            at: The present, aware; what was seen before is forgotten up to it.
        """
        self._age(at)
        seen = [one for one in stretches if one.cells.seconds.sum() > 0 and one.driven_s > 0]
        if not seen:
            return
        keys = np.concatenate([one.cells.keys for one in seen])
        expected = np.concatenate([one.cells.seconds for one in seen])
        each = [one.driven_s / one.cells.seconds.sum() for one in seen]
        ratios = np.repeat(each, [len(one.cells.keys) for one in seen])
        rows = self._rows(keys)
        np.add.at(self._expected, rows, expected)
        np.add.at(self._driven, rows, expected * np.clip(ratios, LEAST, MOST))
        self._all_expected += float(expected.sum())
        self._all_driven += float(expected @ np.clip(ratios, GENERAL_LEAST, GENERAL_MOST))

    def map(self, at: datetime) -> SpeedMap:
        """How fast traffic is, forgetting what was seen too long ago.

        Args:
            at: The present, aware.
        """
        self._age(at)
        self._forget()
        general = _shrunk(self._all_driven, self._all_expected, 1.0, GENERAL_PRIOR_S)
        keys = np.fromiter(self._index, dtype=np.int64, count=len(self._index))
        order = np.argsort(keys)
        factors = (self._driven + PRIOR_S * general) / (self._expected + PRIOR_S)
        return SpeedMap(at, general, keys[order], factors[order])

    def _rows(self, keys: IntArray) -> IntArray:
        index = self._index
        rows = [index.setdefault(key, len(index)) for key in keys.tolist()]
        more = np.zeros(len(index) - len(self._driven))
        self._driven = np.concatenate([self._driven, more])
        self._expected = np.concatenate([self._expected, more])
        return np.array(rows, dtype=np.int64)

    def _age(self, at: datetime) -> None:
        """Let what was seen weigh less; a clock that goes back takes nothing away."""
        passed_s = max(0.0, (at - self._at).total_seconds()) if self._at else 0.0
        self._at = at
        left = 0.5 ** (passed_s / HALF_LIFE_S)
        self._driven, self._expected = self._driven * left, self._expected * left
        left = 0.5 ** (passed_s / GENERAL_HALF_LIFE_S)
        self._all_driven, self._all_expected = self._all_driven * left, self._all_expected * left

    def _forget(self) -> None:
        kept = self._expected >= _FORGOTTEN_S
        if kept.all():
            return
        keys = [key for key, keep in zip(self._index, kept.tolist(), strict=True) if keep]
        self._index = {key: row for row, key in enumerate(keys)}
        self._driven, self._expected = self._driven[kept], self._expected[kept]


def _shrunk(driven: float, expected: float, towards: float, prior_s: float) -> float:
    return (driven + prior_s * towards) / (expected + prior_s)
