"""The legs of the order as it stands, whether a line tells them or not."""

import pytest
from msgspec.structs import replace

from tests.routes.cases import HUB, MINUTE_S, Shift, km, shift, stop
from tower.routes.legs import Legs, present_legs, teach
from tower.routes.travel import TravelTable

TOLD = Legs(version=1, durations_s=(70.0, 80.0), distances_m=(1.0, 2.0), home_s=90.0, home_m=3.0)


def legs(day: Shift, told: Legs | None) -> list[float]:
    """Seconds of all legs of route A, the way home last."""
    found = present_legs(day.state, day.state.routes["A"], told, day.travel)
    return [*found.durations_s, found.home_s]


def test_a_line_tells_the_legs_of_its_own_order_and_no_other() -> None:
    day = shift(stop(1), stop(3))
    by_table = pytest.approx([MINUTE_S, 2 * MINUTE_S, 3 * MINUTE_S], rel=1e-3)
    assert legs(day, TOLD) == [70.0, 80.0, 90.0]
    assert legs(day, None) == by_table
    assert legs(day, replace(TOLD, version=2)) == by_table
    assert legs(day, replace(TOLD, durations_s=(70.0,))) == by_table


def test_without_a_depot_the_first_leg_and_the_way_home_are_none() -> None:
    assert legs(shift(stop(1), stop(3), depot_id=""), None) == pytest.approx(
        [0.0, 2 * MINUTE_S, 0.0], rel=1e-3
    )


def test_a_table_learns_a_line_from_the_depot_and_back() -> None:
    table, stops = TravelTable(), (stop(1), stop(3))
    teach(table, HUB, stops, TOLD)
    ways = [(HUB, km(1)), (km(1), km(3)), (km(3), HUB)]
    assert [table.leg(*way).seconds for way in ways] == [70.0, 80.0, 90.0]
    assert not any(table.leg(*way).estimated for way in ways)


def test_a_table_learns_only_between_the_stops_where_there_is_no_depot() -> None:
    table, stops = TravelTable(), (stop(1), stop(3))
    teach(table, None, stops, TOLD)
    assert table.leg(km(1), km(3)).seconds == 80.0
    assert not table.knows(HUB, km(1))


def test_a_table_learns_nothing_of_a_line_that_misses_a_place() -> None:
    table = TravelTable()
    teach(table, HUB, (stop(1), replace(stop(3), plan=None)), TOLD)
    assert not table.knows(HUB, km(1))
