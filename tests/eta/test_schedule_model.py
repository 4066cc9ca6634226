"""What is predicted, and why, where nothing was learnt yet."""

import numpy as np
import pytest

from tests.eta.courses import stop
from tower.eta.model import FEATURES, Door, Rows
from tower.eta.schedule_model import ScheduleModel

MODEL = ScheduleModel()


def rows(**said: float) -> Rows:
    """One arrival in an hour, as planned but for what is said of it."""
    known = dict.fromkeys(FEATURES, 0.0) | {"base_s": 3_600.0, "pace": 1.0} | said
    x = np.array([[known[name] for name in FEATURES]], dtype=np.float32)
    return Rows(x, np.array([300.0]), np.array([420.0]), ["own"])


def reasons(**said: float) -> list[tuple[str, int]]:
    return [(one.words, round(one.seconds)) for one in MODEL.reasons(rows(**said), 0)]


def test_the_projection_is_told_with_its_own_spread_and_never_in_the_past() -> None:
    assert MODEL.quantiles(rows()).tolist() == [[3_300, 3_600, 4_020]]
    assert MODEL.quantiles(rows(base_s=60.0)).tolist() == [[0, 60, 480]]


def test_doors_take_what_was_planned_and_legs_what_the_roads_say() -> None:
    plan = stop(1, service_s=90.0).plan
    assert plan is not None
    assert MODEL.door_s([Door(plan)]).tolist() == [90]
    assert MODEL.door_s([]).shape == (0,)
    legs = np.array([60.0, 600.0])
    assert MODEL.leg_s(legs, np.array([8.0, 9.0]), 0, 5.0).tolist() == [60, 600]
    assert (MODEL.version, MODEL.quality, MODEL.driver_factor("d")) == ("schedule", None, 1.0)


def test_the_largest_reason_comes_first_and_trifles_are_left_out() -> None:
    told = reasons(delay_s=300.0, disturbed_s=600.0, drive_s=2_000.0, service_s=1_600.0, pace=1.01)
    assert told == [
        ("disturbances of traffic on the way", 600),
        ("behind the plan so far", 300),
    ]
    slow = reasons(drive_s=2_000.0, service_s=1_600.0, pace=1.25)
    assert slow == [("this driver's pace today", 720)]
    assert reasons() == reasons(delay_s=float("nan")) == []


def test_waiting_for_windows_makes_up_for_no_more_than_there_is_to_make_up() -> None:
    told = reasons(delay_s=600.0, slack_s=240.0)
    assert told == [("behind the plan so far", 600), ("waiting for windows makes up for it", -240)]
    late = dict(reasons(delay_s=120.0, slack_s=2_000.0))
    assert late["waiting for windows makes up for it"] == -120
    assert reasons(delay_s=-600.0, slack_s=2_000.0) == [("behind the plan so far", -600)]


@pytest.mark.parametrize("pace", [0.7, 1.6])
def test_a_pace_adds_what_it_took_from_or_gave_to_the_work(pace: float) -> None:
    [(_, seconds)] = reasons(drive_s=1_800.0 * pace, service_s=1_800.0 * pace, pace=pace)
    assert seconds == pytest.approx(3_600 * (pace - 1.0), abs=1)
