"""A vehicle's trail as columns: where it was, when, how fast. Knows no widgets."""

from collections.abc import Iterable
from datetime import datetime
from typing import Protocol

import msgspec
import numpy as np
from numpy.typing import NDArray

from tower.domain.moments import utc
from tower.road.geometry import FloatArray, piece_lengths_m

GAP_S = 180.0
"""Between positions further apart in time the vehicle gave no signal; the map calls it stale."""

_KMH = 3.6


class Position(Protocol):
    """One position of a trail: a `Fix`, or a `TrailPoint` of the gateway's answer."""

    @property
    def at(self) -> datetime:
        """When it was taken, UTC."""
        ...

    @property
    def lat(self) -> float:
        """Degrees north."""
        ...

    @property
    def lon(self) -> float:
        """Degrees east."""
        ...

    @property
    def speed_mps(self) -> float | None:
        """Metres a second, None where not told."""
        ...

    @property
    def heading_deg(self) -> float | None:
        """Degrees clockwise from north, None where not told."""
        ...


class Trail(msgspec.Struct, frozen=True, eq=False):
    """Positions in the order of time.

    Attributes:
        at_s: `(n,)` seconds since 1970, rising.
        lat_lon: `(n, 2)` degrees.
        told_mps: `(n,)` metres a second as the device told, nan where it did not.
    """

    at_s: FloatArray
    lat_lon: FloatArray
    told_mps: FloatArray

    def __len__(self) -> int:
        """How many positions it has."""
        return len(self.at_s)

    @property
    def since(self) -> datetime:
        """When its first position was taken; only of a trail that has one."""
        return utc(float(self.at_s[0]))

    @property
    def until(self) -> datetime:
        """When its last position was taken; only of a trail that has one."""
        return utc(float(self.at_s[-1]))

    @property
    def steps_s(self) -> FloatArray:
        """`(n - 1,)` seconds between neighbours."""
        return np.diff(self.at_s)

    @property
    def steps_m(self) -> FloatArray:
        """`(n - 1,)` metres between neighbours, great circle."""
        return piece_lengths_m(self.lat_lon)

    @property
    def gaps(self) -> NDArray[np.bool_]:
        """`(n - 1,)` true where nothing was heard between two positions."""
        return self.steps_s > GAP_S

    @property
    def steps_kmh(self) -> FloatArray:
        """`(n - 1,)` km/h from each position to the next."""
        speeds: FloatArray = self.steps_m / np.maximum(self.steps_s, 1e-3) * _KMH
        return speeds

    @property
    def told_kmh(self) -> FloatArray:
        """`(n,)` km/h as the device told, else by the way from the position before."""
        told = self.told_mps * _KMH
        between = np.concatenate(([0.0], self.steps_kmh)) if len(self) else told
        speeds: FloatArray = np.where(np.isnan(told), between, told)
        return speeds

    @property
    def driven_m(self) -> float:
        """Metres driven; over a gap the straight way, which is the least it can have been."""
        return float(self.steps_m.sum()) if len(self) > 1 else 0.0

    def between(self, since: datetime, until: datetime) -> "Trail":
        """The part taken in [since, until]."""
        first = int(np.searchsorted(self.at_s, since.timestamp(), side="left"))
        last = int(np.searchsorted(self.at_s, until.timestamp(), side="right"))
        part = slice(first, last)
        return Trail(self.at_s[part], self.lat_lon[part], self.told_mps[part])

    def continued(self, more: "Trail") -> "Trail":
        """This trail with what another one has after it."""
        if not len(self):
            return more
        first = int(np.searchsorted(more.at_s, self.at_s[-1], side="right"))
        return Trail(
            np.concatenate((self.at_s, more.at_s[first:])),
            np.concatenate((self.lat_lon, more.lat_lon[first:])),
            np.concatenate((self.told_mps, more.told_mps[first:])),
        )


def trail_of(positions: Iterable[Position]) -> Trail:
    """A trail of positions in any order; of two of the same moment the last one counts."""
    by_time = {one.at.timestamp(): one for one in positions}
    kept = [by_time[at] for at in sorted(by_time)]
    speeds = [np.nan if one.speed_mps is None else one.speed_mps for one in kept]
    return Trail(
        np.array(sorted(by_time), dtype=np.float64),
        np.array([(one.lat, one.lon) for one in kept], dtype=np.float64).reshape(-1, 2),
        np.array(speeds, dtype=np.float64),
    )
