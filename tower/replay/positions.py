"""Where vehicles were, as columns sorted by vehicle and time."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tower.domain.telemetry import Fix
from tower.feed.columns import I16, I32, I64, U8, U16, U32
from tower.feed.fixcolumns import SAID, columns_of, fix_of
from tower.replay.ticks import Ticks, from_ticks, last_not_after, ticks

COLUMNS: dict[str, np.dtype[Any]] = {
    "vehicle": U32,
    "at_us": I64,
    "lat": I32,
    "lon": I32,
    "speed": U16,
    "heading": U16,
    "temperature": I16,
    "battery": U8,
}
"""Columns of positions: `vehicle` counts in the list of ids, `at_us` is microseconds since 1970,
the rest has the units of `tower.feed.vehicles.VEHICLE_COLUMNS`."""

Columns = Mapping[str, NDArray[Any]]


class Positions:
    """Thinned positions of many vehicles; never changed once made.

    Attributes:
        ids: ids of the vehicles.
        columns: see `COLUMNS`; sorted by vehicle, then time, each such pair once.
    """

    def __init__(self, ids: Sequence[str], columns: Columns) -> None:
        """Take columns in any order; of two positions of one vehicle and time the later holds."""
        self.ids = tuple(ids)
        kept = _sorted_once(columns["vehicle"], columns["at_us"])
        self.columns = {name: columns[name][kept].astype(kind) for name, kind in COLUMNS.items()}
        every = np.arange(len(self.ids))
        self._starts: Ticks = np.searchsorted(self.columns["vehicle"], every, side="left")
        self._ends: Ticks = np.searchsorted(self.columns["vehicle"], every, side="right")
        self._handles = {vehicle_id: handle for handle, vehicle_id in enumerate(self.ids)}

    @classmethod
    def of(cls, fixes: Iterable[Fix]) -> "Positions":
        """The positions of fixes."""
        told = list(fixes)
        handles = {vehicle_id: n for n, vehicle_id in enumerate(dict.fromkeys(map(_whose, told)))}
        vehicle = np.array([handles[fix.vehicle_id] for fix in told], dtype=U32)
        at_us = np.array([ticks(fix.at) for fix in told], dtype=I64)
        return cls(list(handles), {"vehicle": vehicle, "at_us": at_us, **columns_of(told)})

    def __len__(self) -> int:
        """How many positions."""
        return len(self.columns["at_us"])

    def newest(self, at: datetime) -> Ticks:
        """For each of `ids` the place in `columns` of its last position then; -1 for none."""
        return last_not_after(self.columns["at_us"], self._starts, self._ends, ticks(at))

    def trail(self, vehicle_id: str, since: datetime, until: datetime) -> list[Fix]:
        """Where a vehicle was in [since, until], oldest first; to a centimetre."""
        handle = self._handles.get(vehicle_id)
        if handle is None:
            return []
        start, end = int(self._starts[handle]), int(self._ends[handle])
        times = self.columns["at_us"][start:end]
        first = start + int(np.searchsorted(times, ticks(since), side="left"))
        last = start + int(np.searchsorted(times, ticks(until), side="right"))
        return [self._fix(vehicle_id, place) for place in range(first, last)]

    def with_more(self, more: "Positions") -> "Positions":
        """These and others together."""
        ids = list(dict.fromkeys((*self.ids, *more.ids)))
        handles = {vehicle_id: handle for handle, vehicle_id in enumerate(ids)}
        theirs = np.array([handles[vehicle_id] for vehicle_id in more.ids], dtype=U32)
        columns = {
            name: np.concatenate((self.columns[name], more.columns[name])) for name in COLUMNS
        }
        columns["vehicle"][len(self) :] = theirs[more.columns["vehicle"]]
        return Positions(ids, columns)

    def within(self, since: datetime, until: datetime) -> "Positions":
        """Those of a span, and before them the last one of every vehicle."""
        at_us = self.columns["at_us"]
        kept = (at_us >= ticks(since)) & (at_us <= ticks(until))
        before = self.newest(since)
        kept[before[before >= 0]] = True
        return Positions(self.ids, {name: array[kept] for name, array in self.columns.items()})

    def _fix(self, vehicle_id: str, place: int) -> Fix:
        said = {name: int(self.columns[name][place]) for name in SAID}
        return fix_of(vehicle_id, from_ticks(int(self.columns["at_us"][place])), said)


def _sorted_once(vehicle: NDArray[Any], at_us: NDArray[Any]) -> NDArray[Any] | slice:
    """Rows by vehicle and time, of several of the same the last; all of them where they are so."""
    moves_on = vehicle[1:] > vehicle[:-1]
    if np.all(moves_on | ((vehicle[1:] == vehicle[:-1]) & (at_us[1:] > at_us[:-1]))):
        return slice(None)
    order = np.lexsort((at_us, vehicle))
    vehicle, at_us = vehicle[order], at_us[order]
    holds = np.ones(len(order), dtype=bool)
    holds[:-1] = (vehicle[1:] != vehicle[:-1]) | (at_us[1:] != at_us[:-1])
    kept: NDArray[Any] = order[holds]
    return kept


def _whose(fix: Fix) -> str:
    return fix.vehicle_id
