"""Moments: where the present comes from, and how moments are written."""

from datetime import UTC, datetime
from typing import Protocol


class Now(Protocol):
    """A clock, as far as most need one."""

    def now(self) -> datetime:
        """The present, aware, UTC."""
        ...


def utc(seconds: float) -> datetime:
    """The aware UTC time of seconds since 1970.

    Raises:
        ValueError, OverflowError, OSError: the calendar does not go so far.
    """
    return datetime.fromtimestamp(seconds, UTC)


def rfc3339(at: datetime) -> str:
    """A moment as others like to read it: UTC, to the millisecond, with a `Z`."""
    return at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
