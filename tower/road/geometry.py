"""Shapes on the ground: local metres, Web Mercator, polylines.

Coordinates are WGS 84 degrees, arrays of shape ``(n, 2)`` hold latitude then
longitude. A flat local projection is exact enough to find and thin out what is near: lengths
from east to west are off by the tangent of the latitude times the distance north or south of
the origin over the Earth's radius, at 47 degrees 0.4 % in 25 km.
"""

import math
from collections.abc import Sequence
from itertools import chain
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from tower.domain.geometry import EARTH_RADIUS_M, LatLon

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]

METRES_PER_DEGREE = math.radians(1.0) * EARTH_RADIUS_M
"""Length of one degree of latitude, metres."""

MERCATOR_MAX_LAT = 85.05112877980659
"""Latitude where the Web Mercator square ends, degrees."""


class Bounds(NamedTuple):
    """A rectangle in degrees, south-west and north-east corners."""

    south: float
    west: float
    north: float
    east: float

    @property
    def center(self) -> LatLon:
        """The middle of the rectangle."""
        return LatLon((self.south + self.north) / 2, (self.west + self.east) / 2)

    def contains(self, point: LatLon) -> bool:
        """True where the point lies inside or on the edge."""
        return self.south <= point.lat <= self.north and self.west <= point.lon <= self.east


def coordinates(points: Sequence[LatLon]) -> FloatArray:
    """Places as an array, ``(n, 2)`` lat, lon."""
    flat = np.fromiter(chain.from_iterable(points), dtype=np.float64, count=2 * len(points))
    return flat.reshape(-1, 2)


class LocalPlane:
    """Degrees to metres around one latitude (equirectangular projection)."""

    __slots__ = ("_across", "origin")

    def __init__(self, origin: LatLon) -> None:
        self.origin = origin
        self._across = METRES_PER_DEGREE * math.cos(math.radians(origin.lat))

    def to_metres(self, lat_lon: npt.ArrayLike) -> FloatArray:
        """Turn degrees ``(n, 2)`` lat, lon into metres ``(n, 2)`` east, north."""
        offset = np.asarray(lat_lon, dtype=np.float64) - np.asarray(self.origin)
        return np.ascontiguousarray((offset * (METRES_PER_DEGREE, self._across))[..., ::-1])

    def to_degrees(self, metres: FloatArray) -> FloatArray:
        """Turn metres ``(n, 2)`` east, north into degrees ``(n, 2)`` lat, lon."""
        offset = metres[..., ::-1] / (METRES_PER_DEGREE, self._across)
        degrees: FloatArray = offset + np.asarray(self.origin)
        return degrees

    def place_m(self, place: LatLon) -> tuple[float, float]:
        """Metres east and north of the origin, for one place."""
        north = (place.lat - self.origin.lat) * METRES_PER_DEGREE
        return (place.lon - self.origin.lon) * self._across, north


def piece_lengths_m(lat_lon: FloatArray) -> FloatArray:
    """Great-circle length of each of the ``n - 1`` pieces of a polyline, metres.

    Haversine formula, the same as `tower.domain.geometry.distance_m`.
    """
    radians = np.radians(lat_lon)
    half = np.sin(np.diff(radians, axis=0) / 2) ** 2
    cosines = np.cos(radians[:-1, 0]) * np.cos(radians[1:, 0])
    chord = np.sqrt(np.clip(half[:, 0] + cosines * half[:, 1], 0.0, 1.0))
    lengths: FloatArray = 2 * EARTH_RADIUS_M * np.arcsin(chord)
    return lengths


def all_distances_m(origins: FloatArray, destinations: FloatArray) -> FloatArray:
    """Great-circle distances of n points to m, ``(n, m)`` metres (haversine)."""
    here, there = np.radians(origins), np.radians(destinations)
    half = np.sin((here[:, None] - there[None]) / 2) ** 2
    cosines = np.outer(np.cos(here[:, 0]), np.cos(there[:, 0]))
    chord = np.clip(half[..., 0] + cosines * half[..., 1], 0.0, 1.0)
    distances: FloatArray = 2 * EARTH_RADIUS_M * np.arcsin(np.sqrt(chord))
    return distances


def simplify(lat_lon: FloatArray, tolerance_m: float) -> FloatArray:
    """Fewer vertices, none of the dropped ones further than the tolerance (Douglas-Peucker)."""
    return lat_lon[kept_vertices(lat_lon, tolerance_m)]


def kept_vertices(lat_lon: FloatArray, tolerance_m: float) -> npt.NDArray[np.bool_]:
    """Which vertices `simplify` keeps, ``(n,)``; the ends always."""
    keep = np.zeros(len(lat_lon), dtype=bool)
    keep[[0, -1]] = True
    if len(lat_lon) < 3:
        return keep
    metres = LocalPlane(LatLon(*lat_lon[0])).to_metres(lat_lon)
    spans = [(0, len(lat_lon) - 1)]
    while spans:
        first, last = spans.pop()
        if last - first < 2:
            continue
        offsets = _distance_to_piece(metres[first + 1 : last], metres[first], metres[last])
        worst = int(np.argmax(offsets))
        if offsets[worst] > tolerance_m:
            middle = first + 1 + worst
            keep[middle] = True
            spans += [(first, middle), (middle, last)]
    return keep


def _distance_to_piece(points: FloatArray, start: FloatArray, end: FloatArray) -> FloatArray:
    direction = end - start
    length_squared = float(direction @ direction)
    if length_squared == 0.0:
        fractions = np.zeros(len(points))
    else:
        fractions = np.clip((points - start) @ direction / length_squared, 0.0, 1.0)
    nearest = start + fractions[:, None] * direction
    distances: FloatArray = np.hypot(*(points - nearest).T)
    return distances


def to_mercator(lon_lat: FloatArray) -> FloatArray:
    """Longitude, latitude ``(n, 2)`` to Web Mercator in the unit square, y growing south."""
    lat = np.radians(np.clip(lon_lat[:, 1], -MERCATOR_MAX_LAT, MERCATOR_MAX_LAT))
    x = lon_lat[:, 0] / 360.0 + 0.5
    y = 0.5 - np.arcsinh(np.tan(lat)) / (2 * math.pi)
    return np.stack([x, y], axis=-1)
