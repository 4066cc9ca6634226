"""All routes at once say what each of them says alone, and heed what holds vehicles up."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from tests.eta.alone import project, standing
from tests.eta.courses import HUB, NOW, after, courses, stop
from tower.domain.geometry import LatLon
from tower.domain.records import Break, Progress, Route, RoutePlan, Stamp, Stop
from tower.domain.words import Punctuality, StopState
from tower.eta.course import Course
from tower.eta.fleet import Fleet
from tower.eta.model import FEATURES, Door, Floats
from tower.eta.outlook import FleetArrivals
from tower.eta.schedule import Arrival
from tower.eta.schedule_model import ScheduleModel
from tower.eta.standing import Standing
from tower.eta.whereabouts import in_order_driven, whereabouts


def fleets() -> st.SearchStrategy[list[Course]]:
    names = st.integers(0, 3).map(lambda count: [f"R{number}" for number in range(count)])
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


@given(fleets(), st.sampled_from([0.5, 1.0, 1.7]), st.booleans())
def test_legs_expected_anew_count_at_the_next_look(
    seen: list[Course], factor: float, behind_too: bool
) -> None:
    fleet = Fleet(ScheduleModel())
    at_once(fleet, seen)
    for course in [_slowed(course, factor, behind_too) for course in seen]:
        together = at_once(fleet, [course])
        for arrival in one_by_one(course)[0]:
            assert_same(together[arrival.stop_id], arrival)


def _slowed(course: Course, factor: float, behind_too: bool) -> Course:
    legs = zip(course.stops, course.legs_s, strict=True)
    return course._replace(
        legs_s=[leg * factor if behind_too or not stop.is_done else leg for stop, leg in legs]
    )


@given(fleets(), st.data())
def test_what_happens_between_two_looks_counts_at_the_second(
    seen: list[Course], data: st.DataObject
) -> None:
    fleet = Fleet(ScheduleModel())
    at_once(fleet, seen)
    for course in seen:
        other = data.draw(courses(course.route.id))
        told = [*other.stops[: len(course.stops)], *course.stops[len(other.stops) :]]
        moved = course._replace(stops=told, position=other.position, fix_at=other.fix_at)
        together = at_once(fleet, [moved])
        for arrival in one_by_one(moved)[0]:
            assert_same(together[arrival.stop_id], arrival)


@given(fleets())
def test_routes_stand_together_as_they_stand_alone(seen: list[Course]) -> None:
    together = at_once(Fleet(ScheduleModel()), seen).standings
    assert list(together) == [course.route.id for course in seen]
    for course in seen:
        mine, (arrivals, theirs) = together[course.route.id], one_by_one(course)
        assert mine.next_stop_id == theirs.next_stop_id
        assert mine.delay_s == pytest.approx(theirs.delay_s, abs=1.0)
        if not any(_is_a_coin_toss(course, arrival) for arrival in arrivals):
            assert mine == replace(theirs, delay_s=mine.delay_s)


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


def finished(course: Course) -> Course:
    return course._replace(route=replace(course.route, finished_at=NOW))


@settings(max_examples=15)
@given(fleets())
def test_nothing_is_predicted_of_a_finished_route(seen: list[Course]) -> None:
    found = at_once(Fleet(ScheduleModel()), [finished(course) for course in seen])
    assert len(found) == 0
    assert all(one.punctuality is Punctuality.DONE for one in found.standings.values())


@settings(max_examples=40)
@given(fleets(), st.integers(0, 10_000))
def test_no_stop_is_expected_before_the_one_driven_to_before_it(
    seen: list[Course], seed: int
) -> None:
    outlook = Fleet(ScheduleModel()).project(NOW, seen)
    wild = np.random.default_rng(seed).uniform(0, 9_000, (len(outlook.rows.x), 3))
    arrivals = outlook.arrivals(np.sort(wild, axis=1))
    for rows in outlook.route_rows:
        moments = [arrivals[outlook.stop_ids[row]] for row in rows]
        assert all(one.p10 <= one.p50 <= one.p90 for one in moments)
        assert [one.p50 for one in moments] == sorted(one.p50 for one in moments)


def test_another_model_is_asked_from_the_next_look_on() -> None:
    class Slow(ScheduleModel):
        def door_s(self, doors: Sequence[Door]) -> Floats:
            return 2.0 * super().door_s(doors)

        def leg_s(self, expected_s: Floats, *_: object) -> Floats:
            return 3.0 * expected_s

    stops = [stop(1, service_s=100.0), stop(2)]
    course = Course(Route(id="R"), stops, [60.0, 40.0], position=HUB, fix_at=NOW)
    fleet = Fleet(ScheduleModel())
    assert waits(at_once(fleet, [course])) == [60, 200]
    fleet.use(Slow())
    assert waits(at_once(fleet, [course])) == [180, 500]


def test_who_takes_as_long_as_was_learnt_is_not_slow() -> None:
    class Slow(ScheduleModel):
        def leg_s(self, expected_s: Floats, *_: object) -> Floats:
            return 2.0 * expected_s

    done = [left(stop(1), 40), left(stop(2), 28), left(stop(3), 16)]
    course = Course(Route(id="R"), [*done, stop(4)], [300.0] * 4, position=HUB, fix_at=NOW)
    as_planned = Fleet(ScheduleModel()).project(NOW, [course]).rows
    as_learnt = Fleet(Slow()).project(NOW, [course]).rows
    assert as_planned.column("pace")[0] > 1.1
    assert as_learnt.column("pace")[0] == 1.0
    assert as_learnt.column("pace_stops")[0] == 2


def test_a_day_says_less_of_a_driver_whose_earlier_shifts_are_known() -> None:
    class Known(ScheduleModel):
        def driver_factor(self, driver: str) -> float:
            return 1.2 if driver else 1.0

    done = [left(stop(n), 60 - 15 * n) for n in range(1, 4)]
    plan = RoutePlan(id="R", name="R", carrier_id="own", driver_id="7")
    course = Course(Route(id="R", plan=plan), [*done, stop(4)], [300.0] * 4, position=HUB)
    unknown = Fleet(ScheduleModel()).project(NOW, [course]).rows
    known = Fleet(Known()).project(NOW, [course]).rows
    assert 1.0 < known.column("pace")[0] < unknown.column("pace")[0]


def left(known: Stop, minutes_ago: float) -> Stop:
    at = after(-minutes_ago)
    return replace(known, outcome=Progress(state=StopState.DELIVERED, at=at, stamp=Stamp(1.0)))


def test_a_row_says_what_an_arrival_is_made_of() -> None:
    stops = [stop(1, (10, 60), service_s=120.0), stop(2)]
    course = Course(Route(id="R"), stops, [300.0, 240.0], position=HUB, fix_at=NOW)
    rows = Fleet(ScheduleModel()).project(NOW, [course]).rows
    told = {name: rows.column(name)[1] for name in FEATURES}
    parts = [told[name] for name in ("drive_s", "service_s", "wait_s", "rest_s")]
    assert parts == [540, 120, 300, 0]
    assert told["base_s"] == sum(parts)
    assert told["slack_s"] == 300
    assert told["stops_before"] == 1
    assert np.isnan(told["delay_s"])
    assert np.isnan(told["rain_mm_h"])


@given(fleets())
def test_some_rows_say_what_they_say_among_all(seen: list[Course]) -> None:
    outlook = Fleet(ScheduleModel()).project(NOW, seen)
    rows = outlook.rows
    for place, row in enumerate(rows.x):
        [alone] = outlook.asked.rows(slice(place, place + 1)).x
        np.testing.assert_array_equal(alone, row)
    later = outlook.asked.rows(slice(1, None))
    assert later.carrier == list(rows.carrier[1:])
    assert later.late_s.tolist() == rows.late_s[1:].tolist()


@given(fleets())
def test_one_arrival_is_found_as_among_all(seen: list[Course]) -> None:
    arrivals = at_once(Fleet(ScheduleModel()), seen)
    assert [arrivals.find(stop_id) for stop_id in arrivals] == list(arrivals.values())
    assert arrivals.find("nobody knows") is None


def test_a_row_says_how_long_the_vehicle_has_been_on_its_way() -> None:
    half_way = LatLon(HUB.lat + 1.5 / 111.195, HUB.lon)
    stops = [left(stop(1), 20), stop(2)]
    course = Course(Route(id="R"), stops, [300.0, 240.0], position=half_way, fix_at=NOW)
    rows = Fleet(ScheduleModel()).project(NOW, [course]).rows
    assert rows.column("leg_elapsed_s")[0] == 1_200
    assert rows.column("leg_over_s")[0] == pytest.approx(1_200 + 120 - 240, abs=2)


def test_who_stands_at_a_door_is_on_no_way() -> None:
    here = replace(stop(1), arrived_at=after(-4), arrived_stamp=Stamp(1.0))
    at_door = Progress(state=StopState.ARRIVED, at=after(-4), stamp=Stamp(1.0))
    course = Course(Route(id="R"), [replace(here, underway=at_door), stop(2)], [300.0, 240.0])
    rows = Fleet(ScheduleModel()).project(NOW, [course]).rows
    assert rows.column("door_elapsed_s")[0] == 240
    assert np.isnan(rows.column("leg_elapsed_s")[0])


def test_a_row_says_how_long_before_it_the_break_may_begin() -> None:
    rest = Break(earliest=after(10), latest=after(100), duration_s=900.0)
    plan = RoutePlan(id="R", name="R", carrier_id="own", breaks=(rest,))
    stops = [stop(number, service_s=0.0) for number in (1, 2, 3)]
    course = Course(Route(id="R", plan=plan), stops, [540.0, 240.0, 60.0], position=HUB, fix_at=NOW)
    rows = Fleet(ScheduleModel()).project(NOW, [course]).rows
    assert rows.column("rest_gap_s").tolist() == [-60, 180, 240]
    assert rows.column("rest_s").tolist() == [0, 0, 900]


def test_the_hour_of_a_row_is_the_one_on_the_wall_when_the_vehicle_comes() -> None:
    zone = ZoneInfo("Europe/Vaduz")
    midnight = datetime(2026, 11, 22, 23, 0, tzinfo=zone)
    course = Course(Route(id="R"), [stop(1)], [5_400.0])
    rows = Fleet(ScheduleModel()).project(midnight.astimezone(UTC), [course], zone=zone).rows
    turn = 2 * np.pi * 0.5 / 24
    assert rows.column("hour_sin")[0] == pytest.approx(np.sin(turn), abs=1e-6)
    assert rows.column("hour_cos")[0] == pytest.approx(np.cos(turn), abs=1e-6)
    assert rows.column("weekday")[0] == 0


def waits(arrivals: FleetArrivals) -> list[float]:
    return [round((arrival.p50 - NOW).total_seconds()) for arrival in arrivals.values()]
