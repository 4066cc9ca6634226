"""Engines that know roads: on one region's graph, and with an estimate elsewhere."""

import logging
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
    StraightLineEngine,
    Table,
)
from tower.road.geometry import coordinates
from tower.road.graph import RoadGraph
from tower.road.roads import Profile
from tower.road.search import Search
from tower.road.snap import Snap
from tower.road.traffic import traffic_factor
from tower.road.travel_table import travel_table

LOG = logging.getLogger(__name__)

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
        self._graph = graph
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
            found = self._graph.of(profile).finder.find(coordinates(new))
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
        graph = self._graph.of(profile)
        snaps = self._snapped(points, profile)
        search = Search(graph, snaps[:-1], snaps[1:])
        factor = self._factor(departure, profile)
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
        """Travel from every origin to every destination; infinite where there is no way.

        Raises:
            OutsideRoadsError: A place is too far from every road.
        """
        ends = self._snapped(origins, profile), self._snapped(destinations, profile)
        seconds, metres = travel_table(self._graph.of(profile), *ends)
        return Table.known(seconds * self._factor(departure, profile), metres)

    def _factor(self, departure: datetime | None, profile: Profile) -> float:
        return 1.0 if departure is None else traffic_factor(departure, self._zone, profile)

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


class RegionEngine(RoutingEngine):
    """Roads where a region knows them, the straight-line estimate elsewhere.

    Every answer says which (`Leg.source`, `Table.estimated`), so it never fails.
    """

    def __init__(self, roads: RoadEngine, estimate: StraightLineEngine | None = None) -> None:
        self._roads = roads
        self._estimate = estimate or StraightLineEngine()

    def covers(self, point: LatLon) -> bool:
        """True where the region knows the roads at the point."""
        return self._roads.covers(point)

    def leg(
        self,
        origin: LatLon,
        destination: LatLon,
        profile: Profile,
        departure: datetime | None = None,
    ) -> Leg:
        """Fastest travel between two places."""
        try:
            return self._roads.leg(origin, destination, profile, departure)
        except OutsideRoadsError:
            pass
        except RouteNotFoundError as error:
            LOG.warning("%s The straight-line estimate is shown instead.", error)
        return self._estimate.leg(origin, destination, profile, departure)

    def legs(
        self, points: Sequence[LatLon], profile: Profile, departure: datetime | None = None
    ) -> list[Leg]:
        """Travel along a sequence of places, each leg by the best that is known."""
        try:
            return self._roads.legs(points, profile, departure)
        except (OutsideRoadsError, RouteNotFoundError):
            pairs = pairwise(points)
            return [self.leg(a, b, profile, departure) for a, b in pairs]

    def table(
        self,
        origins: Sequence[LatLon],
        destinations: Sequence[LatLon],
        profile: Profile,
        departure: datetime | None = None,
    ) -> Table:
        """Travel from every origin to every destination, estimated where roads do not answer."""
        mixed = self._estimate.table(origins, destinations, profile, departure)
        rows = self._on_road(origins, profile)
        columns = rows if destinations is origins else self._on_road(destinations, profile)
        known = self._roads.table(
            [origins[row] for row in rows],
            [destinations[column] for column in columns],
            profile,
            departure,
        )
        block = np.ix_(rows, columns)
        answered = np.isfinite(known.durations_s)
        for whole, part in (
            (mixed.durations_s, known.durations_s),
            (mixed.distances_m, known.distances_m),
        ):
            whole[block] = np.where(answered, part, whole[block])
        mixed.estimated[block] = ~answered
        return mixed

    def _on_road(self, points: Sequence[LatLon], profile: Profile) -> list[int]:
        """Indices of the places whose road is known."""
        snaps = self._roads.snap(points, profile)
        return [index for index, snap in enumerate(snaps) if snap is not None]
