"""Days of different sorts differ as they do outside: in traffic, in rain, with a bridge closed."""

from datetime import datetime, time, timedelta
from pathlib import Path

import msgspec
import numpy as np
import pytest

from tower.demo.closing import QUEUE_M, closed_roads
from tower.demo.happenings import Happenings
from tower.demo.plan import DemoPlan
from tower.demo.provider import Provider
from tower.demo.regimes import SUPPOSED_DATE, Regime
from tower.demo.store import demo_plan, roads_of
from tower.demo.traffic import Traffic, traffic_of
from tower.demo.weather import Shower, showers_of
from tower.domain.geometry import LatLon, distance_m
from tower.domain.words import VehicleKind
from tower.road.pack import RegionPack
from tower.road.roads import Profile
from tower.road.traffic import traffic_factor

HOME, TOWN, FAR = LatLon(47.16, 9.51), LatLon(47.07, 9.50), LatLon(47.25, 9.60)
PLACES = [TOWN, TOWN, TOWN, TOWN, FAR]
SUNDAY = SUPPOSED_DATE + timedelta(days=3)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("days")


@pytest.fixture(scope="module")
def days(pack: RegionPack, folder: Path) -> dict[Regime, DemoPlan]:
    return {regime: demo_plan(pack, 1, folder, regime=regime) for regime in Regime}


def driven_s(plan: DemoPlan) -> float:
    drives = [one for route in plan.routes for one in route.life.drives]
    return sum(drive.times_s[-1] for drive in drives)


def day(regime: Regime = Regime.ORDINARY, weekday: int = 3) -> Traffic:
    return traffic_of(PLACES, HOME, regime, weekday, np.random.default_rng(1))


def test_the_same_seed_sort_and_weekday_give_the_same_plan_and_others_another(
    days: dict[Regime, DemoPlan], pack: RegionPack, folder: Path, tmp_path: Path
) -> None:
    again = demo_plan(pack, 1, tmp_path, regime=Regime.RAIN)
    assert msgspec.msgpack.encode(again) == msgspec.msgpack.encode(days[Regime.RAIN])
    next_week = demo_plan(pack, 1, folder, on=SUPPOSED_DATE + timedelta(days=7))
    assert next_week == days[Regime.ORDINARY]
    sunday = demo_plan(pack, 1, folder, on=SUNDAY)
    assert sunday.weekday == 6
    assert driven_s(sunday) < driven_s(next_week)


def test_promises_do_not_know_what_sort_of_day_it_will_be(days: dict[Regime, DemoPlan]) -> None:
    ordinary = days[Regime.ORDINARY]
    for plan in days.values():
        assert [one.stops for one in plan.routes] == [one.stops for one in ordinary.routes]
        assert [one.driver for one in plan.routes] == [one.driver for one in ordinary.routes]


def test_every_other_sort_of_day_takes_longer_on_the_road(days: dict[Regime, DemoPlan]) -> None:
    usual_s = driven_s(days[Regime.ORDINARY])
    assert 1.02 < driven_s(days[Regime.RUSH]) / usual_s < 1.3
    assert 1.1 < driven_s(days[Regime.RAIN]) / usual_s < 1.3
    assert 1.05 < driven_s(days[Regime.BRIDGE]) / usual_s < 1.6


def test_hours_are_felt_differently_in_different_parts_and_on_different_days() -> None:
    peak_s = 17.0 * 3600.0
    usual = day()
    assert usual.factor(HOME, peak_s) > usual.factor(TOWN, peak_s) > usual.factor(FAR, peak_s)
    assert usual.factor(TOWN, peak_s) > usual.factor(TOWN, 10.0 * 3600.0) + 0.2
    assert day(weekday=6).factor(TOWN, peak_s) < usual.factor(TOWN, peak_s) - 0.1
    assert day(weekday=4).factor(TOWN, 15.0 * 3600.0) > usual.factor(TOWN, 15.0 * 3600.0) + 0.1
    assert day(Regime.RUSH).factor(TOWN, peak_s) > usual.factor(TOWN, peak_s) + 0.15


def test_the_truth_is_not_what_the_roads_suppose(pack: RegionPack) -> None:
    zone, elsewhere = pack.info.zone, LatLon(47.20, 9.55)
    ratios = []
    for hour in range(7, 20):
        departure = datetime.combine(SUPPOSED_DATE, time(hour), zone)
        supposed = traffic_factor(departure, zone, Profile.CAR)
        ratios.append(day().factor(elsewhere, hour * 3600.0) / supposed)
    assert max(ratios) / min(ratios) > 1.1


def test_rain_slows_everybody_and_traffic_only_what_is_in_it() -> None:
    happenings = Happenings((), {}, {}, {}, {}, {}, {}, {}, {})
    wet = happenings._replace(traffic=day(), showers=(Shower(0.0, 86_400.0, 4.0),))
    peak_s = 17.0 * 3600.0
    assert wet.crawl(TOWN, peak_s, in_traffic=False) == pytest.approx(1.2)
    dry = wet._replace(showers=())
    assert dry.crawl(TOWN, peak_s, in_traffic=False) == 1.0
    ratio = wet.crawl(TOWN, peak_s, in_traffic=True) / dry.crawl(TOWN, peak_s, in_traffic=True)
    assert ratio == pytest.approx(1.2)


def test_some_ordinary_days_are_wet_and_a_day_of_rain_always_is() -> None:
    wet = [bool(showers_of(Regime.ORDINARY, np.random.default_rng(n))) for n in range(200)]
    assert 0.2 < np.mean(wet) < 0.4
    for seed in range(5):
        rain = showers_of(Regime.RAIN, np.random.default_rng(seed))
        assert min(shower.mm_h for shower in rain) >= 2.5


def test_once_the_bridge_is_closed_vehicles_go_round_it_or_wait_to_be_let_past(
    days: dict[Regime, DemoPlan], pack: RegionPack
) -> None:
    closure = days[Regime.BRIDGE].happenings.closure
    assert closure is not None
    usual, closed = roads_of(pack), roads_of(pack, closure)
    slower = []
    for route in days[Regime.BRIDGE].routes:
        if route.vehicle.kind is VehicleKind.CARGO_BIKE:
            continue
        ends = [days[Regime.BRIDGE].home, route.stops[-1].place]
        before, after = (roads.legs(ends, Profile.CAR)[0] for roads in (usual, closed))
        assert after.duration_s >= before.duration_s - 1.0
        slower.append(after.duration_s > before.duration_s + 120.0)
    assert any(slower)
    assert not all(slower)
    assert closed_roads(pack.graph(), closure).network.delays.sum() > 0.0


def test_before_the_bridge_is_closed_the_day_is_as_it_would_have_been(
    days: dict[Regime, DemoPlan],
) -> None:
    closure = days[Regime.BRIDGE].happenings.closure
    assert closure is not None
    same = []
    for usual, closed in zip(days[Regime.ORDINARY].routes, days[Regime.BRIDGE].routes, strict=True):
        first = [v for v in usual.life.visits if v.leaves_s < closure.starts_s]
        same.append(list(closed.life.visits[: len(first)]) == first)
    # Where the day's other troubles are staged depends on how the day goes.
    assert sum(same) > 0.9 * len(same)


def test_a_provider_tells_the_rain_each_quarter_and_the_bridge_once_it_is_known(
    days: dict[Regime, DemoPlan],
) -> None:
    closure = days[Regime.BRIDGE].happenings.closure
    assert closure is not None
    provider = Provider(days[Regime.BRIDGE], 0.0)
    before = provider.due(closure.told_s - 1.0)
    assert before is not None
    assert before.disturbances == ()
    assert provider.due(closure.told_s - 1.0) is None
    after = provider.due(closure.told_s + 900.0)
    assert after is not None
    closed, queue = after.disturbances
    assert closed.closed
    assert distance_m(closed.position, closure.place) < 1.0
    assert (queue.radius_m, queue.closed) == (QUEUE_M, False)
    wet = Provider(days[Regime.RAIN], 0.0).due(12 * 3600.0)
    assert wet is not None
    assert wet.weather is not None
    assert wet.weather.rain_mm_h == days[Regime.RAIN].happenings.rain_mm_h(12 * 3600.0)
    assert wet.weather.rain_mm_h >= 2.5
