"""How far along a leg a vehicle is."""

import math
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

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

    Ten thousand vehicles have one each, so only what nothing else tells is kept.

    Attributes:
        length_m: Its length, metres.
    """

    __slots__ = ("_clock", "_flat", "_keys", "_least", "_plane", "length_m")

    def __init__(self, lat_lon: FloatArray, clock_s: FloatArray) -> None:
        """Lay a leg out.

        Args:
            lat_lon: ``(n, 2)`` its vertices, degrees, n >= 2.
            clock_s: ``(n,)`` seconds at each vertex, never falling.
        """
        self._clock = clock_s
        self._plane = LocalPlane(LatLon(*lat_lon[0].tolist()))
        self._flat = self._plane.to_metres(lat_lon)
        self.length_m = float(_lengths(self._flat).sum())
        self._keys: NDArray[np.unsignedinteger[Any]] | None = None
        self._least = 0

    def locate(self, place: LatLon, after_m: float = 0.0) -> Mark:
        """The nearest place on the leg that is not behind another one.

        Args:
            place: Where the vehicle is.
            after_m: How far along it was before; a street driven twice is told by it.
        """
        lengths = _lengths(self._flat)
        along = np.cumsum(lengths)
        first = int(along[:-1].searchsorted(after_m - _BACK_M))
        starts, ends = self._flat[first:-1], self._flat[first + 1 :]
        steps, here = ends - starts, np.array(self._plane.place_m(place)) - starts
        squares = np.maximum(lengths[first:] ** 2, 1e-9)
        shares = (here[:, 0] * steps[:, 0] + here[:, 1] * steps[:, 1]) / squares
        shares = np.minimum(np.maximum(shares, 0.0), 1.0)
        off = here - shares[:, None] * steps
        beside = off[:, 0] ** 2 + off[:, 1] ** 2
        nearest = math.sqrt(float(beside.min()))
        best = int((beside <= (nearest + _SAME_M) ** 2).argmax())
        left_m = (1.0 - float(shares[best])) * float(lengths[first + best])
        return Mark(math.sqrt(float(beside[best])), float(along[first + best]) - left_m)

    def cells(self, begin_m: float, end_m: float) -> CellsAlong:
        """The cells between two places of the leg, with the seconds spent in each."""
        if self._keys is None:
            keys = self._cut()
            self._least = int(keys.min())
            self._keys = (keys - self._least).astype(np.min_scalar_type(np.ptp(keys)))
        part_m = max(self.length_m / len(self._keys), 1e-6)
        first = min(max(0, int(begin_m / part_m)), len(self._keys) - 1)
        last = min(max(first + 1, math.ceil(end_m / part_m)), len(self._keys))
        ends = np.clip(np.arange(first, last + 1) * part_m, begin_m, end_m)
        seconds = np.diff(np.interp(ends, self._along(), self._clock))
        keys = self._keys[first:last].astype(np.int64) + self._least
        return CellsAlong(keys, np.zeros(len(keys), dtype=np.int64), seconds, 1)

    def _along(self) -> FloatArray:
        """Metres from the start at each vertex."""
        return np.concatenate(([0.0], np.cumsum(_lengths(self._flat))))

    def _cut(self) -> IntArray:
        """The cells of the leg in equal parts of a hundred metres."""
        along = self._along()
        count = max(1, math.ceil(self.length_m / _PART_M))
        bounds = np.linspace(0.0, self.length_m, count + 1)
        middles = (bounds[:-1] + bounds[1:]) / 2
        flat = [np.interp(middles, along, self._flat[:, i]) for i in (0, 1)]
        piece = np.searchsorted(along[1:-1], middles)
        east, north = (self._flat[piece + 1] - self._flat[piece]).T
        places = self._plane.to_degrees(np.stack(flat, axis=-1))
        return cell_keys(places, np.degrees(np.arctan2(east, north)))


def _lengths(flat: FloatArray) -> FloatArray:
    """Metres of each piece of a line laid out flat."""
    steps = np.diff(flat, axis=0)
    lengths: FloatArray = np.hypot(steps[:, 0], steps[:, 1])
    return lengths
