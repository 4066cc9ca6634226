"""One look at all routes: their sheets and where their vehicles are, put together and projected."""

from collections.abc import Sequence
from datetime import datetime
from functools import cached_property
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from tower.domain.conditions import Weather
from tower.eta.course import Course
from tower.eta.features import Asked, LocalTime, OfAll, OfRoutes, asked_of
from tower.eta.fleetpace import FleetPace
from tower.eta.grid import Grid, Integers
from tower.eta.hindrances import Hindrances, Touches
from tower.eta.model import ArrivalModel, Floats
from tower.eta.outlook import FleetOutlook, Remaining
from tower.eta.sheet import RouteSheet, StopColumns
from tower.eta.starts import Start, break_columns, start_of
from tower.eta.steps import TOLD, Walk, Ways

_NAN = float("nan")


class Moment(NamedTuple):
    """What is the same for all routes."""

    now: datetime
    local: LocalTime
    weather: Weather | None
    hindrances: Hindrances


class Look:
    """Puts routes together and projects them."""

    def __init__(
        self,
        moment: Moment,
        courses: Sequence[Course],
        sheets: Sequence[RouteSheet],
        model: ArrivalModel,
        pace: FleetPace,
    ) -> None:
        """Take a look.

        Args:
            moment: the present.
            courses: the routes.
            sheets: one for each.
            model: what legs and drivers are asked of.
            pace: how much longer than expected everybody takes.
        """
        self._moment, self._model, self._fleet_pace = moment, model, pace
        self._now_s = moment.now.timestamp()
        self._all_courses = courses
        places = [place for place, sheet in enumerate(sheets) if sheet.order]
        self._places = np.array(places, dtype=np.int64)
        self._courses = [courses[place] for place in places]
        self._sheets = [sheets[place] for place in places]
        counts = np.array([len(sheet.order) for sheet in self._sheets], dtype=np.int64)
        self._grid = Grid(counts)

    def outlook(self) -> FleetOutlook:
        """How every route goes on."""
        steps, leaves_s = self._walked()
        is_driven_to = ~(self._is_here[self._grid.route] & (self._grid.step == 0))
        return FleetOutlook(
            now_s=self._now_s,
            courses=self._all_courses,
            next_rows=self._next_rows_of_all(),
            remaining=self._remaining(steps["arrives_s"], ~is_driven_to),
            asked=self._asked(steps, self._of_routes(steps["arrives_s"], leaves_s), is_driven_to),
            travel_s=self._legs_s[is_driven_to],
        )

    def _asked(self, steps: dict[str, Floats], routes: OfRoutes, which: NDArray[np.bool_]) -> Asked:
        """What a model is asked of some of the stops."""
        route = self._grid.route[which]
        chosen = {name: column[which] for name, column in steps.items()}
        chosen["base_s"] = chosen["arrives_s"]
        chosen["rest_gap_s"] = chosen["arrives_s"] - chosen["rest_s"] - self._rest_from_s()[route]
        chosen["stops_before"] = self._grid.step[which].astype(np.float64)
        carriers = [sheet.caller.carrier_id for sheet in self._sheets]
        everybody, local = self._of_all(), self._moment.local
        return asked_of(chosen, route, routes, everybody, local, carriers)

    @cached_property
    def _starts(self) -> list[Start]:
        pairs = zip(self._courses, self._sheets, strict=True)
        return [start_of(course, sheet, self._moment.now) for course, sheet in pairs]

    @cached_property
    def _is_here(self) -> NDArray[np.bool_]:
        return np.array([sheet.is_here for sheet in self._sheets], dtype=bool)

    @cached_property
    def _pace(self) -> Floats:
        return np.array([sheet.track.pace for sheet in self._sheets], dtype=np.float64)

    @cached_property
    def _legs_s(self) -> Floats:
        """`(n,)` driving to each stop by the roads; to the first what is left from now on."""
        legs_s = np.concatenate([np.zeros(0), *(sheet.legs_s for sheet in self._sheets)])
        gone_s = np.array([max(0.0, -one.begins_s) for one in self._starts], dtype=np.float64)
        first_s = np.array([one.first_s for one in self._starts], dtype=np.float64)
        left_s = np.maximum(0.0, first_s - gone_s / self._pace)
        legs_s[self._grid.firsts] = np.where(self._is_here, 0.0, left_s)
        return legs_s

    @cached_property
    def _columns(self) -> StopColumns:
        return StopColumns.of_all([sheet.columns for sheet in self._sheets])

    @cached_property
    def _doors_s(self) -> Floats:
        return np.concatenate([np.zeros(0), *(sheet.doors_s for sheet in self._sheets)])

    def _walked(self) -> tuple[dict[str, Floats], Floats]:
        """What `TOLD` says of each stop, `(n,)` each, and when first doors are left, `(r,)`."""
        if not self._sheets:
            return {name: np.zeros(0) for name in TOLD}, np.zeros(0)
        told, leaves_s = Walk(self._ways(), self._leg_s).go()
        steps = zip(TOLD, self._grid.in_a_row(told), strict=True)
        return dict(steps), leaves_s[self._grid.column]

    def _ways(self) -> Ways:
        grid, starts = self._grid, self._starts
        order = grid.order
        columns = self._columns
        return Ways(
            counts=grid.counts[order],
            legs_s=grid.spread(self._legs_s),
            added_s=grid.spread(self._added_s()),
            doors_s=grid.spread(self._doors_s),
            opens_s=grid.spread(columns.opens_s - self._now_s),
            is_hard=grid.spread(columns.is_hard) > 0.0,
            pace=self._pace[order],
            is_here=self._is_here[order],
            begins_s=np.array([one.begins_s for one in starts])[order],
            to_leave=np.array([one.to_leave for one in starts], dtype=bool)[order],
            first_s=np.array([one.first_s for one in starts])[order],
            breaks=break_columns(starts, self._moment.now)[:, :, order],
        )

    def _added_s(self) -> Floats:
        """`(n,)` what disturbances add to each leg, driven about when it would be without them."""
        touching = [
            (offset, sheet.touches)
            for offset, sheet in zip(self._grid.firsts.tolist(), self._sheets, strict=True)
            if len(sheet.touches.leg)
        ]
        if not touching:
            return np.zeros(len(self._grid.route))
        touches = Touches(
            np.concatenate([one.leg + offset for offset, one in touching]),
            np.concatenate([one.disturbance for _, one in touching]),
            np.concatenate([one.share for _, one in touching]),
        )
        lead_s = np.array([max(0.0, one.begins_s) for one in self._starts])
        gone_s = np.cumsum(self._legs_s + self._doors_s) - self._doors_s - self._legs_s
        ahead_s = gone_s - gone_s[self._grid.firsts][self._grid.route] + lead_s[self._grid.route]
        return self._moment.hindrances.added(touches, self._now_s + ahead_s, self._legs_s)

    def _leg_s(self, expected_s: Floats, begins_s: Floats) -> Floats:
        weather, local = self._moment.weather, self._moment.local
        rain_mm_h = weather.rain_mm_h if weather else 0.0
        return self._model.leg_s(expected_s, local.hours(begins_s), local.weekday, rain_mm_h)

    def _of_routes(self, arrives_s: Floats, leaves_s: Floats) -> OfRoutes:
        driven = [self._fleet_pace.driver(course.route.id) for course in self._courses]
        planned_s = self._columns.planned_s
        begins_s = np.array([one.begins_s for one in self._starts], dtype=np.float64)
        nexts, here, legs_s = self._next_rows(), self._is_here, self._legs_s
        since_s = np.array([one.since_s for one in self._starts], dtype=np.float64)
        whole_s = np.array([sheet.legs_s[0] for sheet in self._sheets], dtype=np.float64)
        return OfRoutes(
            pace=self._pace,
            pace_stops=np.array([one.doors for one in driven], dtype=np.float64),
            recent_pace=np.array([one.recent for one in driven]),
            delay_s=self._now_s + arrives_s[nexts] - planned_s[nexts],
            door_elapsed_s=np.where(here, -begins_s, 0.0),
            door_left_s=np.where(here, leaves_s, 0.0),
            leg_elapsed_s=-since_s,
            leg_over_s=legs_s[self._grid.firsts] - since_s - whole_s,
            fix_age_s=np.array([self._fix_age_s(course) for course in self._courses]),
            is_started=np.array([_is_started(one) for one in self._sheets], dtype=np.float64),
            live_factor=np.array([course.live_factor for course in self._courses]),
            driver_factor=np.array(
                [self._model.driver_factor(sheet.caller.driver) for sheet in self._sheets]
            ),
        )

    def _rest_from_s(self) -> Floats:
        """`(r,)` when each driver's next break may begin; nan where none is left."""
        now = self._moment.now
        dues = (one.breaks[0].earliest if one.breaks else None for one in self._starts)
        return np.array([_NAN if due is None else (due - now).total_seconds() for due in dues])

    def _fix_age_s(self, course: Course) -> float:
        if course.fix_at is None:
            return _NAN
        return max(0.0, (self._moment.now - course.fix_at).total_seconds())

    def _of_all(self) -> OfAll:
        weather = self._moment.weather
        return OfAll(
            fleet_pace=self._fleet_pace.fleet(self._now_s),
            rain_mm_h=weather.rain_mm_h if weather else _NAN,
            snow_cm_h=weather.snow_cm_h if weather else _NAN,
        )

    def _next_rows(self) -> Integers:
        """`(r,)` the first stop of each route's own order."""
        nexts = np.array([sheet.next_place for sheet in self._sheets], dtype=np.int64)
        return self._grid.firsts + nexts

    def _next_rows_of_all(self) -> Integers:
        """Likewise of all routes, -1 where none is left."""
        found = np.full(len(self._all_courses), -1, dtype=np.int64)
        found[self._places] = self._next_rows()
        return found

    def _remaining(self, arrives_s: Floats, is_here: NDArray[np.bool_]) -> Remaining:
        columns = self._columns
        return Remaining(
            stop_ids=[stop_id for sheet in self._sheets for stop_id in sheet.stop_ids],
            route=self._places[self._grid.route],
            step=self._grid.step,
            is_here=is_here,
            base_s=arrives_s.copy(),  # a view would keep all that was walked
            closes_s=columns.closes_s.copy(),
            planned_s=columns.planned_s.copy(),
        )


def _is_started(sheet: RouteSheet) -> bool:
    return sheet.course.route.started_at is not None or sheet.track.has_served
