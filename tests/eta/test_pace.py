"""A driver's pace of the day, told from what is done."""

import pytest

from tests.watch.day import Day
from tower.domain import events as e
from tower.domain.records import Stop
from tower.eta.pace import Served, pace_of_known, pace_over, served

LEG_S = 780.0
"""With the two minutes at a door: fifteen minutes a stop."""


def done(*clocks: str) -> list[Stop]:
    names = [f"s{number}" for number in range(len(clocks))]
    day = Day().opened().route("R-1", " ".join(names))
    for name, clock in zip(names, clocks, strict=True):
        day.delivered(name, clock)
    state = day.state
    return [state.stops[name] for name in names]


def pace(*clocks: str) -> float:
    return pace_over(served(done(*clocks), [LEG_S] * len(clocks)))


def test_nothing_done_is_as_planned() -> None:
    assert pace() == pace("9:00") == 1.0


def test_as_planned_is_one() -> None:
    assert pace("9:00", "9:15", "9:30") == pytest.approx(1.0)


def test_slow_stops_are_trusted_the_more_there_are() -> None:
    few = pace("9:00", "9:22")
    many = pace("9:00", "9:22", "9:44", "10:06", "10:28", "10:50")

    assert 1.0 < few < many < 22 / 15
    assert many == pytest.approx((60 + 5 * 22) / (60 + 5 * 15))


def test_a_lunch_break_is_no_pace() -> None:
    assert pace("9:00", "9:15", "11:00", "11:15") == pytest.approx(1.0)


def test_waiting_for_a_window_is_no_pace() -> None:
    day = Day().opened().route("R-1", "s1 s2", windows={"s2": "10:30-12:00"})
    state = day.delivered("s1", "10:00").delivered("s2", "10:32", came="10:13").state

    assert pace_over(served([state.stops["s1"], state.stops["s2"]], [0, LEG_S])) == pytest.approx(
        1.0
    )


@pytest.mark.parametrize("word", [e.StopCancelled(), e.StopSkipped()], ids=lambda body: body.state)
def test_a_stop_nobody_went_to_says_nothing_of_the_pace(
    word: e.StopCancelled | e.StopSkipped,
) -> None:
    day = Day().opened().route("R-1", "s1 s2 s3")
    day.delivered("s1", "9:00").tell(word, "8:55", stop_id="s2").delivered("s3", "9:28")
    stops = [day.state.stops[name] for name in ("s1", "s2", "s3")]

    assert pace_over(served(stops, [LEG_S] * 3)) == pytest.approx(1.0)


def test_a_breakdown_does_not_make_a_driver_three_times_as_slow() -> None:
    clocks = [f"{9 + minute // 60}:{minute % 60:02d}" for minute in range(0, 400, 40)]

    assert pace(*clocks) == 1.6


def test_of_a_driver_who_is_known_only_a_long_slow_day_is_believed() -> None:
    def day(doors: int, ratio: float) -> list[Served]:
        return [Served(f"s{n}", 0.0, 600.0 * ratio, 600.0) for n in range(doors)]

    assert pace_of_known([]) == 1.0
    few, many = pace_of_known(day(3, 1.3)), pace_of_known(day(40, 1.3))
    assert 1.0 < few < 1.04
    assert 1.15 < many < 1.3
    assert few < pace_over(day(3, 1.3))


def test_one_door_that_takes_for_ever_does_not_make_a_known_driver_slow() -> None:
    doors = [Served(f"s{n}", 0.0, 600.0, 600.0) for n in range(9)]
    assert pace_of_known([*doors, Served("stuck", 0.0, 9_000.0, 600.0)]) == 1.0
