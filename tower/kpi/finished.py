"""The stops finished today, as columns: read once from the state, and again only where changed."""

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from tower.domain.records import Stop, StopPlan
from tower.domain.state import State
from tower.domain.words import AttemptReason, StopState
from tower.kpi.judging import came, is_counted, is_on_time, window_of

BEFORE_SHIFT = timedelta(hours=6)
"""What happens this long before the shift begins still belongs to it."""

WITHOUT_SHIFT = timedelta(hours=24)
"""Where no shift was opened, today is so long."""

REASONS = tuple(AttemptReason)
"""Reasons by their number in the columns."""

NONE = -1
"""In a column of numbers: there is none."""

Floats = NDArray[np.float64]

_ROW = np.dtype(
    [
        ("counts", np.bool_),
        ("at", np.float64),
        ("success", np.bool_),
        ("within", np.int8),
        ("off_plan_min", np.float64),
        ("reason", np.int8),
        ("route", np.int32),
        ("lat", np.float64),
        ("lon", np.float64),
    ]
)
_FIRST_ROWS = 1_024


class Day(NamedTuple):
    """The stops delivered, collected, attempted or skipped today, by time; all columns `(n,)`.

    Neither cancelled ones, nor those where nobody waits for us (charging, taking parcels over).

    Attributes:
        ids: of the stops.
        rows: their columns: `at`, when it was finished, seconds since 1970; `success`, delivered
            or collected; `within` its window 1, not 0, `NONE` where it had none; `off_plan_min`,
            |came - planned|, nan where nothing was planned; `reason`, its number in `REASONS`,
            `NONE` unless attempted; `route`, its number in `route_ids`; `lat`, `lon`, nan where
            nobody said.
        route_ids: ids of routes by number.
    """

    ids: NDArray[np.object_]
    rows: NDArray[Any]
    route_ids: Sequence[str]

    def column(self, name: str) -> NDArray[Any]:
        """One column."""
        column: NDArray[Any] = self.rows[name]
        return column

    def named(self, which: NDArray[Any]) -> tuple[str, ...]:
        """Ids of some of them, by a mask or by places."""
        return tuple(self.ids[which].tolist())


class DayBook:
    """Keeps what each finished stop says, so that only stops that changed are read again."""

    def __init__(self) -> None:
        """Knows no stop."""
        self._places: dict[str, int] = {}
        self._routes: dict[str, int] = {}
        self._ids = np.empty(_FIRST_ROWS, dtype=object)
        self._rows = np.zeros(_FIRST_ROWS, dtype=_ROW)
        self._counts = self._rows["counts"]
        self._read: list[Stop] = []

    @property
    def stop_ids(self) -> Iterable[str]:
        """Ids of the stops that were finished when they were read."""
        return self._places

    def read(self, stops: Iterable[Stop]) -> None:
        """Take in stops as they are now; those with no outcome count for nothing.

        What a record says is worked out once, also where it was forgotten meanwhile.
        """
        for stop in stops:
            if stop.outcome is None:
                self.forget(stop.id)
                continue
            place = self._places.get(stop.id)
            if place is None:
                place = self._add(stop)
            elif self._read[place] is stop:
                self._counts[place] = is_counted(stop.plan, stop.outcome.state)
                continue
            self._rows[place], self._read[place] = self._row(stop), stop

    def forget(self, stop_id: str) -> None:
        """Count a stop no longer."""
        place = self._places.get(stop_id)
        if place is not None:
            self._counts[place] = False

    def day(self, state: State, now: datetime) -> Day:
        """The stops finished today up to now."""
        count = len(self._places)
        rows = self._rows[:count]
        since, until = beginning(state, now).timestamp(), now.timestamp()
        today = np.flatnonzero(rows["counts"] & (rows["at"] >= since) & (rows["at"] <= until))
        order = today[np.argsort(rows["at"][today], kind="stable")]
        return Day(self._ids[order], rows[order], tuple(self._routes))

    def _row(self, stop: Stop) -> tuple[object, ...]:
        plan, outcome = stop.plan, stop.outcome
        if outcome is None or not is_counted(plan, outcome.state):
            return (False, 0.0, False, NONE, np.nan, NONE, 0, np.nan, np.nan)
        came_at = came(stop.arrived_at, outcome.at)
        return (
            True,
            outcome.at.timestamp(),
            outcome.state.is_success,
            _within(plan, came_at, outcome.at, outcome.state),
            _off_plan_min(plan, came_at),
            _reason(outcome.state, outcome.reason),
            self._routes.setdefault(stop.route_id, len(self._routes)),
            plan.lat if plan else np.nan,
            plan.lon if plan else np.nan,
        )

    def _add(self, stop: Stop) -> int:
        """A row for another stop."""
        place = self._places[stop.id] = len(self._places)
        if place >= len(self._rows):
            more = len(self._rows)
            self._rows = np.concatenate([self._rows, np.zeros(more, dtype=_ROW)])
            self._ids = np.concatenate([self._ids, np.empty(more, dtype=object)])
            self._counts = self._rows["counts"]
        self._ids[place] = stop.id
        self._read.append(stop)
        return place


def _within(plan: StopPlan | None, came_at: datetime, done_at: datetime, state: StopState) -> int:
    window = window_of(plan)
    return NONE if window is None else int(is_on_time(came_at, done_at, state, window))


def _off_plan_min(plan: StopPlan | None, came_at: datetime) -> float:
    if plan is None or plan.planned_at is None:
        return np.nan
    return abs((came_at - plan.planned_at).total_seconds()) / 60.0


def _reason(state: StopState, reason: AttemptReason | None) -> int:
    if state is not StopState.ATTEMPTED:
        return NONE
    return REASONS.index(reason or AttemptReason.OTHER)


def beginning(state: State, now: datetime) -> datetime:
    """From when on things count as today's."""
    shift = state.shift
    return shift.starts_at - BEFORE_SHIFT if shift else now - WITHOUT_SHIFT


def finished_today(state: State, now: datetime) -> Day:
    """The stops finished today, read from the whole state."""
    book = DayBook()
    book.read(state.stops.values())
    return book.day(state, now)


class Tally:
    """How often something was so, up to any moment of the day.

    Args:
        times: `(n,)` seconds since 1970, ascending.
        was: `(n,)` whether it was so.
    """

    def __init__(self, times: Sequence[float] | Floats, was: Sequence[bool] | NDArray[Any]) -> None:
        self._times = list(times) if isinstance(times, Sequence) else times.tolist()
        self._sums = [0, *np.cumsum(np.asarray(was, dtype=np.int64)).tolist()]

    @property
    def first(self) -> float | None:
        """The first time, None where nothing is counted."""
        return self._times[0] if self._times else None

    def percent(self, until: float) -> float | None:
        """In how many of a hundred cases it was so up to `until`."""
        count = bisect_right(self._times, until)
        return 100.0 * self._sums[count] / count if count else None

    def count(self, after: float, until: float) -> int:
        """How often it was so in (after, until]."""
        upper = self._sums[bisect_right(self._times, until)]
        return int(upper - self._sums[bisect_right(self._times, after)])
