"""All routes at once say what each of them says alone, and heed what holds vehicles up."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.eta.courses import NOW, courses
from tower.eta.course import Course
from tower.eta.fleet import Fleet
from tower.eta.outlook import FleetArrivals
from tower.eta.schedule import Arrival, project
from tower.eta.schedule_model import ScheduleModel
from tower.eta.standing import Standing, standing
from tower.eta.whereabouts import in_order_driven, whereabouts


def fleets() -> st.SearchStrategy[list[Course]]:
    names = st.integers(0, 5).map(lambda count: [f"R{number}" for number in range(count)])
    return names.flatmap(lambda found: st.tuples(*map(courses, found)).map(list))


def at_once(fleet: Fleet, seen: list[Course], later_s: float = 0.0) -> FleetArrivals:
    outlook = fleet.project(NOW + timedelta(seconds=later_s), seen)
    return outlook.arrivals(fleet.model.quantiles(outlook.rows))


def one_by_one(course: Course, later_s: float = 0.0) -> tuple[list[Arrival], Standing]:
    now = NOW + timedelta(seconds=later_s)
    places = in_order_driven(course.stops)
    remaining = [course.stops[place] for place in places]
    known = whereabouts(
        course.route, course.stops, course.legs_s, course.depot, now, course.position
    )
    legs_s = [course.legs_s[place] for place in places]
    found = project(remaining, legs_s, course.position, course.fix_at, now, known)
    return found, standing(course.route, remaining, found, now)


def assert_same(mine: Arrival, theirs: Arrival) -> None:
    for moment in ("p10", "p50", "p90"):
        apart = getattr(mine, moment) - getattr(theirs, moment)
        assert abs(apart) < timedelta(seconds=1), (moment, mine, theirs)


@given(fleets(), st.floats(0, 3600))
def test_all_routes_at_once_say_what_each_says_alone(seen: list[Course], later_s: float) -> None:
    fleet = Fleet(ScheduleModel())
    for moment in (0.0, later_s):
        together = at_once(fleet, seen, moment)
        alone = [one_by_one(course, moment)[0] for course in seen]
        expected = {arrival.stop_id: arrival for found in alone for arrival in found}
        assert set(together) == set(expected)
        for stop_id, arrival in expected.items():
            assert_same(together[stop_id], arrival)


@given(fleets())
def test_routes_stand_together_as_they_stand_alone(seen: list[Course]) -> None:
    together = at_once(Fleet(ScheduleModel()), seen).standings
    assert list(together) == [course.route.id for course in seen]
    for course in seen:
        mine, (arrivals, theirs) = together[course.route.id], one_by_one(course)
        assert mine.next_stop_id == theirs.next_stop_id
        assert mine.delay_s == pytest.approx(theirs.delay_s, abs=1.0)
        if not any(_is_a_coin_toss(course, arrival) for arrival in arrivals):
            assert mine == theirs.__class__(
                punctuality=theirs.punctuality,
                delay_s=mine.delay_s,
                next_stop_id=theirs.next_stop_id,
                late=theirs.late,
                at_risk=theirs.at_risk,
            )


def _is_a_coin_toss(course: Course, arrival: Arrival) -> bool:
    """True where a hundredth of a second decides what is said of an arrival."""
    plan = next(stop.plan for stop in course.stops if stop.id == arrival.stop_id)
    bounds = [NOW + timedelta(minutes=60)]
    if plan is not None and plan.window_end is not None:
        bounds += [plan.window_end, plan.window_end - timedelta(minutes=5)]
    if plan is not None and plan.planned_at is not None:
        bounds.append(plan.planned_at + timedelta(minutes=60))
    moments = (arrival.p50, arrival.p90)
    return any(abs((at - bound).total_seconds()) < 0.1 for at in moments for bound in bounds)
