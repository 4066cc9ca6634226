"""A time as people type it. Knows no Qt."""

import re
from datetime import datetime, time, timedelta, tzinfo
from typing import NamedTuple

_CLOCK = re.compile(r"(\d{1,2})[:.h]?(\d{2})(?:[:.](\d{2}))?")
_STEP = re.compile(r"([+-])\s*(\d{1,4})\s*(s|sec|m|min|h)?", re.IGNORECASE)
_UNITS_S = {"s": 1, "sec": 1, "m": 60, "min": 60, "h": 3600}


class Span(NamedTuple):
    """From when to when something can be looked at, UTC."""

    begins: datetime
    ends: datetime

    def clamp(self, at: datetime) -> datetime:
        """The nearest moment within."""
        return min(max(at, self.begins), self.ends)

    def share(self, at: datetime) -> float:
        """How far a moment lies along it, 0 to 1 within."""
        length = (self.ends - self.begins).total_seconds()
        return (at - self.begins).total_seconds() / length if length else 0.0

    def at(self, share: float) -> datetime:
        """The moment at a share of it."""
        return self.begins + (self.ends - self.begins) * share


def typed_time(words: str, shown: datetime, span: Span, zone: tzinfo) -> datetime | None:
    """The moment meant by `13:42`, `1342`, `13:42:10`, `-30 min` or `+90 s`.

    Args:
        words: what was typed; a time of the day is that of the zone.
        shown: the moment `+` and `-` count from.
        span: where the moment must lie; a time of the day that comes twice is the one nearer
            to `shown`.
        zone: of the shift.

    Returns:
        The moment, None where the words are no time or none of the span.
    """
    text = words.strip()
    if step := _STEP.fullmatch(text):
        seconds = int(step[2]) * _UNITS_S[(step[3] or "min").lower()]
        at = shown + timedelta(seconds=seconds if step[1] == "+" else -seconds)
        return at if span.begins <= at <= span.ends else None
    found = _CLOCK.fullmatch(text)
    return _nearest(found, shown, span, zone) if found else None


def _nearest(found: re.Match[str], shown: datetime, span: Span, zone: tzinfo) -> datetime | None:
    try:
        of_day = time(int(found[1]), int(found[2]), int(found[3] or 0))
    except ValueError:
        return None
    first, last = span.begins.astimezone(zone).date(), span.ends.astimezone(zone).date()
    days = (first + timedelta(days=number) for number in range((last - first).days + 1))
    moments = (datetime.combine(day, of_day, zone).astimezone(shown.tzinfo) for day in days)
    within = [at for at in moments if span.begins <= at <= span.ends]
    return min(within, key=lambda at: abs(at - shown), default=None)
