"""Positions: telemetry, never in the journal; the last value wins."""

from datetime import datetime

import msgspec

from tower.domain.geometry import LatLon


class Fix(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, gc=False):
    """Where a vehicle said it was.

    Attributes:
        vehicle_id: Tower's id of the vehicle.
        at: the device's time of the fix, UTC (replaced by the receive time where it lies more
            than 120 s ahead of the gateway's clock; `clock_replaced` then says so).
        speed_mps: metres a second, None where not given.
        heading_deg: degrees clockwise from north, None where not given.
        temperature_c: cargo temperature, degrees Celsius, None where not given.
        battery_pct: state of charge of the vehicle, percent, None where not given.
    """

    vehicle_id: str
    at: datetime
    lat: float
    lon: float
    speed_mps: float | None = None
    heading_deg: float | None = None
    accuracy_m: float | None = None
    temperature_c: float | None = None
    battery_pct: float | None = None
    clock_replaced: bool = False

    @property
    def position(self) -> LatLon:
        """The place of the fix."""
        return LatLon(self.lat, self.lon)
