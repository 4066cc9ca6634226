"""Travel told by routing servers: one a profile, asked in pieces they can stomach."""

from abc import abstractmethod
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, tzinfo

import numpy as np
import numpy.typing as npt

from tower.domain.geometry import LatLon
from tower.road.cells import cells_along
from tower.road.engine import (
    Leg,
    ProfileNotServedError,
    RouteNotFoundError,
    RoutingEngine,
    Table,
)
from tower.road.geometry import FloatArray
from tower.road.live import SpeedMap
from tower.road.roads import Profile
from tower.road.server import RoutingServer
from tower.road.traffic import traffic_factor

Indices = npt.NDArray[np.int64]


class TooBig(Exception):
    """The server takes fewer places at once."""


class NoWay(Exception):
    """Somewhere among the places asked for there is no way."""


class ServerEngine(RoutingEngine):
    """What the engines behind HTTP have in common.

    Servers tell free flow; `traffic_factor` adds the hour. A request that is too big,
    or that fails for one pair of many, is halved until what can be answered is answered.
    """

    most_stops: int
    """Places one request for a route may hold."""

    def __init__(self, servers: Mapping[Profile, RoutingServer], zone: tzinfo = UTC) -> None:
        """Make an engine.

        Args:
            servers: Whom to ask for each profile; the others are not served.
            zone: Time zone of the roads, for the hour of the traffic.
        """
        self._servers = servers
        self._zone = zone
        self._speeds: SpeedMap | None = None

    def legs(
        self, points: Sequence[LatLon], profile: Profile, departure: datetime | None = None
    ) -> list[Leg]:
        """Travel along a sequence of places.

        Raises:
            OutsideRoadsError: A place is too far from every road.
            RouteNotFoundError: There is no allowed way.
            ProfileNotServedError: Nobody was named to ask.
            RoutingServerError: The server cannot be reached or fails.
        """
        server = self._server(profile)
        legs: list[Leg] = []
        for first in range(0, len(points) - 1, self.most_stops - 1):
            legs += self._legs(server, points[first : first + self.most_stops], profile)
        factor = traffic_factor(departure, self._zone, profile)
        speeds = self._speeds_for(profile, departure)
        return [leg.slowed(factor * (_live_ratio(leg, speeds) if speeds else 1.0)) for leg in legs]

    def table(
        self,
        origins: Sequence[LatLon],
        destinations: Sequence[LatLon],
        profile: Profile,
        departure: datetime | None = None,
    ) -> Table:
        """Travel from every origin to every destination; infinite where there is no way.

        Raises:
            ProfileNotServedError: Nobody was named to ask.
            RoutingServerError: The server cannot be reached or fails.
        """
        server = self._server(profile)
        seconds = np.full((len(origins), len(destinations)), np.inf)
        metres = np.full_like(seconds, np.inf)
        rows, columns = np.arange(len(origins)), np.arange(len(destinations))
        for block in self._blocks(rows, columns):
            self._fill(server, (origins, destinations), profile, block, (seconds, metres))
        speeds = self._speeds_for(profile, departure)
        seconds *= traffic_factor(departure, self._zone, profile)
        return Table.known(seconds * (speeds.general if speeds else 1.0), metres)

    def heed(self, speeds: SpeedMap | None) -> None:
        """Slow the legs by where they lead; tables by the region's ratio, having no lines."""
        self._speeds = speeds

    def close(self) -> None:
        """Hang up on all servers."""
        for server in self._servers.values():
            server.close()

    @abstractmethod
    def _drive(
        self, server: RoutingServer, points: Sequence[LatLon], profile: Profile
    ) -> list[Leg]:
        """Ask once for the legs along some places.

        Raises:
            TooBig: Ask for fewer.
            NoWay: A leg cannot be driven.
            OutsideRoadsError: A place is too far from every road.
        """

    @abstractmethod
    def _cells(
        self,
        server: RoutingServer,
        origins: Sequence[LatLon],
        destinations: Sequence[LatLon],
        profile: Profile,
    ) -> tuple[FloatArray, FloatArray]:
        """Ask once for a table, seconds and metres; infinite where there is no way.

        Raises:
            TooBig: Ask for fewer.
            NoWay: The server answers none of it because of some pair.
        """

    @abstractmethod
    def _block_shape(self, rows: int, columns: int) -> tuple[int, int]:
        """How many origins and destinations to ask for at once."""

    def _speeds_for(self, profile: Profile, departure: datetime | None) -> SpeedMap | None:
        speeds = self._speeds
        return speeds if speeds is not None and speeds.concerns(profile, departure) else None

    def _server(self, profile: Profile) -> RoutingServer:
        if profile not in self._servers:
            raise ProfileNotServedError(profile)
        return self._servers[profile]

    def _legs(self, server: RoutingServer, points: Sequence[LatLon], profile: Profile) -> list[Leg]:
        try:
            return self._drive(server, points, profile)
        except NoWay as error:
            if len(points) == 2:
                raise RouteNotFoundError(points[0], points[1], profile) from error
        except TooBig as error:
            if len(points) == 2:
                raise server.failure("refuses a route between two places") from error
        middle = len(points) // 2
        ahead = self._legs(server, points[: middle + 1], profile)
        return ahead + self._legs(server, points[middle:], profile)

    def _blocks(self, rows: Indices, columns: Indices) -> list[tuple[Indices, Indices]]:
        if not len(rows) or not len(columns):
            return []
        height, width = self._block_shape(len(rows), len(columns))
        return [
            (rows[top : top + height], columns[left : left + width])
            for top in range(0, len(rows), height)
            for left in range(0, len(columns), width)
        ]

    def _fill(
        self,
        server: RoutingServer,
        places: tuple[Sequence[LatLon], Sequence[LatLon]],
        profile: Profile,
        block: tuple[Indices, Indices],
        whole: tuple[FloatArray, FloatArray],
    ) -> None:
        origins, destinations = [
            [p[i] for i in part] for p, part in zip(places, block, strict=True)
        ]
        try:
            cells = self._cells(server, origins, destinations, profile)
        except (TooBig, NoWay) as error:
            pieces = _halves(*block)
            if not pieces and isinstance(error, TooBig):
                raise server.failure("refuses a table of one pair of places") from error
            for piece in pieces:
                self._fill(server, places, profile, piece, whole)
            return
        for target, part in zip(whole, cells, strict=True):
            target[np.ix_(*block)] = part


def _halves(rows: Indices, columns: Indices) -> list[tuple[Indices, Indices]]:
    """The two halves of a block along its longer side; none of a single cell."""
    if len(rows) >= len(columns) and len(rows) > 1:
        return [(half, columns) for half in np.array_split(rows, 2)]
    if len(columns) > 1:
        return [(rows, half) for half in np.array_split(columns, 2)]
    return []


def _live_ratio(leg: Leg, speeds: SpeedMap) -> float:
    pieces = np.diff(leg.shape_times_s)
    owner = np.zeros(len(pieces), dtype=np.int64)
    return float(speeds.along(cells_along(leg.shape, pieces, owner, 1))[0])
