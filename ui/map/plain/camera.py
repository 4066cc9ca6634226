"""Where the plainer map looks, in Web Mercator, and what lies where on it."""

import math
from typing import NamedTuple, Self

import numpy as np
from numpy.typing import NDArray

from tower.road.geometry import Bounds

Floats = NDArray[np.float64]

_TILE_PX = 256.0
_MOST_LAT = 85.051128779807
_LEAST_ZOOM, _MOST_ZOOM = 2.0, 19.0


def world_xy(lat: Floats, lon: Floats) -> tuple[Floats, Floats]:
    """Project degrees onto the unit square, north-west corner 0, 0 (Web Mercator, EPSG:3857)."""
    sine = np.sin(np.radians(np.clip(lat, -_MOST_LAT, _MOST_LAT)))
    return lon / 360.0 + 0.5, 0.5 - np.log((1.0 + sine) / (1.0 - sine)) / (4.0 * math.pi)


def around(lat: Floats, lon: Floats) -> Bounds:
    """The smallest rectangle with all places in it; there must be one."""
    return Bounds(float(lat.min()), float(lon.min()), float(lat.max()), float(lon.max()))


class Camera(NamedTuple):
    """What a view of some size looks at.

    Attributes:
        x: Middle of the view on the unit square, from the west.
        y: The same from the north.
        zoom: Web Mercator zoom.
        width: Of the view, pixels.
        height: Of the view, pixels.
    """

    x: float
    y: float
    zoom: float
    width: int
    height: int

    @classmethod
    def at(cls, lat: float, lon: float, zoom: float, width: int, height: int) -> Self:
        """Look at a place."""
        x, y = world_xy(np.array([lat]), np.array([lon]))
        return cls(float(x[0]), float(y[0]), _within(zoom), width, height)

    @property
    def scale(self) -> float:
        """Pixels the whole world is wide."""
        return float(_TILE_PX * 2.0**self.zoom)

    @property
    def origin(self) -> tuple[float, float]:
        """The view's north-west corner, pixels of the whole world."""
        return self.x * self.scale - self.width / 2.0, self.y * self.scale - self.height / 2.0

    @property
    def centre(self) -> tuple[float, float]:
        """Latitude and longitude of the middle, degrees."""
        return self.place(self.width / 2.0, self.height / 2.0)

    def place(self, px: float, py: float) -> tuple[float, float]:
        """Latitude and longitude under a pixel, degrees."""
        left, top = self.origin
        x, y = (left + px) / self.scale, (top + py) / self.scale
        return math.degrees(math.atan(math.sinh(math.pi * (1.0 - 2.0 * y)))), 360.0 * (x - 0.5)

    def spots(self, lat: Floats, lon: Floats) -> tuple[Floats, Floats]:
        """Pixels of the view places lie at, inside or outside of it."""
        x, y = world_xy(lat, lon)
        left, top = self.origin
        return x * self.scale - left, y * self.scale - top

    def spot(self, lat: float, lon: float) -> tuple[float, float]:
        """The pixel a place lies at."""
        x, y = self.spots(np.array([lat]), np.array([lon]))
        return float(x[0]), float(y[0])

    def panned(self, dx: float, dy: float) -> Self:
        """What is seen once the map was dragged by some pixels."""
        return self._replace(x=self.x - dx / self.scale, y=self.y - dy / self.scale)

    def zoomed(self, by: float, px: float, py: float) -> Self:
        """Closer by so many zooms, with what is under a pixel staying there."""
        zoom = _within(self.zoom + by)
        left, top = self.origin
        x, y = (left + px) / self.scale, (top + py) / self.scale
        scale = _TILE_PX * 2.0**zoom
        return self._replace(
            x=x + (self.width / 2.0 - px) / scale, y=y + (self.height / 2.0 - py) / scale, zoom=zoom
        )

    def fitting(self, box: Bounds, room: float = 0.9, closest: float = 16.0) -> Self:
        """All of a box in the middle, filling at most a part of the view."""
        lats, lons = np.array([box.south, box.north]), np.array([box.west, box.east])
        xs, ys = world_xy(lats, lons)
        across = max(float(xs[1] - xs[0]) / max(1, self.width), 1e-12)
        down = max(float(ys[0] - ys[1]) / max(1, self.height), 1e-12)
        zoom = math.log2(room / (max(across, down) * _TILE_PX))
        return self._replace(
            x=float(xs.mean()), y=float(ys.mean()), zoom=_within(min(closest, zoom))
        )


def _within(zoom: float) -> float:
    return max(_LEAST_ZOOM, min(_MOST_ZOOM, zoom))
