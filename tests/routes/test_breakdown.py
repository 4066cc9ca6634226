"""A vehicle breaks down: its stops find others, who meet it first where they have to."""

from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from tests.routes.cases import NOW, locked, progressed
from tests.routes.mornings import anything, cases_of, morning, new_ids, placed
from tower.domain.state import State
from tower.domain.words import Requirement, StopKind, StopState
from tower.routes.breakdown import MOST_RESCUERS, NoMeetingPlace, rescue
from tower.routes.case import RouteCase
from tower.routes.evaluate import evaluate, present
from tower.routes.impact import impact
from tower.routes.optimiser.job import Job, Proposal, meeting_stop
from tower.routes.optimiser.optimise import optimise
from tower.routes.travel import TravelTable
from tower.routes.violations import Rule, Violation


def job_of(state: State, broken: str = "R0") -> Job:
    cases = {case.id: case for case in cases_of(state)}
    others = [case for case in cases.values() if case.id != broken]
    return replace(rescue(cases[broken], others, new_ids()), seconds=0.6)


def found(state: State) -> Proposal:
    proposal = optimise(job_of(state))
    assert proposal is not None
    return proposal


def raised(state: State, proposal: Proposal) -> list[Violation]:
    """What the proposal newly breaks on the rescuing routes, judged as a command is."""
    visits = {one.stop_id: meeting_stop(one) for one in proposal.handovers}
    before, would = {}, {}
    for case in cases_of(state):
        if proposal.orders.get(case.id):
            order = proposal.orders[case.id]
            stops = [visits.get(one) or state.stops[one] for one in order]
            before[case.id] = present(case, TravelTable(case.profile))
            would[case.id] = evaluate(case, stops, TravelTable(case.profile))
    return list(impact(before, would).raised)


def changed_stop(state: State, stop_id: str, **plan: object) -> None:
    known = state.stops[stop_id]
    assert known.plan is not None
    state.stops[stop_id] = replace(known, plan=replace(known.plan, **plan))


@settings(max_examples=6, deadline=None)
@given(seed=st.integers(0, 10**6), has_left=st.booleans())
def test_every_stop_is_taken_over_once_or_left_out_with_a_reason(seed: int, has_left: bool) -> None:
    state = morning(3, 6, seed, has_left=has_left, plan_of=anything)
    proposal = found(state)
    visits = [one.stop_id for one in proposal.handovers]
    assert placed(proposal.orders, visits) == sorted(state.stops)
    assert proposal.orders["R0"] == ()
    assert all(proposal.reasons[stop_id] for stop_id in proposal.left_out)
    assert not [one.words for one in raised(state, proposal) if one.hard]


def test_who_takes_parcels_over_meets_the_vehicle_before_delivering_them() -> None:
    state = morning(3, 8, 1)
    proposal = found(state)
    assert proposal.handovers
    for visit in proposal.handovers:
        [order] = [order for order in proposal.orders.values() if visit.stop_id in order]
        for stop_id in visit.stops:
            assert order.index(visit.stop_id) < order.index(stop_id)
    collected = sorted(stop_id for visit in proposal.handovers for stop_id in visit.stops)
    assert collected == sorted(stop_id for stop_id in state.stops if stop_id.startswith("R0"))
    assert not [one for one in raised(state, proposal) if one.rule is Rule.HANDOVER]


def test_before_the_vehicles_leave_nobody_has_to_meet() -> None:
    state = morning(3, 8, 1, has_left=False)
    proposal = found(state)
    assert proposal.handovers == ()
    assert proposal.left_out == ()


def test_returns_are_taken_over_without_a_meeting() -> None:
    state = morning(2, 4, 2)
    for stop_id in ("R0-0", "R0-1", "R0-2", "R0-3"):
        changed_stop(state, stop_id, kind=StopKind.RETURN)
    proposal = found(state)
    assert proposal.handovers == ()
    assert proposal.left_out == ()


def test_what_no_other_vehicle_can_serve_is_left_out_with_its_reason() -> None:
    state = morning(3, 6, 3)
    changed_stop(state, "R0-2", needs=(Requirement.TAIL_LIFT,))
    proposal = found(state)
    assert proposal.left_out == ("R0-2",)
    assert "needs a tail lift" in proposal.reasons["R0-2"]


def test_no_more_is_taken_over_than_fits_in() -> None:
    state = morning(2, 8, 4)
    changed_stop(state, "R0-0", weight_kg=500.0)
    proposal = found(state)
    assert proposal.left_out == ("R0-0",)
    assert "650 of 160 kg" in proposal.reasons["R0-0"]


def test_a_locked_stop_is_moved_and_the_command_will_ask_for_a_reason() -> None:
    state = morning(2, 6, 5)
    state.stops["R0-3"] = locked(state.stops["R0-3"], "promised by phone")
    proposal = found(state)
    assert proposal.left_out == ()
    assert [one.stop_id for one in raised(state, proposal) if one.hard] == ["R0-3"]


def test_the_stop_the_driver_was_on_the_way_to_is_taken_over_too() -> None:
    state = morning(2, 6, 5)
    state.stops["R0-0"] = progressed(state.stops["R0-0"], StopState.EN_ROUTE)
    proposal = found(state)
    assert proposal.left_out == ()
    assert not [one for one in raised(state, proposal) if one.hard]


def test_what_is_collected_elsewhere_first_is_left_to_people() -> None:
    state = morning(2, 6, 6)
    changed_stop(state, "R0-1", kind=StopKind.PICKUP, collects=("R0-4",), parcels=())
    proposal = found(state)
    assert sorted(proposal.left_out) == ["R0-1", "R0-4"]
    assert "collected at another stop" in proposal.reasons["R0-4"]


def test_parcels_that_are_not_aboard_it_cannot_be_taken_from_it() -> None:
    state = morning(3, 6, 6)
    state.stops["R0-3"] = replace(state.stops["R0-3"], parcels_on="R1")
    proposal = found(state)
    assert proposal.left_out == ("R0-3",)
    assert "aboard another vehicle" in proposal.reasons["R0-3"]


def test_where_it_would_have_charged_nobody_has_to_go() -> None:
    state = morning(2, 6, 6)
    changed_stop(state, "R0-1", kind=StopKind.CHARGE, parcels=(), weight_kg=0.0)
    proposal = found(state)
    assert proposal.left_out == ("R0-1",)
    assert "need not charge" in proposal.reasons["R0-1"]


def test_the_routes_nearest_to_its_stops_come_to_the_rescue() -> None:
    state = morning(MOST_RESCUERS + 6, 3, 7)
    job = job_of(state)
    nearest = {f"R{number}" for number in range(1, MOST_RESCUERS - 2)}
    assert len(job.cases) == MOST_RESCUERS
    assert nearest < {case.id for case in job.cases}


def test_a_finished_route_is_not_asked() -> None:
    state = morning(3, 4, 8)
    state.routes["R1"] = replace(state.routes["R1"], finished_at=NOW - timedelta(minutes=1))
    assert [case.id for case in job_of(state).cases] == ["R2"]


def test_without_a_place_to_meet_nobody_can_help() -> None:
    nowhere = _without_place(cases_of(morning(1, 3))[0])
    with pytest.raises(NoMeetingPlace, match="Nobody knows where the vehicle of Route 0 is"):
        rescue(nowhere, (), new_ids())


def _without_place(case: RouteCase) -> RouteCase:
    return replace(case, fix=None, depot=None, whereabouts=replace(case.whereabouts, origin=None))
