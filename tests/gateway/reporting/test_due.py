"""Reports are due by the clock on the wall, each time once, through both changes of the clock."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import structs

from tower.domain.reporting import ReportSchedule
from tower.gateway.reporting.due import caught_up, due_between

VADUZ = ZoneInfo("Europe/Vaduz")
DAILY = ReportSchedule(id="r", name="Daily", to=("kim@acme.example",), hour=7)
NIGHTLY = structs.replace(DAILY, hour=2, minute=30)


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def times(schedule: ReportSchedule, after: str, until: str) -> list[datetime]:
    return [due.at for due in due_between(schedule, VADUZ, utc(after), utc(until))]


def test_it_is_due_at_the_local_hour_on_its_weekdays() -> None:
    weekly = structs.replace(DAILY, weekdays=(0, 4))
    found = times(weekly, "2026-03-01 00:00", "2026-03-09 12:00")
    assert found == [utc("2026-03-02 06:00"), utc("2026-03-06 06:00"), utc("2026-03-09 06:00")]


def test_the_very_moment_belongs_to_one_look_only() -> None:
    assert times(DAILY, "2026-03-02 05:00", "2026-03-02 06:00") == [utc("2026-03-02 06:00")]
    assert times(DAILY, "2026-03-02 06:00", "2026-03-02 07:00") == []


def test_a_paused_report_is_never_due() -> None:
    assert times(structs.replace(DAILY, paused=True), "2026-03-01 00:00", "2026-03-09 00:00") == []


def test_the_hour_stays_the_walls_when_the_clock_changes() -> None:
    spring = times(DAILY, "2026-03-28 00:00", "2026-03-29 23:00")
    assert spring == [utc("2026-03-28 06:00"), utc("2026-03-29 05:00")]
    autumn = times(DAILY, "2026-10-24 00:00", "2026-10-25 23:00")
    assert autumn == [utc("2026-10-24 05:00"), utc("2026-10-25 06:00")]


def test_a_time_the_clock_skips_is_due_once_and_one_it_repeats_too() -> None:
    spring = times(NIGHTLY, "2026-03-28 12:00", "2026-03-29 12:00")
    assert spring == [utc("2026-03-29 01:30")]  # half past three on the wall
    autumn = times(NIGHTLY, "2026-10-24 12:00", "2026-10-25 12:00")
    assert autumn == [utc("2026-10-25 00:30")]  # half past two, the first time


@pytest.mark.parametrize(
    ("looked_at", "sent", "passed"),
    [
        ("2026-03-05 06:30", "2026-03-05 06:00", 2),  # half an hour late
        ("2026-03-05 17:59", "2026-03-05 06:00", 2),
        ("2026-03-05 18:01", None, 3),  # more than twelve hours late
    ],
)
def test_of_what_was_missed_only_the_newest_is_sent_and_not_too_late(
    looked_at: str, sent: str | None, passed: int
) -> None:
    missed = caught_up(DAILY, VADUZ, utc("2026-03-02 12:00"), utc(looked_at))
    assert [due.at for due in missed if not due.is_too_late] == ([utc(sent)] if sent else [])
    assert sum(due.is_too_late for due in missed) == passed


def test_after_months_of_silence_only_two_weeks_are_accounted_for() -> None:
    missed = caught_up(DAILY, VADUZ, utc("2025-03-02 12:00"), utc("2026-03-05 06:30"))
    assert len(missed) == 14


@given(
    hour=st.integers(0, 23),
    minute=st.integers(0, 59),
    start=st.datetimes(datetime(2026, 1, 1), datetime(2026, 12, 1), timezones=st.just(UTC)),  # noqa: DTZ001 - hypothesis puts the zone in
    steps=st.lists(st.integers(1, 5_000), min_size=1, max_size=40),
)
def test_however_often_one_looks_every_day_is_due_exactly_once(
    hour: int, minute: int, start: datetime, steps: list[int]
) -> None:
    schedule = structs.replace(DAILY, hour=hour, minute=minute)
    looks = [start]
    for step in steps:
        looks.append(looks[-1] + timedelta(minutes=step))
    ends = looks[-1] if looks[-1] - start < timedelta(days=13) else start + timedelta(days=13)
    looks = [one for one in looks if one < ends] + [ends]
    found = [
        due.run_id
        for after, until in pairwise(looks)
        for due in due_between(schedule, VADUZ, after, until)
    ]
    at_once = [due.run_id for due in due_between(schedule, VADUZ, start, ends)]
    assert found == at_once
    assert len(set(found)) == len(found)
