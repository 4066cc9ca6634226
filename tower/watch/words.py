"""Times and spans as a dispatcher says them."""

from datetime import UTC, datetime, timedelta, tzinfo
from functools import lru_cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from tower.domain.state import State


def zone_of(state: State) -> tzinfo:
    """The time zone of the shift; UTC where there is none or nobody knows its name."""
    shift = state.shift
    return _zone(shift.timezone) if shift else UTC


@lru_cache(maxsize=16)
def _zone(name: str) -> tzinfo:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError):
        return UTC


def clock_time(at: datetime, zone: tzinfo) -> str:
    """Hours and minutes, as on the wall."""
    return at.astimezone(zone).strftime("%H:%M")


def minutes(span: timedelta) -> str:
    """A span in whole minutes, as the times beside it differ; hours from 90 minutes on."""
    whole = max(1, int(span.total_seconds() // 60))
    return f"{whole} min" if whole < 90 else f"{whole // 60} h {whole % 60:02d} min"


def count(number: int, one: str, many: str) -> str:
    """A number with its noun."""
    return f"{number} {one if number == 1 else many}"
