"""How the arrivals of a moment stand against what was promised, for all stops at once."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from tower.domain.records import Stop, StopPlan
from tower.domain.state import State
from tower.domain.words import Punctuality
from tower.eta.promise import CLOSE_CALL, PLAN_TOLERANCE
from tower.replay.predictions import Expected
from tower.replay.ticks import Ticks

Floats = NDArray[np.float64]


class Arrivals(NamedTuple):
    """The arrivals of a moment, as columns.

    Attributes:
        stop: places in the list of stops; route: places in the list of routes.
        p50_s: seconds since 1970; early_s: from P10 to P50; late_s: from P50 to P90.
        planned_s: arrival in the plan of the day, NaN where there is none.
        punctuality: `Punctuality.code` of each.
    """

    stop: Ticks
    route: Ticks
    p50_s: Floats
    early_s: Ticks
    late_s: Ticks
    planned_s: Floats
    punctuality: NDArray[np.uint8]


class Promises:
    """What matters of each stop for its arrival, kept up with the state it is read off.

    Attributes:
        route_ids: routes of the stops.
    """

    def __init__(self, stop_ids: Sequence[str]) -> None:
        """Take the stops anything is predicted of."""
        self._places = {stop_id: place for place, stop_id in enumerate(stop_ids)}
        count = len(stop_ids)
        self._closes_s, self._planned_s = np.full(count, np.nan), np.full(count, np.nan)
        self._here_s = np.full(count, np.nan)
        self._route: Ticks = np.full(count, -1, dtype=np.int64)
        self._routes: dict[str, int] = {}
        self.route_ids: list[str] = []

    def heed(self, state: State, stop_ids: Iterable[str]) -> None:
        """Read these stops anew; others are left as they were."""
        for stop_id in stop_ids:
            place = self._places.get(stop_id)
            if place is not None:
                self._read(place, state.stops.get(stop_id))

    def arrivals(self, expected: Expected, now_s: float) -> Arrivals:
        """The arrivals of the stops that are still to be driven to, or driven to just now.

        What was expected earlier than now and has not happened is expected now; where the
        vehicle stands at the door, it has arrived.
        """
        wanted = self._route[expected.stop] >= 0
        stop, late_s, early_s = (
            column[wanted] for column in (expected.stop, expected.late_s, expected.early_s)
        )
        here_s = self._here_s[stop]
        is_here = ~np.isnan(here_s)
        p50_s = np.where(is_here, here_s, np.maximum(expected.p50_s[wanted], now_s))
        early_s, late_s = np.where(is_here, 0, early_s), np.where(is_here, 0, late_s)
        planned_s = self._planned_s[stop]
        codes = punctuality_codes(self._closes_s[stop], planned_s, p50_s, p50_s + late_s)
        return Arrivals(stop, self._route[stop], p50_s, early_s, late_s, planned_s, codes)

    def _read(self, place: int, stop: Stop | None) -> None:
        drives_there = stop is not None and bool(stop.route_id) and not stop.is_done
        self._route[place] = self._route_of(stop.route_id) if stop and drives_there else -1
        if stop is None or not drives_there:
            return
        self._closes_s[place], self._planned_s[place] = _times(stop.plan)
        is_here = stop.state.is_at_the_door and stop.arrived_at is not None
        self._here_s[place] = stop.arrived_at.timestamp() if is_here and stop.arrived_at else np.nan

    def _route_of(self, route_id: str) -> int:
        place = self._routes.setdefault(route_id, len(self._routes))
        if place == len(self.route_ids):
            self.route_ids.append(route_id)
        return place


def _times(plan: StopPlan | None) -> tuple[float, float]:
    """When its window closes and when it was planned, seconds since 1970; NaN for never."""
    if plan is None:
        return np.nan, np.nan
    closes, planned = plan.window_end, plan.planned_at
    return (
        closes.timestamp() if closes else np.nan,
        planned.timestamp() if planned else np.nan,
    )


def punctuality_codes(
    closes_s: Floats, planned_s: Floats, p50_s: Floats, p90_s: Floats
) -> NDArray[np.uint8]:
    """`tower.eta.promise.punctuality` of many stops, as codes; NaN where nothing is promised."""
    is_close = closes_s - p50_s < CLOSE_CALL.total_seconds()
    is_behind = np.isnan(closes_s) & (p50_s > planned_s + PLAN_TOLERANCE.total_seconds())
    at_risk = is_behind | is_close | (p90_s > closes_s)
    codes = np.where(at_risk, Punctuality.AT_RISK.code, Punctuality.ON_TIME.code)
    return np.where(p50_s > closes_s, Punctuality.LATE.code, codes).astype(np.uint8)
