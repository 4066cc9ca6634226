"""How long doors take in the demo has the structure real doors have."""

from collections import defaultdict

import numpy as np
import pytest
from msgspec.structs import replace

from tower.demo.carriers import FLEET, carrier_of, roster
from tower.demo.doors import DRIVER_MOST, Hands, door_s, driver_pace, usual_s
from tower.demo.houses import door_facts, house_at
from tower.demo.plan import DemoPlan, DemoStop
from tower.demo.store import demo_plan
from tower.domain.words import Building, CarrierKind, Requirement, StopKind, VehicleKind
from tower.road.pack import RegionPack

PLAIN = DemoStop(
    id="S1",
    kind=StopKind.DELIVERY,
    customer="Customer 1",
    address="A street",
    lat=47.1,
    lon=9.5,
    service_s=300.0,
    parcels=("P1",),
    building=Building.FLATS,
    floor=0,
    has_lift=False,
)
VAN = VehicleKind.VAN


def mean_s(stop: DemoStop, hands: Hands, rain_mm_h: float = 0.0) -> float:
    """The mean of many visits."""
    rng = np.random.default_rng(5)
    return float(np.mean([door_s(stop, hands, rain_mm_h, rng) for _ in range(4_000)]))


@pytest.mark.parametrize(
    ("slower", "faster"),
    [
        (replace(PLAIN, floor=4), PLAIN),
        (replace(PLAIN, floor=4), replace(PLAIN, floor=4, has_lift=True)),
        (replace(PLAIN, floor=4, weight_kg=20.0), replace(PLAIN, floor=4, weight_kg=2.0)),
        (replace(PLAIN, parcels=("P1", "P2", "P3")), PLAIN),
        (replace(PLAIN, access_code="12#"), PLAIN),
        (replace(PLAIN, needs=(Requirement.TAIL_LIFT,)), PLAIN),
        (replace(PLAIN, kind=StopKind.RETURN), PLAIN),
        (replace(PLAIN, building=Building.INDUSTRIAL), replace(PLAIN, building=Building.SHOP)),
    ],
)
def test_what_makes_a_door_slow_costs_at_least_a_quarter_of_a_minute(
    slower: DemoStop, faster: DemoStop
) -> None:
    assert usual_s(slower, VAN) > usual_s(faster, VAN) + 15.0


def test_a_door_takes_on_average_what_the_law_says() -> None:
    own = Hands(CarrierKind.OWN_FLEET, VAN, 1.0)
    assert mean_s(PLAIN, own) == pytest.approx(usual_s(PLAIN, VAN), rel=0.02)
    assert mean_s(PLAIN, own._replace(pace=1.2)) / mean_s(PLAIN, own) == pytest.approx(1.2)
    assert mean_s(PLAIN, own, 4.0) / mean_s(PLAIN, own) == pytest.approx(1.08)


def test_a_driver_is_as_fast_on_every_day_and_drivers_differ() -> None:
    paces = [driver_pace(f"own-d{number:02d}") for number in range(1, 200)]
    assert paces == [driver_pace(f"own-d{number:02d}") for number in range(1, 200)]
    assert np.mean(paces) == pytest.approx(1.0, abs=0.03)
    assert 0.07 < np.std(np.log(paces)) < 0.15
    assert max(paces) <= DRIVER_MOST


def test_the_same_people_drive_other_routes_on_another_day(
    plan: DemoPlan, pack: RegionPack, tmp_path_factory: pytest.TempPathFactory
) -> None:
    other = demo_plan(pack, 2, tmp_path_factory.mktemp("other"))
    first = {route.id: route.driver for route in plan.routes}
    second = {route.id: route.driver for route in other.routes}
    assert len({driver.id for driver in first.values()}) == len(first)
    assert sum(first[one].id != second[one].id for one in first) > len(first) / 2
    both = {driver.id: driver.name for driver in first.values()}
    names = {driver.id: driver.name for driver in second.values()}
    assert len(both.keys() & names.keys()) > 25
    assert all(names[one] == both[one] for one in both.keys() & names.keys())


def test_a_carrier_has_more_drivers_than_vehicles_and_sends_each_out_once() -> None:
    own = carrier_of(FLEET[0].id)
    at_work = roster(own, np.random.default_rng(1))
    assert len(set(at_work)) == own.vehicles
    assert max(roster(own, np.random.default_rng(seed))[0] for seed in range(30)) > own.vehicles


def test_a_block_of_flats_keeps_its_floors_and_a_customer_lives_on_one_of_them(
    pack: RegionPack,
) -> None:
    blocks = [one for one in pack.buildings if one.kind == "apartments"]
    for block in blocks[:40]:
        assert house_at(block) == house_at(block)
        facts = door_facts(block, np.random.default_rng(1))
        assert facts["building"] is Building.FLATS
        assert 0 <= facts["floor"] < house_at(block).floors
    assert {house_at(block).has_lift for block in blocks} == {True, False}


def test_postcodes_are_those_of_the_map_or_none(plan: DemoPlan, pack: RegionPack) -> None:
    told = {one.location: one.postcode for one in pack.buildings}
    stops = [stop for route in plan.routes for stop in route.stops if stop.kind.is_customer]
    assert all(stop.postcode == told[stop.place] for stop in stops)
    assert any(stop.postcode for stop in stops)


def test_a_shift_takes_about_as_long_at_its_doors_as_planned_but_not_everywhere(
    plan: DemoPlan,
) -> None:
    ratios = defaultdict(list)
    for route in plan.routes:
        known = {stop.id: stop for stop in route.stops}
        for visit in route.life.visits:
            stop = known[visit.stop_id]
            if stop.kind.is_customer and stop.id not in plan.happenings.mishaps:
                begun_s = max(visit.arrives_s, stop.window_start_s or 0.0)
                taken_s = visit.leaves_s - min(begun_s, visit.arrives_s + 2_400.0)
                ratios[stop.building].append(taken_s / stop.service_s)
    everywhere = [one for several in ratios.values() for one in several]
    assert np.mean(everywhere) == pytest.approx(1.0, abs=0.05)
    assert np.mean(ratios[Building.FLATS]) > np.mean(ratios[Building.HOUSE]) + 0.1
    assert np.mean(ratios[Building.INDUSTRIAL]) > np.mean(ratios[Building.HOUSE]) + 0.1
