"""How all routes go on: what a model is asked about, and what its answers say of every stop."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from tower.domain.moments import utc
from tower.domain.words import Punctuality
from tower.eta.course import Course
from tower.eta.features import Asked
from tower.eta.model import Floats, Rows
from tower.eta.promise import CLOSE_CALL, PLAN_TOLERANCE
from tower.eta.schedule import Arrival
from tower.eta.standing import AHEAD, Standing

Integers = NDArray[np.int64]


@dataclass(frozen=True, slots=True, eq=False)
class Remaining:
    """Every stop not done, route by route in the order they are expected: `(n,)` each.

    Attributes:
        stop_ids: the stops.
        route: index of the route each is on; step: how many stops come before it there.
        is_here: the vehicle stands there.
        base_s: seconds from now to the projected arrival; negative where it has come already.
        closes_s: when the promise ends, seconds since 1970, nan where there is none.
        planned_s: the plan of the day, likewise.
    """

    stop_ids: Sequence[str]
    route: Integers
    step: Integers
    is_here: NDArray[np.bool_]
    base_s: Floats
    closes_s: Floats
    planned_s: Floats


@dataclass(frozen=True, eq=False)
class FleetOutlook:
    """All routes at one moment.

    Attributes:
        now_s: that moment, seconds since 1970.
        courses: the routes, as they were given.
        next_rows: `(r,)` index in `remaining` of the first stop of each route's own order, -1
            where none is left.
        remaining: every stop not done.
        asked: what a model is asked: the stops among them that are still to be driven to.
        travel_s: `(n,)` driving to each of those by the roads; to the first of a route what is
            left from now on. Kept in the journal, it gives the same rows again.
    """

    now_s: float
    courses: Sequence[Course]
    next_rows: Integers
    remaining: Remaining
    asked: Asked
    travel_s: Floats

    @property
    def rows(self) -> Rows:
        """What is asked as a model takes it, made each time: it is large and soon done with."""
        return self.asked.rows()

    @cached_property
    def stop_ids(self) -> list[str]:
        """The stops of `rows`."""
        ids = self.remaining.stop_ids
        return [ids[place] for place in np.flatnonzero(~self.remaining.is_here).tolist()]

    @cached_property
    def route_rows(self) -> list[range]:
        """Which of `rows` belong to each of `courses`."""
        counts = np.bincount(
            self.remaining.route[~self.remaining.is_here], minlength=len(self.courses)
        )
        ends = np.cumsum(counts).tolist()
        return [range(end - n, end) for end, n in zip(ends, counts.tolist(), strict=True)]

    def arrivals(self, quantiles: Floats) -> "FleetArrivals":
        """What a model's answer says of every stop.

        No stop is expected before the one driven to before it; at a door the vehicle stands at,
        it has arrived.

        Args:
            quantiles: `(len(rows), 3)` seconds from now to P10, P50 and P90 of `rows`.
        """
        remaining = self.remaining
        seconds = np.repeat(remaining.base_s[:, None], 3, axis=1)
        seconds[~remaining.is_here] = quantiles
        p50 = _rising(seconds[:, 1], remaining)
        moments = self.now_s + np.stack(
            (np.minimum(seconds[:, 0], p50), p50, np.maximum(seconds[:, 2], p50))
        )
        return FleetArrivals(self, *moments)


class FleetArrivals(Mapping[str, Arrival]):
    """When every vehicle comes to every stop not done; by stop id, made when somebody asks.

    Attributes:
        stop_ids: the stops, route by route in the order they are expected.
        p10, p50, p90: `(n,)` seconds since 1970.
        punctuality: `(n,)` how that stands against the promise, as `Punctuality.code`.
    """

    def __init__(self, outlook: FleetOutlook, p10: Floats, p50: Floats, p90: Floats) -> None:
        """Make it; see `FleetOutlook.arrivals`."""
        self._outlook = outlook
        self.stop_ids = outlook.remaining.stop_ids
        self.p10, self.p50, self.p90 = p10, p50, p90
        self.punctuality = _punctuality(outlook.remaining, p50, p90)

    def __getitem__(self, stop_id: str) -> Arrival:
        """When a vehicle comes to a stop.

        Raises:
            KeyError: nothing is predicted of the stop.
        """
        return self.at(self._places[stop_id])

    def find(self, stop_id: str) -> Arrival | None:
        """The same of one stop, None where nothing is predicted: without an index of all."""
        place = place_of(stop_id, self.stop_ids)
        return None if place is None else self.at(place)

    def at(self, place: int) -> Arrival:
        """The arrival at a stop by its place in `stop_ids`."""
        return Arrival(
            stop_id=self.stop_ids[place],
            p10=utc(float(self.p10[place])),
            p50=utc(float(self.p50[place])),
            p90=utc(float(self.p90[place])),
            punctuality=Punctuality.of_code(int(self.punctuality[place])),
        )

    def __iter__(self) -> Iterator[str]:
        return iter(self.stop_ids)

    def __len__(self) -> int:
        return len(self.stop_ids)

    def __contains__(self, stop_id: object) -> bool:
        return stop_id in self._places

    @cached_property
    def _places(self) -> dict[str, int]:
        return {stop_id: place for place, stop_id in enumerate(self.stop_ids)}

    @cached_property
    def standings(self) -> dict[str, Standing]:
        """How every route stands, by its id."""
        outlook, routes = self._outlook, len(self._outlook.courses)
        route = outlook.remaining.route
        soon = self.p50 <= outlook.now_s + AHEAD.total_seconds()
        worst = np.full(routes, -1)
        np.maximum.at(worst, route[soon], self.punctuality[soon].astype(np.int64))
        late = np.bincount(route[self.punctuality == Punctuality.LATE.code], minlength=routes)
        risk = np.bincount(route[self.punctuality == Punctuality.AT_RISK.code], minlength=routes)
        told = zip(outlook.courses, worst.tolist(), late.tolist(), risk.tolist(), strict=True)
        nexts = outlook.next_rows.tolist()
        return {
            course.route.id: self._standing(course, place, code, (late, risk))
            for place, (course, code, late, risk) in zip(nexts, told, strict=True)
        }

    def _standing(
        self, course: Course, place: int, worst: int, counted: tuple[int, int]
    ) -> Standing:
        if place < 0:
            return Standing(punctuality=Punctuality.DONE)
        code = worst if worst >= 0 else int(self.punctuality[place])
        is_started = course.route.started_at is not None
        delay_s = float(self.p50[place] - self._outlook.remaining.planned_s[place])
        return Standing(
            punctuality=Punctuality.of_code(code) if is_started else Punctuality.IDLE,
            delay_s=0.0 if np.isnan(delay_s) else delay_s,
            next_stop_id=self.stop_ids[place],
            late=counted[0],
            at_risk=counted[1],
        )


def place_of(stop_id: str, stop_ids: Sequence[str]) -> int | None:
    """Where a stop stands in a list; of a hundred thousand that takes two milliseconds."""
    try:
        return stop_ids.index(stop_id)
    except ValueError:
        return None


def _rising(seconds: Floats, remaining: Remaining) -> Floats:
    """The greatest of each stop and those driven to before it on the same route."""
    if not len(seconds):
        return seconds
    grid = np.full((int(remaining.step.max()) + 1, int(remaining.route.max()) + 1), -np.inf)
    grid[remaining.step, remaining.route] = seconds
    rising: Floats = np.maximum.accumulate(grid, axis=0)[remaining.step, remaining.route]
    return rising


def _punctuality(remaining: Remaining, p50: Floats, p90: Floats) -> NDArray[np.uint8]:
    """`tower.eta.promise.punctuality` of many stops."""
    closes_s, planned_s = remaining.closes_s, remaining.planned_s
    is_close = closes_s - p50 < CLOSE_CALL.total_seconds()
    is_behind = np.isnan(closes_s) & (p50 > planned_s + PLAN_TOLERANCE.total_seconds())
    at_risk = is_behind | is_close | (p90 > closes_s)
    codes = np.where(at_risk, Punctuality.AT_RISK.code, Punctuality.ON_TIME.code)
    return np.where(p50 > closes_s, Punctuality.LATE.code, codes).astype(np.uint8)
