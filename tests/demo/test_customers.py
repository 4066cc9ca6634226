"""The demo's customers can be reached in their language, at addresses that belong to nobody."""

import re
from collections import Counter
from datetime import date

import pytest

from tower.carriers.manifest import read_manifest
from tower.demo.customers import LANGUAGES
from tower.demo.manifest import manifest_json
from tower.demo.numbers import customer_number, masked_number, mobile_number
from tower.demo.plan import DemoPlan, DemoStop
from tower.domain.geometry import distance_m
from tower.domain.records import StopPlan
from tower.domain.words import Channel, StopKind
from tower.outreach.addresses import normalised

RESERVED = re.compile(
    r"\+3363998\d{4}|\+447700900\d{3}"
    r"|\+493023125\d{3}|\+496990009\d{3}|\+494066969\d{3}|\+492214710\d{3}|\+498999998\d{3}"
)
"""ARCEP 06 39 98; Ofcom 07700 900; Bundesnetzagentur's five."""


def customers(plan: DemoPlan) -> list[DemoStop]:
    late = [order.stop for order in plan.late]
    stops = [stop for route in plan.routes for stop in route.stops]
    return [stop for stop in (*stops, *late) if stop.kind is not StopKind.CHARGE]


def test_every_number_and_address_belongs_to_nobody(plan: DemoPlan) -> None:
    drivers = [route.driver for route in plan.routes]
    numbers = [one.phone for one in customers(plan)] + [one.masked_phone for one in customers(plan)]
    numbers += [one.phone for one in drivers] + [one.masked_phone for one in drivers]
    assert all(RESERVED.fullmatch(number) for number in numbers if number)
    assert all(one.email.endswith("@example.org") for one in customers(plan) if one.email)


def test_no_two_customers_have_the_same_address(plan: DemoPlan) -> None:
    for addresses in (
        [one.phone for one in customers(plan)],
        [one.masked_phone for one in customers(plan)],
        [one.email for one in customers(plan)],
    ):
        known = [address for address in addresses if address]
        assert len(known) == len(set(known))


@pytest.mark.parametrize(
    ("channel", "address"),
    [
        (Channel.SMS, customer_number(42)),
        (Channel.WHATSAPP, customer_number(9_999)),
        (Channel.VOICE, masked_number(4_321)),
        (Channel.VOICE, mobile_number(7)),
    ],
)
def test_their_numbers_can_be_written_to(channel: Channel, address: str) -> None:
    assert normalised(channel, address) == address


def test_most_speak_german_and_some_each_other_language(plan: DemoPlan) -> None:
    spoken = Counter(one.language for one in customers(plan))
    assert set(spoken) == set(LANGUAGES)
    assert spoken["de"] > 0.6 * sum(spoken.values())
    assert min(spoken.values()) >= 20


def test_agreements_brands_and_service_levels_reach_the_shift(plan: DemoPlan) -> None:
    manifest = read_manifest(manifest_json(plan, date(2026, 3, 5), 1_772_665_200.0), "demo.json")
    assert manifest.problems == ()
    stops: list[StopPlan] = [stop for stop in manifest.stops if stop.kind is not StopKind.CHARGE]
    assert {stop.brand for stop in stops} == {"demo-home", "demo-books", "demo-pharmacy"}
    levels = Counter(stop.service_level for stop in stops)
    assert set(levels) == {"standard", "express", "cold"}
    assert levels["standard"] > levels["express"] > 50
    preferred = Counter(stop.contact_by[:1] for stop in stops)
    assert set(preferred) == {(), (Channel.SMS,), (Channel.EMAIL,), (Channel.WHATSAPP,)}
    assert sum(bool(stop.masked_phone) for stop in stops) > 20
    assert sum(bool(stop.safe_place) for stop in stops) > 50
    masked = [route for route in manifest.routes if route.driver_masked_phone]
    assert {route.carrier_id for route in masked} == {"bikes", "3pl", "gig"}


def test_parcels_may_be_collected_at_shops_apart_from_each_other(plan: DemoPlan) -> None:
    manifest = read_manifest(manifest_json(plan, date(2026, 3, 5), 1_772_665_200.0), "demo.json")
    points = manifest.pickup_points
    assert 3 <= len(points) <= 4
    assert len({point.id for point in points}) == len(points)
    assert all(
        distance_m(one.position, other.position) > 2_000.0
        for one in points
        for other in points
        if one is not other
    )
