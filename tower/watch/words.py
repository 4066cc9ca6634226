"""Times and spans as a dispatcher says them."""

from datetime import datetime, timedelta, tzinfo


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
