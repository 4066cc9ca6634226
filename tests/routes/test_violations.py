"""Every constraint is noticed when it is broken, and only then; the words say why."""

from typing import Any, NamedTuple

import pytest
from msgspec.structs import replace

from tests.routes.cases import Shift, after, locked, progressed, shift, stop, vehicle, window
from tower.domain.records import Break, Stop, Vehicle
from tower.domain.words import Requirement, StopKind, StopState, VehicleKind
from tower.routes.change import UNASSIGNED
from tower.routes.violations import Rule, Violation, new_violations, taken_off

DELIVERED, ARRIVED, EN_ROUTE = StopState.DELIVERED, StopState.ARRIVED, StopState.EN_ROUTE
LIFT, AGE, TWO = Requirement.TAIL_LIFT, Requirement.AGE_CHECK, Requirement.TWO_PEOPLE


class Said(NamedTuple):
    """What is said about an order."""

    rule: Rule
    hard: bool
    stop_id: str
    words: str


def said(day: Shift, order: str, route_id: str = "A") -> list[Said]:
    found = day.prospect(order, route_id).violations
    return [Said(one.rule, one.hard, one.stop_id, one.words) for one in found]


def driven_by(*stops: Stop, by: Vehicle | None = None, **plan: Any) -> Shift:  # noqa: ANN401
    return shift(*stops, fixes={"A": 0}, vehicles={"A": by or vehicle()}, **plan)


def rules(day: Shift, order: str, route_id: str = "A") -> dict[Rule, str]:
    return {one.rule: one.stop_id for one in day.prospect(order, route_id).violations}


def test_an_order_that_keeps_everything_breaks_nothing() -> None:
    stops = [stop(place, **window(0, 60), parcels=("p",), weight_kg=10) for place in (1, 2)]
    by = vehicle(capacity_kg=20, capacity_pieces=2, range_m=4_100)
    rest = Break(earliest=after(1), latest=after(10), duration_s=60)
    day = driven_by(*stops, by=by, breaks=(rest,), duty_ends_at=after(20), longest_driving_s=300)
    assert said(day, "s1 s2") == []


# Time windows


def test_a_missed_window_is_soft_unless_nobody_is_there() -> None:
    soft, hard = stop(5, **window(0, 3)), stop(6, window_is_hard=True, **window(0, 3))
    about_soft, about_hard = said(driven_by(soft, hard), "s5 s6")
    assert (about_soft.rule, about_soft.hard, about_soft.stop_id) == (Rule.WINDOW, False, "s5")
    assert "2 min after its window ends" in about_soft.words
    assert about_hard.hard
    assert "nobody is there then" in about_hard.words


def test_a_window_that_was_promised_must_be_kept() -> None:
    [promised] = said(driven_by(locked(stop(5, **window(0, 3)))), "s5")
    assert (promised.rule, promised.hard) == (Rule.WINDOW, True)


def test_long_before_a_window_is_outside_it_too() -> None:
    [early] = said(driven_by(stop(1, **window(30, 60))), "s1")
    assert (early.rule, early.hard) == (Rule.WINDOW, False)
    assert "29 min before its window begins" in early.words
    assert said(driven_by(stop(1, **window(10, 60))), "s1") == []


def test_for_a_hard_window_the_driver_waits_and_others_are_late() -> None:
    hard, other = stop(1, window_is_hard=True, **window(60, 90)), stop(2, **window(0, 30))
    assert rules(driven_by(hard, other), "s1 s2") == {Rule.WINDOW: "s2"}
    assert rules(driven_by(hard, other), "s2 s1") == {}


# What fits into the vehicle


@pytest.mark.parametrize(
    ("capacity", "words"),
    [
        ({"capacity_kg": 30.0}, "40 of 30 kg"),
        ({"capacity_m3": 1.5}, "2.0 of 1.5 m³"),
        ({"capacity_pieces": 3}, "4 of 3 pieces"),
    ],
)
def test_weight_volume_and_pieces_each_have_their_limit(
    capacity: dict[str, float], words: str
) -> None:
    stops = [stop(one, weight_kg=20, volume_m3=1, parcels=("p", "q")) for one in (1, 2)]
    [over] = said(driven_by(*stops, by=vehicle(**capacity)), "s1 s2")
    assert (over.rule, over.hard) == (Rule.CAPACITY, True)
    assert words in over.words
    assert "133%" in over.words
    assert said(driven_by(*stops, by=vehicle(**capacity)), "s1") == []


def test_a_return_may_only_fit_once_something_is_delivered() -> None:
    out = stop(1, weight_kg=20)
    back = stop(2, weight_kg=20, kind=StopKind.RETURN)
    day = driven_by(out, back, by=vehicle(capacity_kg=20))
    assert said(day, "s1 s2") == []
    [over] = said(day, "s2 s1")
    assert "on the way" in over.words


# Who and what is needed


@pytest.mark.parametrize(
    ("crew", "equipment", "missing"),
    [
        ((), (), "needs a tail lift and a driver who may check ages"),
        ((AGE,), (), "needs a tail lift"),
        ((), (LIFT,), "needs a driver who may check ages"),
        ((AGE,), (LIFT,), ""),
    ],
)
def test_needs_are_met_by_crew_and_vehicle_together(
    crew: tuple[Requirement, ...], equipment: tuple[Requirement, ...], missing: str
) -> None:
    day = driven_by(stop(1, needs=(LIFT, AGE)), by=vehicle(equipment=equipment), crew=crew)
    wanted = [Said(Rule.SKILLS, True, "s1", missing)] if missing else []
    assert said(day, "s1") == wanted


@pytest.mark.parametrize(
    ("keeps", "words"), [(None, "is not refrigerated"), (8.0, "only keeps 8 °C"), (4.0, "")]
)
def test_what_must_stay_cold_goes_with_a_vehicle_cold_enough(
    keeps: float | None, words: str
) -> None:
    cold = stop(1, temperature_limit_c=4.0)
    found = said(driven_by(cold, by=vehicle(temperature_limit_c=keeps)), "s1")
    assert [(one.rule, one.hard) for one in found] == [(Rule.COLD_CHAIN, True)] * bool(words)
    assert all(words in one.words for one in found)


def test_what_spoils_must_not_be_on_the_way_for_too_long() -> None:
    meal = stop(10, longest_aboard_s=39 * 60, parcels=("p",))
    day = driven_by(stop(1), meal)
    assert said(day, "s10 s1") == [
        Said(Rule.COLD_CHAIN, True, "s10", "40 min aboard, only 39 min allowed")
    ]
    assert "42 min aboard" in said(day, "s1 s10")[0].words


def test_what_is_collected_on_the_way_is_aboard_from_then_on() -> None:
    meal = stop(4, longest_aboard_s=10 * 60, parcels=("p",))
    kitchen = stop(2, kind=StopKind.PICKUP, collects=("s4",))
    assert said(driven_by(kitchen, meal), "s2 s4") == []
    been = progressed(kitchen, StopState.COLLECTED, minutes_ago=3)
    assert said(driven_by(been, meal), "s4") == []
    long_ago = progressed(kitchen, StopState.COLLECTED, minutes_ago=30)
    assert rules(driven_by(long_ago, meal), "s4") == {Rule.COLD_CHAIN: "s4"}


# Where the vehicle may go


@pytest.mark.parametrize(
    ("place", "barred", "allowed", "words"),
    [
        (
            {"height_limit_m": 2.5},
            vehicle(height_m=2.8),
            vehicle(height_m=2.4),
            "has a height limit of 2.5 m, FL 1 is 2.8 m high",
        ),
        (
            {"low_emission_zone": True},
            vehicle(),
            vehicle(low_emission=True),
            "lies in a low-emission zone that FL 1 must not enter",
        ),
        (
            {"bikes_only": True},
            vehicle(low_emission=True),
            vehicle(kind=VehicleKind.CARGO_BIKE),
            "only bikes get there",
        ),
    ],
)
def test_a_vehicle_only_goes_where_it_may(
    place: dict[str, Any], barred: Vehicle, allowed: Vehicle, words: str
) -> None:
    there = stop(1, **place)
    assert said(driven_by(there, by=barred), "s1") == [Said(Rule.ACCESS, True, "s1", words)]
    assert Rule.ACCESS not in rules(driven_by(there, by=allowed), "s1")


# Pickups and handovers


def test_a_pickup_comes_before_its_delivery() -> None:
    day = driven_by(stop(1, kind=StopKind.PICKUP, collects=("s2",)), stop(2))
    assert said(day, "s1 s2") == []
    [wrong] = said(day, "s2 s1")
    assert (wrong.rule, wrong.hard, wrong.stop_id) == (Rule.PICKUP, True, "s2")


def test_a_delivery_taken_from_the_route_that_collects_it_is_not_forgotten() -> None:
    day = driven_by(stop(1, kind=StopKind.PICKUP, collects=("s2",)), stop(2))
    [left] = said(day, "s1")
    assert (left.rule, left.hard, left.stop_id) == (Rule.PICKUP, False, "s2")
    assert "R-A" in left.words
    served = driven_by(
        stop(3, kind=StopKind.PICKUP, collects=("s1",)), progressed(stop(1), DELIVERED)
    )
    assert said(served, "s3") == []


def test_parcels_aboard_another_vehicle_need_a_meeting_of_the_drivers() -> None:
    day = driven_by(stop(1, parcels=("p",)), stop(2, "B"))
    [handover] = said(day, "s2 s1", "B")
    assert (handover.rule, handover.hard, handover.stop_id) == (Rule.HANDOVER, False, "s1")
    assert "aboard another vehicle" in handover.words


def test_parcels_taken_over_on_the_way_are_aboard_the_vehicle_that_took_them() -> None:
    met = progressed(stop(2, "B", kind=StopKind.PICKUP, collects=("s4",)), StopState.COLLECTED)
    taken_over = replace(stop(4, "B", parcels=("p",)), parcels_on="A")
    day = driven_by(stop(1), met, taken_over)
    assert said(day, "s4", "B") == []
    assert rules(day, "s1 s4") == {Rule.HANDOVER: "s4"}


def test_what_was_put_back_onto_a_third_route_is_still_aboard_the_first() -> None:
    taken = replace(stop(1, UNASSIGNED, parcels=("p",)), parcels_on="A")
    day = driven_by(taken, stop(2), stop(3, "B"))
    assert rules(day, "s1 s3", "B") == {Rule.HANDOVER: "s1"}
    assert said(day, "s1 s2", "A") == []


def test_a_vehicle_under_way_does_not_have_what_was_left_at_the_depot() -> None:
    day = driven_by(stop(1), stop(2, "B", parcels=("p",)), stop(3, "B"))
    [missing] = said(day, "s1 s2")
    assert (missing.rule, missing.hard) == (Rule.HANDOVER, False)
    assert "left without them" in missing.words
    assert said(driven_by(stop(1), stop(3, "B")), "s1 s3") == []


@pytest.mark.parametrize("done", [False, True])
def test_a_visit_to_take_parcels_over_settles_it(done: bool) -> None:
    visit = stop(2, "B", kind=StopKind.PICKUP, collects=("s4",))
    if done:
        visit = progressed(visit, StopState.COLLECTED)
    day = driven_by(stop(4, parcels=("p",)), visit)
    assert said(day, "s4" if done else "s2 s4", "B") == []


# The driver's hours


def test_the_drivers_hours_end_when_they_end() -> None:
    late = driven_by(stop(10), duty_ends_at=after(20))
    assert said(late, "s10") == [
        Said(Rule.DUTY, True, "", f"is back at {_clock(22)}, 2 min after the driver's hours end")
    ]


def _clock(minutes: float) -> str:
    return f"{after(minutes):%H:%M}"


def test_time_at_the_wheel_counts_what_is_driven_already() -> None:
    before = progressed(stop(30), DELIVERED)
    day = shift(before, stop(40), fixes={"A": 30}, longest_driving_s=75 * 60)
    [over] = said(day, "s40")
    assert (over.rule, over.hard) == (Rule.DRIVING, True)
    assert over.words == "takes 5 min more at the wheel than the driver may be"


def test_a_break_begins_in_time() -> None:
    rest = Break(earliest=after(1), latest=after(5), duration_s=600)
    day = driven_by(stop(1, service_s=1200), stop(2), breaks=(rest,))
    [late] = said(day, "s1 s2")
    assert (late.rule, late.hard) == (Rule.BREAK, True)
    assert "16 min late" in late.words
    assert said(day, "s2 s1") == []


# Range


def test_a_battery_lasts_as_far_as_it_lasts() -> None:
    day = driven_by(stop(10), stop(20), by=vehicle(range_m=35_000))
    [flat] = said(day, "s10 s20")
    assert (flat.rule, flat.hard, flat.stop_id) == (Rule.RANGE, True, "")
    assert "on the way back, 5.0 km short" in flat.words
    assert said(day, "s10") == []
    assert rules(driven_by(stop(10), stop(40), by=vehicle(range_m=35_000)), "s10 s40") == {
        Rule.RANGE: "s40"
    }


def test_a_charge_stop_gives_the_range_back() -> None:
    charge = stop(15, kind=StopKind.CHARGE)
    day = driven_by(stop(10), charge, stop(20), by=vehicle(range_m=36_000))
    assert said(day, "s10 s15 s20") == []
    assert said(day, "s15 s10 s20") == []
    assert rules(day, "s10 s20") == {Rule.RANGE: ""}


def test_range_counts_what_was_driven_since_the_last_charge() -> None:
    before = progressed(stop(10), DELIVERED)
    day = shift(before, stop(20), fixes={"A": 15}, vehicles={"A": vehicle(range_m=39_000)})
    assert "1.0 km short" in said(day, "s20")[0].words


# What must not be moved


def test_a_promised_stop_stays_on_its_route_but_may_change_its_place() -> None:
    day = driven_by(locked(stop(1), "promised by phone"), stop(2), stop(3, "B"))
    assert said(day, "s2 s1") == []
    [moved] = [one for one in said(day, "s3 s1", "B") if one.rule is Rule.LOCKED]
    assert (moved.hard, moved.stop_id, moved.words) == (True, "s1", "is locked: promised by phone")


def test_the_stop_the_driver_is_on_the_way_to_stays_next() -> None:
    day = driven_by(progressed(stop(1), EN_ROUTE), stop(2), stop(3, "B"))
    assert rules(day, "s1 s2") == {}
    assert rules(day, "s2 s1") == {Rule.LOCKED: "s1"}
    assert rules(day, "s3 s1", "B")[Rule.LOCKED] == "s1"


def test_from_the_door_the_next_stop_is_the_one_after() -> None:
    here, coming = progressed(stop(1), ARRIVED), progressed(stop(2), EN_ROUTE)
    day = driven_by(here, coming, stop(3))
    assert said(day, "s2 s3") == []
    assert rules(day, "s3 s2") == {Rule.LOCKED: "s2"}


def test_taking_off_what_is_promised_or_under_way_is_noticed() -> None:
    stops = [locked(stop(1)), progressed(stop(2), EN_ROUTE), stop(3)]
    assert [(one.stop_id, one.hard, one.rule) for one in taken_off(stops)] == [
        ("s1", True, Rule.LOCKED),
        ("s2", True, Rule.LOCKED),
    ]


def test_another_carrier_has_to_take_a_stop_first() -> None:
    day = driven_by(stop(1, parcels=()), stop(2, "B"), carrier_id="gig", started=False)
    [other] = said(day, "s1", "B")
    assert (other.rule, other.hard, other.stop_id) == (Rule.CARRIER, False, "s1")


# What counts as new


def violation(excess: float, rule: Rule = Rule.WINDOW, **known: Any) -> Violation:  # noqa: ANN401
    facts: dict[str, Any] = {
        "rule": rule,
        "hard": True,
        "route_id": "A",
        "stop_id": "s1",
        "excess": excess,
    }
    return Violation(**{**facts, **known})


@pytest.mark.parametrize(
    ("before", "after_", "is_new"),
    [
        (None, violation(60), True),
        (violation(600), violation(600), False),
        (violation(600), violation(700), False),
        (violation(600), violation(800), True),
        (violation(600, hard=False), violation(600), True),
        (violation(600), violation(600, hard=False), False),
        (violation(600), violation(600, route_id="B"), False),
        (violation(600), violation(600, stop_id="s2"), True),
        (violation(600), violation(600, Rule.LOCKED), True),
        (
            violation(0.05, Rule.CAPACITY, stop_id=""),
            violation(0.5, Rule.CAPACITY, stop_id=""),
            True,
        ),
        (
            violation(0.05, Rule.CAPACITY, stop_id=""),
            violation(0.06, Rule.CAPACITY, stop_id=""),
            False,
        ),
        (violation(900, Rule.RANGE), violation(900, Rule.RANGE, stop_id="s2"), False),
        (violation(900, Rule.RANGE), violation(900, Rule.RANGE, route_id="B"), True),
        (
            violation(60, Rule.DUTY, stop_id=""),
            violation(60, Rule.DUTY, stop_id="", route_id="B"),
            True,
        ),
    ],
)
def test_what_was_broken_before_is_not_new_unless_it_is_clearly_worse(
    before: Violation | None, after_: Violation, is_new: bool
) -> None:
    assert bool(new_violations([before] if before else [], [after_])) == is_new
