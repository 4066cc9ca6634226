"""Travel times from a Valhalla server.

After Valhalla's API references (route, sources_to_targets and locate). One server drives by
all profiles. Its answers are taken without a date: a server made from OpenStreetMap alone knows
no traffic, and tables with a date are switched off unless configured.
"""

from collections.abc import Mapping, Sequence
from datetime import UTC, tzinfo
from typing import NoReturn

import msgspec
import numpy as np

from tower.domain.geometry import LatLon
from tower.road.engine import Leg, LegSource, OutsideRoadsError
from tower.road.geometry import FloatArray, piece_lengths_m
from tower.road.polyline import PolylineError, decode_polyline
from tower.road.roads import Profile
from tower.road.server import Answer, Refusal, RoutingServer
from tower.road.server_engine import NoWay, ServerEngine, TooBig
from tower.road.snap import SNAP_LIMIT_M

_COSTING = {Profile.CAR: "auto", Profile.TRUCK: "truck", Profile.BICYCLE: "bicycle"}
_MOST_PAIRS = 2_500
"""What a server takes unless configured otherwise (``max_matrix_location_pairs``)."""

_MOST_LOCATED = 100
_PLACES_KEPT = 50_000
_PRECISION = 6
_KM = 1_000.0

_TOO_BIG = {150}
_NO_WAY = {154, 170, 171, 441, 442, 443}
"""Too far, unconnected, no road near, and the three ways of finding no path."""

Cells = list[list[float | None]]


class _Said(msgspec.Struct):
    error_code: int = 0
    error: str = ""


class _Located(msgspec.Struct):
    edges: list[object] | None = None
    nodes: list[object] | None = None


class _Summary(msgspec.Struct):
    time: float
    length: float


class _Maneuver(msgspec.Struct):
    time: float
    begin_shape_index: int
    end_shape_index: int


class _Leg(msgspec.Struct):
    summary: _Summary
    shape: str
    maneuvers: list[_Maneuver] = []


class _Trip(msgspec.Struct):
    legs: list[_Leg]


class _Route(msgspec.Struct):
    trip: _Trip


class _Cells(msgspec.Struct):
    durations: Cells
    distances: Cells


class _Matrix(msgspec.Struct):
    sources_to_targets: _Cells


class ValhallaEngine(ServerEngine):
    """Drives as Valhalla servers say."""

    most_stops = 20

    def __init__(self, servers: Mapping[Profile, RoutingServer], zone: tzinfo = UTC) -> None:
        """Make an engine; see `ServerEngine`."""
        super().__init__(servers, zone)
        self._near_roads: dict[Profile, dict[LatLon, bool]] = {p: {} for p in Profile}

    def covers(self, point: LatLon) -> bool:
        """True where a car can reach the point within 500 m.

        Raises:
            ProfileNotServedError: Nobody was named to ask for cars.
            RoutingServerError: The server cannot be reached or fails.
        """
        return self._locate(self._server(Profile.CAR), [point], Profile.CAR)[0]

    def _drive(
        self, server: RoutingServer, points: Sequence[LatLon], profile: Profile
    ) -> list[Leg]:
        for point, known in zip(points, self._locate(server, points, profile), strict=True):
            if not known:
                raise OutsideRoadsError(point)
        body = {
            "locations": _places(points),
            "costing": _COSTING[profile],
            "units": "kilometers",
            "directions_type": "maneuvers",
        }
        found = _ask(server, "/route", body, _Route)
        if len(found.trip.legs) != len(points) - 1:
            raise server.failure("answers a route that does not fit the places asked for")
        return [_leg(server, leg) for leg in found.trip.legs]

    def _cells(
        self,
        server: RoutingServer,
        origins: Sequence[LatLon],
        destinations: Sequence[LatLon],
        profile: Profile,
    ) -> tuple[FloatArray, FloatArray]:
        rows = np.flatnonzero(self._locate(server, origins, profile)).tolist()
        columns = np.flatnonzero(self._locate(server, destinations, profile)).tolist()
        seconds = np.full((len(origins), len(destinations)), np.inf)
        metres = np.full_like(seconds, np.inf)
        if not rows or not columns:
            return seconds, metres
        body = {
            "sources": _places([origins[row] for row in rows]),
            "targets": _places([destinations[column] for column in columns]),
            "costing": _COSTING[profile],
            "units": "kilometers",
            "verbose": False,
        }
        found = _ask(server, "/sources_to_targets", body, _Matrix).sources_to_targets
        for whole, cells, unit in ((seconds, found.durations, 1.0), (metres, found.distances, _KM)):
            part = np.array(cells, dtype=np.float64) * unit
            if part.shape != (len(rows), len(columns)):
                raise server.failure("answers a table of another size than asked for")
            whole[np.ix_(rows, columns)] = np.where(np.isnan(part), np.inf, part)
        return seconds, metres

    def _block_shape(self, rows: int, columns: int) -> tuple[int, int]:
        side = int(_MOST_PAIRS**0.5)
        height = min(rows, max(side, _MOST_PAIRS // columns))
        return height, _MOST_PAIRS // height

    def _locate(
        self, server: RoutingServer, points: Sequence[LatLon], profile: Profile
    ) -> list[bool]:
        """Whether each place has a road within 500 m; asked once for each."""
        known = self._near_roads[profile]
        new = list({point for point in points if point not in known})
        if len(known) + len(new) > _PLACES_KEPT:
            known = self._near_roads[profile] = {p: known[p] for p in points if p in known}
        for first in range(0, len(new), _MOST_LOCATED):
            part = new[first : first + _MOST_LOCATED]
            body = {"locations": _places(part), "costing": _COSTING[profile]}
            found = _ask(server, "/locate", body, list[_Located])
            known.update(zip(part, (bool(one.edges or one.nodes) for one in found), strict=False))
        return [known.get(point, False) for point in points]


def _places(points: Sequence[LatLon]) -> list[dict[str, float]]:
    return [{"lat": p.lat, "lon": p.lon, "search_cutoff": SNAP_LIMIT_M} for p in points]


def _ask(
    server: RoutingServer, path: str, body: Mapping[str, object], answer: type[Answer]
) -> Answer:
    try:
        return server.post(path, body, answer)
    except Refusal as refusal:
        _explain(server, refusal)


def _explain(server: RoutingServer, refusal: Refusal) -> NoReturn:
    said = server.said(refusal, _Said)
    if said.error_code in _TOO_BIG:
        raise TooBig from refusal
    if said.error_code in _NO_WAY:
        raise NoWay from refusal
    raise server.failure(f"refuses the request ({said.error_code}: {said.error})") from refusal


def _leg(server: RoutingServer, leg: _Leg) -> Leg:
    try:
        shape = decode_polyline(leg.shape, _PRECISION)
    except PolylineError as error:
        raise server.failure(f"answers a route that cannot be read ({error})") from error
    if not len(shape):
        raise server.failure("answers a route without a line")
    if len(shape) == 1:
        shape = np.repeat(shape, 2, axis=0)
    times = _times(leg, shape)
    return Leg(leg.summary.time, leg.summary.length * _KM, shape, times, LegSource.ROAD)


def _times(leg: _Leg, shape: FloatArray) -> FloatArray:
    """Seconds at each vertex: those of the manoeuvres, by distance within each."""
    along = np.concatenate(([0.0], np.cumsum(piece_lengths_m(shape))))
    last = len(shape) - 1
    knots = [0, *(min(one.end_shape_index, last) for one in leg.maneuvers)]
    clock = np.concatenate(([0.0], np.cumsum([one.time for one in leg.maneuvers])))
    if clock[-1] <= 0 or knots[-1] != last:
        knots, clock = [0, last], np.array([0.0, 1.0])
    clock *= leg.summary.time / clock[-1]
    return np.maximum.accumulate(np.interp(along, along[knots], clock))
