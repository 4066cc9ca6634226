"""The demo shift is a believable day, and the same one for the same seed."""

from collections import Counter
from pathlib import Path

import msgspec
import numpy as np
import pytest

from tower.demo.happenings import Mishap
from tower.demo.plan import DemoPlan, Say
from tower.demo.postcodes import postcode_of
from tower.demo.promise import OPENING_S
from tower.demo.store import demo_plan
from tower.demo.track import Track
from tower.domain.geometry import LatLon
from tower.domain.words import VehicleKind
from tower.road.pack import RegionPack
from tower.road.road_engine import RoadEngine
from tower.road.roads import Profile

OUTCOMES = {Say.DELIVERED, Say.COLLECTED, Say.ATTEMPTED}


def test_the_fleet_is_five_carriers_and_about_1500_stops(plan: DemoPlan) -> None:
    assert len(plan.carriers) == 5
    assert len(plan.routes) == 60
    assert sum(len(route.stops) for route in plan.routes) == 1497
    assert len({stop.id for route in plan.routes for stop in route.stops}) == 1497


def test_the_same_seed_gives_the_same_plan(
    plan: DemoPlan, pack: RegionPack, tmp_path: Path
) -> None:
    again = demo_plan(pack, 1, tmp_path)
    assert msgspec.msgpack.encode(again) == msgspec.msgpack.encode(plan)


def test_another_seed_gives_another_day(plan: DemoPlan, pack: RegionPack, tmp_path: Path) -> None:
    other = demo_plan(pack, 2, tmp_path)
    assert other.reports != plan.reports


def test_a_kept_plan_is_read_back_whole_and_a_damaged_one_is_made_again(
    plan: DemoPlan, pack: RegionPack, tmp_path: Path
) -> None:
    demo_plan(pack, 1, tmp_path)
    [kept] = tmp_path.iterdir()
    assert demo_plan(pack, 1, tmp_path) == plan
    kept.write_bytes(kept.read_bytes()[:1000])
    assert demo_plan(pack, 1, tmp_path) == plan


def test_stops_stand_at_buildings_of_the_region(plan: DemoPlan, pack: RegionPack) -> None:
    buildings = {(round(b.location.lat, 7), round(b.location.lon, 7)) for b in pack.buildings}
    for route in plan.routes:
        for stop in route.stops:
            assert (round(stop.lat, 7), round(stop.lon, 7)) in buildings


def test_vehicles_keep_to_the_roads(plan: DemoPlan, pack: RegionPack) -> None:
    roads = RoadEngine(pack.graph(), pack.info.zone)
    moments = np.arange(OPENING_S, OPENING_S + 600.0, 30.0)
    offsets = []
    for route in plan.routes[::6]:
        place = Track(route).at(moments)
        points = [LatLon(float(a), float(b)) for a, b in zip(place.lat, place.lon, strict=True)]
        is_bike = route.carrier_id == "bikes"
        snapped = roads.snap(points, Profile.BICYCLE if is_bike else Profile.CAR)
        offsets += [np.inf if snap is None else snap.offset_m for snap in snapped]
    # Motorways and tunnels are driven on, but nothing is looked for there.
    assert np.quantile(offsets, 0.95) < 15.0


@pytest.mark.parametrize(
    ("kind", "fastest_kmh"), [(VehicleKind.CARGO_BIKE, 35.0), (VehicleKind.VAN, 130.0)]
)
def test_speeds_are_believable(plan: DemoPlan, kind: VehicleKind, fastest_kmh: float) -> None:
    kinds = {carrier.id: carrier.vehicle_kind for carrier in plan.carriers}
    moments = np.arange(OPENING_S - 1800.0, OPENING_S + 1800.0)
    speeds = [
        Track(route).at(moments).speed_mps.max()
        for route in plan.routes
        if kinds[route.carrier_id] is kind
    ]
    assert 8.0 < max(speeds) * 3.6 < fastest_kmh


def test_every_stop_ends_once_and_in_order(plan: DemoPlan) -> None:
    ended = Counter(
        report.stop_id for report in set(map(_without_sending, plan.reports)) if report.ended
    )
    assert set(ended.values()) == {1}
    [broken] = [route for route in plan.routes if route.life.stands_s is not None]
    not_reached = {stop.id for stop in broken.stops} - set(ended)
    assert len(not_reached) >= 9
    mishaps = plan.happenings.mishaps.items()
    passed_by = {stop_id for stop_id, mishap in mishaps if mishap is Mishap.FORGOTTEN}
    everything = {stop.id for route in plan.routes for stop in route.stops}
    assert set(ended) == everything - not_reached - passed_by


class _Fact(msgspec.Struct, frozen=True):
    stop_id: str
    ended: bool
    at_s: float


def _without_sending(report: object) -> _Fact:
    said = msgspec.structs.asdict(report)  # type: ignore[arg-type]
    return _Fact(said["stop_id"], said["say"] in OUTCOMES, said["at_s"])


def test_the_day_at_its_opening_is_alive(plan: DemoPlan) -> None:
    """Most routes are underway, something is open, and most promises were kept."""
    underway = [r for r in plan.routes if r.starts_s < OPENING_S < r.life.ends_s]
    assert len(underway) > 40
    stops = {stop.id: stop for route in plan.routes for stop in route.stops}
    reports = plan.reports
    kept = [
        report.at_s <= (stops[report.stop_id].window_end_s or np.inf)
        for report in reports
        if report.sent_s < OPENING_S and report.say in OUTCOMES
    ]
    assert 500 < len(kept) < 1200
    assert 0.85 < np.mean(kept) < 0.98
    alarms: dict[tuple[str, str], bool] = {}
    for report in reports:
        if report.alarm and report.sent_s < OPENING_S:
            alarms[report.alarm.kind, report.stop_id or report.route_id] = report.alarm.cleared
    assert 1 <= sum(not cleared for cleared in alarms.values()) <= 25


def test_a_van_breaks_down_minutes_after_the_opening_and_says_so_once(plan: DemoPlan) -> None:
    [broken] = [route for route in plan.routes if route.life.stands_s is not None]
    stands_s = broken.life.stands_s or 0.0
    assert 180.0 < stands_s - OPENING_S < 600.0
    later = [report for report in broken.life.reports if report.at_s > stands_s]
    assert {report.say for report in later} == {Say.ALARM}
    assert {report.alarm.cleared for report in later if report.alarm} == {False}
    place = Track(broken).at(np.array([stands_s + 60.0, stands_s + 3600.0]))
    assert place.lat[0] == place.lat[1]
    assert place.speed_mps[1] == 0.0


def test_reports_are_in_the_order_they_are_sent_and_some_come_late_or_twice(
    plan: DemoPlan,
) -> None:
    reports = plan.reports
    sent = [report.sent_s for report in reports]
    assert sent == sorted(sent)
    lags = np.array([report.sent_s - report.at_s for report in reports])
    assert np.median(lags) < 3.0
    assert (lags > 60.0).sum() > 20


def test_plans_an_earlier_version_made_are_cleared_away_and_others_stay(
    pack: RegionPack, tmp_path: Path
) -> None:
    older = tmp_path / f"demo-{pack.info.id}-1-1-0123456789abcdef.plan"
    other_seed = tmp_path / f"demo-{pack.info.id}-11-1-0123456789abcdef.plan"
    for path in (older, other_seed):
        path.write_bytes(b"")
    demo_plan(pack, 1, tmp_path)
    assert not older.exists()
    assert other_seed.exists()
    assert len(list(tmp_path.iterdir())) == 2


def test_nearly_every_stop_has_the_postcode_of_its_village(plan: DemoPlan) -> None:
    told = [postcode_of(stop) for route in plan.routes for stop in route.stops]
    assert sum(len(code) == 4 and code.startswith("94") for code in told) >= 0.97 * len(told)
    assert len(set(told)) >= 8
