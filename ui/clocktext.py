"""Minutes of the clock in words, looked up once: a screen shows each of them thousands of times."""

from datetime import datetime, tzinfo
from functools import lru_cache

KEPT = 4_096
"""Minutes that are remembered: some days in a zone."""


@lru_cache(KEPT)
def minute_text(minute: int, zone: tzinfo) -> str:
    """`14:23`.

    Args:
        minute: whole minutes since 1970, UTC.
        zone: where the clock hangs.

    Raises:
        ValueError, OverflowError, OSError: the calendar does not go so far.
    """
    here = datetime.fromtimestamp(minute * 60, zone)
    return f"{here.hour:02}:{here.minute:02}"
