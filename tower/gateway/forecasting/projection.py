"""Arrivals, projected again and again for every route that still drives."""

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Iterable, Mapping

from tower.domain.records import Route, Stop
from tower.domain.state import State
from tower.domain.telemetry import Fix
from tower.domain.words import ExceptionKind, Punctuality
from tower.eta.schedule import Arrival, project
from tower.eta.standing import Standing, standing
from tower.eta.whereabouts import in_order_driven, whereabouts
from tower.feed.arrivals import ArrivalTable
from tower.feed.clock import Clock
from tower.feed.vehicles import VehicleTable
from tower.gateway.forecasting.outlook import RouteOutlook
from tower.gateway.legs import LegTimes

_TURN_S = 0.005
"""Seconds of projecting at a stretch."""


class Projection:
    """Keeps the arrivals of all stops and the standing of all vehicles up to date.

    Attributes:
        arrivals: the newest arrival of every stop that still has one, by stop id.
        standings: how every route stands, by route id.
        outlooks: how the rest of every route looks, by route id.
        renewed_at: when they were predicted, UTC.
        took_ms: how long that took.
    """

    def __init__(
        self,
        state: State,
        legs: LegTimes,
        see: Callable[[Route, int, Stop, Fix], None],
        vehicles: VehicleTable,
        table: ArrivalTable,
        clock: Clock,
    ) -> None:
        """Make it.

        Args:
            state: the shift.
            legs: how long the legs of the routes are expected to take.
            see: shown every vehicle under way: its route, the index of the stop it drives to,
                that stop and its newest position.
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
        self.arrivals: Mapping[str, Arrival] = {}
        self.standings: Mapping[str, Standing] = {}
        self.outlooks: Mapping[str, RouteOutlook] = {}
        self.renewed_at = clock.now()
        self.took_ms = 0.0

    async def renew(self) -> None:
        """Project every route and tell the tables, letting others have their turn in between."""
        began, self.renewed_at = time.perf_counter(), self._clock.now()
        projected = [one async for one in self._all()]
        arrivals = {arrival.stop_id: arrival for one in projected for arrival in one.arrivals}
        self._tell_arrivals(arrivals)
        self._tell_vehicles(projected)
        self.arrivals = arrivals
        self.standings = {one.route.id: one.standing for one in projected}
        self.outlooks = {one.route.id: one for one in projected}
        self.took_ms = 1_000.0 * (time.perf_counter() - began)

    async def _all(self) -> AsyncIterator[RouteOutlook]:
        turn_ends = time.perf_counter() + _TURN_S
        for route_id in tuple(self._state.routes):
            one = self._project(self._state.routes[route_id])
            if one is not None:
                yield one
            if time.perf_counter() > turn_ends:
                await asyncio.sleep(0)
                turn_ends = time.perf_counter() + _TURN_S

    def _project(self, route: Route) -> RouteOutlook | None:
        legs = self._legs.of(route)
        stops = self._state.stops_of(route)
        if route.plan is None or legs is None:
            return None
        now = self._clock.now()
        places = in_order_driven(stops)
        remaining = [stops[place] for place in places if route.finished_at is None]
        fix = self._vehicles.position(route.plan.vehicle_id)
        is_under_way = route.started_at is not None or len(places) < len(stops)
        if fix is not None and remaining and is_under_way:
            self._see(route, places[0], remaining[0], fix)
        around = whereabouts(
            route,
            stops,
            legs.durations_s,
            self._state.depot_of(route),
            now,
            fix.position if fix else None,
        )
        legs_s = [legs.durations_s[place] for place in places] if remaining else []
        free_s = self._legs.free_s(route)
        arrivals = project(
            remaining,
            legs_s,
            fix.position if fix else None,
            fix.at if fix else None,
            now,
            around,
        )
        return RouteOutlook(
            route=route,
            remaining=remaining,
            legs_s=legs_s,
            free_s=[free_s[place] for place in places] if remaining else [],
            fix=fix,
            whereabouts=around,
            now=now,
            is_under_way=is_under_way,
            arrivals=arrivals,
            standing=standing(route, remaining, arrivals, now),
        )

    def _tell_arrivals(self, arrivals: Mapping[str, Arrival]) -> None:
        gone = [stop_id for stop_id in self.arrivals if stop_id not in arrivals]
        rows = list(arrivals.values())
        self._table.set(
            [*(row.stop_id for row in rows), *gone],
            [*(row.p50.timestamp() for row in rows), *(None for _ in gone)],
            [*(row.early_s for row in rows), *(0.0 for _ in gone)],
            [*(row.late_s for row in rows), *(0.0 for _ in gone)],
            [*(row.punctuality.code for row in rows), *(Punctuality.DONE.code for _ in gone)],
        )

    def _tell_vehicles(self, projected: Iterable[RouteOutlook]) -> None:
        silent = self._without_signal()
        driving = _by_vehicle(projected)
        vehicle_ids = list(driving)
        standings = [driving[vehicle_id].standing for vehicle_id in vehicle_ids]
        words = [
            Punctuality.NO_SIGNAL if vehicle_id in silent else one.punctuality
            for vehicle_id, one in zip(vehicle_ids, standings, strict=True)
        ]
        self._vehicles.set_punctuality(
            vehicle_ids,
            [word.code for word in words],
            [one.delay_s for one in standings],
            [one.next_stop_id for one in standings],
        )

    def _without_signal(self) -> set[str]:
        return {
            record.finding.subject.vehicle_id
            for record in self._state.exceptions.values()
            if record.is_open
            and record.finding is not None
            and record.finding.kind is ExceptionKind.NO_SIGNAL
        }


def _by_vehicle(projected: Iterable[RouteOutlook]) -> dict[str, RouteOutlook]:
    """The route that says how a vehicle stands: the one being driven, else one still to come."""
    chosen: dict[str, RouteOutlook] = {}
    for one in projected:
        vehicle_id = one.route.plan.vehicle_id if one.route.plan else ""
        known = chosen.get(vehicle_id)
        if vehicle_id and (known is None or _weight(one) > _weight(known)):
            chosen[vehicle_id] = one
    return chosen


def _weight(one: RouteOutlook) -> int:
    if one.standing.punctuality is Punctuality.DONE:
        return 0
    return 2 if one.route.started_at is not None else 1
