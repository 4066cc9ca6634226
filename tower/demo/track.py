"""Where a demo vehicle is at any moment of its day."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from tower.demo.plan import DemoRoute
from tower.domain.geometry import EARTH_RADIUS_M

STEP_S = 1.0
"""Speed and heading are taken over one second."""

STANDING_MPS = 0.4
"""Slower than this a vehicle stands, metres a second."""

AMBIENT_C, BOX_C, WARMING_C_PER_S = 12.0, 5.0, 0.5 / 60.0
"""A cooled box stays at 5 degrees Celsius; once cooling fails it warms by half a degree a
minute towards the outside."""


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
        ripple = 0.4 * np.sin(at_s / 240.0)
        warmed_s = max(0.0, at_s - (self.route.fridge_warms_s or np.inf))
        return round(float(min(AMBIENT_C, BOX_C + WARMING_C_PER_S * warmed_s) + ripple), 1)

    def battery_pct(self, at_s: float) -> float:
        """State of charge of an electric vehicle: full at the start, a third left at the end."""
        share = (at_s - self.route.starts_s) / max(1.0, self.ends_s - self.route.starts_s)
        return round(98.0 - 65.0 * min(1.0, max(0.0, share)), 0)
