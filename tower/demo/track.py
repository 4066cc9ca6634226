"""Where a demo vehicle is at any moment of its day."""

from bisect import bisect_right
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from tower.demo.plan import DemoRoute, Visit
from tower.domain.geometry import EARTH_RADIUS_M
from tower.domain.words import StopKind

STEP_S = 1.0
"""Speed and heading are taken over one second."""

STANDING_MPS = 0.4
"""Slower than this a vehicle stands, metres a second."""

AMBIENT_C, BOX_C, WARMING_C_PER_S, COOLING_C_PER_S = 12.0, 5.0, 0.5 / 60.0, 0.7 / 60.0
"""A cooled box stays at 5 degrees Celsius; while it is not cooled it warms by half a degree a
minute towards the outside, and then cools down somewhat faster."""

DOOR_C_PER_S, DOOR_MOST_C = 0.4 / 60.0, 2.2
"""While the door stands open at a stop, the sensor behind it warms, degrees Celsius."""

EMPTY_SHARE = 0.02
"""An electric vehicle creeps on with the last of its charge."""


class Whereabouts(NamedTuple):
    """A vehicle at n moments.

    Attributes:
        lat: degrees, `(n,)`; lon likewise.
        speed_mps: metres a second, `(n,)`.
        heading_deg: degrees clockwise from north, `(n,)`.
    """

    lat: NDArray[np.float64]
    lon: NDArray[np.float64]
    speed_mps: NDArray[np.float64]
    heading_deg: NDArray[np.float64]


class Track:
    """One route's drives, laid end to end on the clock."""

    def __init__(self, route: DemoRoute) -> None:
        self.route = route
        self._times = np.concatenate(
            [np.add(drive.times_s, drive.starts_s) for drive in route.life.drives]
        )
        points = np.concatenate(
            [np.array(drive.shape).reshape(-1, 2) for drive in route.life.drives]
        )
        self._lat, self._lon = points[:, 0] / 1e6, points[:, 1] / 1e6
        self._metres = _driven_m(self._lat, self._lon)
        self._charges = _charges(route)
        self._arrivals_s = [visit.arrives_s for visit in route.life.visits]

    def ahead_m(self, at_s: float) -> float:
        """Metres still driven at a second of the day, to the next charging or to the end."""
        charges = (visit.arrives_s for visit in self._charges if visit.arrives_s > at_s)
        return self._metres_between(at_s, next(charges, self.ends_s))

    @property
    def ends_s(self) -> float:
        """When the vehicle is back at its depot."""
        return float(self._times[-1])

    def at(self, moments_s: NDArray[np.float64]) -> Whereabouts:
        """Where the vehicle is at these seconds of the day, `(n,)`."""
        lat, lon = self._place(moments_s)
        before_lat, before_lon = self._place(moments_s - STEP_S)
        north = np.radians(lat - before_lat) * EARTH_RADIUS_M
        east = np.radians(lon - before_lon) * EARTH_RADIUS_M * np.cos(np.radians(lat))
        speed = np.hypot(north, east) / STEP_S
        heading = np.degrees(np.arctan2(east, north)) % 360.0
        return Whereabouts(lat, lon, np.where(speed < STANDING_MPS, 0.0, speed), heading)

    def _place(self, moments_s: NDArray[np.float64]) -> tuple[NDArray[np.float64], ...]:
        return (
            np.interp(moments_s, self._times, self._lat),
            np.interp(moments_s, self._times, self._lon),
        )

    def is_silent(self, at_s: float) -> bool:
        """True while the vehicle's device sends nothing."""
        return any(begin <= at_s < end for begin, end in self.route.silences_s)

    def temperature_c(self, at_s: float) -> float | None:
        """Cargo temperature, degrees Celsius; None without a fridge."""
        if self.route.vehicle.temperature_limit_c is None:
            return None
        ripple_c = 0.4 * float(np.sin(at_s / 240.0))
        warmed_c = min(AMBIENT_C - BOX_C, self._uncooled_c(at_s) + self._open_door_c(at_s))
        return round(BOX_C + warmed_c + ripple_c, 1)

    def _uncooled_c(self, at_s: float) -> float:
        """By how much the box is too warm since its cooling failed."""
        most_c = 0.0
        for begin_s, end_s in self.route.uncooled_s:
            warmed_c = WARMING_C_PER_S * max(0.0, min(at_s, end_s) - begin_s)
            cooled_c = COOLING_C_PER_S * max(0.0, at_s - end_s)
            most_c = max(most_c, min(AMBIENT_C - BOX_C, warmed_c) - cooled_c)
        return most_c

    def _open_door_c(self, at_s: float) -> float:
        """By how much the sensor is warmer for the door that is or was open."""
        last = bisect_right(self._arrivals_s, at_s) - 1
        if last < 0:
            return 0.0
        visit = self.route.life.visits[last]
        warmed_c = min(DOOR_MOST_C, DOOR_C_PER_S * (min(at_s, visit.leaves_s) - visit.arrives_s))
        return max(0.0, warmed_c - COOLING_C_PER_S * max(0.0, at_s - visit.leaves_s))

    def battery_pct(self, at_s: float) -> float | None:
        """State of charge: what was driven since it was full, out of what it drives on a charge.

        None for a vehicle that is not electric.
        """
        range_m = self.route.vehicle.range_m
        if not range_m:
            return None
        range_m /= self.route.drain
        full_s, empty, charging = self.route.starts_s, 0.0, 0.0
        for visit in self._charges:
            if visit.arrives_s <= at_s:
                empty = self._metres_between(full_s, visit.arrives_s) / range_m
                charging = (at_s - visit.arrives_s) / max(1.0, visit.leaves_s - visit.arrives_s)
                full_s = visit.arrives_s
        used = self._metres_between(full_s, at_s) / range_m + empty * max(0.0, 1.0 - charging)
        return round(100.0 * min(1.0, max(EMPTY_SHARE, 1.0 - used)), 0)

    def _metres_between(self, begin_s: float, end_s: float) -> float:
        driven = np.interp([begin_s, end_s], self._times, self._metres)
        return float(driven[1] - driven[0])


def _driven_m(lat: NDArray[np.float64], lon: NDArray[np.float64]) -> NDArray[np.float64]:
    """Metres driven up to each point, `(n,)`."""
    north = np.radians(np.diff(lat)) * EARTH_RADIUS_M
    east = np.radians(np.diff(lon)) * EARTH_RADIUS_M * np.cos(np.radians(lat[1:]))
    return np.concatenate([[0.0], np.cumsum(np.hypot(north, east))])


def _charges(route: DemoRoute) -> list[Visit]:
    points = {stop.id for stop in route.stops if stop.kind is StopKind.CHARGE}
    return [visit for visit in route.life.visits if visit.stop_id in points]
