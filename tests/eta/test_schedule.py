"""Arrivals a dispatcher can trust: where the vehicle is, what is left, and how sure that is."""

from datetime import datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from tests.eta.alone import project
from tower.domain.geometry import LatLon
from tower.domain.moments import utc
from tower.domain.records import Progress, Stamp, Stop, StopPlan
from tower.domain.words import Punctuality, StopState
from tower.eta.schedule import Arrival, Whereabouts

NOW = utc(1_795_600_000)
HUB = LatLon(47.0, 9.5)
KM = 1 / 111.195
"""Degrees of latitude."""


def after(minutes: float) -> datetime:
    return NOW + timedelta(minutes=minutes)


def stop(number: int, window: tuple[float, float] | None = None, service_s: float = 120) -> Stop:
    plan = StopPlan(
        id=f"s{number}",
        lat=47.0 + number * KM,
        lon=9.5,
        service_s=service_s,
        window_start=after(window[0]) if window else None,
        window_end=after(window[1]) if window else None,
    )
    return Stop(id=plan.id, plan=plan)


def standing_at(known: Stop, minutes_ago: float) -> Stop:
    came = after(-minutes_ago)
    stamp = Stamp(came.timestamp())
    progress = Progress(state=StopState.ARRIVED, at=came, stamp=stamp)
    return replace(known, underway=progress, arrived_at=came, arrived_stamp=stamp)


def minutes(arrivals: list[Arrival]) -> list[float]:
    return [round((arrival.p50 - NOW).total_seconds() / 60, 2) for arrival in arrivals]


def test_a_vehicle_drives_serves_and_drives_on() -> None:
    stops = [stop(1), stop(2), stop(3, service_s=600)]

    arrivals = project(stops, [300, 240, 60], HUB, NOW, NOW)

    assert minutes(arrivals) == [5, 11, 14]
    assert [arrival.stop_id for arrival in arrivals] == ["s1", "s2", "s3"]


def test_a_route_that_leaves_in_hours_is_as_sure_as_one_that_leaves_soon() -> None:
    def reaches(departure: float) -> Arrival:
        known = Whereabouts(origin=HUB, left_at=after(departure))
        return project([stop(1)], [600], None, None, NOW, known)[0]

    soon, tonight = reaches(20), reaches(300)

    assert minutes([soon, tonight]) == [30, 310]
    assert tonight.late_s == soon.late_s
    assert 300 < tonight.late_s < 900


def test_what_is_already_driven_of_a_leg_is_taken_off() -> None:
    half_way = LatLon(47.0 + 0.5 * KM, 9.5)

    arrivals = project([stop(1)], [600], half_way, NOW, NOW, Whereabouts(origin=HUB))

    assert minutes(arrivals) == [5]


def test_a_driver_on_a_detour_is_not_sent_to_the_end_of_the_world() -> None:
    far_away = LatLon(48.0, 9.5)

    arrivals = project([stop(1)], [600], far_away, NOW, NOW, Whereabouts(origin=HUB))

    assert minutes(arrivals) == [15]


def test_time_goes_on_from_an_old_fix() -> None:
    arrivals = project([stop(1)], [600], HUB, after(-4), NOW)

    assert minutes(arrivals) == [6]


def test_no_arrival_is_predicted_in_the_past() -> None:
    arrivals = project([stop(1), stop(2)], [600, 300], HUB, after(-60), NOW)

    assert minutes(arrivals) == [0, 7]
    assert all(arrival.p10 >= NOW for arrival in arrivals)


def test_a_vehicle_never_heard_counts_from_when_it_left() -> None:
    left = Whereabouts(left_at=after(-4))

    assert minutes(project([stop(1)], [600], None, None, NOW, left)) == [6]


def test_a_route_not_begun_counts_from_its_start() -> None:
    waiting = Whereabouts(left_at=after(30))

    assert minutes(project([stop(1)], [600], HUB, after(-1), NOW, waiting)) == [40]


def test_a_driver_waits_for_a_window_but_not_for_ever() -> None:
    soon, much_later = stop(1, (8, 60)), stop(1, (50, 90))

    assert minutes(project([soon, stop(2)], [300, 60], HUB, NOW, NOW)) == [5, 11]
    assert minutes(project([much_later, stop(2)], [300, 60], HUB, NOW, NOW)) == [5, 18]


def test_where_nobody_is_there_before_the_window_the_driver_waits_until_it_opens() -> None:
    waiting = stop(1, (50, 90))
    assert waiting.plan is not None
    hard = replace(waiting, plan=replace(waiting.plan, window_is_hard=True))

    assert minutes(project([hard, stop(2)], [300, 60], HUB, NOW, NOW)) == [5, 53]


def test_a_vehicle_at_the_door_has_arrived_and_leaves_when_it_is_served() -> None:
    here = standing_at(stop(1, (-60, 60)), minutes_ago=1)

    at_door, next_one = project([here, stop(2)], [0, 300], HUB, NOW, NOW)

    assert at_door.p10 == at_door.p50 == at_door.p90 == after(-1)
    assert minutes([next_one]) == [6]


def test_a_door_that_takes_too_long_is_expected_to_take_a_little_longer() -> None:
    here = standing_at(stop(1, service_s=240), minutes_ago=20)

    assert minutes(project([here, stop(2)], [0, 300], HUB, NOW, NOW))[1] == 6


def test_a_stop_served_out_of_turn_is_where_the_vehicle_is() -> None:
    stops = [stop(1), standing_at(stop(2), minutes_ago=0), stop(3)]

    arrivals = project(stops, [300, 240, 60], HUB, NOW, NOW)

    assert [arrival.stop_id for arrival in arrivals] == ["s1", "s2", "s3"]
    assert minutes(arrivals) == [6, 0, 9]


def test_a_slow_day_is_slow_for_driving_and_doors() -> None:
    slow = Whereabouts(pace=1.5)

    assert minutes(project([stop(1), stop(2)], [300, 240], HUB, NOW, NOW, slow)) == [7.5, 16.5]


def test_lateness_is_judged_against_the_window() -> None:
    def word(closes: float) -> Punctuality:
        return project([stop(1, (0, closes))], [1800], HUB, NOW, NOW)[0].punctuality

    assert word(29) is Punctuality.LATE
    assert word(33) is Punctuality.AT_RISK
    assert word(36) is Punctuality.AT_RISK
    assert word(60) is Punctuality.ON_TIME


def test_a_stop_without_a_window_is_never_late() -> None:
    plan = StopPlan(id="s1", lat=47.0, lon=9.5, planned_at=after(-90))
    behind = Stop(id="s1", plan=plan)

    [arrival] = project([behind], [60], HUB, NOW, NOW)

    assert arrival.punctuality is Punctuality.AT_RISK
    assert project([stop(1)], [60], HUB, NOW, NOW)[0].punctuality is Punctuality.ON_TIME


def test_a_leg_too_few_is_a_mistake() -> None:
    with pytest.raises(ValueError, match="2 stops need as many legs, not 1"):
        project([stop(1), stop(2)], [60], HUB, NOW, NOW)


def test_no_stops_no_arrivals() -> None:
    assert project([], [], HUB, NOW, NOW) == []


legs = st.lists(st.floats(10, 3000), min_size=1, max_size=12)


@given(legs)
def test_the_further_ahead_the_less_sure(legs_s: list[float]) -> None:
    stops = [stop(number) for number in range(len(legs_s))]

    arrivals = project(stops, legs_s, HUB, NOW, NOW)

    for nearer, farther in pairwise(arrivals):
        assert farther.p50 > nearer.p50
        assert farther.late_s >= nearer.late_s
    assert all(a.p10 <= a.p50 <= a.p90 for a in arrivals)


def test_waiting_for_a_window_makes_what_follows_surer() -> None:
    free = project([stop(1), stop(2)], [2400, 60], HUB, NOW, NOW)
    waits = project([stop(1, (49, 90)), stop(2)], [2400, 60], HUB, NOW, NOW)

    assert waits[1].early_s < free[1].early_s
    assert waits[1].late_s < free[1].late_s
