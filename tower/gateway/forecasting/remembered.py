"""What was predicted of stops nobody came to yet, and what came of it, in columns.

Of each stop as much is set aside at once as it will ever take, so that a long shift takes no more
memory than a short one.
"""

from array import array
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import NamedTuple

import numpy as np

from tower.domain.events import PredictedArrival
from tower.domain.moments import utc

REMEMBERED = 12
"""Predictions of one stop that are remembered: those of more than two hours."""

_ROW = np.dtype(
    [("made_s", "<f8"), ("in_s", "<i4"), ("early_s", "<i4"), ("late_s", "<i4"), ("model", "<u2")]
)
_FIRST_STOPS = 256


class Kept(NamedTuple):
    """A prediction for one stop as it was kept, UTC.

    Attributes:
        model: what predicted it.
        early_s: seconds from P10 to P50; late_s: from P50 to P90.
    """

    stop_id: str
    model: str
    made_at: datetime
    p50: datetime
    early_s: float
    late_s: float


class OpenPredictions:
    """The newest predictions of every stop nobody came to yet."""

    def __init__(self) -> None:
        self._rows = np.zeros((_FIRST_STOPS, REMEMBERED), _ROW)
        self._counts = np.zeros(_FIRST_STOPS, np.int64)
        self._places: dict[str, int] = {}
        self._free = list(range(_FIRST_STOPS))
        self._models: list[str] = []

    def __len__(self) -> int:
        """Of how many stops something is remembered."""
        return len(self._places)

    def keep(self, made_at: datetime, model: str, row: PredictedArrival) -> None:
        """Remember a prediction; of too many of one stop the oldest is forgotten."""
        place = self._places.get(row.stop_id)
        if place is None:
            place = self._places[row.stop_id] = self._new_place()
        told = (made_at.timestamp(), row.in_s, row.early_s, row.late_s, self._number(model))
        self._rows[place, self._counts[place] % REMEMBERED] = told
        self._counts[place] += 1

    def pop(self, stop_id: str) -> list[Kept]:
        """Take out what was predicted of a stop, oldest first."""
        place = self._places.pop(stop_id, None)
        if place is None:
            return []
        count = int(self._counts[place])
        order = [number % REMEMBERED for number in range(max(0, count - REMEMBERED), count)]
        self._counts[place] = 0
        self._free.append(place)
        return [self._kept(stop_id, *self._rows[place, one].tolist()) for one in order]

    def forget(self, before: datetime) -> None:
        """Forget stops whose newest prediction is older."""
        newest_s = np.zeros(len(self._rows))
        if self._places:
            newest_s = self._rows["made_s"].max(axis=1)
        stale_s = before.timestamp()
        for stop_id in [one for one, place in self._places.items() if newest_s[place] < stale_s]:
            self.pop(stop_id)

    def _kept(
        self, stop_id: str, made_s: float, in_s: int, early_s: int, late_s: int, model: int
    ) -> Kept:
        made_at = utc(made_s)
        p50 = made_at + timedelta(seconds=in_s)
        return Kept(stop_id, self._models[model], made_at, p50, early_s, late_s)

    def _new_place(self) -> int:
        if not self._free:
            known = len(self._rows)
            self._rows = np.concatenate([self._rows, np.zeros_like(self._rows)])
            self._counts = np.concatenate([self._counts, np.zeros_like(self._counts)])
            self._free = list(range(2 * known - 1, known - 1, -1))
        place = self._free.pop()
        self._rows[place]["made_s"] = 0.0
        return place

    def _number(self, model: str) -> int:
        if model not in self._models:
            self._models.append(model)
        return self._models.index(model)


class Came(NamedTuple):
    """What came of a prediction.

    Attributes:
        late_s: seconds the vehicle came after P50; is_covered: between P10 and P90.
    """

    came_s: float
    late_s: float
    is_covered: bool


class Arrived:
    """What came of the predictions of one lead, in the order it was learnt."""

    def __init__(self) -> None:
        self._came_s, self._late_s, self._is_covered = array("d"), array("d"), array("b")

    def __len__(self) -> int:
        """How many there are."""
        return len(self._came_s)

    def __iter__(self) -> Iterator[Came]:
        for came_s, late_s, is_covered in zip(
            self._came_s, self._late_s, self._is_covered, strict=True
        ):
            yield Came(came_s, late_s, bool(is_covered))

    def add(self, came: Came) -> None:
        """Take one in."""
        self._came_s.append(came.came_s)
        self._late_s.append(came.late_s)
        self._is_covered.append(came.is_covered)

    def forget(self, before: datetime) -> None:
        """Leave out what came before."""
        before_s = before.timestamp()
        over = next((n for n, came_s in enumerate(self._came_s) if came_s >= before_s), len(self))
        for column in (self._came_s, self._late_s, self._is_covered):
            del column[:over]
