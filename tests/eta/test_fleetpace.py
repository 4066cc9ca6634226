"""What slows everybody down shows in everybody's doors."""

from hypothesis import given
from hypothesis import strategies as st

from tower.eta.fleetpace import FleetPace
from tower.eta.pace import Served

NOW_S = 1_795_600_000.0


def doors(count: int, ratio: float, minutes_ago: float = 10.0, name: str = "s") -> list[Served]:
    left_s = NOW_S - 60.0 * minutes_ago
    return [Served(f"{name}{n}", left_s - n, 600.0 * ratio, 600.0) for n in range(count)]


def test_many_slow_doors_are_a_slow_fleet_and_a_few_are_not() -> None:
    few, many = FleetPace(), FleetPace()
    few.take("R1", "", doors(1, 1.5))
    for number in range(20):
        many.take(f"R{number}", "", doors(3, 1.5, name=f"r{number}-"))
    assert 1.0 < few.fleet(NOW_S) < 1.1
    assert 1.35 < many.fleet(NOW_S) < 1.5
    assert FleetPace().fleet(NOW_S) == 1.0


def test_one_door_that_takes_for_ever_slows_nobody_else() -> None:
    pace = FleetPace()
    pace.take("R1", "", [*doors(10, 1.0), *doors(1, 50.0, name="stuck")])
    assert pace.fleet(NOW_S) == 1.0


def test_what_was_an_hour_ago_is_not_lately_and_what_is_to_come_neither() -> None:
    pace = FleetPace()
    pace.take("R1", "", [*doors(10, 2.0, minutes_ago=60), *doors(10, 2.0, minutes_ago=-5)])
    assert pace.fleet(NOW_S) == 1.0


def test_a_driver_has_one_pace_over_both_routes_of_the_day() -> None:
    pace = FleetPace()
    pace.take("morning", "d1", doors(6, 1.4, minutes_ago=240, name="m"))
    pace.take("noon", "d1", doors(4, 1.0, name="n"))
    pace.take("other", "d2", doors(3, 0.9, name="o"))
    mine = pace.driver("noon")
    assert mine == pace.driver("morning")
    assert mine.doors == 10
    assert mine.recent == 1.0
    assert pace.driver("other").recent < 1.0
    assert pace.driver("unknown").doors == 0


def test_a_route_somebody_else_took_over_counts_for_that_driver_alone() -> None:
    pace = FleetPace()
    pace.take("R1", "d1", doors(3, 1.2))
    pace.take("R2", "d1", doors(2, 1.2, name="t"))
    pace.take("R2", "d2", doors(2, 1.2, name="t"))
    assert pace.driver("R1").doors == 3
    assert pace.driver("R2").doors == 2


def test_yesterday_is_another_day() -> None:
    pace = FleetPace()
    pace.take("yesterday", "d1", doors(6, 1.5, minutes_ago=24 * 60, name="y"))
    pace.take("today", "d1", doors(2, 1.0, name="t"))
    assert pace.driver("today").doors == 2


def test_routes_whose_driver_nobody_knows_are_not_one_driver() -> None:
    pace = FleetPace()
    pace.take("R1", "", doors(3, 1.5))
    pace.take("R2", "", doors(3, 1.0, name="b"))
    assert pace.driver("R1").recent > pace.driver("R2").recent


@given(st.permutations(range(6)), st.lists(st.integers(0, 5), max_size=6))
def test_in_whatever_order_it_is_told_and_however_often(order: list[int], again: list[int]) -> None:
    told = [doors(n + 1, 1.0 + n / 10, name=f"{n}-") for n in range(6)]
    straight, mixed = FleetPace(), FleetPace()
    for n in range(6):
        straight.take(f"R{n}", f"d{n % 2}", told[n])
    for n in [*again, *order]:
        mixed.take(f"R{n}", f"d{n % 2}", told[n])
    assert mixed.fleet(NOW_S) == straight.fleet(NOW_S)
    assert [mixed.driver(f"R{n}").doors for n in range(6)] == [
        straight.driver(f"R{n}").doors for n in range(6)
    ]
