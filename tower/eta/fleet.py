"""How all routes go on, projected at once; the rules are those of `tower.eta.schedule`.

What changes only with a route is kept on its sheet; what changes with the clock is worked out for
all routes together, a stop at a time.
"""

from collections.abc import Sequence
from datetime import UTC, datetime, tzinfo

from tower.domain.conditions import Conditions, Disturbance, Weather
from tower.eta.course import Course
from tower.eta.doors import Caller, DoorTimes, driver_key
from tower.eta.driven import DrivenLegs
from tower.eta.features import LocalTime
from tower.eta.fleetpace import FleetPace
from tower.eta.hindrances import Hindrances, weather_now
from tower.eta.look import Look, Moment
from tower.eta.model import ArrivalModel
from tower.eta.outlook import FleetOutlook
from tower.eta.sheet import Expected, RouteSheet, sheet_of

_RAIN_STEP_MM_H = 0.5
"""Rain that changes by less does not change what doors are expected to take."""


class Fleet:
    """Projects all routes. For one thread at a time.

    Attributes:
        model: what doors and legs are asked of.
        pace: how much longer than expected everybody takes.
    """

    def __init__(self, model: ArrivalModel) -> None:
        self._disturbances: tuple[Disturbance, ...] = ()
        self._hindrances = Hindrances(())
        self.use(model)

    def use(self, model: ArrivalModel) -> None:
        """Ask another model from now on."""
        self.model = model
        self.pace = FleetPace()
        self._doors = DoorTimes(model)
        self._driven = DrivenLegs(model)
        self._sheets: dict[str, RouteSheet] = {}

    def heed(
        self,
        now: datetime,
        courses: Sequence[Course],
        conditions: Sequence[Conditions] = (),
        zone: tzinfo = UTC,
    ) -> None:
        """Take in what some routes have done since, without projecting them.

        Args:
            now: the present, UTC.
            courses: those routes.
            conditions: what each provider says of the roads.
            zone: of the local hour.
        """
        self._sheets_of(self._moment(now, conditions, zone), courses, zone)

    def project(
        self,
        now: datetime,
        courses: Sequence[Course],
        conditions: Sequence[Conditions] = (),
        zone: tzinfo = UTC,
    ) -> FleetOutlook:
        """How every route goes on.

        Args:
            now: the present, UTC.
            courses: the routes; those that are finished have no rows.
            conditions: what each provider says of the roads.
            zone: of the local hour.
        """
        moment = self._moment(now, conditions, zone)
        sheets = self._sheets_of(moment, courses, zone)
        return Look(moment, courses, sheets, self.model, self.pace).outlook()

    def _moment(self, now: datetime, conditions: Sequence[Conditions], zone: tzinfo) -> Moment:
        told = tuple(one for provider in conditions for one in provider.disturbances)
        if told != self._disturbances:
            self._disturbances, self._hindrances = told, Hindrances(told)
        local = now.astimezone(zone)
        midnight = local.replace(hour=0, minute=0, second=0, microsecond=0)
        since_s = (local - midnight).total_seconds()
        weather = weather_now(conditions, now)
        return Moment(now, LocalTime(since_s, local.weekday()), weather, self._hindrances)

    def _sheets_of(
        self, moment: Moment, courses: Sequence[Course], zone: tzinfo
    ) -> list[RouteSheet]:
        rain_mm_h = _steady_rain(moment.weather)
        callers = [_caller(course, rain_mm_h) for course in courses]
        stale = [
            (course, caller)
            for course, caller in zip(courses, callers, strict=True)
            if not self._is_written(course, caller)
        ]
        self._doors.learn([(caller, one.stops) for one, caller in stale], moment.now, zone)
        for course, caller in stale:
            self._write(course, caller, moment)
        return [self._sheets[course.route.id] for course in courses]

    def _is_written(self, course: Course, caller: Caller) -> bool:
        sheet = self._sheets.get(course.route.id)
        is_known = sheet is not None and sheet.is_of(course, caller)
        return sheet is not None and is_known and sheet.hindrances is self._hindrances

    def _write(self, course: Course, caller: Caller, moment: Moment) -> None:
        now_s, stops = moment.now.timestamp(), course.stops
        driven_s = self._driven.of(stops, course.legs_s, now_s, moment.local, caller.rain_mm_h)
        is_known = self.model.driver_factor(caller.driver) != 1.0
        expected = Expected(self._doors.of(stops), driven_s, is_known, self._hindrances)
        sheet = sheet_of(course, caller, expected, self._sheets.get(course.route.id))
        self._sheets[course.route.id] = sheet
        self.pace.take(course.route.id, caller.driver, sheet.track.doors)


def _caller(course: Course, rain_mm_h: float) -> Caller:
    plan = course.route.plan
    carrier_id = plan.carrier_id if plan else ""
    return Caller(carrier_id, course.vehicle, driver_key(plan), rain_mm_h)


def _steady_rain(weather: Weather | None) -> float:
    rain_mm_h = weather.rain_mm_h if weather else 0.0
    return round(rain_mm_h / _RAIN_STEP_MM_H) * _RAIN_STEP_MM_H
