"""Large jobs in parts: everything is in one of them, and the roads they want are named."""

import numpy as np
import pytest
from msgspec.structs import replace

from tests.routes.cases import HUB, locked, vehicle
from tests.routes.mornings import cases_of, morning, placed
from tower.domain.records import Stop, StopPlan
from tower.domain.state import State, VehicleEntry
from tower.domain.words import StopKind, VehicleKind
from tower.road.roads import Profile
from tower.routes.evaluate import place_of
from tower.routes.legs import Legs
from tower.routes.optimiser.job import Job, Progress, Roads
from tower.routes.optimiser.judge import Judge
from tower.routes.optimiser.optimise import optimise
from tower.routes.optimiser.parts import (
    CUTS,
    MOST_STOPS,
    Block,
    blocks_wanted,
    cut,
    may_change_routes,
)
from tower.routes.optimiser.rounds import rounds
from tower.routes.optimiser.travel import Knowledge, nothing_more
from tower.routes.travel import TravelTable
from tower.routes.weights import Objective, Weights

ROUTES, STOPS = 24, 14


def roads_of(block: Block) -> Roads:
    """Straight roads, twice as fast as estimates are."""
    table = TravelTable(block.profile)
    legs = [[table.leg(a, b) for b in block.places] for a in block.places]
    half_s = np.array([[leg.seconds / 2 for leg in row] for row in legs], dtype=np.float32)
    metres = np.array([[leg.metres for leg in row] for row in legs], dtype=np.float32)
    return Roads(
        profile=block.profile,
        places=block.places,
        durations_s=half_s,
        distances_m=metres,
        estimated=np.zeros(half_s.shape, dtype=bool),
    )


def large(*, has_left: bool = False) -> State:
    return morning(ROUTES, STOPS, 1, has_left=has_left)


def test_every_route_is_in_one_part_and_no_part_is_too_large() -> None:
    cases = cases_of(large())
    for how in CUTS:
        parts = cut(cases, how)
        assert len(parts) > 1
        assert sorted(case.id for part in parts for case in part) == sorted(c.id for c in cases)
        assert all(sum(len(case.open) for case in part) <= MOST_STOPS for part in parts)


def test_the_second_cut_keeps_other_company() -> None:
    first, second = (
        {frozenset(case.id for case in part) for part in cut(cases_of(large()), how)}
        for how in CUTS
    )
    assert first != second


def test_a_small_job_wants_all_its_roads_at_once() -> None:
    cases = cases_of(morning(2, 5))
    loose = Stop(id="new", plan=StopPlan(id="new", lat=47.1, lon=9.6))
    blocks = blocks_wanted(Job(cases=cases, loose=(loose,)))
    [block] = blocks.first
    wanted = {place_of(stop) for case in cases for stop in case.open}
    assert wanted | {HUB, place_of(loose)} <= set(block.places)
    assert blocks.later == ()


def test_a_large_job_waits_for_nothing_and_wants_each_route_before_the_parts() -> None:
    job = Job(cases=cases_of(large()))
    blocks = blocks_wanted(job)
    assert blocks.first == ()
    alone, together = blocks.later[:ROUTES], blocks.later[ROUTES:]
    for case, block in zip(job.cases, alone, strict=True):
        assert {place_of(stop) for stop in case.open} <= set(block.places)
    places = {place for block in together for place in block.places}
    assert {place_of(stop) for case in job.cases for stop in case.open} <= places


def test_where_no_stop_may_change_routes_nothing_is_wanted_between_them() -> None:
    state = large(has_left=True)
    job = Job(cases=cases_of(state))
    assert not may_change_routes(job)
    assert len(blocks_wanted(job).later) == ROUTES
    state.stops["R3-3"] = _as_return(state.stops["R3-3"])
    assert may_change_routes(Job(cases=cases_of(state)))
    state.stops["R3-3"] = locked(state.stops["R3-3"])
    assert not may_change_routes(Job(cases=cases_of(state)))


def _as_return(stop: Stop) -> Stop:
    assert stop.plan is not None
    return replace(stop, plan=replace(stop.plan, kind=StopKind.RETURN))


def test_vehicles_that_travel_in_other_ways_want_other_roads() -> None:
    state = morning(2, 5)
    bike = vehicle(id="R1", kind=VehicleKind.CARGO_BIKE)
    state.vehicles["R1"] = VehicleEntry(value=bike)
    blocks = blocks_wanted(Job(cases=cases_of(state)))
    assert {block.profile for block in blocks.first} == {Profile.CAR, Profile.BICYCLE}


def test_each_round_searches_every_route() -> None:
    for state in (large(), large(has_left=True), morning(2, 5)):
        job = Job(cases=cases_of(state))
        for one in rounds(job):
            searched = {case.id for task in one.tasks((), {}) for case in task.cases}
            assert searched == {case.id for case in job.cases}


def test_a_loose_stop_is_searched_where_it_is_by_now_else_nearby() -> None:
    job = Job(cases=cases_of(large()))
    loose = Stop(id="new", plan=replace(job.cases[0].open[0].plan, id="new"))  # type: ignore[type-var]
    *_, last = rounds(job)
    for route_of, wanted in (({}, "R0"), ({"new": "R20"}, "R20")):
        [task] = [task for task in last.tasks((loose,), route_of) if task.loose]
        assert wanted in {case.id for case in task.cases}


def test_the_search_goes_on_while_roads_come() -> None:
    state = large()
    job = Job(cases=cases_of(state), weights=Weights(change=0.0), seconds=4.0)
    later = blocks_wanted(job).later
    waits: list[list[Roads] | None] = [[], [], *([roads_of(block)] for block in later)]
    told: list[Progress] = []

    def more() -> list[Roads] | None:
        return waits.pop(0) if waits else None

    proposal = optimise(job, told.append, more=more)
    assert waits == []
    assert proposal is not None
    assert not proposal.estimated
    assert placed(proposal.orders) == sorted(state.stops)
    mixed = [stop_id for one, order in proposal.orders.items() for stop_id in order
             if not stop_id.startswith(f"{one}-")]  # fmt: skip
    assert mixed, "no stop changed its route although the roads between them came"
    known = replace(job, roads=tuple(map(roads_of, later)))
    assert proposal.before.distance_m == pytest.approx(before_of(known).distance_m)


def before_of(job: Job) -> Objective:
    """What the present orders of a job come to."""
    return Judge(job, Knowledge(job, nothing_more).of).before


def test_the_legs_of_the_present_orders_may_be_known_without_the_roads() -> None:
    [case] = cases_of(morning(1, 3))
    legs = Legs(version=1, durations_s=[100.0] * 3, distances_m=[1000.0] * 3, home_m=500.0)
    job = Job(cases=(replace(case, fix=None),), legs={"R0": legs})
    assert before_of(job).distance_m == pytest.approx(3500.0)
    outdated = replace(job, legs={"R0": replace(legs, version=0)})
    assert before_of(outdated).distance_m != pytest.approx(3500.0)
