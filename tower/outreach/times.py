"""Times as customers and dispatchers read them."""

from datetime import UTC, datetime, tzinfo

from tower.domain.timezones import clock_time
from tower.outreach.case import GRAIN, Span
from tower.outreach.languages import Language

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def outward(span: Span) -> Span:
    """A span with both ends on a multiple of five minutes, none of it left out."""
    start = span.start - (span.start - _EPOCH) % GRAIN
    return Span(start=start, end=span.end + (_EPOCH - span.end) % GRAIN)


def span_words(span: Span, zone: tzinfo) -> str:
    """A span as `14:45–15:00`, one time where both ends are the same."""
    start, end = clock_time(span.start, zone), clock_time(span.end, zone)
    return start if start == end else f"{start}–{end}"


def day_words(at: datetime, zone: tzinfo, said_at: datetime, language: Language) -> str:
    """Today, tomorrow, or the weekday with its date, as the customer's calendar has it.

    Args:
        at: the moment meant, UTC.
        zone: the customer's.
        said_at: when they read it, UTC.
        language: theirs.
    """
    day = at.astimezone(zone).date()
    ahead = (day - said_at.astimezone(zone).date()).days
    if ahead in language.days:
        return language.days[ahead]
    weekday = language.weekdays[day.weekday()]
    return language.date.format(weekday=weekday, day=day.day, month=day.month)


def told(span: Span, zone: tzinfo, said_at: datetime, language: Language) -> str:
    """A span with its day, as `heute 14:45–15:00`."""
    day = day_words(span.start, zone, said_at, language)
    return f"{day} {span_words(span, zone)}"
