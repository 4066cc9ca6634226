"""The plan of the demo's day keeps every constraint, and leaves room to break them."""

from datetime import date, datetime
from pathlib import Path

import pytest

from tower.carriers.manifest import manifest_events, read_manifest
from tower.demo.manifest import late_json, manifest_json
from tower.demo.plan import DemoPlan
from tower.demo.store import demo_plan
from tower.domain.fold import fold
from tower.domain.moments import utc
from tower.domain.records import Route
from tower.domain.state import State
from tower.domain.words import Requirement, StopKind, VehicleKind
from tower.road.pack import RegionPack
from tower.road.region_engine import RegionEngine
from tower.road.road_engine import RoadEngine
from tower.road.roads import Profile
from tower.routes.case import route_case
from tower.routes.evaluate import Prospect, evaluate
from tower.routes.fleetbook import fleet_of
from tower.routes.travel import TravelTable

MIDNIGHT = utc(1_772_665_200.0).timestamp()
DAY = date(2026, 3, 5)


class Early:
    """Six in the morning, before anybody leaves."""

    def now(self) -> datetime:
        return utc(MIDNIGHT + 6 * 3600.0)


def planned_state(plan: DemoPlan) -> State:
    manifest = read_manifest(manifest_json(plan, DAY, MIDNIGHT), "demo.json")
    assert manifest.problems == ()
    return fold(manifest_events(manifest, State(), Early()))


def prospect(state: State, route: Route, roads: RegionEngine, plan: DemoPlan) -> Prospect:
    assert route.plan is not None
    kind = state.vehicles[route.plan.vehicle_id].value.kind
    stops = [stop.plan.position for stop in state.stops_of(route) if stop.plan is not None]
    places, profile = [plan.home, *stops, plan.home], Profile.of_vehicle(kind)
    legs = roads.legs(places, profile)
    seconds, metres = [leg.duration_s for leg in legs], [leg.distance_m for leg in legs]
    table = TravelTable(profile)
    table.learn_legs(places, seconds, metres)
    fleet, now = fleet_of(state), Early().now()
    case = route_case(state, route, seconds[:-1], metres[:-1], None, fleet, now)
    return evaluate(case, case.open, table)


@pytest.mark.parametrize("seed", [1, 2])
def test_the_plan_of_the_day_breaks_nothing(pack: RegionPack, seed: int, tmp_path: Path) -> None:
    plan = demo_plan(pack, seed, tmp_path)
    roads = RegionEngine(RoadEngine(pack.graph(), pack.info.zone))
    state = planned_state(plan)
    prospects = [prospect(state, route, roads, plan) for route in state.routes.values()]
    assert [one for each in prospects for one in each.violations] == []
    shares = [one.load_share for one in prospects]
    assert all(0.6 <= share <= 1.0 for share in shares)


def test_every_constraint_is_there_to_be_broken(plan: DemoPlan) -> None:
    state = planned_state(plan)
    plans = [stop.plan for stop in state.stops.values() if stop.plan is not None]
    needs = {need for one in plans for need in one.needs}
    assert needs == {Requirement.AGE_CHECK, Requirement.TAIL_LIFT, Requirement.TWO_PEOPLE}
    assert 20 <= sum(one.window_is_hard for one in plans) <= 200
    assert 10 <= sum(one.low_emission_zone for one in plans) <= 150
    assert sum(one.bikes_only for one in plans) >= 3
    assert sum(one.height_limit_m > 0 for one in plans) >= 3
    assert sum(one.longest_aboard_s > 0 for one in plans) >= 20
    vehicles = [entry.value for entry in state.vehicles.values()]
    assert {one.low_emission for one in vehicles if one.kind is VehicleKind.VAN} == {True, False}
    routes = [route.plan for route in state.routes.values() if route.plan is not None]
    assert all(
        one.duty_ends_at and one.ends_at and one.duty_ends_at > one.ends_at for one in routes
    )
    assert sum(len(one.breaks) == 1 for one in routes) > 30


def test_one_e_van_has_to_charge_on_the_way(plan: DemoPlan) -> None:
    state = planned_state(plan)
    [charging] = [
        stop
        for stop in state.stops.values()
        if stop.plan is not None and stop.plan.kind is StopKind.CHARGE
    ]
    route = state.routes[charging.route_id]
    assert route.plan is not None
    vehicle = state.vehicles[route.plan.vehicle_id].value
    driven = next(one for one in plan.routes if one.id == route.id)
    assert (vehicle.kind, vehicle.range_m > 0) == (VehicleKind.E_VAN, True)
    assert charging.id in {stop.id for stop in driven.stops[5:-5]}


def test_late_orders_are_understood_by_everybody(plan: DemoPlan) -> None:
    late = read_manifest(late_json(plan.late, MIDNIGHT), "order.json")
    assert late.problems == ()
    assert late.sequences == {}
    kinds = {stop.kind for stop in late.stops}
    assert kinds == {StopKind.DELIVERY, StopKind.RETURN}
