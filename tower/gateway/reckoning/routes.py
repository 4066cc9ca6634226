"""How far the vehicle of a finished route drove, journaled once a route."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from itertools import pairwise
from typing import NamedTuple

from msgspec.structs import replace

from tower.domain.events import Event, RouteFinished, RouteMeasured
from tower.domain.geometry import LatLon, distance_m
from tower.domain.identity import derived_event_id
from tower.domain.records import Route, Subject
from tower.domain.state import State
from tower.domain.telemetry import Fix
from tower.gateway.deciding.verdicts import new_event
from tower.gateway.line import RouteLine
from tower.gateway.room import SYSTEM
from tower.road.engine import DETOUR_FACTOR

Trail = Callable[[str, datetime, datetime], Sequence[Fix]]
"""Where a vehicle was between two times, oldest first."""

LONGEST_GAP = timedelta(minutes=5)
"""Between two positions further apart in time, nobody knows which way it drove."""

_RECENT = timedelta(hours=48)
_KNOWN_SHARE = 0.9


class Drive(NamedTuple):
    """A finished route, as far as measuring it goes.

    Attributes:
        roads_m: metres by the roads, or an estimate of them.
    """

    route: Route
    vehicle_id: str
    carrier_id: str
    started_at: datetime
    finished_at: datetime
    roads_m: float


class FinishedRoutes:
    """The routes that finished and were not measured yet."""

    def __init__(self, lines: Callable[[], Mapping[str, tuple[int, RouteLine]]]) -> None:
        """Nothing is waiting.

        Args:
            lines: the newest line of each route along the roads.
        """
        self._lines = lines
        self._waiting: dict[str, None] = {}

    def recall(self, state: State, now: datetime) -> None:
        """Look at the routes of the last two days again: some may have ended while nobody was."""
        for route in state.routes.values():
            if route.finished_at is not None and route.finished_at > now - _RECENT:
                self._waiting[route.id] = None

    def note(self, events: Iterable[Event]) -> None:
        """Take note of the routes that finished."""
        for event in events:
            if isinstance(event.body, RouteFinished):
                self._waiting[event.subject.route_id] = None

    def take(self, state: State) -> list[Drive]:
        """Those that wait; they wait no longer."""
        waiting, self._waiting = self._waiting, {}
        routes = (state.routes.get(route_id) for route_id in waiting)
        drives = (self._drive(state, route) for route in routes if route is not None)
        return [drive for drive in drives if drive is not None]

    def put_back(self, drives: Iterable[Drive]) -> None:
        """Have them wait again, as they could not be recorded."""
        self._waiting.update(dict.fromkeys(drive.route.id for drive in drives))

    def _drive(self, state: State, route: Route) -> Drive | None:
        if route.plan is None or route.started_at is None or route.finished_at is None:
            return None
        known = self._lines().get(route.id)
        roads_m = _line_m(known[1]) if known else _straight_m(state, route) * DETOUR_FACTOR
        return Drive(
            route=route,
            vehicle_id=route.plan.vehicle_id,
            carrier_id=route.plan.carrier_id,
            started_at=route.started_at,
            finished_at=route.finished_at,
            roads_m=roads_m,
        )


def _line_m(line: RouteLine) -> float:
    return sum(line.distances_m) + line.home_m


def _straight_m(state: State, route: Route) -> float:
    """Metres in straight lines from the depot through the stops and back."""
    depot = state.depot_of(route)
    ends = [depot] if depot else []
    stops = [stop.plan.position for stop in state.stops_of(route) if stop.plan is not None]
    return _length_m([*ends, *stops, *ends])


def measured(drive: Drive, trail: Trail) -> Event:
    """What a finished route took; the same route gives an event with the same id.

    Its positions say how far it drove where they cover nine tenths of its time; else the roads do.
    It is dated when the route finished.
    """
    began, ended = drive.started_at, drive.finished_at
    fixes = trail(drive.vehicle_id, began, ended) if drive.vehicle_id else ()
    positions = [fix.position for fix in fixes]
    if _known_s(fixes) >= _KNOWN_SHARE * (ended - began).total_seconds() > 0.0:
        body = RouteMeasured(driven_m=_length_m(positions), source="positions")
    else:
        body = RouteMeasured(driven_m=drive.roads_m, source="roads")
    subject = Subject(
        route_id=drive.route.id, vehicle_id=drive.vehicle_id, carrier_id=drive.carrier_id
    )
    event = new_event(ended, SYSTEM, subject, body)
    return replace(event, id=derived_event_id(ended, "route_measured", drive.route.id))


def _known_s(fixes: Sequence[Fix]) -> float:
    """Seconds between positions that are near enough in time to know the way."""
    gaps = (later.at - earlier.at for earlier, later in pairwise(fixes))
    return sum(gap.total_seconds() for gap in gaps if gap <= LONGEST_GAP)


def _length_m(places: Sequence[LatLon]) -> float:
    return sum(distance_m(before, after) for before, after in pairwise(places))
