"""What holds vehicles up besides the roads themselves: the weather, and disturbances of traffic.

A disturbance is a circle. A leg is taken for the straight line between its ends, and the share of
it inside the circle takes `factor` times as long. Where nobody can pass, the way round is the
roads' to find; until they have, a leg through the circle takes as long again, at most four
minutes more. What the speeds of vehicles already show of a disturbance is counted twice for a
while; learnt models see the seconds added and make up for it.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from tower.domain.conditions import Conditions, Disturbance, Weather
from tower.domain.geometry import EARTH_RADIUS_M
from tower.eta.model import Floats

DETOUR_S = 240.0
"""A leg through a closed place takes at most so many seconds more."""

WEATHER_HOLDS = timedelta(hours=6)
"""What a provider said of the weather is believed so long."""

Integers = NDArray[np.int64]


def weather_now(conditions: Sequence[Conditions], now: datetime) -> Weather | None:
    """The newest weather that is not too old; None where nobody tells."""
    told = [
        (one.as_of, one.id, one.weather)
        for one in conditions
        if one.weather is not None and now - one.as_of <= WEATHER_HOLDS
    ]
    return max(told, key=lambda one: one[:2])[2] if told else None


class Touches(NamedTuple):
    """Which legs lie in which disturbances: `(t,)` each.

    Attributes:
        leg: index of the leg; disturbance: index of the disturbance.
        share: of the leg's length inside the circle, 0 to 1.
    """

    leg: Integers
    disturbance: Integers
    share: Floats


NO_TOUCHES = Touches(np.zeros(0, np.int64), np.zeros(0, np.int64), np.zeros(0))


class Hindrances:
    """The disturbances of one moment, as columns: `(d,)` each."""

    def __init__(self, disturbances: Sequence[Disturbance]) -> None:
        self._lat = np.array([one.lat for one in disturbances])
        self._lon = np.array([one.lon for one in disturbances])
        self._radius_m = np.array([one.radius_m for one in disturbances])
        self._added = np.array([0.0 if one.closed else one.factor - 1.0 for one in disturbances])
        self._is_closed = np.array([one.closed for one in disturbances], dtype=bool)
        self._begins = np.array([_seconds(one.begins, -np.inf) for one in disturbances])
        self._ends = np.array([_seconds(one.ends, np.inf) for one in disturbances])

    def touches(self, origins: Floats, destinations: Floats) -> Touches:
        """Which of some legs lie in which disturbances.

        Args:
            origins: `(n, 2)` degrees, where the legs begin; nan where nobody knows.
            destinations: `(n, 2)` where they end.
        """
        if not len(self._lat) or not len(origins):
            return NO_TOUCHES
        near = np.flatnonzero(self._near(np.concatenate([origins, destinations])))
        if not len(near):
            return NO_TOUCHES
        shares = self._shares(near, origins, destinations)
        disturbance, leg = np.nonzero(shares > 0.0)
        return Touches(leg, near[disturbance], shares[disturbance, leg])

    def added(self, touches: Touches, at_s: Floats, legs_s: Floats) -> Floats:
        """`(n,)` seconds that the disturbances add to legs.

        Args:
            touches: which legs lie in which disturbances.
            at_s: `(n,)` about when each leg is driven, seconds since 1970.
            legs_s: `(n,)` seconds each takes without them.
        """
        leg, which, share = touches
        is_on = (self._begins[which] <= at_s[leg]) & (at_s[leg] < self._ends[which])
        slower = np.bincount(leg, share * self._added[which] * is_on, len(legs_s))
        closed = np.bincount(leg, self._is_closed[which] & is_on, len(legs_s)) > 0
        detour_s: Floats = np.where(closed, np.minimum(legs_s, DETOUR_S), 0.0)
        return legs_s * slower + detour_s

    def _near(self, points: Floats) -> NDArray[np.bool_]:
        """`(d,)` true where a circle reaches into the box around some points."""
        known = points[~np.isnan(points).any(axis=1)]
        if not len(known):
            return np.zeros(len(self._lat), dtype=bool)
        lat_deg = np.degrees(self._radius_m / EARTH_RADIUS_M)
        lon_deg = lat_deg / np.maximum(np.cos(np.radians(self._lat)), 1e-6)
        (south, west), (north, east) = known.min(axis=0), known.max(axis=0)
        in_lat = (self._lat + lat_deg >= south) & (self._lat - lat_deg <= north)
        found: NDArray[np.bool_] = (
            in_lat & (self._lon + lon_deg >= west) & (self._lon - lon_deg <= east)
        )
        return found

    def _shares(self, which: Integers, origins: Floats, destinations: Floats) -> Floats:
        """`(len(which), n)` share of each leg inside each circle, on a plane around the circle."""
        scale = EARTH_RADIUS_M * np.pi / 180.0
        shrink = np.cos(np.radians(self._lat[which]))[:, None]
        radius_m = self._radius_m[which][:, None]

        def metres(points: Floats) -> tuple[Floats, Floats]:
            north = (points[:, 0] - self._lat[which][:, None]) * scale
            return (points[:, 1] - self._lon[which][:, None]) * scale * shrink, north

        (x, y), (to_x, to_y) = metres(origins), metres(destinations)
        dx, dy = to_x - x, to_y - y
        long = dx * dx + dy * dy
        along, off = x * dx + y * dy, x * x + y * y - radius_m * radius_m
        with np.errstate(divide="ignore", invalid="ignore"):
            half = np.sqrt(np.maximum(along * along - long * off, 0.0)) / long
            enters, leaves = -along / long - half, -along / long + half
            share = np.clip(leaves, 0.0, 1.0) - np.clip(enters, 0.0, 1.0)
        share = np.where(long < 1.0, (off <= 0.0).astype(float), share)
        known: Floats = np.nan_to_num(share)
        return known


def _seconds(at: datetime | None, otherwise: float) -> float:
    return otherwise if at is None else at.timestamp()
