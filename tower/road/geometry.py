"""Shapes on the ground: local metres, Web Mercator, polylines.

Coordinates are WGS 84 degrees, arrays of shape ``(n, 2)`` hold latitude then
longitude. A flat local projection is exact enough for a delivery region: over
50 km its error stays under 0.1 %.
"""

import math
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


class LocalPlane:
    """Degrees to metres and back around one latitude (equirectangular projection)."""

    def __init__(self, origin: LatLon) -> None:
        self.origin = origin
        self._scale = np.array(
            [METRES_PER_DEGREE, METRES_PER_DEGREE * math.cos(math.radians(origin.lat))]
        )

    def to_metres(self, lat_lon: npt.ArrayLike) -> FloatArray:
        """Turn degrees ``(n, 2)`` lat, lon into metres ``(n, 2)`` east, north."""
        offset = (np.asarray(lat_lon, dtype=np.float64) - np.asarray(self.origin)) * self._scale
        return np.ascontiguousarray(offset[..., ::-1])

    def to_degrees(self, east_north: npt.ArrayLike) -> FloatArray:
        """Turn metres ``(n, 2)`` east, north into degrees ``(n, 2)`` lat, lon."""
        metres = np.asarray(east_north, dtype=np.float64)[..., ::-1]
        return np.ascontiguousarray(metres / self._scale + np.asarray(self.origin))


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


def all_distances_m(lat_lon: FloatArray) -> FloatArray:
    """Great-circle distances between all pairs of n points, ``(n, n)`` metres (haversine)."""
    radians = np.radians(lat_lon)
    half = np.sin((radians[:, None] - radians[None]) / 2) ** 2
    cosines = np.cos(radians[:, 0])
    chord = np.clip(half[..., 0] + np.outer(cosines, cosines) * half[..., 1], 0.0, 1.0)
    distances: FloatArray = 2 * EARTH_RADIUS_M * np.arcsin(np.sqrt(chord))
    return distances


def along_m(lat_lon: FloatArray) -> FloatArray:
    """Distance of each vertex from the start of the polyline, metres, ``(n,)``."""
    return np.concatenate(([0.0], np.cumsum(piece_lengths_m(lat_lon))))


def interpolate(lat_lon: FloatArray, along: FloatArray, at: FloatArray) -> FloatArray:
    """Points of a polyline at given positions.

    Args:
        lat_lon: The polyline, ``(n, 2)`` degrees.
        along: Position of each vertex, ``(n,)``, never falling: metres or seconds.
        at: Wanted positions in the same unit; clamped to the ends.

    Returns:
        Degrees, ``(len(at), 2)``.
    """
    lat = np.interp(at, along, lat_lon[:, 0])
    lon = np.interp(at, along, lat_lon[:, 1])
    return np.stack([lat, lon], axis=-1)


def part_of_line(lat_lon: FloatArray, start: float, end: float) -> FloatArray:
    """The piece of a polyline between two fractions of its length, 0 <= start <= end <= 1."""
    along = along_m(lat_lon)
    if along[-1] <= 0.0:
        return np.repeat(lat_lon[:1], 2, axis=0)
    first, last = start * along[-1], end * along[-1]
    inside = lat_lon[(along > first) & (along < last)]
    ends = interpolate(lat_lon, along, np.array([first, last]))
    return np.concatenate([ends[:1], inside, ends[1:]])


def simplify(lat_lon: FloatArray, tolerance_m: float) -> FloatArray:
    """Fewer vertices, none of the dropped ones further than the tolerance (Douglas-Peucker)."""
    if len(lat_lon) < 3:
        return lat_lon
    metres = LocalPlane(LatLon(*lat_lon[0])).to_metres(lat_lon)
    keep = np.zeros(len(lat_lon), dtype=bool)
    keep[[0, -1]] = True
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
    return lat_lon[keep]


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
