"""What was promised of every stop as time went on, and how the arrivals of a moment stand to it."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from tower.domain.records import Stop
from tower.domain.state import State
from tower.domain.words import Punctuality
from tower.eta.promise import CLOSE_CALL, PLAN_TOLERANCE
from tower.replay.predictions import Expected
from tower.replay.ticks import Ticks, last_not_after

Floats = NDArray[np.float64]

_NEVER = float("nan")
_BEFORE_ALL = -(2**62)


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


class _Promise(NamedTuple):
    """What mattered of a stop from one moment on.

    Attributes:
        learnt_us: from when.
        route: place in the list of routes; -1 where nobody is to drive there (any more).
        closes_s: when its window closes; planned_s: when it was planned; here_s: when the vehicle
            arrived that stands at its door; seconds since 1970, NaN for never.
    """

    learnt_us: int
    route: int
    closes_s: float
    planned_s: float
    here_s: float


class PromiseLog:
    """Written while events are folded: what mattered of each stop from when on.

    Attributes:
        route_ids: routes of the stops.
    """

    def __init__(self, base: State) -> None:
        """Begin with the stops as they are before the first event."""
        self._promises: dict[str, list[_Promise]] = {}
        self._routes: dict[str, int] = {}
        self.heed(base, base.stops, _BEFORE_ALL)

    def copied(self) -> "PromiseLog":
        """The same, to be written on."""
        copy = PromiseLog(State())
        copy._promises = {stop_id: list(told) for stop_id, told in self._promises.items()}
        copy._routes = dict(self._routes)
        return copy

    @property
    def route_ids(self) -> list[str]:
        """Routes of the stops."""
        return list(self._routes)

    def heed(self, state: State, stop_ids: Iterable[str], learnt_us: int) -> None:
        """These stops are other ones since a moment."""
        for stop_id in stop_ids:
            told = self._promise(state.stops[stop_id], learnt_us)
            known = self._promises.setdefault(stop_id, [])
            if not known or known[-1][1:] != told[1:]:
                known.append(told)

    def of(self, stop_ids: Sequence[str]) -> "Promises":
        """What was written, of these stops, in their order."""
        runs = [self._promises.get(stop_id, []) for stop_id in stop_ids]
        ends = np.cumsum([len(run) for run in runs], dtype=np.int64)
        starts = ends - np.array([len(run) for run in runs], dtype=np.int64)
        return Promises([told for run in runs for told in run], starts, ends, self.route_ids)

    def _promise(self, stop: Stop, learnt_us: int) -> _Promise:
        if not stop.route_id or stop.is_done:
            return _Promise(learnt_us, -1, _NEVER, _NEVER, _NEVER)
        plan, is_here = stop.plan, stop.state.is_at_the_door
        closes, planned = (plan.window_end, plan.planned_at) if plan else (None, None)
        return _Promise(
            learnt_us,
            self._routes.setdefault(stop.route_id, len(self._routes)),
            closes.timestamp() if closes else _NEVER,
            planned.timestamp() if planned else _NEVER,
            stop.arrived_at.timestamp() if is_here and stop.arrived_at else _NEVER,
        )


class Promises:
    """What mattered of each stop at any moment; never changed once made.

    Attributes:
        route_ids: routes of the stops.
    """

    def __init__(
        self, told: Sequence[_Promise], starts: Ticks, ends: Ticks, route_ids: list[str]
    ) -> None:
        """Take what was told of the stops, one after the other; see `PromiseLog.of`."""
        self.route_ids, self._starts, self._ends = route_ids, starts, ends
        self._learnt = np.array([one.learnt_us for one in told], dtype=np.int64)
        self._route = np.array([one.route for one in told], dtype=np.int64)
        times = np.array([one[2:] for one in told], dtype=np.float64).reshape(-1, 3)
        self._closes_s, self._planned_s, self._here_s = np.ascontiguousarray(times.T)

    def arrivals(self, expected: Expected, at_us: int) -> Arrivals:
        """The arrivals of the stops that are still to be driven to, or driven to just now.

        A stop expected earlier than now and not reached is expected now, and the rest of its
        route as much later; where the vehicle stands at the door, it has arrived.
        """
        rows = last_not_after(
            self._learnt, self._starts[expected.stop], self._ends[expected.stop], at_us
        )
        wanted = (rows >= 0) & (self._route[rows] >= 0) if len(self._route) else rows >= 0
        rows = rows[wanted]
        here_s = self._here_s[rows]
        is_here = ~np.isnan(here_s)
        told_s = expected.p50_s[wanted].astype(np.float64)
        overdue_s = self._overdue_s(self._route[rows][~is_here], told_s[~is_here], at_us / 1e6)
        p50_s = np.where(is_here, here_s, told_s + overdue_s[self._route[rows]])
        early_s = np.where(is_here, 0, expected.early_s[wanted])
        late_s = np.where(is_here, 0, expected.late_s[wanted])
        closes_s, planned_s = self._closes_s[rows], self._planned_s[rows]
        return Arrivals(
            stop=expected.stop[wanted],
            route=self._route[rows],
            p50_s=p50_s,
            early_s=early_s,
            late_s=late_s,
            planned_s=planned_s,
            punctuality=punctuality_codes(closes_s, planned_s, p50_s, p50_s + late_s),
        )

    def _overdue_s(self, route: Ticks, p50_s: Floats, now_s: float) -> Floats:
        """For each route, seconds since it was expected at the first stop still ahead; from 0."""
        first_s = np.full(len(self.route_ids), np.inf)
        np.minimum.at(first_s, route, p50_s)
        overdue_s: Floats = np.maximum(now_s - first_s, 0.0)
        return overdue_s


def punctuality_codes(
    closes_s: Floats, planned_s: Floats, p50_s: Floats, p90_s: Floats
) -> NDArray[np.uint8]:
    """`tower.eta.promise.punctuality` of many stops, as codes; NaN where nothing is promised."""
    is_close = closes_s - p50_s < CLOSE_CALL.total_seconds()
    is_behind = np.isnan(closes_s) & (p50_s > planned_s + PLAN_TOLERANCE.total_seconds())
    at_risk = is_behind | is_close | (p90_s > closes_s)
    codes = np.where(at_risk, Punctuality.AT_RISK.code, Punctuality.ON_TIME.code)
    return np.where(p50_s > closes_s, Punctuality.LATE.code, codes).astype(np.uint8)
