"""A small repeatable shift on real roads: what the map is shown with in tests and benchmarks."""

import math
import random
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from tower.domain.geometry import LatLon, distance_m
from tower.domain.words import (
    ExceptionKind,
    Punctuality,
    Severity,
    StopKind,
    StopState,
    VehicleKind,
)
from tower.road.pack import RegionPack
from tower.road.road_engine import RoadEngine
from tower.road.roads import Profile
from ui.map.scene import (
    MapDepot,
    MapException,
    MapRoute,
    MapScene,
    MapStop,
    VehicleColumns,
    VehicleName,
    fixed_point,
    shape_bytes,
)

START_MS = 1_763_640_000_000.0
"""2025-11-20 12:00 UTC: when the synthetic shift begins."""

DEPOT = LatLon(47.1650, 9.5130)
STOPS_A_ROUTE = 18
_STREETS = ("Sample", "Example", "Specimen", "Placeholder")
_KINDS = tuple(VehicleKind)


class SyntheticRoute:
    """A route along the roads and the times a vehicle passes its vertices."""

    def __init__(self, number: int, points: list[LatLon], engine: RoadEngine) -> None:
        self.id = f"R-{200 + number}"
        self.number = number
        self.stops = points[1:-1]
        legs = engine.legs(points, Profile.CAR)
        self.shape = np.concatenate([leg.shape for leg in legs])
        steps = [distance_m(LatLon(*a), LatLon(*b)) for a, b in pairwise(self.shape.tolist())]
        self.along = np.concatenate([[0.0], np.cumsum(steps)])
        leg_lengths = [_length(leg.shape) for leg in legs]
        self.stop_fractions = np.cumsum(leg_lengths)[:-1] / max(1.0, float(sum(leg_lengths)))

    def place(self, fraction: float) -> tuple[LatLon, float]:
        """Where a vehicle is after a part of the way, and its heading in degrees."""
        metres = fraction % 1.0 * float(self.along[-1])
        lat = float(np.interp(metres, self.along, self.shape[:, 0]))
        lon = float(np.interp(metres, self.along, self.shape[:, 1]))
        ahead = LatLon(
            float(np.interp(metres + 12, self.along, self.shape[:, 0])),
            float(np.interp(metres + 12, self.along, self.shape[:, 1])),
        )
        here = LatLon(lat, lon)
        return here, _bearing_deg(here, ahead)


def _bearing_deg(a: LatLon, b: LatLon) -> float:
    """Initial bearing from a to b, degrees clockwise from north in [0, 360)."""
    lat_a, lat_b = math.radians(a.lat), math.radians(b.lat)
    d_lon = math.radians(b.lon - a.lon)
    east = math.sin(d_lon) * math.cos(lat_b)
    north = math.cos(lat_a) * math.sin(lat_b) - math.sin(lat_a) * math.cos(lat_b) * math.cos(d_lon)
    return math.degrees(math.atan2(east, north)) % 360.0


def _length(shape: NDArray[np.float64]) -> float:
    points = [LatLon(*point) for point in shape.tolist()]
    return sum(distance_m(a, b) for a, b in pairwise(points))


class SyntheticShift:
    """Vehicles driving routes of a region; the same numbers give the same shift.

    Args:
        pack: The region.
        routes: How many routes are worked out on the roads.
        vehicles: How many vehicles drive them; more than routes share their lines.
        seed: Of everything drawn by lot.
    """

    def __init__(self, pack: RegionPack, routes: int, vehicles: int, seed: int = 7) -> None:
        self._draw = random.Random(seed)
        self._pack = pack
        engine = RoadEngine(pack.graph())
        self.routes = [self._route(number, engine) for number in range(routes)]
        self.vehicles = vehicles
        self._offsets = [self._draw.uniform(0.25, 0.75) for _ in range(vehicles)]
        self._names = {handle: self._name(handle) for handle in range(vehicles)}
        self._status = [self._drawn_status(index) for index in range(vehicles)]

    def _route(self, number: int, engine: RoadEngine) -> SyntheticRoute:
        buildings = self._pack.buildings
        first = buildings[self._draw.randrange(len(buildings))]
        near = sorted(
            (buildings[self._draw.randrange(len(buildings))] for _ in range(500)),
            key=lambda b: math.dist(b.location, first.location),
        )[:STOPS_A_ROUTE]
        ordered = [DEPOT]
        points = [b.location for b in near]
        while points:
            nearest = min(points, key=lambda point: distance_m(ordered[-1], point))
            points.remove(nearest)
            ordered.append(nearest)
        return SyntheticRoute(number, [*ordered, DEPOT], engine)

    def _drawn_status(self, index: int) -> Punctuality:
        if index % 17 == 16:
            return Punctuality.NO_SIGNAL
        return (
            Punctuality.LATE
            if index % 9 == 4
            else Punctuality.AT_RISK
            if index % 7 == 2
            else Punctuality.ON_TIME
        )

    def _name(self, handle: int) -> VehicleName:
        route = self.routes[handle % len(self.routes)]
        return VehicleName(
            id=f"vehicle-{handle}",
            label=f"V-{handle + 101}",
            route_id=route.id if handle < len(self.routes) else "",
            driver=f"Driver {handle + 1:02d}",
            carrier=("Own fleet", "Sample Parcel", "Example Gig")[handle % 3],
            next_stop=f"{self._done(handle) + 1} · Customer {handle % 90 + 1}",
            eta="14:51 ±6",
        )

    def fraction(self, vehicle: int, seconds: float) -> float:
        """How much of its route a vehicle has behind it."""
        route = self.routes[vehicle % len(self.routes)]
        return (self._offsets[vehicle] + seconds * 9.0 / max(1.0, float(route.along[-1]))) % 1.0

    def _done(self, vehicle: int) -> int:
        route = self.routes[vehicle % len(self.routes)]
        return int(np.searchsorted(route.stop_fractions, self.fraction(vehicle, 0.0)))

    def frame(self, seconds: float) -> VehicleColumns:
        """The fleet some seconds into the shift, at 9 m/s along the roads."""
        places = [
            self.routes[i % len(self.routes)].place(self.fraction(i, seconds))
            for i in range(self.vehicles)
        ]
        at_ms = START_MS + seconds * 1000.0
        silent = np.array([status is Punctuality.NO_SIGNAL for status in self._status])
        return VehicleColumns(
            handle=np.arange(self.vehicles, dtype=np.uint32),
            lat=fixed_point(np.array([place.lat for place, _ in places])),
            lon=fixed_point(np.array([place.lon for place, _ in places])),
            speed=np.where(silent, 0, 900).astype(np.uint16),
            heading=np.array([round(h * 100) % 36000 for _, h in places], dtype=np.uint16),
            at_ms=np.where(silent, START_MS - 400_000.0, at_ms),
            punctuality=np.array([status.code for status in self._status], dtype=np.uint8),
            kind=np.array([i % len(_KINDS) for i in range(self.vehicles)], dtype=np.uint8),
            names=self._names,
            now_ms=at_ms,
        )

    def scene(self, version: int = 1) -> MapScene:
        """Routes, stops, the depot and a few exceptions as the shift begins."""
        stops = tuple(stop for route in self.routes for stop in self._stops(route))
        return MapScene(
            version=version,
            depots=(MapDepot("depot-1", DEPOT.lat, DEPOT.lon, "Depot Sample"),),
            routes=tuple(self._map_route(route) for route in self.routes),
            stops=stops,
            exceptions=tuple(self._exceptions(stops)),
        )

    def _map_route(self, route: SyntheticRoute) -> MapRoute:
        return MapRoute(
            id=route.id,
            name=route.id,
            colour=route.number,
            shape=shape_bytes(route.shape),
            done_fraction=self.fraction(route.number, 0.0),
            works_from=float(route.stop_fractions[0]),
            works_to=float(route.stop_fractions[-1]),
            punctuality=self._status[route.number],
            vehicle_id=f"vehicle-{route.number}",
        )

    def _stops(self, route: SyntheticRoute) -> list[MapStop]:
        done = self._done(route.number)
        return [
            MapStop(
                id=f"{route.id}/{index + 1}",
                route_id=route.id,
                number=index + 1,
                lat=point.lat,
                lon=point.lon,
                state=self._state(index, done),
                punctuality=(
                    Punctuality.LATE
                    if index % 8 == 6
                    else Punctuality.AT_RISK
                    if index % 6 == 3
                    else Punctuality.ON_TIME
                ),
                label=f"Customer {route.number * 20 + index + 1}, {_STREETS[index % 4]} Street",
                expected="ETA 14:28 ±2",
                window="window 14:00–15:00",
                kind=StopKind.RETURN if index % 11 == 10 else StopKind.DELIVERY,
            )
            for index, point in enumerate(route.stops)
        ]

    @staticmethod
    def _state(index: int, done: int) -> StopState:
        if index < done:
            return StopState.ATTEMPTED if index % 9 == 5 else StopState.DELIVERED
        return StopState.SERVICING if index == done else StopState.PLANNED

    @staticmethod
    def _exceptions(stops: tuple[MapStop, ...]) -> list[MapException]:
        severities = tuple(Severity)
        marked = [
            MapException(
                id=f"exception-{k}",
                severity=severities[k % 4],
                kind=(ExceptionKind.LATE_RISK, ExceptionKind.NO_ACCESS)[k % 2],
                lat=stop.lat,
                lon=stop.lon,
                label=f"Stop {stop.number}: gate code missing",
                stop_id=stop.id,
            )
            for k, stop in enumerate(stops[9::29])
        ]
        on_vehicle = MapException(
            "exception-vehicle",
            Severity.CRITICAL,
            ExceptionKind.TEMPERATURE,
            DEPOT.lat,
            DEPOT.lon,
            "8.6 °C for 4 min (limit 8 °C)",
            vehicle_id="vehicle-3",
        )
        return [*marked, on_vehicle]
