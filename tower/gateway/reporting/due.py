"""When scheduled reports are due. Pure: times come in as arguments."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from typing import NamedTuple

from tower.domain.reporting import ReportSchedule

LATE_AT_MOST = timedelta(hours=12)
"""A report that was missed is sent so much later at the most."""

_LOOKED_BACK = timedelta(days=14)


class Due(NamedTuple):
    """One sending of a report.

    Attributes:
        run_id: names the schedule and the local time; the same for the same sending, always.
        at: UTC.
        is_too_late: it was missed for so long that it is not sent any more.
    """

    run_id: str
    schedule: ReportSchedule
    at: datetime
    is_too_late: bool = False


def due_between(
    schedule: ReportSchedule, zone: tzinfo, after: datetime, until: datetime
) -> Iterator[Due]:
    """Every sending after one moment and until another, the oldest first.

    The clock on the wall decides: a time that it skips in spring is due as much after the gap as
    the gap is long, one that it shows twice in autumn only the first time.

    Args:
        schedule: the report.
        zone: of its hours.
        after: UTC; nothing is looked for more than two weeks before `until`.
        until: UTC.
    """
    if schedule.paused:
        return
    after = max(after, until - _LOOKED_BACK)
    first = after.astimezone(zone).date()
    days = (until.astimezone(zone).date() - first).days
    for day in (first + timedelta(days=number) for number in range(days + 1)):
        at = _moment(schedule, day, zone)
        if day.weekday() in schedule.weekdays and after < at <= until:
            yield Due(f"{schedule.id}:{day}T{schedule.hour:02}:{schedule.minute:02}", schedule, at)


def caught_up(
    schedule: ReportSchedule, zone: tzinfo, after: datetime, until: datetime
) -> list[Due]:
    """What is to be done of what was missed: the newest sending, late; of the others nothing.

    Those of longer than `LATE_AT_MOST` ago are told to be too late, and so are all but the newest.
    """
    missed = list(due_between(schedule, zone, after, until))
    return [
        one._replace(is_too_late=one is not missed[-1] or until - one.at > LATE_AT_MOST)
        for one in missed
    ]


def _moment(schedule: ReportSchedule, day: date, zone: tzinfo) -> datetime:
    clock = time(schedule.hour, schedule.minute)
    return datetime.combine(day, clock, zone).astimezone(UTC)
