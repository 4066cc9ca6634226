"""Arrivals, predicted again and again for every route that still drives."""

import asyncio
import logging
import time
from collections import deque
from collections.abc import AsyncIterator, Callable, Iterable, Mapping, Sequence
from datetime import datetime, tzinfo
from math import inf, nan

import numpy as np

from tower.domain.conditions import Conditions
from tower.domain.records import Route, Stop
from tower.domain.state import State
from tower.domain.telemetry import Fix
from tower.domain.words import ExceptionKind, Punctuality, VehicleKind
from tower.eta.course import Course
from tower.eta.fleet import Fleet
from tower.eta.model import ArrivalModel, Floats, Rows
from tower.eta.online import Adjustment, Online, Outcome
from tower.eta.outlook import FleetArrivals
from tower.eta.schedule import Arrival
from tower.eta.schedule_model import ScheduleModel
from tower.eta.sheet import are_same
from tower.eta.standing import Standing
from tower.feed.arrivals import ArrivalTable
from tower.feed.clock import Clock
from tower.feed.vehicles import VehicleTable
from tower.gateway.forecasting.forecast import Forecast
from tower.gateway.legs import LegTimes

_log = logging.getLogger(__name__)

_TURN_S = 0.005
"""Seconds of gathering and telling at a stretch."""

_AT_A_TIME = 10_000
"""Arrivals told at a stretch: a few milliseconds."""

_SURE, _LEAST_S, _MOST_S = 0.01, 1.0, 30.0
"""An arrival is told anew when it moved by more than this share of the time to it, within these
seconds: nobody reads less off it, and every desktop would have to look at all stops each time."""

_ADJUSTED_EVERY_S = 30.0

_Seen = tuple[Route, int, Stop, Fix]

See = Callable[[Route, int, Stop, Fix], None]
"""Shown a vehicle under way: its route, the index of the stop it drives to, that stop, its fix.
Called in a thread of its own, for one vehicle after the other."""


class _Turn:
    """Lets others have theirs when this one took long enough."""

    def __init__(self) -> None:
        self._ends = time.perf_counter() + _TURN_S

    async def over(self) -> None:
        """Wait where it is over."""
        if time.perf_counter() > self._ends:
            await asyncio.sleep(0)
            self._ends = time.perf_counter() + _TURN_S


class Projection:
    """Keeps the arrivals of all stops and the standing of all vehicles up to date.

    What is predicted is gathered on the event loop and worked out in a thread, so that nobody
    waits for it; so is what vehicles are seen to do.

    Attributes:
        arrivals: the newest arrival of every stop that still has one, by stop id.
        standings: how every route stands, by route id.
        newest: all that was predicted last, None before the first time.
        fault: why the model was given up for the schedule, in words; "" while it predicts.
        took_ms: how long the newest took.
    """

    def __init__(
        self,
        state: State,
        legs: LegTimes,
        see: See,
        vehicles: VehicleTable,
        table: ArrivalTable,
        clock: Clock,
    ) -> None:
        """Make it.

        Args:
            state: the shift.
            legs: how long the legs of the routes are expected to take.
            see: shown every vehicle under way.
            vehicles: where they are; told how they stand.
            table: told the arrivals.
            clock: the gateway's.
        """
        self._state = state
        self._legs = legs
        self._see = see
        self._vehicles = vehicles
        self._table = table
        self._clock = clock
        self._fleet = Fleet(ScheduleModel())
        self._turn = asyncio.Lock()
        self._online, self._adjustment, self._adjusted_s = Online(), Adjustment(), -inf
        self._outcomes: deque[Outcome] = deque()
        self._stops: dict[str, Sequence[Stop]] = {}
        self._told_ids: list[str] = []
        self._told_rows = np.empty(0, np.int64)
        self.arrivals: Mapping[str, Arrival] = {}
        self.standings: Mapping[str, Standing] = {}
        self.newest: Forecast | None = None
        self.fault = ""
        self.took_ms = 0.0

    @property
    def model(self) -> ArrivalModel:
        """What predicts."""
        return self._fleet.model

    async def use(self, model: ArrivalModel) -> None:
        """Predict with another model from now on; what is predicted at the moment is finished."""
        async with self._turn:
            await asyncio.to_thread(self._fleet.use, model)
            self._online, self._adjustment, self._adjusted_s = Online(), Adjustment(), -inf
            self._outcomes.clear()
            self.fault = ""

    def learn(self, outcomes: Iterable[Outcome]) -> None:
        """Take in what came of predictions of the model that predicts now."""
        self._outcomes.extend(outcomes)

    async def renew(self) -> None:
        """Predict every route and tell the tables, letting others have their turn in between."""
        async with self._turn:
            began, now = time.perf_counter(), self._clock.now()
            courses = [course async for course in self._courses()]
            conditions = [entry.value for entry in self._state.conditions.values()]
            forecast = await asyncio.to_thread(
                self._forecast, now, courses, conditions, self._state.zone
            )
            await self._show_vehicles(forecast)
            await self._tell_arrivals(forecast)
            await asyncio.sleep(0)
            self._tell_vehicles(forecast)
            self.newest, self.arrivals = forecast, forecast.arrivals
            self.standings = forecast.arrivals.standings
            self.took_ms = 1_000.0 * (time.perf_counter() - began)

    async def _courses(self) -> AsyncIterator[Course]:
        turn = _Turn()
        for route_id in tuple(self._state.routes):
            course = self._course(self._state.routes[route_id])
            if course is not None:
                yield course
            await turn.over()

    def _course(self, route: Route) -> Course | None:
        legs = self._legs.of(route)
        if route.plan is None or legs is None:
            return None
        fix = self._vehicles.position(route.plan.vehicle_id)
        vehicle = self._state.vehicle_of(route)
        return Course(
            route=route,
            stops=self._stops_of(route),
            legs_s=legs.durations_s,
            depot=self._state.depot_of(route),
            position=fix.position if fix else None,
            fix_at=fix.at if fix else None,
            vehicle=vehicle.kind if vehicle else VehicleKind.VAN,
            live_factor=self._legs.live_factor(route),
        )

    def _stops_of(self, route: Route) -> Sequence[Stop]:
        """The same ones as at the last look while they are: what was predicted then keeps them."""
        known, stops = self._stops.get(route.id, ()), self._state.stops_of(route)
        if not are_same(known, stops):
            known = self._stops[route.id] = tuple(stops)
        return known

    def _forecast(
        self, now: datetime, courses: list[Course], conditions: list[Conditions], zone: tzinfo
    ) -> Forecast:
        """In a thread of its own."""
        adjustment = self._adjusted(now.timestamp())
        outlook = self._fleet.project(now, courses, conditions, zone)
        told_s = adjustment.applied(self._quantiles(outlook.rows))
        forecast = Forecast(now, self._fleet.model, adjustment, outlook, outlook.arrivals(told_s))
        _ = forecast.arrivals.standings, forecast.told_s  # worked out here, where nobody waits
        return forecast

    def _quantiles(self, rows: Rows) -> Floats:
        """What the model says; where it fails, the schedule takes its place for good."""
        model = self._fleet.model
        try:
            return model.quantiles(rows)
        except Exception as error:
            if type(model) is ScheduleModel:
                raise
            _log.exception("%s failed; arrivals follow the schedule", model.version)
            self.fault = f"{model.version} failed, so arrivals follow the schedule: {error}"
            self._fleet.use(ScheduleModel())
            return self._fleet.model.quantiles(rows)

    def _adjusted(self, now_s: float) -> Adjustment:
        """What today's arrivals do to predictions, worked out anew now and then."""
        if now_s >= self._adjusted_s + _ADJUSTED_EVERY_S:
            # The event loop may add some meanwhile: they are taken the next time.
            count = len(self._outcomes)
            self._online.take([self._outcomes.popleft() for _ in range(count)])
            self._adjustment, self._adjusted_s = self._online.adjustment(now_s), now_s
        return self._adjustment

    async def _show_vehicles(self, forecast: Forecast) -> None:
        nexts, turn, seen = forecast.outlook.next_rows.tolist(), _Turn(), list[_Seen]()
        for index in forecast.under_way():
            await turn.over()
            course = forecast.courses[index]
            plan = course.route.plan
            fix = self._vehicles.position(plan.vehicle_id) if plan else None
            if fix is not None:
                stop_id = forecast.outlook.remaining.stop_ids[nexts[index]]
                place = next(n for n, stop in enumerate(course.stops) if stop.id == stop_id)
                seen.append((course.route, place, course.stops[place], fix))
        await asyncio.to_thread(self._show, seen)

    def _show(self, seen: list[_Seen]) -> None:
        """In a thread of its own: to measure what a large fleet drove takes a while."""
        for route, place, stop, fix in seen:
            self._see(route, place, stop, fix)

    async def _tell_arrivals(self, forecast: Forecast) -> None:
        """Tell the table what moved by more than the time ahead makes sure anyway."""
        arrivals, now_s = forecast.arrivals, forecast.outlook.now_s
        if arrivals.stop_ids != self._told_ids:
            await self._take_back(arrivals)
        least_s = np.clip(_SURE * (arrivals.p50 - now_s), _LEAST_S, _MOST_S)
        for first in range(0, len(self._told_rows), _AT_A_TIME):
            part = slice(first, first + _AT_A_TIME)
            moments = np.stack([one[part] for one in (arrivals.p10, arrivals.p50, arrivals.p90)])
            rows, standing = self._told_rows[part], arrivals.punctuality[part]
            self._table.set_rows(rows, moments, standing, least_s[part])
            await asyncio.sleep(0)

    async def _take_back(self, arrivals: FleetArrivals) -> None:
        """Other stops than before: learn their rows, and tell those that are over."""
        turn, rows = _Turn(), []
        for stop_id in arrivals.stop_ids:
            rows.append(self._table.handle(stop_id))
            await turn.over()
        gone = list(set(self._told_ids).difference(arrivals.stop_ids))
        nothing = [nan] * len(gone)
        self._table.set(gone, nothing, nothing, nothing, [Punctuality.DONE.code] * len(gone))
        self._told_ids, self._told_rows = list(arrivals.stop_ids), np.array(rows, dtype=np.int64)

    def _tell_vehicles(self, forecast: Forecast) -> None:
        silent = self._without_signal()
        driving = _by_vehicle(forecast)
        vehicle_ids = list(driving)
        words = [
            Punctuality.NO_SIGNAL if vehicle_id in silent else one.punctuality
            for vehicle_id, one in driving.items()
        ]
        self._vehicles.set_punctuality(
            vehicle_ids,
            [word.code for word in words],
            [one.delay_s for one in driving.values()],
            [one.next_stop_id for one in driving.values()],
        )

    def _without_signal(self) -> set[str]:
        return {
            record.finding.subject.vehicle_id
            for record in self._state.exceptions.values()
            if record.is_open
            and record.finding is not None
            and record.finding.kind is ExceptionKind.NO_SIGNAL
        }


def _by_vehicle(forecast: Forecast) -> dict[str, Standing]:
    """The route that says how a vehicle stands: the one being driven, else one still to come."""
    chosen: dict[str, tuple[int, Standing]] = {}
    standings = forecast.arrivals.standings
    for course in forecast.courses:
        vehicle_id = course.route.plan.vehicle_id if course.route.plan else ""
        standing = standings[course.route.id]
        weight = _weight(course.route, standing)
        if vehicle_id and (vehicle_id not in chosen or weight > chosen[vehicle_id][0]):
            chosen[vehicle_id] = weight, standing
    return {vehicle_id: standing for vehicle_id, (_, standing) in chosen.items()}


def _weight(route: Route, standing: Standing) -> int:
    if standing.punctuality is Punctuality.DONE:
        return 0
    return 2 if route.started_at is not None else 1
