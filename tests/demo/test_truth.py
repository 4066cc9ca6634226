"""What the simulator says it did wrong is what its reports, tracks and proofs show."""

from collections import defaultdict

import numpy as np
import pytest

from tower.carriers.fleet import vehicle_id_of
from tower.demo.carriers import carrier_of
from tower.demo.happenings import Mishap
from tower.demo.plan import DemoPlan, DemoRoute, DemoStop, Recording, Report, Say
from tower.demo.promise import OPENING_S
from tower.demo.straying import OFF_LINE_M
from tower.demo.track import Track
from tower.demo.truth import Trouble, troubles
from tower.domain.geometry import LatLon, distance_m
from tower.domain.words import ExceptionKind, StopKind
from tower.road.engine import RoutingEngine
from tower.road.roads import Profile
from tower.road.ruler import Ruler

FOUND_BY_PEOPLE_OR_RULES = set(ExceptionKind)


@pytest.fixture(scope="module")
def true(plan: DemoPlan) -> dict[ExceptionKind, list[Trouble]]:
    found = defaultdict(list)
    for one in troubles(plan):
        found[one.kind].append(one)
    return found


def stops_of(plan: DemoPlan) -> dict[str, tuple[DemoRoute, DemoStop]]:
    return {stop.id: (route, stop) for route in plan.routes for stop in route.stops}


def reports_of(plan: DemoPlan, say: Say) -> dict[str, Report]:
    found: dict[str, Report] = {}
    for report in plan.reports:
        if report.say is say:
            found.setdefault(report.stop_id, report)
    return found


def route_of_vehicle(plan: DemoPlan, vehicle_id: str) -> DemoRoute:
    return next(
        route
        for route in plan.routes
        if vehicle_id_of(route.carrier_id, route.vehicle.reference) == vehicle_id
    )


def test_every_kind_of_exception_happens(true: dict[ExceptionKind, list[Trouble]]) -> None:
    plainly = {kind for kind, found in true.items() if any(one.plain for one in found)}
    assert plainly == FOUND_BY_PEOPLE_OR_RULES


def test_many_kinds_go_on_when_the_demo_opens(true: dict[ExceptionKind, list[Trouble]]) -> None:
    def is_open(one: Trouble) -> bool:
        return OPENING_S - 2700.0 < one.begins_s <= OPENING_S <= one.ends_s

    kinds = {
        kind for kind, found in true.items() if any(one.plain and is_open(one) for one in found)
    }
    assert kinds >= {
        ExceptionKind.NO_ACCESS,
        ExceptionKind.NO_SIGNAL,
        ExceptionKind.ADDRESS,
        ExceptionKind.LONG_DWELL,
        ExceptionKind.TEMPERATURE,
        ExceptionKind.POD_MISMATCH,
        ExceptionKind.FAILED_ATTEMPT,
        ExceptionKind.RETURN_MISSED,
        ExceptionKind.WISMO,
    }


def test_windows_are_missed_where_the_arrival_was_reported_after_them_or_never(
    plan: DemoPlan, true: dict[ExceptionKind, list[Trouble]]
) -> None:
    arrived = reports_of(plan, Say.ARRIVED)
    missed = {one.about[0] for one in true[ExceptionKind.LATE_RISK] if one.plain}
    late = {
        stop_id
        for stop_id, (_, stop) in stops_of(plan).items()
        if stop.kind.is_customer
        and stop.window_end_s is not None
        and (stop_id not in arrived or arrived[stop_id].at_s > stop.window_end_s + 120.0)
    }
    assert missed == late
    assert 20 < len(late) < 150


def test_a_wrong_proof_is_far_from_the_door_or_lacks_a_parcel(
    plan: DemoPlan, true: dict[ExceptionKind, list[Trouble]]
) -> None:
    known = stops_of(plan)
    handed = reports_of(plan, Say.DELIVERED) | reports_of(plan, Say.COLLECTED)
    wrong = {one.about[0] for one in true[ExceptionKind.POD_MISMATCH] if one.plain}
    sound = []
    for stop_id, report in handed.items():
        route, stop = known[stop_id]
        proof = report.proof
        assert (proof is None) == (
            carrier_of(route.carrier_id).records is Recording.NOTHING or not stop.kind.is_customer
        )
        if proof is None:
            assert stop_id not in wrong
            continue
        away = distance_m(LatLon(proof.lat, proof.lon), stop.place)
        lacking = proof.scanned is not None and set(proof.scanned) != set(stop.parcels)
        if stop_id in wrong:
            assert away > 100.0 or lacking
        elif plan.happenings.mishaps.get(stop_id) is not Mishap.WRONG_PIN:
            assert not lacking
            sound.append(away)
    assert np.quantile(sound, 0.99) < 100.0
    assert len(wrong) >= 5


def test_a_vehicle_that_strays_is_off_the_whole_line_of_its_route(
    plan: DemoPlan, roads: RoutingEngine, true: dict[ExceptionKind, list[Trouble]]
) -> None:
    strays = [one for one in true[ExceptionKind.OFF_ROUTE] if one.plain]
    assert len(strays) >= 2
    for one in strays:
        route = route_of_vehicle(plan, one.about[0])
        places = [plan.home, *(stop.place for stop in route.stops), plan.home]
        legs = roads.legs(places, Profile.of_vehicle(route.vehicle.kind))
        line = [Ruler(leg.shape, leg.shape_times_s) for leg in legs]
        moments = np.arange(one.begins_s, one.ends_s, 60.0)[1:-1]
        place = Track(route).at(moments)
        for lat, lon in zip(place.lat.tolist(), place.lon.tolist(), strict=True):
            away = min(leg.locate(LatLon(lat, lon)).offset_m for leg in line)
            assert away > 0.8 * OFF_LINE_M


def test_a_vehicle_stands_still_where_it_is_said_to(
    plan: DemoPlan, true: dict[ExceptionKind, list[Trouble]]
) -> None:
    standing = [
        one
        for one in true[ExceptionKind.LONG_DWELL]
        if one.plain and one.about[0] not in stops_of(plan)
    ]
    assert standing
    for one in standing:
        place = Track(route_of_vehicle(plan, one.about[0])).at(
            np.arange(one.begins_s + 5.0, one.ends_s - 5.0, 30.0)
        )
        assert place.speed_mps.max() == 0.0
        assert np.ptp(place.lat) < 1e-6


def test_a_box_is_warm_in_its_trouble_and_cool_otherwise(
    plan: DemoPlan, true: dict[ExceptionKind, list[Trouble]]
) -> None:
    warm = [one for one in true[ExceptionKind.TEMPERATURE] if one.plain]
    assert len(warm) >= 2
    for route in plan.routes:
        limit_c = route.vehicle.temperature_limit_c
        if limit_c is None:
            continue
        track = Track(route)
        vehicle_id = vehicle_id_of(route.carrier_id, route.vehicle.reference)
        own = [one for one in true[ExceptionKind.TEMPERATURE] if one.about[0] == vehicle_id]
        for at_s in np.arange(route.life.starts_s, route.life.ends_s, 300.0).tolist():
            reading = track.temperature_c(at_s)
            assert reading is not None
            inside = any(one.begins_s <= at_s <= one.ends_s for one in own)
            if not inside:
                assert reading <= limit_c + 0.3


def test_a_weak_battery_does_not_bring_its_vehicle_home(
    plan: DemoPlan, true: dict[ExceptionKind, list[Trouble]]
) -> None:
    [weak] = [route for route in plan.routes if route.drain > 1.0]
    vehicle_id = vehicle_id_of(weak.carrier_id, weak.vehicle.reference)
    [trouble] = [
        one for one in true[ExceptionKind.VEHICLE] if one.plain and one.about[0] == vehicle_id
    ]
    assert trouble.ends_s > OPENING_S
    track = Track(weak)
    begun, half = track.battery_pct(weak.life.starts_s), track.battery_pct(trouble.begins_s)
    assert begun is not None
    assert half is not None
    assert begun > 95.0 > half
    assert track.battery_pct(weak.life.ends_s) == 2.0
    others = [route for route in plan.routes if route.vehicle.range_m and route.drain == 1.0]
    assert min(Track(one).battery_pct(one.life.ends_s) or 0.0 for one in others) > 5.0


def test_a_forgotten_return_is_passed_by_without_a_word(
    plan: DemoPlan, true: dict[ExceptionKind, list[Trouble]]
) -> None:
    forgotten = {
        stop_id for stop_id, mishap in plan.happenings.mishaps.items() if mishap is Mishap.FORGOTTEN
    }
    assert forgotten
    assert forgotten <= {one.about[0] for one in true[ExceptionKind.RETURN_MISSED] if one.plain}
    assert not forgotten & {report.stop_id for report in plan.reports}
    assert all(stops_of(plan)[one][1].kind is StopKind.RETURN for one in forgotten)


def test_a_carrier_in_an_outage_says_nothing_and_everything_afterwards(
    plan: DemoPlan, true: dict[ExceptionKind, list[Trouble]]
) -> None:
    [outage] = true[ExceptionKind.CARRIER_SILENT]
    own = [one for one in plan.reports if one.carrier_id == outage.about[0]]
    during = [one for one in own if outage.begins_s < one.at_s < outage.ends_s - 10.0]
    assert during
    assert not [one for one in own if outage.begins_s <= one.sent_s < outage.ends_s]
    assert all(one.sent_s >= outage.ends_s for one in during)


def test_only_carriers_with_a_system_of_their_own_raise_alarms(plan: DemoPlan) -> None:
    raised = defaultdict(set)
    for report in plan.reports:
        if report.alarm is not None:
            raised[report.carrier_id].add(report.alarm.kind)
    assert raised.pop("own", set()) | raised.pop("electric", set()) <= {ExceptionKind.VEHICLE}
    assert all(carrier_of(carrier_id).raises_alarms for carrier_id in raised)
