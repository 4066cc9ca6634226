"""Trails as columns, and where a vehicle stood on them."""

from datetime import timedelta

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from tests.ui.example_shift import NOON
from tests.ui.trails.driving import Drive
from tower.domain.geometry import LatLon
from tower.domain.records import Progress, Stamp, Stop, StopPlan
from tower.domain.telemetry import Fix
from tower.domain.words import StopState
from ui.trails.standing import LEAST, standings
from ui.trails.trail import GAP_S, Trail, trail_of


def stop(id_: str, lat: float, *, arrived_min: float | None = None) -> Stop:
    made = Stop(id=id_, plan=StopPlan(id=id_, lat=lat, lon=9.50))
    if arrived_min is None:
        return made
    at = NOON + timedelta(minutes=arrived_min)
    done = Progress(state=StopState.DELIVERED, at=at, stamp=Stamp(at.timestamp()))
    return replace(made, arrived_at=at, outcome=done)


def test_a_trail_is_in_order_however_it_was_told() -> None:
    fixes = Drive().north_to(47.11).fixes
    forwards, backwards = trail_of(fixes), trail_of(reversed(fixes))
    assert np.array_equal(forwards.at_s, backwards.at_s)
    assert np.array_equal(forwards.lat_lon, backwards.lat_lon)
    assert forwards.driven_m == pytest.approx(0.01 * 111_195, rel=1e-3)
    assert forwards.steps_kmh == pytest.approx(36.0, rel=0.1)


def test_no_positions_are_an_empty_trail() -> None:
    nothing = trail_of(())
    assert len(nothing) == 0
    assert nothing.driven_m == 0.0
    assert standings(nothing) == []
    assert len(nothing.between(NOON, NOON)) == 0


def test_silence_is_a_gap_and_its_way_is_the_straight_one() -> None:
    trail = trail_of(Drive().north_to(47.11).silent(5).north_to(47.12).fixes)
    assert int(trail.gaps.sum()) == 1
    assert trail.steps_s[trail.gaps][0] > GAP_S


def test_what_the_device_did_not_tell_is_worked_out_from_the_way() -> None:
    fixes = [replace(fix, speed_mps=None) for fix in Drive().north_to(47.11).fixes]
    assert trail_of(fixes).told_kmh[1:] == pytest.approx(36.0, rel=0.1)


@given(st.lists(st.integers(0, 3_000), max_size=60), st.integers(0, 60))
def test_a_trail_fetched_in_two_parts_is_the_whole_trail(seconds: list[int], at: int) -> None:
    fixes = [
        Fix(vehicle_id="v", at=NOON + timedelta(seconds=s), lat=47 + s / 1e5, lon=9.5)
        for s in sorted(set(seconds))
    ]
    whole = trail_of(fixes)
    joined = trail_of(fixes[:at]).continued(trail_of(fixes[max(0, at - 3) :]))
    assert np.array_equal(joined.at_s, whole.at_s)
    assert np.array_equal(joined.lat_lon, whole.lat_lon)


def test_a_stay_is_found_with_its_place_and_how_long() -> None:
    trail = trail_of(Drive().north_to(47.11).stand(12).north_to(47.12).fixes)
    (stay,) = standings(trail)
    assert stay.lasted == pytest.approx(timedelta(minutes=12), abs=timedelta(seconds=30))
    assert stay.at == pytest.approx((47.11, 9.50), abs=1e-4)
    assert not stay.stop_id
    assert not stay.is_at_depot


def test_a_red_light_is_no_stay() -> None:
    assert standings(trail_of(Drive().north_to(47.11).stand(1.5).north_to(47.12).fixes)) == []


def test_a_vehicle_silent_where_it_stands_stands_all_the_while() -> None:
    trail = trail_of(Drive().north_to(47.11).stand(3).silent(20).stand(3).fixes)
    (stay,) = standings(trail)
    assert stay.lasted > timedelta(minutes=25)


def test_positions_that_wander_are_one_stay() -> None:
    fixes = Drive().stand(10).fixes
    around = [replace(fix, lat=fix.lat + (n % 3) * 1e-4) for n, fix in enumerate(fixes)]
    assert len(standings(trail_of(around))) == 1


def test_of_two_stops_side_by_side_it_stood_at_the_one_it_served() -> None:
    trail = trail_of(Drive().north_to(47.11).stand(6).north_to(47.12).fixes)
    near, served = stop("near", 47.11), stop("served", 47.1105, arrived_min=4)
    (stay,) = standings(trail, (near, served))
    assert stay.stop_id == "served"
    (stay,) = standings(trail, (near, stop("other", 47.1105)))
    assert stay.stop_id == "near"


def test_standing_at_the_depot_is_told_from_standing_anywhere() -> None:
    trail = trail_of(Drive().stand(6).fixes)
    (stay,) = standings(trail, (), LatLon(47.101, 9.50))
    assert stay.is_at_depot


@given(st.lists(st.tuples(st.integers(1, 400), st.floats(-0.002, 0.002)), max_size=80))
def test_stays_follow_each_other_and_none_is_short(steps: list[tuple[int, float]]) -> None:
    at, lat, fixes = NOON, 47.10, list[Fix]()
    for seconds, north in steps:
        at, lat = at + timedelta(seconds=seconds), lat + north
        fixes.append(Fix(vehicle_id="v", at=at, lat=lat, lon=9.5))
    trail: Trail = trail_of(fixes)
    before = -1
    for stay in standings(trail):
        assert stay.first > before
        assert stay.lasted >= LEAST
        before = stay.last
