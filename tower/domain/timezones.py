"""Time zones by their IANA names."""

from functools import lru_cache
from zoneinfo import ZoneInfo


@lru_cache(maxsize=64)
def zone_named(name: str) -> ZoneInfo | None:
    """The time zone with a name, as `Europe/Vaduz`; None where nobody knows it."""
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):  # the latter for `Europe`, which is a folder
        return None
