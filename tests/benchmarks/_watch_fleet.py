"""Ten thousand vehicles with ten stops each in the middle of their day, and two seconds more of it.

Two seconds bring a position from every fifth vehicle, arrivals that moved a little for everybody,
and twenty reports of drivers and customers. One vehicle in twenty is off its route now and then,
carries cold goods or runs on a battery; one stop in ten is about to miss its window.
"""

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta

import numpy as np
from numpy.typing import NDArray

from tower.domain import events as e
from tower.domain.events import Event
from tower.domain.fold import apply, fold
from tower.domain.identity import derived_event_id
from tower.domain.moments import utc
from tower.domain.records import (
    Actor,
    Carrier,
    Depot,
    Route,
    RoutePlan,
    Shift,
    StopPlan,
    Subject,
    Vehicle,
)
from tower.domain.state import Changed
from tower.domain.telemetry import Fix
from tower.domain.words import AttemptReason, Punctuality
from tower.feed.arrivals import ArrivalTable
from tower.feed.vehicles import VehicleTable
from tower.gateway.line import RouteLine
from tower.gateway.seeing import Seeing
from tower.road.polyline import encode_polyline
from tower.road.roads import Profile
from tower.routes.legs import Legs

NOW = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
STOPS_A_ROUTE = 10
POINTS_A_LINE = 150
REPORTS_A_STEP = 20
STEP_S = 2.0
FIX_EVERY = 5
"""Of so many vehicles one says where it is in each step."""

_DRIVER = Actor(kind="carrier", id="own", name="Own fleet")
_NOBODY = Subject()
_SPREAD_S = 400.0


class Fleet:
    """The shift, its live tables, and what happens next.

    Attributes:
        state: the shift.
        seeing: what the rules see.
        now: the present, UTC.
    """

    def __init__(self, vehicles: int, seed: int = 1) -> None:
        self.now, self._rng = NOW, np.random.default_rng(seed)
        self._routes = [f"R{number:05d}" for number in range(vehicles)]
        self._next = np.zeros(vehicles, dtype=np.int64)
        self._reported = 0
        self.state = fold(_morning(self._routes))
        self._arrivals = ArrivalTable()
        self._vehicles = VehicleTable(self._arrivals)
        self._stops = [stop_id for route in self._routes for stop_id in _stops_of(route)]
        self._p50 = self._first_arrivals()
        self.seeing = Seeing(
            self.state,
            self._arrivals,
            self._vehicles,
            _StraightLines(self._routes),
            _ShortLegs(),
            self,
        )
        self._predict()
        self._drive(1)

    def last_heard(self) -> dict[str, float]:
        """The carrier is heard all the time."""
        return {"own": self.now.timestamp()}

    def step(self) -> set[Changed]:
        """Let two seconds pass; returns what changed in the state."""
        self.now += timedelta(seconds=STEP_S)
        self._p50 += self._rng.normal(0.0, 3.0, len(self._p50))
        self._predict()
        self._drive(FIX_EVERY)
        return self.take(list(self._reports()))

    def take(self, events: list[Event]) -> set[Changed]:
        """Fold events; returns what they changed."""
        return {changed for event in events for changed in apply(self.state, event)}

    def _first_arrivals(self) -> NDArray[np.float64]:
        """Mostly well within the window, which ends two hours after each stop is planned."""
        count, places = len(self._stops), np.arange(len(self._stops)) % STOPS_A_ROUTE
        late = np.where(self._rng.random(count) < 0.1, 7_000.0, 0.0)
        return np.asarray(NOW.timestamp() + 600.0 + 900.0 * places + late, dtype=np.float64)

    def _predict(self) -> None:
        spread = np.full(len(self._stops), _SPREAD_S)
        code = [Punctuality.ON_TIME.code] * len(self._stops)
        self._arrivals.set(self._stops, self._p50.tolist(), spread.tolist(), spread.tolist(), code)

    def _drive(self, every: int) -> None:
        rows = np.flatnonzero(self._rng.integers(every, size=len(self._routes)) == 0).tolist()
        self._vehicles.update_fixes([self._fix(number) for number in rows])

    def _fix(self, number: int) -> Fix:
        """Along the line of its route, some of them far from it, some with a warm box."""
        along = (self.now - NOW).total_seconds() / 36_000.0 + 0.3
        lat, lon = _place(number, along * STOPS_A_ROUTE)
        strays = number % 20 == 0 and int(self.now.timestamp()) // 60 % 2
        return Fix(
            vehicle_id=f"own:{self._routes[number]}",
            at=self.now,
            lat=lat + (0.01 if strays else 0.0),
            lon=lon,
            temperature_c=float(self._rng.normal(6.0, 0.8)) if number % 20 == 1 else None,
            battery_pct=40.0 if number % 20 == 2 else None,
        )

    def _reports(self) -> Iterator[Event]:
        for number in self._rng.integers(len(self._routes), size=REPORTS_A_STEP).tolist():
            route_id = self._routes[number]
            place = min(int(self._next[number]) // 2, STOPS_A_ROUTE - 1)
            stop_id = _stops_of(route_id)[place]
            is_arrival = self._next[number] % 2 == 0
            self._next[number] += 1
            body = e.StopArrived() if is_arrival else self._outcome()
            yield self._event(body, Subject(stop_id=stop_id, route_id=route_id))

    def _outcome(self) -> e.AnyBody:
        dice = self._rng.random()
        if dice < 0.08:
            return e.StopAttempted(reason=AttemptReason.NOT_HOME)
        return e.CustomerContacted(topic="wismo") if dice < 0.1 else e.StopDelivered()

    def _event(self, body: e.AnyBody, subject: Subject) -> Event:
        self._reported += 1
        return _event(body, subject, self.now, str(self._reported))


class _StraightLines:
    """Every route's line, straight through its stops."""

    def __init__(self, routes: Iterable[str]) -> None:
        self._lines = {id_: _straight(number, id_) for number, id_ in enumerate(routes)}

    def line(self, route_id: str) -> RouteLine | None:
        """The line of a route."""
        return self._lines[route_id]


class _ShortLegs:
    """Four kilometres from stop to stop."""

    def of(self, route: Route) -> Legs | None:
        """The legs of a route."""
        return Legs(version=route.version, durations_s=(), distances_m=[4_000.0] * STOPS_A_ROUTE)


def _straight(number: int, route_id: str) -> RouteLine:
    ways = np.linspace(0.0, STOPS_A_ROUTE, POINTS_A_LINE).tolist()
    return RouteLine(
        key=route_id,
        profile=Profile.CAR,
        shape=encode_polyline(np.array([_place(number, way) for way in ways])),
        clock=b"",
        stop_offsets=(),
        durations=b"",
        distances=b"",
    )


def _place(number: int, way: float) -> tuple[float, float]:
    return 46.0 + number % 100 / 50.0 + 0.02 * way, 8.0 + number // 100 / 25.0


def _stops_of(route_id: str) -> list[str]:
    return [f"{route_id}-{place}" for place in range(STOPS_A_ROUTE)]


def _morning(routes: list[str]) -> Iterator[Event]:
    shift = Shift(
        id="day",
        name="Day",
        date="2026-11-20",
        timezone="UTC",
        starts_at=NOW - timedelta(hours=4),
        ends_at=NOW + timedelta(hours=8),
    )
    yield _event(e.ShiftOpened(shift=shift))
    yield _event(e.CarrierRegistered(carrier=Carrier(id="own", name="Own fleet")))
    yield _event(e.DepotRegistered(depot=Depot(id="D", name="Depot", lat=45.0, lon=7.0)))
    for number, route_id in enumerate(routes):
        yield from _route(number, route_id)


def _route(number: int, route_id: str) -> Iterator[Event]:
    vehicle = Vehicle(
        id=f"own:{route_id}",
        carrier_id="own",
        reference=route_id,
        label=route_id,
        temperature_limit_c=8.0 if number % 20 == 1 else None,
        range_m=200_000.0 if number % 20 == 2 else 0.0,
    )
    plan = RoutePlan(
        id=route_id, name=route_id, carrier_id="own", depot_id="D", vehicle_id=vehicle.id
    )
    stops = _stops_of(route_id)
    yield _event(e.VehicleRegistered(vehicle=vehicle))
    yield _event(e.RoutePlanned(plan=plan))
    for place, stop_id in enumerate(stops):
        yield _event(e.StopPlanned(plan=_stop_plan(number, place, stop_id)))
    order = e.RouteSequence(route_id=route_id, version=1, stops=tuple(stops))
    yield _event(e.RoutesSequenced(routes=(order,)), Subject(route_id=route_id))
    yield _event(e.RouteStarted(), Subject(route_id=route_id))


def _stop_plan(number: int, place: int, stop_id: str) -> StopPlan:
    lat, lon = _place(number, place + 0.5)
    planned = utc(NOW.timestamp() + 600.0 + 900.0 * place)
    return StopPlan(
        id=stop_id,
        customer=f"Customer {stop_id}",
        lat=lat,
        lon=lon,
        window_start=planned - timedelta(hours=1),
        window_end=planned + timedelta(hours=2),
        planned_at=planned,
    )


def _event(
    body: e.AnyBody, subject: Subject = _NOBODY, at: datetime | None = None, mark: str = ""
) -> Event:
    moment = at or NOW - timedelta(hours=3)
    word = str(type(body).__struct_config__.tag)
    about = (subject.route_id, subject.stop_id, mark)
    return Event(
        id=derived_event_id(moment, word, *about),
        at=moment,
        recorded_at=moment,
        actor=_DRIVER,
        subject=subject,
        body=body,
    )
