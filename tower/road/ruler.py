"""How far along a leg a vehicle is."""

from typing import NamedTuple

import numpy as np

from tower.domain.geometry import LatLon
from tower.road.cells import CellsAlong, cells_along
from tower.road.geometry import FloatArray, LocalPlane

_BACK_M = 30.0
"""A place is looked for from this far behind the last one: devices are off by as much."""

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
        self._lat_lon, self._clock = lat_lon, clock_s
        self._plane = LocalPlane(LatLon(*lat_lon[0]))
        metres = self._plane.to_metres(lat_lon)
        self._starts, self._steps = metres[:-1], np.diff(metres, axis=0)
        self._lengths = np.hypot(self._steps[:, 0], self._steps[:, 1])
        self._along = np.concatenate(([0.0], np.cumsum(self._lengths)))
        self.length_m = float(self._along[-1])

    def locate(self, place: LatLon, after_m: float = 0.0) -> Mark:
        """The nearest place on the leg that is not behind another one.

        Args:
            place: Where the vehicle is.
            after_m: How far along it was before; a street driven twice is told by it.
        """
        first = int(np.searchsorted(self._along[1:-1], after_m - _BACK_M))
        starts, steps, lengths = self._starts[first:], self._steps[first:], self._lengths[first:]
        towards = self._plane.to_metres(np.array([place])) - starts
        dots = np.einsum("ij,ij->i", towards, steps)
        shares = np.clip(dots / np.maximum(lengths**2, 1e-9), 0.0, 1.0)
        beside = towards - shares[:, None] * steps
        offsets = np.hypot(beside[:, 0], beside[:, 1])
        best = int(np.argmax(offsets <= offsets.min() + _SAME_M))
        along = self._along[first + best] + shares[best] * lengths[best]
        return Mark(float(offsets[best]), float(along))

    def cells(self, begin_m: float, end_m: float) -> CellsAlong:
        """The cells between two places of the leg, with the seconds spent in each."""
        inner = np.flatnonzero((self._along > begin_m) & (self._along < end_m))
        along = np.concatenate(([begin_m], self._along[inner], [end_m]))
        clock = np.interp(along, self._along, self._clock)
        line = np.stack([np.interp(along, self._along, self._lat_lon[:, i]) for i in (0, 1)], -1)
        owner = np.zeros(len(along) - 1, dtype=np.int64)
        return cells_along(line, np.diff(clock), owner, 1)
