"""Drives to make trails from: a vehicle that drives, stands and falls silent."""

from datetime import datetime, timedelta

from tests.ui.example_shift import NOON
from tower.domain.telemetry import Fix

VEHICLE = "own:v0"
METRES_A_DEGREE = 111_195.0
EVERY_S = 15


class Drive:
    """Positions of a vehicle that goes north or south on a meridian, east and west where told.

    Attributes:
        fixes: what it said so far.
        at: when it is.
    """

    def __init__(self, at: datetime = NOON, lat: float = 47.10, lon: float = 9.50) -> None:
        self.at, self.lat, self.lon = at, lat, lon
        self.fixes: list[Fix] = []
        self._say(0.0)

    def north_to(self, lat: float, kmh: float = 36.0) -> "Drive":
        """Drive to a latitude at a speed."""
        metres = abs(lat - self.lat) * METRES_A_DEGREE
        steps = max(1, round(metres / (kmh / 3.6) / EVERY_S))
        begin = self.lat
        for step in range(1, steps + 1):
            self.at += timedelta(seconds=EVERY_S)
            self.lat = begin + (lat - begin) * step / steps
            self._say(kmh / 3.6)
        return self

    def aside(self, lon: float) -> "Drive":
        """Be beside the line from now on."""
        self.lon = lon
        return self

    def stand(self, minutes: float) -> "Drive":
        """Stand, and say so every quarter of a minute."""
        for _ in range(round(minutes * 60 / EVERY_S)):
            self.at += timedelta(seconds=EVERY_S)
            self._say(0.0)
        return self

    def silent(self, minutes: float) -> "Drive":
        """Say nothing for a while."""
        self.at += timedelta(minutes=minutes)
        return self

    def _say(self, mps: float) -> None:
        self.fixes.append(
            Fix(vehicle_id=VEHICLE, at=self.at, lat=self.lat, lon=self.lon, speed_mps=mps)
        )
