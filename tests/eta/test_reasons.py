"""Why a stop is late adds up, and a stop that was passed by says so."""

import pytest

from tests.watch.day import HUB, Day, at
from tower.eta.course import Course
from tower.eta.fleet import Fleet
from tower.eta.model import Reason
from tower.eta.reasons import reasons_of
from tower.eta.schedule_model import ScheduleModel

LEG_S = 1_680.0
"""With two minutes at the door half an hour a stop, which is the plan of `tests.watch.day`."""


def told(day: Day, clock: str, stop_id: str) -> tuple[dict[str, float], float]:
    """The reasons for a stop in minutes, and how many minutes behind the plan it is expected."""
    state, model = day.state, ScheduleModel()
    route = state.routes["R-1"]
    stops = state.stops_of(route)
    course = Course(route, stops, [LEG_S] * len(stops), HUB)
    outlook = Fleet(model).project(at(clock), [course])
    arrival = outlook.arrivals(model.quantiles(outlook.rows))[stop_id]
    row = outlook.stop_ids.index(stop_id)
    p50_s = (arrival.p50 - at(clock)).total_seconds()
    plan = state.stops[stop_id].plan
    assert plan is not None
    assert plan.planned_at is not None
    behind_min = (arrival.p50 - plan.planned_at).total_seconds() / 60
    return _minutes(reasons_of(outlook, model, row, p50_s)), behind_min


def _minutes(reasons: tuple[Reason, ...]) -> dict[str, float]:
    return {reason.words: reason.seconds / 60 for reason in reasons}


def day() -> Day:
    return Day().opened().route("R-1", "s1 s2 s3 s4 s5 s6")


def on_time(told: Day, *stops: str) -> Day:
    """Serve stops in the plan's rhythm from nine on, two minutes each."""
    for place, stop_id in enumerate(stops):
        begun = 30 * place
        came, left = f"{9 + begun // 60}:{begun % 60:02}", f"{9 + begun // 60}:{begun % 60 + 2:02}"
        told.delivered(stop_id, left, came)
    return told


def test_in_the_order_of_the_plan_nothing_is_said_of_the_order() -> None:
    reasons, behind = told(on_time(day(), "s1", "s2"), "9:33", "s5")
    assert reasons == {}
    assert behind == pytest.approx(0, abs=1)


def test_a_stop_that_was_passed_by_is_driven_to_after_those_planned_later() -> None:
    passed = on_time(day(), "s1", "s3", "s4")
    reasons, behind = told(passed, "10:03", "s2")
    assert "driven to after 4 stops planned later" in reasons
    assert sum(reasons.values()) == pytest.approx(behind, abs=1.5)
    assert behind > 60


def test_a_stop_passed_by_that_comes_next_is_not_only_behind_the_plan() -> None:
    passed = on_time(Day().opened().route("R-1", "s1 s2 s3 s4"), "s1", "s3", "s4")
    reasons, behind = told(passed, "10:03", "s2")
    assert reasons["driven to after 2 stops planned later"] > 60
    assert sum(reasons.values()) == pytest.approx(behind, abs=1.5)
    assert reasons["behind the plan so far"] == pytest.approx(-30)


def test_one_stop_is_one_stop() -> None:
    swapped = on_time(Day().opened().route("R-1", "s1 s2 s3"), "s1", "s3")
    reasons, _ = told(swapped, "9:33", "s2")
    assert any(words == "driven to after 1 stop planned later" for words in reasons)
