"""Since when vehicles stand: each has an anchor where it last came to stand, and drags it along."""

from datetime import datetime

import numpy as np
from numpy.typing import NDArray

from tower.domain.moments import utc
from tower.feed.columns import DEGREE
from tower.feed.vehicles import VehicleTable
from tower.road.geometry import METRES_PER_DEGREE


class Anchors:
    """Where and since when every vehicle stands, by its handle in the vehicle table.

    Attributes:
        since_ms: when it came there, milliseconds since 1970; 0 where it never said.
    """

    def __init__(self) -> None:
        self._radius_m = 0.0
        self._lat = self._lon = np.zeros(0)
        self._radius = np.zeros(0)
        self.since_ms = np.zeros(0, dtype=np.int64)

    def use(self, radius_m: float) -> None:
        """Let every vehicle stand as long as it is within so many metres of its anchor."""
        self._radius_m = radius_m
        self._radius[:] = radius_m

    def follow(self, vehicles: VehicleTable) -> None:
        """Take in where the vehicles are now."""
        self._grow(len(vehicles))
        columns = vehicles.columns
        at_ms = columns["at_ms"]
        lat, lon = columns["lat"] / DEGREE, columns["lon"] / DEGREE
        north = (lat - self._lat) * METRES_PER_DEGREE
        east = (lon - self._lon) * METRES_PER_DEGREE * np.cos(np.radians(lat))
        moved = (at_ms > 0) & (north * north + east * east > self._radius * self._radius)
        self._lat[moved], self._lon[moved] = lat[moved], lon[moved]
        self.since_ms[moved] = at_ms[moved]

    def stood_since(self, handle: int | None) -> datetime | None:
        """Since when a vehicle stands where it is; None where it never said."""
        if handle is None or handle >= len(self.since_ms) or self.since_ms[handle] <= 0:
            return None
        return utc(int(self.since_ms[handle]) / 1000)

    def hold(self, handle: int | None, radius_m: float) -> None:
        """Let one vehicle stand as long as it is within so many metres."""
        if handle is not None and handle < len(self._radius):
            self._radius[handle] = radius_m

    def _grow(self, size: int) -> None:
        more = size - len(self.since_ms)
        if more <= 0:
            return
        self._lat = _grown(self._lat, more, -90.0)
        self._lon = _grown(self._lon, more, 0.0)
        self._radius = _grown(self._radius, more, self._radius_m)
        self.since_ms = np.concatenate([self.since_ms, np.zeros(more, dtype=np.int64)])


def _grown(column: NDArray[np.float64], more: int, value: float) -> NDArray[np.float64]:
    return np.concatenate([column, np.full(more, value)])
