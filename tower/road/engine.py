"""Travel between places: the routing port and the engines behind it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from itertools import pairwise
from typing import Protocol

import numpy as np
import numpy.typing as npt

from tower.domain.geometry import LatLon, distance_m
from tower.road.geometry import FloatArray, all_distances_m, coordinates
from tower.road.live import SpeedMap
from tower.road.network import Float32Array
from tower.road.roads import Profile

DETOUR_FACTOR = 1.3
"""Road distance over straight distance where roads are unknown. An assumption for towns, between
what was found for random places of a city (about 1.2: Newell, "Traffic Flow on Transportation
Networks", 1980) and for trips to hospitals all over the USA (1.417: Boscoe et al.,
Prof. Geogr. 64, 2012)."""

STRAIGHT_LINE_SPEED_MS = {
    Profile.CAR: 30.0 / 3.6,
    Profile.TRUCK: 26.0 / 3.6,
    Profile.BICYCLE: 14.0 / 3.6,
}
"""Mean door-to-door speed where roads are unknown, m/s: assumptions for driving in towns."""


class RoutingError(Exception):
    """Travel cannot be told from the roads; an estimate may stand in."""


class OutsideRoadsError(RoutingError):
    """A place is too far from every road of the region."""

    def __init__(self, point: LatLon) -> None:
        super().__init__(
            f"{point.lat:.5f}, {point.lon:.5f} is more than 500 m from every road of this "
            "region. Check the address, or import the region it lies in."
        )
        self.point = point


class RouteNotFoundError(RoutingError):
    """Two places on the roads have no allowed way from one to the other."""

    def __init__(self, origin: LatLon, destination: LatLon, profile: Profile) -> None:
        super().__init__(
            f"No {profile.value} can drive from {origin.lat:.5f}, {origin.lon:.5f} to "
            f"{destination.lat:.5f}, {destination.lon:.5f} on the roads of this region."
        )
        self.origin, self.destination, self.profile = origin, destination, profile


class RoutingServerError(RoutingError):
    """A routing server cannot be reached, is too slow, or answers what nobody understands."""

    def __init__(self, server: str, what: str) -> None:
        super().__init__(
            f"The routing server {server} {what}. Check that it runs and that its address is "
            "right (--roads)."
        )


class ProfileNotServedError(RoutingError):
    """No routing server was named for a profile."""

    def __init__(self, profile: Profile) -> None:
        super().__init__(
            f"No routing server drives by {profile.value}; name one: --roads "
            f"osrm:{profile.value}=http://…"
        )


class LegSource(StrEnum):
    """Where a travel time comes from."""

    ROAD = "road"
    STRAIGHT_LINE = "straight_line"


@dataclass(frozen=True, slots=True, eq=False)
class Leg:
    """Travel from one place to the next.

    Attributes:
        duration_s: Driving time, seconds.
        distance_m: Driven distance, metres.
        shape: The line driven, ``(n, 2)`` lat, lon, n >= 2.
        shape_times_s: Seconds from the start at each vertex, ``(n,)``, never
            falling; the last is ``duration_s``.
        source: Whether it follows roads or is an estimate.
    """

    duration_s: float
    distance_m: float
    shape: FloatArray
    shape_times_s: FloatArray
    source: LegSource

    def slowed(self, factor: float) -> "Leg":
        """The same leg taking `factor` times as long."""
        return replace(
            self,
            duration_s=self.duration_s * factor,
            shape_times_s=self.shape_times_s * factor,
        )


@dataclass(frozen=True, slots=True, eq=False)
class Table:
    """Travel from each of n origins to each of m destinations.

    Attributes:
        durations_s: ``(n, m)`` seconds from row to column.
        distances_m: ``(n, m)`` metres.
        estimated: ``(n, m)`` true where a pair is a straight-line estimate.
    """

    durations_s: Float32Array
    distances_m: Float32Array
    estimated: npt.NDArray[np.bool_]

    @classmethod
    def unknown(cls, rows: int, columns: int) -> "Table":
        """A table in which nothing is known yet: no way anywhere."""
        nowhere = np.full((rows, columns), np.inf)
        return cls.known(nowhere, nowhere)

    @classmethod
    def known(cls, seconds: FloatArray, metres: FloatArray) -> "Table":
        """A table without estimates."""
        estimated = np.zeros(seconds.shape, dtype=bool)
        return cls(seconds.astype(np.float32), metres.astype(np.float32), estimated)


class RoutingEngine(Protocol):
    """Answers how long driving takes. `departure` must carry a time zone.

    Without `departure` the answer is free flow. An engine says how to do `legs` and
    `table`; one leg and the square table follow from them.

    Attributes:
        fault: Why it answers less well than it could at present, "" while it does not.
    """

    fault: str = ""

    def covers(self, point: LatLon) -> bool:
        """True where the engine knows the roads at the point."""
        ...

    def legs(
        self, points: Sequence[LatLon], profile: Profile, departure: datetime | None = None
    ) -> list[Leg]:
        """Travel along a sequence of places: one leg less than there are places."""
        ...

    def table(
        self,
        origins: Sequence[LatLon],
        destinations: Sequence[LatLon],
        profile: Profile,
        departure: datetime | None = None,
    ) -> Table:
        """Travel from every origin to every destination; infinite where no way is known."""
        ...

    def leg(
        self,
        origin: LatLon,
        destination: LatLon,
        profile: Profile,
        departure: datetime | None = None,
    ) -> Leg:
        """Fastest travel between two places; fails as `legs` does."""
        return self.legs([origin, destination], profile, departure)[0]

    def matrix(
        self, points: Sequence[LatLon], profile: Profile, departure: datetime | None = None
    ) -> Table:
        """Travel between all pairs of places; fails as `table` does."""
        return self.table(points, points, profile, departure)

    def heed(self, speeds: SpeedMap | None) -> None:
        """Drive by the speeds there really are, where the engine knows how to.

        Answers for departures near `SpeedMap.as_of` change; others stay those of the hour.

        Args:
            speeds: How fast traffic is now; None for as always at the hour.
        """
        del speeds  # an engine need not know how

    def close(self) -> None:
        """Let go of what is held open: connections, where there are any."""
        return


def estimated_s(origin: LatLon, destination: LatLon, profile: Profile) -> float:
    """Seconds from one place to another where no roads are known."""
    return distance_m(origin, destination) * DETOUR_FACTOR / STRAIGHT_LINE_SPEED_MS[profile]


class StraightLineEngine(RoutingEngine):
    """Estimates from the straight distance; always answers.

    Distance is the great circle times `DETOUR_FACTOR`, the speed is constant.
    """

    def covers(self, point: LatLon) -> bool:
        """False everywhere: it knows no roads."""
        del point
        return False

    def legs(
        self, points: Sequence[LatLon], profile: Profile, departure: datetime | None = None
    ) -> list[Leg]:
        """Estimated travel along a sequence of places; the shapes are straight lines."""
        del departure
        return [_straight_leg(a, b, profile) for a, b in pairwise(points)]

    def table(
        self,
        origins: Sequence[LatLon],
        destinations: Sequence[LatLon],
        profile: Profile,
        departure: datetime | None = None,
    ) -> Table:
        """Estimated travel from every origin to every destination."""
        del departure
        apart = all_distances_m(coordinates(origins), coordinates(destinations))
        metres = (apart * DETOUR_FACTOR).astype(np.float32)
        seconds = (metres / STRAIGHT_LINE_SPEED_MS[profile]).astype(np.float32)
        return Table(seconds, metres, np.ones(metres.shape, dtype=bool))


def _straight_leg(origin: LatLon, destination: LatLon, profile: Profile) -> Leg:
    duration = estimated_s(origin, destination, profile)
    return Leg(
        duration,
        distance_m(origin, destination) * DETOUR_FACTOR,
        np.array([origin, destination], dtype=np.float64),
        np.array([0.0, duration]),
        LegSource.STRAIGHT_LINE,
    )
