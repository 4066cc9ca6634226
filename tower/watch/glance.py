"""A glance at the columns: which stops and vehicles deserve a closer look.

What the rules compare with a threshold is worked out for everything at once; a stop or vehicle
is looked at where it came to lie between other thresholds than before, or moved on among them.
So nothing is missed, and what stays as it is costs nothing.
"""

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tower.domain.state import State
from tower.domain.telemetry import Fix
from tower.domain.words import ExceptionKind
from tower.feed.arrivals import NO_PREDICTION, ArrivalTable
from tower.feed.columns import DEGREE, NO_I16
from tower.feed.vehicles import VehicleTable
from tower.road.geometry import METRES_PER_DEGREE
from tower.watch.anchors import Anchors
from tower.watch.index import Index
from tower.watch.odds import probability_after
from tower.watch.rules.late import LONG_OVER
from tower.watch.rules.silence import LIMIT
from tower.watch.thresholds import LimitBook

_MOVED_S = 60.0
"""An arrival that moved by so much is told with other words."""

_UNKNOWN = -1
"""Where something lies was not worked out yet with these thresholds."""

_ROOM = 1024
"""More thresholds of one rule than this nobody sets."""

_RISK, _LATE = ExceptionKind.LATE_RISK, ExceptionKind.LATE
_SIGNAL, _OFF, _COLD = ExceptionKind.NO_SIGNAL, ExceptionKind.OFF_ROUTE, ExceptionKind.TEMPERATURE
_DWELL, _VEHICLE = ExceptionKind.LONG_DWELL, ExceptionKind.VEHICLE

Floats = NDArray[np.float64]
Handles = NDArray[np.int64]


class LateGlance:
    """Which stops may be, or no longer be, at risk or late."""

    def __init__(self, book: LimitBook) -> None:
        self._window_end: Floats = np.zeros(0)
        self._seen_p50: Floats = np.zeros(0)
        self._code = np.zeros(0, dtype=np.int64)
        self.use(book)

    def use(self, book: LimitBook) -> None:
        """Use these thresholds from now on; what lies between which is worked out afresh."""
        self._chances = _levels(book, (_RISK, "raise_at"), (_RISK, "clear_at"), (_RISK, "major_at"))
        self._pasts = _levels(
            book,
            (_LATE, "raise_past"),
            (_LATE, "clear_past"),
            (_LATE, "major_past"),
            (_LATE, "critical_past"),
        )
        ahead = _levels(book, (_RISK, "ahead"))
        self._aheads = np.concatenate([[-LONG_OVER / timedelta(minutes=1), 0.0], ahead])
        self._code[:] = _UNKNOWN

    def reread(self, state: State, arrivals: ArrivalTable, stop_id: str) -> None:
        """A stop has another plan now, maybe another window."""
        handle = arrivals.handle_of(stop_id)
        if handle is not None and handle < len(self._window_end):
            self._window_end[handle] = _window_end(state, stop_id)

    def stops(self, state: State, arrivals: ArrivalTable, now: datetime) -> Iterator[str]:
        """The stops that deserve a look; each is taken to be looked at."""
        self._grow(state, arrivals)
        p50 = arrivals.columns["p50"]
        ahead = (self._window_end - now.timestamp()) / 60.0
        is_near = (ahead >= self._aheads[0]) & (ahead <= self._aheads[-1])
        near = np.flatnonzero(is_near & (p50 != NO_PREDICTION))
        code = np.zeros(len(p50), dtype=np.int64)
        code[near] = self._coded(arrivals, near, ahead[near])
        crossed = code != self._code
        moved = np.abs(p50 - self._seen_p50) >= _MOVED_S
        chosen = np.flatnonzero((crossed | moved) & ((code > 0) | (self._code > 0)))
        self._code = code
        self._seen_p50[chosen] = p50[chosen]
        return (arrivals.ids[handle] for handle in chosen.tolist())

    def _coded(self, arrivals: ArrivalTable, rows: Handles, ahead: Floats) -> Handles:
        """Between which thresholds each of these stops lies, 0 where below all of them."""
        columns, end = arrivals.columns, self._window_end[rows]
        p50, early, late = (columns[name][rows] * 1.0 for name in ("p50", "early", "late"))
        chance = 100.0 * probability_after(end, p50, early, late)
        risk = np.searchsorted(self._chances, chance, side="right")
        past = np.searchsorted(self._pasts, (p50 - end) / 60.0, side="right")
        distance = np.searchsorted(self._aheads, ahead, side="right")
        code: Handles = (risk * _ROOM + past) * _ROOM + distance
        return np.where((risk > 0) | (past > 0), code, 0)

    def _grow(self, state: State, arrivals: ArrivalTable) -> None:
        known, size = len(self._window_end), len(arrivals)
        if size == known:
            return
        more = [_window_end(state, stop_id) for stop_id in arrivals.ids[known:size]]
        self._window_end = np.concatenate([self._window_end, np.array(more)])
        self._code = np.concatenate([self._code, np.zeros(size - known, dtype=np.int64)])
        self._seen_p50 = np.concatenate([self._seen_p50, np.zeros(size - known)])


def _window_end(state: State, stop_id: str) -> float:
    stop = state.stops.get(stop_id)
    end = stop.plan.window_end if stop is not None and stop.plan is not None else None
    return end.timestamp() if end is not None else float("nan")


class VehicleGlance:
    """Which vehicles under way may have got near a threshold, or away from one."""

    def __init__(self, book: LimitBook) -> None:
        self._code = np.zeros(0, dtype=np.int64)
        self._is_driven = np.zeros(0, dtype=bool)
        self._limit_c: Floats = np.zeros(0)
        self._stray_m: Floats = np.zeros(0)
        self._seen_lat: Floats = np.zeros(0)
        self._seen_lon: Floats = np.zeros(0)
        self.use(book, ())

    def use(self, book: LimitBook, own_limits_s: Iterable[float]) -> None:
        """Use these thresholds from now on.

        Args:
            book: the thresholds.
            own_limits_s: after how many seconds each carrier counts as silent.
        """
        silences = _levels(book, (_SIGNAL, "raise_after"), (_SIGNAL, "clear_within"))
        silences = np.unique([*silences, *own_limits_s, LIMIT.total_seconds()])
        # Nought stands for the carrier's own limit.
        self._silences = silences[silences > 0]
        self._stands = _levels(book, (_DWELL, "elsewhere"), (_VEHICLE, "standing"))
        above = _levels(book, (_COLD, "raise_above"), (_COLD, "critical_above"))
        self._aboves = np.unique([*-_levels(book, (_COLD, "clear_below")), *above])
        self._least_stray_m = _levels(book, (_OFF, "raise_away"), (_OFF, "clear_away"))[0]
        self._code[:] = _UNKNOWN

    def reread(self, handle: int | None, *, is_driven: bool) -> None:
        """A vehicle is under way on a route now, or is no more."""
        if handle is not None and handle < len(self._is_driven):
            self._is_driven[handle] = is_driven

    def seen(self, handle: int | None, limit_c: float | None, stray_m: float, fix: Fix) -> None:
        """What a closer look at a vehicle told.

        Args:
            handle: the vehicle's.
            limit_c: the lowest limit of what is aboard, degrees Celsius; None for none.
            stray_m: how far it is from its route.
            fix: its newest fix.
        """
        if handle is not None and handle < len(self._limit_c):
            self._limit_c[handle] = float("nan") if limit_c is None else limit_c
            self._stray_m[handle] = stray_m
            self._seen_lat[handle], self._seen_lon[handle] = fix.lat, fix.lon

    def vehicles(
        self, index: Index, vehicles: VehicleTable, anchors: Anchors, now: datetime
    ) -> Iterator[str]:
        """The vehicles that deserve a look; each is taken to be looked at."""
        self._grow(index, vehicles)
        code = self._coded(vehicles, anchors, now.timestamp() * 1000.0)
        may_stray = self._may_stray(vehicles)
        chosen = np.flatnonzero(self._is_driven & ((code != self._code) | may_stray))
        self._code = code
        return (vehicles.ids[handle] for handle in chosen.tolist())

    def _coded(self, vehicles: VehicleTable, anchors: Anchors, now_ms: float) -> Handles:
        columns = vehicles.columns
        silence = np.searchsorted(self._silences, (now_ms - columns["at_ms"]) / 1000.0)
        stood = np.searchsorted(self._stands, (now_ms - anchors.since_ms) / 60_000.0)
        reading = columns["temperature"]
        above = np.where(reading == NO_I16, np.nan, reading / 10.0) - self._limit_c
        warm = np.where(np.isnan(above), 0, 1 + np.searchsorted(self._aboves, above))
        code: Handles = (silence * _ROOM + stood) * _ROOM + warm
        return code

    def _may_stray(self, vehicles: VehicleTable) -> NDArray[np.bool_]:
        """Which vehicles may be off their route: none gets further from it than it drives."""
        columns = vehicles.columns
        lat = columns["lat"] / DEGREE
        north = (lat - self._seen_lat) * METRES_PER_DEGREE
        east = (columns["lon"] / DEGREE - self._seen_lon) * METRES_PER_DEGREE
        driven = np.hypot(north, east * np.cos(np.radians(lat)))
        stray: NDArray[np.bool_] = (driven > 0) & (self._stray_m + driven >= self._least_stray_m)
        return stray

    def _grow(self, index: Index, vehicles: VehicleTable) -> None:
        known, more = len(self._code), len(vehicles) - len(self._code)
        if more <= 0:
            return
        driven = [index.driven_by(id_) is not None for id_ in vehicles.ids[known:]]
        self._is_driven = np.concatenate([self._is_driven, np.array(driven, dtype=bool)])
        self._code = _grown(self._code, more, _UNKNOWN)
        self._limit_c = _grown(self._limit_c, more, np.nan)
        self._stray_m = _grown(self._stray_m, more, np.inf)
        self._seen_lat = _grown(self._seen_lat, more, 0.0)
        self._seen_lon = _grown(self._seen_lon, more, 0.0)


def _grown(column: NDArray[Any], more: int, value: float) -> NDArray[Any]:
    return np.concatenate([column, np.full(more, value, dtype=column.dtype)])


def _levels(book: LimitBook, *names: tuple[ExceptionKind, str]) -> Floats:
    """Every value in use of some thresholds, rising."""
    return np.unique([value for name in names for value in book.every(*name)])
