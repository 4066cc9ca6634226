"""Travel times from an OSRM server.

After OSRM's HTTP documentation (services route, table and nearest of version v1).
What a server drives by is fixed by its data, so each profile has a server of its own.
"""

from collections.abc import Sequence
from typing import NoReturn

import msgspec
import numpy as np

from tower.domain.geometry import LatLon
from tower.road.engine import Leg, LegSource, OutsideRoadsError
from tower.road.geometry import FloatArray
from tower.road.polyline import PolylineError, decode_polyline
from tower.road.roads import Profile
from tower.road.server import Answer, Refusal, RoutingServer
from tower.road.server_engine import NoWay, ServerEngine, TooBig
from tower.road.snap import SNAP_LIMIT_M

_PROFILE_NAMES = {Profile.CAR: "driving", Profile.TRUCK: "driving", Profile.BICYCLE: "bike"}
_MOST_PLACES = 100
"""What a server takes unless told otherwise (``--max-table-size``); more would also make an
address longer than it reads."""

_NO_WAY = {"NoRoute", "NoTable", "NoSegment"}
_PRECISION = 6

Cells = list[list[float | None]]


class _Said(msgspec.Struct):
    code: str = ""
    message: str = ""


class _Waypoint(msgspec.Struct):
    distance: float = 0.0


class _Nearest(msgspec.Struct):
    waypoints: list[_Waypoint]


class _Annotation(msgspec.Struct):
    duration: list[float]


class _Leg(msgspec.Struct):
    duration: float
    distance: float
    annotation: _Annotation


class _Route(msgspec.Struct):
    legs: list[_Leg]
    geometry: str


class _Routes(msgspec.Struct):
    routes: list[_Route]
    waypoints: list[_Waypoint]


class _Table(msgspec.Struct):
    durations: Cells
    distances: Cells
    sources: list[_Waypoint]
    destinations: list[_Waypoint]


class OsrmEngine(ServerEngine):
    """Drives as OSRM servers say."""

    most_stops = _MOST_PLACES

    def covers(self, point: LatLon) -> bool:
        """True where a car can reach the point within 500 m.

        Raises:
            ProfileNotServedError: Nobody was named to ask for cars.
            RoutingServerError: The server cannot be reached or fails.
        """
        server = self._server(Profile.CAR)
        try:
            found = _ask(server, "nearest", [point], Profile.CAR, {}, _Nearest)
        except NoWay:
            return False
        return any(_is_near(place) for place in found.waypoints)

    def _drive(
        self, server: RoutingServer, points: Sequence[LatLon], profile: Profile
    ) -> list[Leg]:
        options = {
            "overview": "full",
            "geometries": "polyline6",
            "annotations": "duration",
            "continue_straight": "false",
        }
        found = _ask(server, "route", points, profile, options, _Routes)
        for point, place in zip(points, found.waypoints, strict=False):
            if not _is_near(place):
                raise OutsideRoadsError(point)
        return _legs(server, found, len(points) - 1)

    def _cells(
        self,
        server: RoutingServer,
        origins: Sequence[LatLon],
        destinations: Sequence[LatLon],
        profile: Profile,
    ) -> tuple[FloatArray, FloatArray]:
        count = len(origins)
        options = {
            "annotations": "duration,distance",
            "sources": ";".join(map(str, range(count))),
            "destinations": ";".join(map(str, range(count, count + len(destinations)))),
        }
        points = [*origins, *destinations]
        found = _ask(server, "table", points, profile, options, _Table)
        far = [np.array([not _is_near(p) for p in s]) for s in (found.sources, found.destinations)]
        tables = []
        for cells in (found.durations, found.distances):
            table = np.array(cells, dtype=np.float64)
            if table.shape != (count, len(destinations)):
                raise server.failure("answers a table of another size than asked for")
            table[np.isnan(table)] = np.inf
            table[far[0], :] = np.inf
            table[:, far[1]] = np.inf
            tables.append(table)
        return tables[0], tables[1]

    def _block_shape(self, rows: int, columns: int) -> tuple[int, int]:
        height = min(rows, max(_MOST_PLACES // 2, _MOST_PLACES - columns))
        return height, _MOST_PLACES - height


def _is_near(place: _Waypoint) -> bool:
    return place.distance <= SNAP_LIMIT_M


def _ask(
    server: RoutingServer,
    service: str,
    points: Sequence[LatLon],
    profile: Profile,
    options: dict[str, str],
    answer: type[Answer],
) -> Answer:
    places = ";".join(f"{point.lon:.6f},{point.lat:.6f}" for point in points)
    path = f"/{service}/v1/{_PROFILE_NAMES[profile]}/{places}"
    try:
        return server.get(path, {**options, "generate_hints": "false"}, answer)
    except Refusal as refusal:
        _explain(server, refusal)


def _explain(server: RoutingServer, refusal: Refusal) -> NoReturn:
    said = server.said(refusal, _Said)
    if said.code == "TooBig":
        raise TooBig from refusal
    if said.code in _NO_WAY:
        raise NoWay from refusal
    raise server.failure(f"refuses the request ({said.code}: {said.message})") from refusal


def _legs(server: RoutingServer, found: _Routes, count: int) -> list[Leg]:
    try:
        route = found.routes[0]
        shape = decode_polyline(route.geometry, _PRECISION)
    except (IndexError, PolylineError) as error:
        raise server.failure(f"answers a route that cannot be read ({error})") from error
    pieces = [len(leg.annotation.duration) for leg in route.legs]
    if len(route.legs) != count or len(shape) != sum(pieces) + 1:
        raise server.failure("answers a route that does not fit the places asked for")
    firsts = np.concatenate(([0], np.cumsum(pieces)))
    return [
        _leg(leg, shape[first : first + number + 1])
        for leg, first, number in zip(route.legs, firsts, pieces, strict=False)
    ]


def _leg(leg: _Leg, shape: FloatArray) -> Leg:
    """The times along the pieces leave the turns out; they are spread over the whole leg."""
    times = np.concatenate(([0.0], np.cumsum(leg.annotation.duration)))
    if times[-1] > 0:
        times *= leg.duration / times[-1]
    else:
        times = np.linspace(0.0, leg.duration, len(times))
    return Leg(leg.duration, leg.distance, shape, times, LegSource.ROAD)
