"""What an order comes to: the arrivals the gateway predicts, and honest kilometres and hours."""

from collections.abc import Sequence
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.routes.cases import (
    HUB,
    NOW,
    Shift,
    after,
    km,
    minutes,
    progressed,
    shift,
    stop,
    vehicle,
    window,
)
from tower.domain.records import Break, Route, Stop
from tower.domain.words import StopKind, StopState, VehicleKind
from tower.eta.schedule import Arrival, itinerary
from tower.eta.whereabouts import whereabouts
from tower.routes.case import Place
from tower.routes.evaluate import Prospect, evaluate, place_of, present

DELIVERED, ARRIVED, EN_ROUTE = StopState.DELIVERED, StopState.ARRIVED, StopState.EN_ROUTE
STOPS = 6


def reached(prospect: Prospect) -> list[float]:
    return [minutes(arrival.p50) for arrival in prospect.arrivals]


def kilometres(prospect: Prospect) -> float:
    return round(prospect.distance_m / 1000, 1)


# The same arrivals as the gateway's


def as_the_gateway(day: Shift, legs_s: Sequence[int], fix: Place | None) -> list[Arrival]:
    """The arrivals every desktop is told: the route by itself (`tests.eta.test_fleet`)."""
    route, state = day.state.routes["A"], day.state
    stops = state.stops_of(route)
    places = [place for place, one in enumerate(stops) if not one.is_done]
    return itinerary(
        [stops[place] for place in places],
        [legs_s[place] for place in places],
        fix.position if fix else None,
        fix.at if fix else None,
        NOW,
        whereabouts(route, stops, legs_s, HUB, NOW),
    ).arrivals


@st.composite
def days(draw: st.DrawFn) -> Shift:
    """A route with windows and a break, some way through its stops."""
    done, at_doors = draw(st.integers(0, STOPS - 2)), draw(st.integers(0, 2))
    stops = []
    for place in range(STOPS):
        begins, lasts = draw(st.integers(-90, 400)), draw(st.integers(5, 200))
        limits = window(begins, begins + lasts)
        one = stop(place + 1, window_is_hard=draw(st.booleans()), **limits)
        if place < done:
            one = progressed(one, DELIVERED, minutes_ago=20 + 7 * (done - place))
        elif place < done + at_doors:
            one = progressed(one, ARRIVED, minutes_ago=draw(st.integers(1, 9)))
        stops.append(one)
    rest = Break(earliest=after(20), latest=after(60), duration_s=900)
    started = bool(done or at_doors) or draw(st.booleans())
    return shift(*stops, started=started, breaks=(rest,), vehicles={"A": vehicle()})


@given(
    days(),
    st.lists(st.integers(30, 1200), min_size=STOPS, max_size=STOPS),
    st.none() | st.floats(-2, 8),
)
def test_the_present_order_has_the_arrivals_the_gateway_predicts(
    day: Shift, legs_s: list[int], fix_km: float | None
) -> None:
    stops = day.state.stops_of(day.state.routes["A"])
    day.travel.learn_legs([HUB, *map(place_of, stops)], legs_s, legs_s)
    fix = None
    if fix_km is not None:
        fix = day.fixes["A"] = Place(position=km(fix_km), at=after(-1))
    told = as_the_gateway(day, legs_s, fix)
    prospect = present(day.case(), day.travel)
    assert prospect.arrivals == told


# What an order comes to


def test_a_vehicle_drives_serves_and_comes_home() -> None:
    prospect = shift(stop(1), stop(2), stop(3), fixes={"A": 0}).prospect("s1 s2 s3")
    assert reached(prospect) == [1, 4, 7]
    assert minutes(prospect.ends_at) == 12
    assert kilometres(prospect) == 6
    assert prospect.driving_s == pytest.approx(360, abs=1)
    assert prospect.order == ("s1", "s2", "s3")
    assert not prospect.estimated


def test_another_order_is_driven_from_where_the_vehicle_is() -> None:
    day = shift(stop(1), stop(2), stop(3), fixes={"A": 0})
    assert reached(day.prospect("s3 s1 s2")) == pytest.approx([4, 8, 11], abs=1.5)
    day.travel.learn_legs([km(0), km(3)], [180], [3000])
    assert reached(day.prospect("s3 s1 s2")) == [3, 7, 10]


def test_a_stop_taken_off_is_not_driven_to_and_one_from_another_route_is() -> None:
    day = shift(stop(1), stop(2), stop(4, "B"), fixes={"A": 0})
    assert kilometres(day.prospect("s2")) < kilometres(day.prospect("s1 s2 s4")) == 8
    assert [one.stop_id for one in day.prospect("s1 s4 s2").arrivals] == ["s1", "s4", "s2"]


def test_of_a_leg_half_driven_only_the_rest_counts() -> None:
    prospect = shift(stop(4), stop(5), fixes={"A": 3}).prospect("s4 s5")
    assert reached(prospect) == [1, 4]
    assert kilometres(prospect) == 7
    assert prospect.driving_s == pytest.approx(7 * 60, abs=1)


def test_turning_round_does_not_make_the_way_already_driven_look_saved() -> None:
    day = shift(stop(4), stop(5), fixes={"A": 3})
    day.travel.learn_legs([km(3), km(5)], [120], [2000])
    stays, turns = day.prospect("s4 s5"), day.prospect("s5 s4")
    assert (kilometres(stays), kilometres(turns)) == (7, 7)
    assert round(day.case().driven_m / 1000, 1) == 3


def test_a_route_still_at_the_depot_begins_there_whoever_has_the_keys() -> None:
    day = shift(stop(1), stop(2), started=False, fixes={"A": 1}, starts_at=after(30))
    assert reached(day.prospect("s2 s1")) == [31, 34]
    assert not day.prospect("s2 s1").estimated


def test_at_the_door_the_way_there_is_driven_and_the_stop_comes_first() -> None:
    here = progressed(stop(1), ARRIVED, minutes_ago=1)
    prospect = shift(here, stop(2), stop(3), fixes={"A": 1}).prospect("s3 s2")
    assert [one.stop_id for one in prospect.arrivals] == ["s1", "s3", "s2"]
    assert reached(prospect) == [-1, 3, 6]
    assert kilometres(prospect) == 5
    assert prospect.order == ("s3", "s2")


def test_two_neighbours_served_together_both_stay_on_the_route() -> None:
    here = [progressed(stop(one), ARRIVED, minutes_ago=1) for one in (1, 1.01)]
    prospect = shift(*here, stop(2), fixes={"A": 1}).prospect("s2")
    assert [one.stop_id for one in prospect.arrivals] == ["s1", "s1.01", "s2"]


def test_a_route_with_nothing_left_still_drives_home() -> None:
    day = shift(progressed(stop(3), DELIVERED), stop(5), fixes={"A": 3})
    day.travel.learn_legs([km(3), HUB], [180], [3000])
    assert kilometres(day.prospect("")) == 3
    assert minutes(day.prospect("").ends_at) == 3
    day.state.routes["A"] = Route(id="A", plan=day.state.routes["A"].plan, finished_at=NOW)
    assert kilometres(day.prospect("")) == 0


def test_a_route_whose_first_stop_was_cancelled_has_not_left() -> None:
    cancelled = progressed(stop(1), StopState.CANCELLED, minutes_ago=60)
    day = shift(cancelled, stop(2), started=False, starts_at=after(30))
    assert not day.case().has_left
    assert reached(day.prospect("s2")) == [31]
    served = shift(progressed(stop(1), DELIVERED), stop(2), started=False)
    assert served.case().has_left


def test_where_nobody_is_there_before_the_driver_waits_for_the_window() -> None:
    hard, soft = (stop(1, window_is_hard=one, **window(60, 90)) for one in (True, False))
    assert reached(shift(hard, stop(2), fixes={"A": 0}).prospect("s1 s2")) == [1, 63]
    assert reached(shift(soft, stop(2), fixes={"A": 0}).prospect("s1 s2")) == [1, 14]


def test_lateness_counts_every_stop_after_its_window() -> None:
    day = shift(stop(1, **window(-60, -4)), stop(2, **window(-60, 10)), fixes={"A": 0})
    assert day.prospect("s1 s2").lateness_s == pytest.approx(5 * 60, abs=1)
    assert day.prospect("s2").lateness_s == 0


def test_a_driver_who_is_slow_today_is_slow_on_every_order() -> None:
    slow = [progressed(stop(1), DELIVERED, 60), progressed(stop(2), DELIVERED, minutes_ago=30)]
    day = shift(*slow, stop(3), stop(4), fixes={"A": 2})
    pace = day.case().whereabouts.pace
    assert pace > 1.05
    assert day.prospect("s3 s4").driving_s == pytest.approx((2 + 4) * 60 * pace, rel=0.01)


def test_fuel_and_electricity_follow_the_kilometres() -> None:
    def used(kind: VehicleKind) -> tuple[float, str]:
        day = shift(stop(50), fixes={"A": 0}, vehicles={"A": vehicle(kind=kind)})
        energy = day.prospect("s50").energy
        return round(energy.amount, 1), energy.unit

    assert used(VehicleKind.VAN) == (10.0, "l")
    assert used(VehicleKind.E_VAN) == (24.0, "kWh")


def test_roads_nobody_asked_are_said_to_be_estimates() -> None:
    day = shift(stop(1), stop(2))
    unasked = evaluate(day.case(), [stop(9)], day.travel)
    assert unasked.estimated
    assert kilometres(unasked) > 18


# What is aboard


def load_shares(day: Shift, order: str) -> list[int]:
    loading = day.prospect(order).loading
    return [load.pieces for load in (loading.at_start, *loading.after)]


def freight(number: float, pieces: int, **plan: Any) -> Stop:  # noqa: ANN401 - any field
    return stop(number, parcels=tuple(f"p{number}-{one}" for one in range(pieces)), **plan)


def test_deliveries_empty_the_vehicle_and_returns_fill_it() -> None:
    back = freight(2, 2, kind=StopKind.RETURN)
    day = shift(freight(1, 3), back, freight(3, 1), vehicles={"A": vehicle(capacity_pieces=4)})
    assert load_shares(day, "s1 s2 s3") == [4, 1, 3, 2]
    assert day.prospect("s1 s2 s3").load_share == 1.0
    assert day.prospect("s2 s1 s3").load_share == 1.5


def test_what_is_collected_on_the_way_is_aboard_from_there_on() -> None:
    shop = stop(2, kind=StopKind.PICKUP, collects=("s3",))
    day = shift(freight(1, 1), shop, freight(3, 5))
    assert load_shares(day, "s1 s2 s3") == [1, 0, 5, 0]


@pytest.mark.parametrize("state", [StopState.ATTEMPTED, StopState.SKIPPED, StopState.CANCELLED])
def test_what_could_not_be_delivered_stays_aboard(state: StopState) -> None:
    day = shift(progressed(freight(1, 3), state), progressed(freight(2, 9), DELIVERED), stop(3))
    assert load_shares(day, "s3") == [3, 3]


def test_what_was_cancelled_before_the_vehicle_left_was_never_loaded() -> None:
    day = shift(progressed(freight(1, 3), StopState.CANCELLED), stop(3), started=False)
    assert load_shares(day, "s3") == [0, 0]


# Hours and range so far


def test_metres_since_the_last_charge_leave_out_those_before() -> None:
    charge = progressed(stop(2, kind=StopKind.CHARGE), StopState.COLLECTED, minutes_ago=20)
    done = [progressed(stop(1), DELIVERED, minutes_ago=30), charge, progressed(stop(5), DELIVERED)]
    case = shift(*done, stop(6), fixes={"A": 5.5}).case()
    assert round(case.driven_m / 1000, 1) == 5.5
    assert round(case.charged_m / 1000, 1) == 3.5
    assert case.driven_s == pytest.approx(5.5 * 60, abs=1)


def test_the_way_driven_is_towards_the_stop_ahead_not_one_passed_by() -> None:
    passed, ahead = stop(1), stop(4)
    done = [
        progressed(stop(2), StopState.DELIVERED, 9),
        progressed(stop(3), StopState.DELIVERED, 2),
    ]
    case = shift(passed, *done, ahead, fixes={"A": 3.5}).case()
    assert case.driven_s == pytest.approx(2.5 * 60, abs=1)


def test_a_stop_nobody_planned_cannot_be_driven_to() -> None:
    day = shift(stop(1), stop(2))
    with pytest.raises(ValueError, match="where stop lost is"):
        evaluate(day.case(), [Stop(id="lost")], day.travel)
