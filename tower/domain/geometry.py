"""Points and distances on the WGS 84 sphere."""

import math
from typing import NamedTuple

EARTH_RADIUS_M = 6_371_008.8
"""Mean radius of the Earth, metres (IUGG R1)."""

POLE_DEG = 90.0
DATE_LINE_DEG = 180.0

_NULL_ISLAND_DEG = 1e-3


class LatLon(NamedTuple):
    """A place in WGS 84, decimal degrees."""

    lat: float
    lon: float


def is_on_earth(lat: float, lon: float) -> bool:
    """True for a latitude and a longitude there are; not for what is no number."""
    return abs(lat) <= POLE_DEG and abs(lon) <= DATE_LINE_DEG


def is_null_island(lat: float, lon: float) -> bool:
    """True at (0, 0), give or take a hundred metres: what devices and files say that know none."""
    return abs(lat) < _NULL_ISLAND_DEG and abs(lon) < _NULL_ISLAND_DEG


def distance_m(a: LatLon, b: LatLon) -> float:
    """Great-circle distance in metres (haversine formula)."""
    lat_a, lat_b = math.radians(a.lat), math.radians(b.lat)
    half_lat = math.sin((lat_b - lat_a) / 2)
    half_lon = math.sin(math.radians(b.lon - a.lon) / 2)
    chord = half_lat * half_lat + math.cos(lat_a) * math.cos(lat_b) * half_lon * half_lon
    return 2 * EARTH_RADIUS_M * math.asin(min(1.0, math.sqrt(chord)))
