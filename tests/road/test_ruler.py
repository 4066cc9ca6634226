"""How far along its leg a vehicle is."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.road.town import at
from tower.road.ruler import Ruler

STEP_M = 111.195

BEND = Ruler(np.array([at(0, 0), at(4, 0), at(4, 4)]), np.array([0.0, 40.0, 120.0]))
THERE_AND_BACK = Ruler(np.array([at(0, 0), at(6, 0), at(0, 0)]), np.array([0.0, 60.0, 120.0]))


def test_a_place_beside_the_leg_is_told_by_how_far_along_and_how_far_off() -> None:
    mark = BEND.locate(at(2, 0.1))
    assert mark.along_m == pytest.approx(2 * STEP_M, rel=0.01)
    assert mark.offset_m == pytest.approx(0.1 * STEP_M, rel=0.01)
    assert BEND.locate(at(4, 3)).along_m == pytest.approx(7 * STEP_M, rel=0.01)


def test_on_a_street_driven_twice_the_way_back_is_told_by_where_the_vehicle_was() -> None:
    assert THERE_AND_BACK.locate(at(4, 0)).along_m == pytest.approx(4 * STEP_M, rel=0.01)
    later = THERE_AND_BACK.locate(at(4, 0), after_m=7 * STEP_M)
    assert later.along_m == pytest.approx(8 * STEP_M, rel=0.01)


@given(st.floats(0, 1), st.floats(0, 1))
def test_the_seconds_between_two_places_are_those_of_the_clock(one: float, other: float) -> None:
    begin, end = sorted((one * BEND.length_m, other * BEND.length_m))
    clock = np.interp([begin, end], [0, 4 * STEP_M, BEND.length_m], [0, 40, 120])
    assert BEND.cells(begin, end).seconds.sum() == pytest.approx(clock[1] - clock[0], abs=0.2)
