"""What the rules of `tower.watch` see of a gateway: arrivals, vehicles, lines, what lies ahead."""

from collections.abc import Mapping
from datetime import datetime
from typing import NamedTuple, Protocol

import numpy as np

from tower.domain.geometry import LatLon
from tower.domain.moments import utc
from tower.domain.records import Route, Stop
from tower.domain.state import State
from tower.domain.telemetry import Fix
from tower.domain.words import StopKind
from tower.eta.schedule import share_left
from tower.eta.whereabouts import in_order_driven
from tower.feed.arrivals import ArrivalTable
from tower.feed.vehicles import VehicleTable
from tower.gateway.line import RouteLine
from tower.road.geometry import LocalPlane
from tower.road.polyline import decode_polyline
from tower.routes.legs import Legs
from tower.watch.sight import Sight


class Lines(Protocol):
    """Where the lines of the routes are; see `RouteLines`."""

    def line(self, route_id: str) -> RouteLine | None:
        """The newest line there is for a route."""
        ...


class LegTimes(Protocol):
    """Where the legs of the routes are; see `tower.gateway.legs.LegTimes`."""

    def of(self, route: Route) -> Legs | None:
        """The legs of a route, None while its line does not fit its stops."""
        ...


class Hearing(Protocol):
    """Where it is known who was heard when; see `tower.gateway.hearing.Hearing`."""

    def last_heard(self) -> Mapping[str, float]:
        """When each carrier was heard last."""
        ...


class Seeing:
    """Makes the sight the rules get."""

    def __init__(
        self,
        state: State,
        arrivals: ArrivalTable,
        vehicles: VehicleTable,
        lines: Lines,
        legs: LegTimes,
        hearing: Hearing,
    ) -> None:
        self._state, self._arrivals, self._vehicles = state, arrivals, vehicles
        self._lines, self._legs, self._hearing = lines, legs, hearing
        self._laid: dict[str, _Laid] = {}

    def sight(self) -> Sight:
        """What there is to see now."""
        return Sight(
            arrivals=self._arrivals,
            vehicles=self._vehicles,
            last_heard=_moments(self._hearing.last_heard()),
            from_line=self.from_line,
            ahead=self.ahead,
            reached=self.reached,
        )

    def from_line(self, route: Route, fix: Fix) -> float | None:
        """Metres from a place to the line of a route; None while the line is not known."""
        line = self._lines.line(route.id)
        if line is None:
            return None
        laid = self._laid.get(route.id)
        if laid is None or laid.key != line.key:
            laid = self._laid[route.id] = _laid_out(line)
        return laid.distance_m(fix.position)

    def reached(self, route: Route, place: int) -> LatLon | None:
        """Where the roads reach a stop of a route; None while its line does not fit its stops."""
        line, stops = self._lines.line(route.id), self._state.stops_of(route)
        if line is None or len(line.stop_offsets) != len(stops):
            return None
        return LatLon(*decode_polyline(line.shape)[line.stop_offsets[place]].tolist())

    def ahead(self, route: Route) -> float | None:
        """Metres a route still drives, to the next charge stop or to its end; None if unknown."""
        legs, stops = self._legs.of(route), self._state.stops_of(route)
        left = in_order_driven(stops)
        if legs is None or not left:
            return None
        first = left[0]
        metres = legs.distances_m[first] * self._share_left(route, stops, first)
        for place in left:
            metres += legs.distances_m[place] if place != first else 0.0
            plan = stops[place].plan
            if plan is not None and plan.kind is StopKind.CHARGE:
                return metres
        return metres + legs.home_m

    def _share_left(self, route: Route, stops: list[Stop], place: int) -> float:
        """The share of the leg the vehicle is on that it has not driven yet."""
        plan = stops[place].plan
        fix = self._vehicles.position(route.plan.vehicle_id) if route.plan else None
        if plan is None or fix is None or stops[place].state.is_at_the_door:
            return 0.0 if stops[place].state.is_at_the_door else 1.0
        before = stops[place - 1].plan if place else None
        origin = before.position if before is not None else self._state.depot_of(route)
        return share_left(origin, fix.position, plan.position)


class _Laid(NamedTuple):
    """A line laid out flat, in 32 bits: ten thousand of them have to be kept."""

    key: str
    plane: LocalPlane
    points: "np.ndarray[tuple[int, int], np.dtype[np.float32]]"

    def distance_m(self, place: LatLon) -> float:
        """Metres from a place to the nearest point of the line."""
        here = np.array(self.plane.place_m(place), dtype=np.float32)
        starts = self.points[:-1] - here
        steps = self.points[1:] - self.points[:-1]
        squares = np.maximum(np.einsum("ij,ij->i", steps, steps), np.float32(1e-6))
        shares = np.clip(-np.einsum("ij,ij->i", starts, steps) / squares, 0.0, 1.0)
        nearest = starts + shares[:, None] * steps
        return float(np.sqrt(np.einsum("ij,ij->i", nearest, nearest).min()))


def _laid_out(line: RouteLine) -> _Laid:
    lat_lon = decode_polyline(line.shape)
    plane = LocalPlane(LatLon(*lat_lon[0].tolist()))
    points = plane.to_metres(lat_lon).astype(np.float32)
    # A line of one point is nowhere to be off from; doubled, it has one piece of no length.
    return _Laid(line.key, plane, points if len(points) > 1 else np.repeat(points, 2, axis=0))


def _moments(seconds: Mapping[str, float]) -> dict[str, datetime]:
    return {id_: utc(at) for id_, at in seconds.items()}
