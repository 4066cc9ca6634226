"""A vehicle follows a changed sequence from where it is, along the roads."""

import random
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tower.demo.following import cut, follow, upcoming, visited
from tower.demo.plan import DemoPlan, DemoRoute, DemoStop, Report, Say
from tower.demo.promise import OPENING_S
from tower.demo.track import Track
from tower.domain.geometry import LatLon, distance_m
from tower.domain.words import StopKind
from tower.road.engine import RoutingEngine
from tower.road.pack import RegionPack
from tower.road.road_engine import RoadEngine
from tower.road.roads import Profile

OUTCOMES = {Say.DELIVERED, Say.COLLECTED, Say.ATTEMPTED}


def busy(plan: DemoPlan, at_s: float, least: int = 8) -> DemoRoute:
    """A route with many stops left."""
    return next(r for r in plan.routes if len(upcoming(r.life, at_s)) >= least)


def left(route: DemoRoute, at_s: float) -> list[DemoStop]:
    known = {stop.id: stop for stop in route.stops}
    return [known[stop_id] for stop_id in upcoming(route.life, at_s)]


def turned(
    plan: DemoPlan, roads: RoutingEngine, route: DemoRoute, stops: list[DemoStop], at_s: float
) -> DemoRoute:
    rng = np.random.default_rng(7)
    return follow(route, stops, at_s, plan.home, roads, plan.happenings, rng)


def ended(route: DemoRoute) -> list[str]:
    """Stops in the order their outcomes were reported."""
    said = sorted(route.life.reports, key=lambda one: one.at_s)
    return list(dict.fromkeys(one.stop_id for one in said if one.say in OUTCOMES))


def known_by(reports: tuple[Report, ...], at_s: float) -> list[Report]:
    return sorted((r for r in reports if r.at_s < at_s), key=lambda r: (r.at_s, r.sent_s, r.say))


@settings(max_examples=25, deadline=None)
@given(
    later_s=st.integers(0, 3600),
    number=st.integers(0, 59),
    share=st.floats(0.0, 1.0),
    shuffle=st.randoms(use_true_random=False),
)
def test_whatever_the_order_and_the_moment_each_stop_is_visited_once_in_it(
    plan: DemoPlan,
    roads: RoutingEngine,
    later_s: int,
    number: int,
    share: float,
    shuffle: random.Random,
) -> None:
    at_s, route = OPENING_S + later_s, plan.routes[number]
    if at_s >= route.life.ends_s or route.life.stands_s is not None:
        return
    stops = left(route, at_s)
    shuffle.shuffle(stops)
    wanted = stops[: round(share * len(stops))]
    after = turned(plan, roads, route, wanted, at_s)
    assert upcoming(after.life, at_s) == [stop.id for stop in wanted]
    assert visited(after.life, at_s) == visited(route.life, at_s)
    assert known_by(after.life.reports, at_s) == known_by(route.life.reports, at_s)
    times = [drive.starts_s for drive in after.life.drives]
    assert times == sorted(times)
    assert ended(after)[-len(wanted) :] == [stop.id for stop in wanted] or not wanted


def test_the_vehicle_turns_where_it_is_and_keeps_to_the_roads(
    plan: DemoPlan, roads: RoutingEngine, pack: RegionPack
) -> None:
    driving = [
        (route, drive)
        for route in plan.routes
        for drive in route.life.drives
        if route.carrier_id == "own" and 120.0 < drive.ends_s - drive.starts_s < 900.0
    ]
    route, drive = next((r, d) for r, d in driving if OPENING_S < d.starts_s < r.life.ends_s - 3600)
    at_s = (drive.starts_s + drive.ends_s) / 2
    after = turned(plan, roads, route, left(route, at_s)[::-1], at_s)
    moments = np.arange(at_s - 60.0, at_s + 600.0, 5.0)
    before_it, since = Track(route).at(moments), Track(after).at(moments)
    lived = moments <= at_s
    assert np.allclose(since.lat[lived], before_it.lat[lived], atol=2e-6, rtol=0.0)
    points = [LatLon(float(a), float(b)) for a, b in zip(since.lat, since.lon, strict=True)]
    hops = [distance_m(a, b) for a, b in pairwise(points)]
    assert max(hops) < 5.0 * 36.0
    snaps = RoadEngine(pack.graph(), pack.info.zone).snap(points, Profile.CAR)
    offsets = [np.inf if snap is None else snap.offset_m for snap in snaps]
    assert np.quantile(offsets, 0.95) < 20.0


def test_stops_that_stay_in_order_are_visited_as_before(
    plan: DemoPlan, roads: RoutingEngine
) -> None:
    at_s = OPENING_S + 60.0
    route = busy(plan, at_s)
    stops = left(route, at_s)
    after = turned(plan, roads, route, [*stops[:3], *stops[3:][::-1]], at_s)
    same = len(visited(route.life, at_s)) + 3
    assert after.life.visits[:same] == route.life.visits[:same]
    assert after.life.visits[same:] != route.life.visits[same:]


def test_the_same_change_is_lived_the_same_way_again(plan: DemoPlan, roads: RoutingEngine) -> None:
    at_s = OPENING_S + 500.0
    route = busy(plan, at_s)
    stops = left(route, at_s)[::-1]
    assert turned(plan, roads, route, stops, at_s) == turned(plan, roads, route, stops, at_s)


def test_stops_of_others_pickups_and_charging_are_visited_and_moved_ones_are_not(
    plan: DemoPlan, roads: RoutingEngine
) -> None:
    at_s = OPENING_S + 60.0
    route = next(r for r in plan.routes if r.carrier_id == "own" and len(left(r, at_s)) > 8)
    other = next(
        r
        for r in plan.routes
        if r.carrier_id == "own" and r is not route and len(left(r, at_s)) > 8
    )
    own, foreign = left(route, at_s), left(other, at_s)[-1]
    meeting = DemoStop(
        id="H1",
        kind=StopKind.PICKUP,
        customer="",
        address="Meeting point",
        lat=foreign.lat,
        lon=foreign.lon,
        service_s=120.0,
    )
    charge = DemoStop(
        id="C1",
        kind=StopKind.CHARGE,
        customer="",
        address="Charging point",
        lat=own[3].lat,
        lon=own[3].lon,
        service_s=1500.0,
    )
    after = turned(plan, roads, route, [own[0], meeting, foreign, charge, *own[4:]], at_s)
    assert ended(after)[len(visited(route.life, at_s)) :][:4] == [own[0].id, "H1", foreign.id, "C1"]
    assert not {stop.id for stop in own[1:4]} & visited(after.life, after.life.ends_s)
    says = {(r.stop_id, r.say) for r in after.life.reports if r.stop_id in ("H1", "C1")}
    assert {("H1", Say.ARRIVED), ("H1", Say.COLLECTED), ("C1", Say.COLLECTED)} <= says
    stays = {visit.stop_id: visit.leaves_s - visit.arrives_s for visit in after.life.visits}
    assert stays["H1"] == pytest.approx(120.0, abs=0.2)
    assert stays["C1"] == pytest.approx(1500.0, abs=0.2)


def test_a_customer_who_has_called_already_does_not_call_again(
    plan: DemoPlan, roads: RoutingEngine
) -> None:
    called = [
        (route, report)
        for route in plan.routes
        for report in route.life.reports
        if report.say is Say.CONTACT and OPENING_S < report.at_s < route.life.ends_s
    ]
    route, call = called[0]
    at_s = call.at_s + 1.0
    stops = left(route, at_s)
    assert call.stop_id in {stop.id for stop in stops}
    after = turned(plan, roads, route, stops[::-1], at_s)
    calls = {
        report.at_s
        for report in after.life.reports
        if report.say is Say.CONTACT and report.stop_id == call.stop_id
    }
    assert calls == {call.at_s}


def test_breaks_are_taken_once_whatever_the_order(plan: DemoPlan, roads: RoutingEngine) -> None:
    taken = []
    for at_s in (OPENING_S, OPENING_S + 1500.0):
        for route in plan.routes:
            if at_s < route.life.ends_s and route.life.stands_s is None and route.driver.breaks:
                after = turned(plan, roads, route, left(route, at_s)[::-1], float(at_s))
                assert len(after.life.rests_s) <= len(route.driver.breaks)
                taken.append(len(after.life.rests_s))
    assert np.mean(taken) > 0.9


def test_a_drive_is_cut_where_the_vehicle_is_at_that_second(plan: DemoPlan) -> None:
    drive = max(
        (drive for route in plan.routes for drive in route.life.drives),
        key=lambda one: one.ends_s - one.starts_s,
    )
    whole = cut(drive, drive.ends_s + 5.0)
    assert whole.ends_s == pytest.approx(drive.ends_s)
    assert whole.shape[-2:] == drive.shape[-2:]
    half = cut(drive, (drive.starts_s + drive.ends_s) / 2)
    assert half.ends_s == pytest.approx((drive.starts_s + drive.ends_s) / 2, abs=0.01)
    assert half.shape[:2] == drive.shape[:2]
    nothing = cut(drive, drive.starts_s - 10.0)
    assert (nothing.times_s, nothing.shape) == ((0.0,), drive.shape[:2])
