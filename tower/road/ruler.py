"""How far along a leg a vehicle is."""

import math
from typing import NamedTuple

import numpy as np

from tower.domain.geometry import LatLon
from tower.road.cells import CellsAlong, cell_keys
from tower.road.geometry import FloatArray, IntArray, LocalPlane

_BACK_M = 30.0
"""A place is looked for from this far behind the last one: devices are off by as much."""

_PART_M = 100.0

_SAME_M = 1.0
"""Of places about equally near the first counts."""


class Mark(NamedTuple):
    """A place on a leg.

    Attributes:
        offset_m: How far beside the leg the vehicle is.
        along_m: Metres from the start of the leg.
    """

    offset_m: float
    along_m: float


class Ruler:
    """A leg laid out flat, to find places on it.

    Attributes:
        length_m: Its length, metres.
    """

    def __init__(self, lat_lon: FloatArray, clock_s: FloatArray) -> None:
        """Lay a leg out.

        Args:
            lat_lon: ``(n, 2)`` its vertices, degrees, n >= 2.
            clock_s: ``(n,)`` seconds at each vertex, never falling.
        """
        self._clock = clock_s
        self._plane = LocalPlane(LatLon(*lat_lon[0]))
        self._east, self._north = self._plane.to_metres(lat_lon).T
        self._step_east, self._step_north = np.diff(self._east), np.diff(self._north)
        self._lengths = np.hypot(self._step_east, self._step_north)
        self._per_length = 1.0 / np.maximum(self._lengths**2, 1e-9)
        self._along = np.concatenate(([0.0], np.cumsum(self._lengths)))
        self.length_m = float(self._along[-1])
        self._bounds, self._keys = self._cut(lat_lon)

    def locate(self, place: LatLon, after_m: float = 0.0) -> Mark:
        """The nearest place on the leg that is not behind another one.

        Args:
            place: Where the vehicle is.
            after_m: How far along it was before; a street driven twice is told by it.
        """
        first = int(self._along[1:-1].searchsorted(after_m - _BACK_M))
        here_east, here_north = self._plane.place_m(place)
        east, north = here_east - self._east[first:-1], here_north - self._north[first:-1]
        step_east, step_north = self._step_east[first:], self._step_north[first:]
        shares = (east * step_east + north * step_north) * self._per_length[first:]
        shares = np.minimum(np.maximum(shares, 0.0), 1.0)
        beside = (east - shares * step_east) ** 2 + (north - shares * step_north) ** 2
        nearest = math.sqrt(float(beside.min()))
        best = int((beside <= (nearest + _SAME_M) ** 2).argmax())
        along = float(self._along[first + best] + shares[best] * self._lengths[first + best])
        return Mark(math.sqrt(float(beside[best])), along)

    def cells(self, begin_m: float, end_m: float) -> CellsAlong:
        """The cells between two places of the leg, with the seconds spent in each."""
        first = max(0, int(np.searchsorted(self._bounds, begin_m, side="right")) - 1)
        last = max(first + 1, int(np.searchsorted(self._bounds, end_m, side="left")))
        bounds = np.clip(self._bounds[first : last + 1], begin_m, end_m)
        seconds = np.diff(np.interp(bounds, self._along, self._clock))
        keys = self._keys[first:last]
        return CellsAlong(keys, np.zeros(len(keys), dtype=np.int64), seconds, 1)

    def _cut(self, lat_lon: FloatArray) -> tuple[FloatArray, IntArray]:
        """The leg in parts of a hundred metres: where they begin and end, and their cells."""
        count = max(1, int(np.ceil(self.length_m / _PART_M)))
        bounds = np.linspace(0.0, self.length_m, count + 1)
        middles = (bounds[:-1] + bounds[1:]) / 2
        places = [np.interp(middles, self._along, lat_lon[:, i]) for i in (0, 1)]
        piece = np.searchsorted(self._along[1:-1], middles)
        heading = np.degrees(np.arctan2(self._step_east[piece], self._step_north[piece]))
        return bounds, cell_keys(np.stack(places, axis=-1), heading)
