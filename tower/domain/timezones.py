"""Time zones by their IANA names, and the clocks on their walls."""

from datetime import datetime, tzinfo
from functools import lru_cache
from zoneinfo import ZoneInfo


@lru_cache(maxsize=64)
def zone_named(name: str) -> ZoneInfo | None:
    """The time zone with a name, as `Europe/Vaduz`; None where nobody knows it."""
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):  # the latter for `Europe`, which is a folder
        return None


def clock_time(at: datetime, zone: tzinfo) -> str:
    """Hours and minutes, as on the wall."""
    return at.astimezone(zone).strftime("%H:%M")
