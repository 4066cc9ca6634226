"""The engine that drives on a region's road graph."""

from collections.abc import Sequence
from datetime import UTC, datetime, tzinfo
from itertools import pairwise

import numpy as np

from tower.domain.geometry import LatLon, distance_m
from tower.road.drive import Drive, lay_out, vertex_shares
from tower.road.engine import (
    Leg,
    LegSource,
    OutsideRoadsError,
    RouteNotFoundError,
    RoutingEngine,
    Table,
)
from tower.road.geometry import coordinates
from tower.road.graph import RoadGraph
from tower.road.live import SpeedMap
from tower.road.live_roads import LiveRoads
from tower.road.roads import Profile
from tower.road.search import Search
from tower.road.snap import Snap
from tower.road.traffic import traffic_factor
from tower.road.travel_table import travel_table

_SNAPS_KEPT = 50_000
"""Places whose road is remembered, a profile; the same stops are asked for again and again."""


class RoadEngine(RoutingEngine):
    """Drives on a road graph; may be asked from several threads."""

    def __init__(self, graph: RoadGraph, zone: tzinfo = UTC) -> None:
        """Make an engine.

        Args:
            graph: The roads.
            zone: Time zone of the region, for the hour of the traffic.
        """
        self._roads = LiveRoads(graph)
        self._zone = zone
        self._shares = vertex_shares(graph.network)
        self._snaps: dict[Profile, dict[LatLon, Snap | None]] = {p: {} for p in Profile}

    def covers(self, point: LatLon) -> bool:
        """True where a car can reach the point within 500 m."""
        return self.snap([point], Profile.CAR)[0] is not None

    def snap(self, points: Sequence[LatLon], profile: Profile) -> list[Snap | None]:
        """The road of each point, None where it is too far from all."""
        known = self._snaps[profile]
        new = list({point for point in points if point not in known})
        if new:
            found = self._roads.base.of(profile).finder.find(coordinates(new))
            if len(known) + len(new) > _SNAPS_KEPT:
                known = self._snaps[profile] = {p: known[p] for p in points if p in known}
            known.update(zip(new, found, strict=True))
        return [known[point] for point in points]

    def legs(
        self, points: Sequence[LatLon], profile: Profile, departure: datetime | None = None
    ) -> list[Leg]:
        """Travel along a sequence of places.

        Each leg meets the traffic of the time it starts, as if no time were spent
        at the places between.

        Raises:
            OutsideRoadsError: A place is too far from every road.
            RouteNotFoundError: There is no allowed way.
        """
        if len(points) < 2:
            return []
        graph = self._roads.of(profile, departure)
        snaps = self._snapped(points, profile)
        search = Search(graph, snaps[:-1], snaps[1:])
        factor = traffic_factor(departure, self._zone, profile)
        legs = []
        for index, ends in enumerate(pairwise(points)):
            path = search.path(index, index, distance_m(*ends))
            if path is None:
                raise RouteNotFoundError(*ends, profile)
            drive = lay_out(graph, path, self._shares)
            legs.append(_leg(drive).slowed(factor))
        return legs

    def table(
        self,
        origins: Sequence[LatLon],
        destinations: Sequence[LatLon],
        profile: Profile,
        departure: datetime | None = None,
    ) -> Table:
        """Travel from every origin to every destination.

        Infinite where there is no way, or a place is too far from every road.
        """
        found = Table.unknown(len(origins), len(destinations))
        rows, starts = self._on_road(origins, profile)
        columns, goals = self._on_road(destinations, profile)
        seconds, metres = travel_table(self._roads.of(profile, departure), starts, goals)
        block = np.ix_(rows, columns)
        found.durations_s[block] = seconds * traffic_factor(departure, self._zone, profile)
        found.distances_m[block] = metres
        return found

    def heed(self, speeds: SpeedMap | None) -> None:
        """Drive by the speeds there really are; one question is answered by one or the other."""
        self._roads = LiveRoads(self._roads.base, speeds)

    def _on_road(self, points: Sequence[LatLon], profile: Profile) -> tuple[list[int], list[Snap]]:
        """Indices of the places whose road is known, and where on it they are."""
        snaps = self.snap(points, profile)
        known = [(index, snap) for index, snap in enumerate(snaps) if snap is not None]
        return [index for index, _ in known], [snap for _, snap in known]

    def _snapped(self, points: Sequence[LatLon], profile: Profile) -> list[Snap]:
        snaps = []
        for point, snap in zip(points, self.snap(points, profile), strict=True):
            if snap is None:
                raise OutsideRoadsError(point)
            snaps.append(snap)
        return snaps


def _leg(drive: Drive) -> Leg:
    duration = float(drive.times_s[-1])
    return Leg(duration, drive.distance_m, drive.shape, drive.times_s, LegSource.ROAD)
