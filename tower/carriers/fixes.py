"""Which positions are believed, and how far."""

import math
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from tower.carriers.observations import FixSeen
from tower.carriers.refusal import Rejected
from tower.domain.geometry import is_null_island, is_on_earth
from tower.domain.telemetry import Fix

AHEAD_S = 120
"""A device's clock may be this many seconds ahead of the gateway's before it is not believed."""

OLDEST_H = 48
"""Messages about something older than this many hours are refused."""

_FASTEST_MPS = 150.0
_TEMPERATURES_C = (-100.0, 200.0)


class Believable(NamedTuple):
    """The stretch of time in which messages are believed, by the gateway's clock."""

    now: datetime
    oldest: datetime
    latest: datetime

    @classmethod
    def at(cls, now: datetime) -> "Believable":
        """The stretch as of now."""
        return cls(now, now - timedelta(hours=OLDEST_H), now + timedelta(seconds=AHEAD_S))


def fix_time(at: datetime | None, times: Believable) -> tuple[datetime, bool]:
    """When a fix was taken, and whether the device's own time had to be replaced.

    Raises:
        Rejected: the fix is too old, or its time has no zone.
    """
    if at is None:
        return times.now, False
    if _is_ahead(at, times):
        return times.now, True
    return _not_too_old(at, times), False


def event_time(at: datetime, times: Believable) -> datetime:
    """When something happened, UTC.

    Raises:
        Rejected: it lies too far ahead or too far back, or has no zone.
    """
    if _is_ahead(at, times):
        raise Rejected(f"dated more than {AHEAD_S} s in the future")
    return _not_too_old(at, times)


def believed_fix(seen: FixSeen, vehicle_id: str, times: Believable) -> Fix:
    """The fix as Tower keeps it; readings outside what is possible count as not given.

    Raises:
        Rejected: there is no such place on Earth, or its time cannot be believed.
    """
    lat, lon = seen.lat, seen.lon
    if not is_on_earth(lat, lon):
        raise Rejected("position outside the range of latitude and longitude")
    if is_null_island(lat, lon):
        raise Rejected("position is (0, 0), which devices send when they have none")
    at, replaced = fix_time(seen.at, times)
    heading = seen.heading_deg
    return Fix(
        vehicle_id=vehicle_id,
        at=at,
        lat=lat,
        lon=lon,
        speed_mps=_within(seen.speed_mps, 0.0, _FASTEST_MPS),
        heading_deg=None if heading is None or not math.isfinite(heading) else heading % 360.0,
        accuracy_m=_within(seen.accuracy_m, 0.0, math.inf),
        temperature_c=_within(seen.temperature_c, *_TEMPERATURES_C),
        battery_pct=_within(seen.battery_pct, 0.0, 100.0),
        clock_replaced=replaced,
    )


def _is_ahead(at: datetime, times: Believable) -> bool:
    if at.tzinfo is None:
        raise Rejected("a time without a time zone")
    return at > times.latest


def _not_too_old(at: datetime, times: Believable) -> datetime:
    if at < times.oldest:
        raise Rejected(f"older than {OLDEST_H} hours")
    return at if at.tzinfo is UTC else at.astimezone(UTC)


def _within(value: float | None, low: float, high: float) -> float | None:
    return value if value is not None and low <= value <= high else None
