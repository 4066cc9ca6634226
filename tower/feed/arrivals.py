"""The predicted arrivals: the gateway's table and the desktop's copy of it."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import msgspec
import numpy as np
from numpy.typing import NDArray

from tower.domain.moments import utc
from tower.domain.words import Punctuality
from tower.feed.columns import I16, I64, U8, column, scaled
from tower.feed.sections import Frame
from tower.feed.tables import LiveMirror, LiveTable

NO_PREDICTION = -(2**63)

ARRIVAL_COLUMNS: dict[str, tuple[np.dtype[Any], int]] = {
    "p50": (I64, NO_PREDICTION),
    "early": (I16, 0),
    "late": (I16, 0),
    "punctuality": (U8, Punctuality.IDLE.code),
}
"""Columns of an arrival: `p50` in whole seconds since 1970 (the least number: no prediction),
`early` and `late` the seconds from P10 to P50 and from P50 to P90."""


class Arrival(msgspec.Struct, frozen=True, kw_only=True):
    """When a vehicle is expected at a stop.

    Attributes:
        p10: it comes earlier in one case of ten, UTC.
        p50: as likely earlier as later, UTC.
        p90: it comes later in one case of ten, UTC.
        punctuality: how that stands against the promise.
    """

    p10: datetime
    p50: datetime
    p90: datetime
    punctuality: Punctuality


class ArrivalTable(LiveTable):
    """When each stop is expected to be reached."""

    def __init__(self) -> None:
        super().__init__(ARRIVAL_COLUMNS)

    def set(
        self,
        stop_ids: Sequence[str],
        p50: Sequence[float | None],
        early: Sequence[float],
        late: Sequence[float],
        punctuality: Sequence[int],
    ) -> int:
        """Predict the arrivals of stops, each named once.

        Args:
            stop_ids: the stops.
            p50: seconds since 1970, None for no prediction (any more).
            early: seconds from P10 to P50.
            late: seconds from P50 to P90.
            punctuality: `Punctuality.code` of each.

        Returns:
            How many predictions changed.
        """
        if not stop_ids:
            return 0
        rows = self.rows_of(stop_ids)
        values = {
            "p50": scaled(p50, 1.0, I64, NO_PREDICTION),
            "early": scaled(early, 1.0, I16, 0),
            "late": scaled(late, 1.0, I16, 0),
            "punctuality": column(punctuality, U8),
        }
        return self._set(rows, values, self._differs(rows, values))

    def rows_of(self, stop_ids: Sequence[str]) -> NDArray[np.int64]:
        """The rows of stops, which are made where there are none yet; good for ever."""
        return column((self.handle(stop_id) for stop_id in stop_ids), I64)

    def set_rows(
        self,
        rows: NDArray[np.int64],
        moments: NDArray[np.float64],
        punctuality: NDArray[np.uint8],
        least_s: NDArray[np.float64],
    ) -> int:
        """Predict many arrivals at once; what hardly moved stays as it was told.

        Args:
            rows: `(n,)` rows of distinct stops, from `rows_of`.
            moments: `(3, n)` P10, P50 and P90, seconds since 1970.
            punctuality: `(n,)` `Punctuality.code` of each.
            least_s: `(n,)` seconds by which one of the three must have moved to be told anew; a
                change of punctuality is always told.

        Returns:
            How many predictions changed.
        """
        p10, p50, p90 = moments
        values = {
            "p50": scaled(p50, 1.0, I64, NO_PREDICTION),
            "early": scaled(p50 - p10, 1.0, I16, 0),
            "late": scaled(p90 - p50, 1.0, I16, 0),
            "punctuality": punctuality,
        }
        return self._set(
            rows, values, self._differs(rows, values) & self._moved(rows, values, least_s)
        )

    def _moved(
        self,
        rows: NDArray[np.int64],
        values: Mapping[str, NDArray[Any]],
        least_s: NDArray[np.float64],
    ) -> NDArray[np.bool_]:
        """Which rows tell something else than they did by more than a few seconds."""
        known = self._rows.take(rows, ARRIVAL_COLUMNS)
        moved: NDArray[np.bool_] = known["punctuality"] != values["punctuality"]
        moved |= known["p50"] == NO_PREDICTION
        for sign, span in ((0, "early"), (-1, "early"), (1, "late")):
            before = known["p50"] + sign * known[span].astype(I64)
            after = values["p50"] + sign * values[span].astype(I64)
            moved |= np.abs(after - before) > least_s
        return moved

    def _set(
        self, rows: NDArray[np.int64], values: Mapping[str, NDArray[Any]], which: NDArray[np.bool_]
    ) -> int:
        self._write(rows[which], {name: array[which] for name, array in values.items()})
        return int(np.count_nonzero(which))

    def row(self, stop_id: str) -> Arrival | None:
        """When a stop is expected to be reached; None where nothing is predicted."""
        handle = self.handle_of(stop_id)
        return None if handle is None else _arrival(self._rows.take(column([handle], I64), _NAMES))


class ArrivalMirror(LiveMirror):
    """The desktop's copy of the predicted arrivals."""

    def __init__(self) -> None:
        super().__init__(ARRIVAL_COLUMNS)

    def apply(self, frame: Frame) -> Sequence[str]:
        """Take a frame's arrivals in.

        Returns:
            Ids of the stops whose prediction changed, each once.

        Raises:
            FrameGap: frames between this copy and the frame are missing.
            FeedError: the frame contradicts itself.
        """
        return [self._ids[handle] for handle in self._take(frame.arrivals).tolist()]

    def row(self, stop_id: str) -> Arrival | None:
        """When a stop is expected to be reached; None where nothing is predicted."""
        handle = self.handle_of(stop_id)
        return None if handle is None else _arrival(self._rows.take(column([handle], I64), _NAMES))


_NAMES = tuple(ARRIVAL_COLUMNS)


def _arrival(values: dict[str, NDArray[Any]]) -> Arrival | None:
    p50 = int(values["p50"][0])
    if p50 == NO_PREDICTION:
        return None
    return Arrival(
        p10=utc(p50 - int(values["early"][0])),
        p50=utc(p50),
        p90=utc(p50 + int(values["late"][0])),
        punctuality=Punctuality.of_code(int(values["punctuality"][0])),
    )
