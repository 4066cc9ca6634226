"""What was predicted when, as columns sorted by stop: the newest prediction of every stop."""

from array import array
from collections.abc import Iterable
from typing import NamedTuple

import numpy as np

from tower.domain.events import ArrivalsPredicted, Event
from tower.replay.ticks import Ticks, last_not_after, ticks


class Expected(NamedTuple):
    """The newest prediction of some stops.

    Attributes:
        stop: places of the stops in `Predictions.stop_ids`.
        p50_s: whole seconds since 1970.
        early_s: seconds from P10 to P50; late_s: from P50 to P90.
    """

    stop: Ticks
    p50_s: Ticks
    early_s: Ticks
    late_s: Ticks


class Predictions:
    """Every prediction that was kept, found by stop and moment; never changed once made.

    Attributes:
        stop_ids: the stops, those first that anything was ever predicted of.
        handles: stop id to its place there.
    """

    def __init__(self, events: Iterable[Event], stop_ids: Iterable[str] = ()) -> None:
        """Read them off events.

        Args:
            events: in the order they were learnt; others are passed over.
            stop_ids: stops to have a place, too.
        """
        handles: dict[str, int] = {}
        columns = tuple(array("q") for _ in range(5))
        for event in events:
            if isinstance(event.body, ArrivalsPredicted):
                learnt, base_s = ticks(event.recorded_at), event.at.timestamp()
                told = [
                    (
                        handles.setdefault(row.stop_id, len(handles)),
                        learnt,
                        round(base_s + row.in_s),
                        row.early_s,
                        row.late_s,
                    )
                    for row in event.body.rows
                ]
                for column, values in zip(columns, zip(*told, strict=True), strict=False):
                    column.extend(values)
        for stop_id in stop_ids:
            handles.setdefault(stop_id, len(handles))
        self.handles, self.stop_ids = handles, tuple(handles)
        stop, learnts, *said = (np.array(column, dtype=np.int64) for column in columns)
        order = np.lexsort((learnts, stop))
        stop, self._learnt = stop[order], learnts[order]
        self._p50, self._early, self._late = (column[order] for column in said)
        every = np.arange(len(handles))
        self._starts: Ticks = np.searchsorted(stop, every, side="left")
        self._ends: Ticks = np.searchsorted(stop, every, side="right")

    def newest(self, at_us: int) -> Expected:
        """What was expected of every stop at a moment, by the newest prediction naming it."""
        rows = last_not_after(self._learnt, self._starts, self._ends, at_us)
        stop = np.flatnonzero(rows >= 0)
        rows = rows[stop]
        return Expected(stop, self._p50[rows], self._early[rows], self._late[rows])
