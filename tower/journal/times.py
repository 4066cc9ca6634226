"""Times as the database keeps them: whole microseconds since 1970, UTC."""

from datetime import UTC, datetime, timedelta

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
TICK = timedelta(microseconds=1)
"""The least two recorded times differ by."""


def micros(at: datetime) -> int:
    """Microseconds since 1970, exactly (floating point would lose the last digits)."""
    return (at - _EPOCH) // TICK


def from_micros(value: int) -> datetime:
    """The aware UTC time of microseconds since 1970."""
    return _EPOCH + value * TICK
