"""Planned against driven: order, time at doors, way, and where the line was left."""

from collections.abc import Sequence
from datetime import timedelta
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.ui.example_shift import NOON
from tests.ui.trails.driving import Drive
from tower.domain.records import Progress, Route, RoutePlan, Stamp, Stop, StopPlan
from tower.domain.words import StopState
from ui.shapes import RouteShape
from ui.trails.planned import beside_m, compare, stop_rows, strays
from ui.trails.standing import standings
from ui.trails.trail import trail_of

LINE = np.array([(47.10, 9.50), (47.12, 9.50), (47.14, 9.50)])


def stop(number: int, *, arrived_min: float | None = None, door_min: float = 2) -> Stop:
    """A stop planned every ten minutes."""
    id_ = f"s{number}"
    plan = StopPlan(
        id=id_,
        lat=47.10 + 0.005 * number,
        lon=9.50,
        planned_at=NOON + timedelta(minutes=10 * number),
        service_s=120.0,
    )
    if arrived_min is None:
        return Stop(id=id_, plan=plan, route_id="r")
    arrived = NOON + timedelta(minutes=arrived_min)
    done = arrived + timedelta(minutes=door_min)
    outcome = Progress(state=StopState.DELIVERED, at=done, stamp=Stamp(done.timestamp()))
    return Stop(id=id_, plan=plan, route_id="r", arrived_at=arrived, outcome=outcome)


def route(stops: Sequence[Stop]) -> Route:
    return Route(
        id="r",
        plan=RoutePlan(id="r", name="R-1", carrier_id="own"),
        sequence=tuple(one.id for one in stops),
        started_at=NOON,
    )


def test_a_stop_as_planned_and_as_it_went() -> None:
    (row,) = stop_rows([stop(1, arrived_min=22, door_min=7)])
    assert (row.number, row.driven) == (1, 1)
    assert row.shift == timedelta(minutes=12)
    assert row.door_planned == timedelta(minutes=2)
    assert row.at_door == timedelta(minutes=7)
    assert not row.is_out_of_order


def test_what_is_not_reached_has_no_place_in_the_order_driven() -> None:
    rows = stop_rows([stop(2), stop(1, arrived_min=11)])
    assert [(row.stop.id, row.driven) for row in rows] == [("s1", 1), ("s2", None)]
    assert rows[1].shift is None
    assert rows[1].at_door is None


def test_one_stop_served_late_is_the_only_one_out_of_order() -> None:
    times = {1: 10, 2: 60, 3: 20, 4: 30, 5: 40}
    rows = stop_rows([stop(number, arrived_min=at) for number, at in times.items()])
    assert [row.number for row in rows if row.is_out_of_order] == [2]
    assert [row.driven for row in rows] == [1, 5, 2, 3, 4]


@given(st.permutations(range(1, 9)))
def test_what_is_left_in_order_rises_and_is_as_long_as_can_be(order: list[int]) -> None:
    rows = stop_rows([stop(number, arrived_min=at) for at, number in enumerate(order)])
    kept = [row.number for row in sorted(rows, key=_driven) if not row.is_out_of_order]
    assert all(a < b for a, b in pairwise(kept))
    assert len(kept) == _longest(order)


def _driven(row: object) -> int:
    return int(getattr(row, "driven", 0) or 0)


def _longest(order: Sequence[int]) -> int:
    best: list[int] = []
    for place, number in enumerate(order):
        before = [best[i] for i in range(place) if order[i] < number]
        best.append(1 + max(before, default=0))
    return max(best, default=0)


def test_where_the_line_was_left_is_found_with_how_far() -> None:
    drive = Drive().north_to(47.11).aside(9.51).north_to(47.12).aside(9.50).north_to(47.13)
    (stray,) = strays(trail_of(drive.fixes), LINE)
    assert stray.farthest_m == pytest.approx(757, rel=0.02)
    assert NOON < stray.since < stray.until < drive.at


def test_the_other_side_of_the_street_is_on_the_line() -> None:
    assert strays(trail_of(Drive(lon=9.5012).north_to(47.13).fixes), LINE) == ()


def test_a_point_beyond_the_end_of_a_line_is_measured_to_its_end() -> None:
    (away,) = beside_m(np.array([(47.15, 9.50)]), LINE)
    assert away == pytest.approx(0.01 * 111_195, rel=1e-3)


def test_way_and_time_are_set_beside_each_other() -> None:
    stops = [stop(1, arrived_min=11, door_min=4), stop(2, arrived_min=25, door_min=2), stop(3)]
    shape = RouteShape.of(
        version=1,
        points=LINE,
        stop_offsets=(0, 1, 2),
        durations_s=(60.0, 70.0, 80.0),
        distances_m=(600.0, 700.0, 800.0),
        home_s=90.0,
        home_m=900.0,
    )
    trail = trail_of(Drive().north_to(47.11).stand(4).north_to(47.12).fixes)
    found = compare(route(stops), stops, trail, standings(trail), shape)
    assert found.whole.metres == 3_000.0
    assert found.whole.driving == timedelta(seconds=300)
    assert found.whole.doors == timedelta(minutes=6)
    assert found.so_far.metres == 1_300.0
    assert found.so_far.doors == timedelta(minutes=4)
    assert found.driven.doors == timedelta(minutes=6)
    assert found.driven.metres == pytest.approx(0.02 * 111_195, rel=1e-3)
    driving = found.driven.driving
    assert driving is not None
    assert timedelta(minutes=3) < driving < timedelta(minutes=5)
    assert found.strays == ()


def test_without_roads_the_stops_are_compared_all_the_same() -> None:
    stops = [stop(1, arrived_min=11)]
    found = compare(route(stops), stops, trail_of(()), (), None)
    assert found.strays is None
    assert found.whole.metres is None
    assert found.driven.driving == timedelta()
    assert len(found.rows) == 1


def test_silence_on_the_way_is_neither_driving_nor_standing() -> None:
    trail = trail_of(Drive().north_to(47.11).silent(10).north_to(47.12).fixes)
    found = compare(route([]), [], trail, standings(trail), None)
    assert found.gaps > timedelta(minutes=10)
    assert found.driven.driving is not None
    assert found.driven.driving < timedelta(minutes=5)
