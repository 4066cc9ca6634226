"""The day by hour and by reason; every bar knows its stops."""

from tests.watch.day import Day, at
from tower.domain.words import AttemptReason
from tower.kpi.breakdown import (
    TITLES,
    FailedReason,
    HourOnTime,
    failed_reasons,
    on_time_by_hour,
)
from tower.kpi.finished import finished_today


def day() -> Day:
    windows = {f"s{n}": "8:00-10:00" for n in range(1, 7)}
    return Day().opened().route("R-1", "s1 s2 s3 s4 s5 s6 s7", windows=windows)


def by_hour(busy: Day) -> list[HourOnTime]:
    return on_time_by_hour(finished_today(busy.state, at("12:00")), busy.state.zone)


def failed(busy: Day) -> list[FailedReason]:
    return failed_reasons(finished_today(busy.state, at("12:00")))


def test_each_hour_of_the_shifts_own_clock_has_its_share() -> None:
    busy = day().delivered("s1", "9:05").delivered("s2", "9:50").delivered("s3", "10:20")
    busy.delivered("s4", "10:40", came="9:58").attempted("s5", "10:45").delivered("s7", "11:00")

    nine, ten = by_hour(busy)

    assert (nine.hour, nine.percent, nine.counted, nine.missed) == (9, 100.0, 2, ())
    assert (ten.hour, round(ten.percent), ten.counted) == (10, 33, 3)
    assert ten.missed == ("s3", "s5")
    assert ten.stops == ("s3", "s4", "s5")


def test_reasons_are_counted_the_most_frequent_first() -> None:
    busy = day().attempted("s1", "9:00").attempted("s2", "9:10")
    busy.attempted("s3", "9:20", AttemptReason.NO_ACCESS).delivered("s4", "9:30")

    first, second = failed(busy)

    assert (first.title, first.count, first.stops) == ("Not home", 2, ("s2", "s1"))
    assert (second.reason, second.count) == (AttemptReason.NO_ACCESS, 1)


def test_every_reason_has_words() -> None:
    assert set(TITLES) == set(AttemptReason)


def test_nothing_failed_no_bars() -> None:
    assert failed(day()) == []
    assert by_hour(day()) == []
