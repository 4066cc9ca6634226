"""Proposals of better orders: complete, allowed, better, and over when they should be."""

from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from tests.routes.cases import after, locked, progressed, vehicle
from tests.routes.mornings import (
    anything,
    cases_of,
    disturb,
    morning,
    placed,
    soft_windows,
)
from tower.domain.records import Stop, StopPlan
from tower.domain.state import State, VehicleEntry
from tower.domain.words import Requirement, StopKind, StopState
from tower.routes.evaluate import evaluate
from tower.routes.impact import impact
from tower.routes.optimiser.job import Job, Progress, Proposal
from tower.routes.optimiser.optimise import optimise
from tower.routes.travel import TravelTable
from tower.routes.weights import Objective, Weights, changed

NO_CHANGE_COST = Weights(change=0.0)
QUICK_S = 0.6


def found(job: Job) -> Proposal:
    """The proposal for a job, which must have one."""
    proposal = optimise(replace(job, seconds=QUICK_S))
    assert proposal is not None
    return proposal


def hard(state: State, proposal: Proposal) -> list[str]:
    """What a proposal newly breaks that only a supervisor may, judged as a command is."""
    before, would = {}, {}
    for case in cases_of(state):
        if case.id in proposal.orders:
            stops = [state.stops[one] for one in proposal.orders[case.id]]
            before[case.id] = evaluate(case, case.open, TravelTable(case.profile))
            would[case.id] = evaluate(case, stops, TravelTable(case.profile))
    return [one.words for one in impact(before, would).hard]


def changed_stop(state: State, stop_id: str, **plan: object) -> None:
    known = state.stops[stop_id]
    assert known.plan is not None
    state.stops[stop_id] = replace(known, plan=replace(known.plan, **plan))


@settings(max_examples=15, deadline=None)
@given(
    routes=st.integers(1, 3),
    stops=st.integers(1, 8),
    seed=st.integers(0, 10**6),
    has_left=st.booleans(),
    is_troubled=st.booleans(),
)
def test_no_stop_is_lost_or_doubled_and_no_hard_constraint_newly_broken(
    routes: int, stops: int, seed: int, has_left: bool, is_troubled: bool
) -> None:
    state = morning(routes, stops, seed, has_left=has_left, plan_of=anything)
    if is_troubled:
        disturb(state, Random(seed))
    cases = cases_of(state)
    told: list[Progress] = []
    optimise(Job(cases=cases, seconds=0.3), told.append)
    still_open = sorted(stop.id for case in cases for stop in case.open)
    for proposal in (one.best for one in told):
        if proposal is not None:
            assert placed(proposal.orders) == still_open
            assert hard(state, proposal) == []
            cost_km = proposal.after.cost_km(Weights())
            assert cost_km < proposal.before.cost_km(Weights())


def test_a_muddled_route_gets_shorter() -> None:
    state = morning(1, 20)
    proposal = found(Job(cases=cases_of(state), weights=NO_CHANGE_COST))
    assert proposal.after.distance_m < 0.7 * proposal.before.distance_m
    assert proposal.estimated


def test_the_best_order_there_is_is_said_to_be_so() -> None:
    state = morning(1, 12)
    job = Job(cases=cases_of(state), weights=NO_CHANGE_COST)
    best = found(job)
    state.routes["R0"] = replace(state.routes["R0"], sequence=best.orders["R0"])
    assert optimise(replace(job, cases=cases_of(state), seconds=QUICK_S)) is None


def test_windows_matter_more_the_more_lateness_weighs() -> None:
    state = morning(1, 14, 3, plan_of=soft_windows)
    job = Job(cases=cases_of(state))
    keen = found(replace(job, weights=Weights(lateness=16.0, change=0.0)))
    lazy = found(replace(job, weights=Weights(lateness=0.0, change=0.0)))
    assert keen.after.lateness_s < lazy.after.lateness_s
    assert lazy.after.distance_m < keen.after.distance_m


def test_less_changes_the_more_change_weighs() -> None:
    state = morning(2, 12, 4)
    job = Job(cases=cases_of(state))
    free = found(replace(job, weights=NO_CHANGE_COST))
    reluctant = found(replace(job, weights=Weights(change=4.0)))
    assert reluctant.after.changed < free.after.changed


def test_stops_that_follow_another_one_are_counted_as_changed() -> None:
    assert changed("abcd", "abcd") == 0
    assert changed("abcd", "acbd") == 3
    assert changed("abcd", "abxcd") == 2
    assert changed("abcd", "abd") == 1


def test_before_the_vehicles_leave_stops_change_routes() -> None:
    state = morning(2, 8, 5, has_left=False)
    here = state.stops["R1-0"].plan
    assert here is not None
    changed_stop(state, "R0-4", lat=here.lat, lon=here.lon + 0.0005)
    proposal = found(Job(cases=cases_of(state)))
    assert "R0-4" in proposal.orders["R1"]


def test_parcels_aboard_a_vehicle_stay_with_it() -> None:
    state = morning(2, 8, 5)
    here = state.stops["R1-0"].plan
    assert here is not None
    changed_stop(state, "R0-4", lat=here.lat, lon=here.lon + 0.0005)
    proposal = found(Job(cases=cases_of(state), weights=NO_CHANGE_COST))
    assert "R0-4" in proposal.orders["R0"]


def test_returns_change_routes_on_the_way_too() -> None:
    state = morning(2, 8, 5)
    here = state.stops["R1-0"].plan
    assert here is not None
    changed_stop(state, "R0-4", lat=here.lat, lon=here.lon + 0.0005, kind=StopKind.RETURN)
    proposal = found(Job(cases=cases_of(state), weights=NO_CHANGE_COST))
    assert "R0-4" in proposal.orders["R1"]


def test_a_locked_stop_keeps_its_route_and_its_window() -> None:
    state = morning(2, 8, 5, has_left=False)
    here = state.stops["R1-0"].plan
    assert here is not None
    changed_stop(state, "R0-7", lat=here.lat, lon=here.lon, window_end=after(45))
    state.stops["R0-7"] = locked(state.stops["R0-7"])
    state.routes["R0"] = replace(
        state.routes["R0"], sequence=("R0-7", *state.routes["R0"].sequence[:-1])
    )
    proposal = found(Job(cases=cases_of(state), weights=NO_CHANGE_COST))
    assert "R0-7" in proposal.orders["R0"]
    assert hard(state, proposal) == []


def test_only_a_vehicle_that_can_serve_a_stop_is_given_it() -> None:
    state = morning(2, 8, 5, has_left=False)
    changed_stop(state, "R0-4", needs=(Requirement.TAIL_LIFT,))
    lift = vehicle(id="R1", capacity_kg=200.0, equipment=(Requirement.TAIL_LIFT,))
    state.vehicles["R1"] = VehicleEntry(value=lift)
    loose = replace(state.stops["R0-4"], route_id="")
    state.stops["R0-4"] = loose
    proposal = found(Job(cases=cases_of(state), loose=(loose,)))
    assert "R0-4" in proposal.orders["R1"]
    assert proposal.left_out == ()


def test_a_loose_stop_that_fits_nowhere_is_left_out_with_the_reason() -> None:
    state = morning(2, 5, 6)
    plan = StopPlan(id="new", lat=47.02, lon=9.52, needs=(Requirement.TAIL_LIFT,))
    state.stops["new"] = Stop(id="new", plan=plan)
    proposal = found(Job(cases=cases_of(state), loose=(state.stops["new"],)))
    assert proposal.left_out == ("new",)
    assert "needs a tail lift" in proposal.reasons["new"]
    assert placed(proposal.orders) == sorted(state.stops)


def test_a_loose_stop_is_left_out_where_it_would_make_the_driver_work_too_long() -> None:
    state = morning(1, 5, 6, has_left=False)
    plan = state.routes["R0"].plan
    assert plan is not None
    [case] = cases_of(state)
    ends_at = evaluate(case, case.open, TravelTable()).ends_at
    tight = replace(plan, duty_ends_at=ends_at)
    state.routes["R0"] = replace(state.routes["R0"], plan=tight)
    far = StopPlan(id="far", lat=48.2, lon=9.5)
    state.stops["far"] = Stop(id="far", plan=far)
    proposal = found(Job(cases=cases_of(state), loose=(state.stops["far"],)))
    assert proposal.left_out == ("far",)
    assert "driver's hours end" in proposal.reasons["far"]


def test_stops_that_are_not_free_keep_their_order() -> None:
    state = morning(2, 12, 7, has_left=False)
    free = frozenset({"R0-3", "R0-7", "R1-5"})
    told: list[Progress] = []
    job = Job(cases=cases_of(state), free=free, weights=NO_CHANGE_COST, seconds=QUICK_S)
    optimise(job, told.append)
    proposals = [one.best for one in told if one.best is not None]
    assert proposals
    for proposal in proposals:
        for route_id in ("R0", "R1"):
            kept = [one for one in proposal.orders[route_id] if one not in free]
            assert kept == [one for one in state.routes[route_id].sequence if one not in free]


def test_a_driver_on_the_way_to_a_stop_goes_there_first() -> None:
    state = morning(1, 10, 8)
    state.stops["R0-0"] = progressed(state.stops["R0-0"], StopState.EN_ROUTE)
    proposal = found(Job(cases=cases_of(state), weights=NO_CHANGE_COST))
    assert proposal.orders["R0"][0] == "R0-0"


def test_what_is_done_or_at_the_door_is_no_longer_ordered() -> None:
    state = morning(1, 10, 8)
    state.stops["R0-0"] = progressed(state.stops["R0-0"], StopState.DELIVERED, 10)
    state.stops["R0-1"] = progressed(state.stops["R0-1"], StopState.ARRIVED, 1)
    proposal = found(Job(cases=cases_of(state), weights=NO_CHANGE_COST))
    assert placed(proposal.orders) == sorted(set(state.stops) - {"R0-0", "R0-1"})


def test_what_is_collected_on_the_way_is_delivered_after_that() -> None:
    state = morning(1, 8, 9, has_left=False)
    changed_stop(state, "R0-2", kind=StopKind.PICKUP, collects=("R0-5", "R0-6"), parcels=())
    proposal = found(Job(cases=cases_of(state), weights=NO_CHANGE_COST))
    order = proposal.orders["R0"]
    assert order.index("R0-2") < min(order.index("R0-5"), order.index("R0-6"))
    assert placed(proposal.orders) == sorted(state.stops)


def test_what_would_be_delivered_before_it_is_collected_is_put_right() -> None:
    state = morning(1, 8, 9, has_left=False)
    changed_stop(state, "R0-6", kind=StopKind.PICKUP, collects=("R0-2",), parcels=())
    changed_stop(state, "R0-2", window_end=after(20))
    changed_stop(state, "R0-6", window_start=after(30))
    order = found(Job(cases=cases_of(state), weights=NO_CHANGE_COST)).orders["R0"]
    assert order.index("R0-6") < order.index("R0-2")


def test_no_vehicle_is_given_more_than_it_carries() -> None:
    state = morning(2, 6, 10, has_left=False)
    for route_id in ("R0", "R1"):
        van = vehicle(id=route_id, capacity_kg=65.0)
        state.vehicles[route_id] = VehicleEntry(value=van)
    proposal = found(Job(cases=cases_of(state), weights=NO_CHANGE_COST))
    assert [len(proposal.orders[one]) for one in ("R0", "R1")] == [6, 6]


def test_progress_grows_and_ends() -> None:
    told: list[Progress] = []
    job = Job(cases=cases_of(morning(2, 10, 11)), seconds=1.0)
    optimise(job, told.append)
    elapsed = [one.elapsed_s for one in told]
    costs = [one.best.after.cost_km(Weights()) for one in told if one.best]
    assert elapsed == sorted(elapsed)
    assert [one.is_over for one in told] == [False] * (len(told) - 1) + [True]
    assert told[-1].share == 1.0
    assert costs == sorted(costs, reverse=True)
    assert [one.tried for one in told] == sorted(one.tried for one in told)


def test_a_cancelled_search_ends_with_the_best_so_far() -> None:
    told: list[Progress] = []
    job = Job(cases=cases_of(morning(3, 15, 12)), weights=NO_CHANGE_COST, seconds=3600.0)
    proposal = optimise(job, told.append, lambda: any(one.best for one in told))
    assert proposal is not None
    assert told[-1].share == 1.0
    assert told[-1].elapsed_s < 60.0


def test_a_search_cancelled_before_it_begins_offers_nothing() -> None:
    job = Job(cases=cases_of(morning(1, 10, 13)))
    assert optimise(job, is_cancelled=lambda: True) is None


def test_routes_without_stops_are_left_alone() -> None:
    assert optimise(Job(cases=cases_of(morning(2, 0)), seconds=QUICK_S)) is None


def test_many_routes_are_searched_in_parts_and_none_is_forgotten() -> None:
    state = morning(24, 12, 14, has_left=False)
    proposal = optimise(Job(cases=cases_of(state), weights=NO_CHANGE_COST, seconds=3.0))
    assert proposal is not None
    assert placed(proposal.orders) == sorted(state.stops)
    assert proposal.after.distance_m < 0.8 * proposal.before.distance_m


def test_parts_of_an_objective_are_weighed_in_kilometres() -> None:
    objective = Objective(lateness_s=120, early_s=60, distance_m=5000, changed=2)
    assert objective.cost_km(Weights()) == pytest.approx(2 + 1 + 5 + 0.4)
    assert objective.cost_km(Weights(lateness=0, distance=2, change=0)) == pytest.approx(10)
