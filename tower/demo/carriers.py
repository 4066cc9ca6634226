"""The carriers of the demo, and what their vehicles and crews can do."""

import math
from collections.abc import Sequence

import numpy as np

from tower.demo.numbers import masked_number, mobile_number
from tower.demo.plan import DemoBreak, DemoCarrier, DemoDriver, DemoVehicle, Recording, Voice
from tower.domain.words import CarrierKind, Requirement, VehicleKind

FLEET: tuple[DemoCarrier, ...] = (
    DemoCarrier(
        id="own",
        name="Own vans",
        kind=CarrierKind.OWN_FLEET,
        voice=Voice.TRACCAR,
        vehicle_kind=VehicleKind.VAN,
        vehicles=18,
        stops_per_route=30,
        route_letter="V",
        fix_every_s=2.0,
        lag_s=0.3,
        capacity_kg=1_050.0,
        capacity_m3=11.0,
        capacity_pieces=76,
        height_m=2.55,
    ),
    DemoCarrier(
        id="electric",
        name="Own e-vans",
        kind=CarrierKind.OWN_FLEET,
        voice=Voice.TRACCAR,
        vehicle_kind=VehicleKind.E_VAN,
        vehicles=14,
        stops_per_route=28,
        route_letter="E",
        fix_every_s=2.0,
        lag_s=0.3,
        capacity_kg=820.0,
        capacity_m3=8.2,
        capacity_pieces=72,
        height_m=2.3,
        range_m=120_000.0,
    ),
    DemoCarrier(
        id="bikes",
        name="Demo Cargo Bikes",
        kind=CarrierKind.REGIONAL,
        voice=Voice.DRIVER_APP,
        vehicle_kind=VehicleKind.CARGO_BIKE,
        vehicles=10,
        stops_per_route=20,
        route_letter="B",
        fix_every_s=3.0,
        lag_s=0.6,
        capacity_kg=160.0,
        capacity_m3=1.9,
        capacity_pieces=54,
        height_m=1.95,
        range_m=60_000.0,
        raises_alarms=True,
    ),
    DemoCarrier(
        id="3pl",
        name="Demo 3PL",
        kind=CarrierKind.THIRD_PARTY,
        voice=Voice.GTFS_REALTIME,
        vehicle_kind=VehicleKind.VAN,
        vehicles=10,
        stops_per_route=26,
        route_letter="P",
        fix_every_s=5.0,
        lag_s=1.6,
        capacity_kg=950.0,
        capacity_m3=9.5,
        capacity_pieces=66,
        height_m=2.7,
        records=Recording.NOTHING,
        raises_alarms=True,
    ),
    DemoCarrier(
        id="gig",
        name="Demo Gig",
        kind=CarrierKind.GIG,
        voice=Voice.TRACCAR,
        vehicle_kind=VehicleKind.CAR,
        vehicles=8,
        stops_per_route=13,
        route_letter="G",
        fix_every_s=3.0,
        lag_s=0.8,
        capacity_kg=240.0,
        capacity_m3=1.6,
        capacity_pieces=36,
        height_m=1.6,
        records=Recording.PLACE,
    ),
)
"""The demo's carriers: 60 vehicles that serve 1,496 addresses."""

_BY_ID = {carrier.id: carrier for carrier in FLEET}


def carrier_of(carrier_id: str) -> DemoCarrier:
    """The carrier of an id."""
    return _BY_ID[carrier_id]


COLD_LIMIT_C = 8.0
"""Cold-chain parcels must stay below this, degrees Celsius: refrigerated medicines are usually to
be kept at 2 to 8 °C."""

RANGE_RESERVE = 1.3
"""No electric vehicle is sent out that could not drive its route this many times."""

_COLD_NUMBERS = (3, 4)
_CLEAN = (VehicleKind.E_VAN, VehicleKind.CARGO_BIKE)
_QUARTER_H = 900.0


def cold_routes(carriers: Sequence[DemoCarrier]) -> frozenset[str]:
    """The route numbers that run with a fridge: two of each own fleet."""
    own = [carrier for carrier in carriers if carrier.kind is CarrierKind.OWN_FLEET]
    return frozenset(f"{carrier.route_letter}-{n:02d}" for carrier in own for n in _COLD_NUMBERS)


def vehicle_of(
    carrier: DemoCarrier, number: int, *, is_cold: bool, enters_zone: bool, range_m: float
) -> DemoVehicle:
    """The vehicle of a carrier's route.

    Args:
        carrier: whose it is.
        number: of the route within its carrier, from 1.
        is_cold: whether it is a fridge on wheels.
        enters_zone: whether its route leads into the low-emission zone.
        range_m: metres on one charge, see `range_of`.
    """
    return DemoVehicle(
        reference=f"{carrier.id}-{number:03d}",
        label=f"DEMO {carrier.route_letter}{number:02d}",
        kind=carrier.vehicle_kind,
        capacity_kg=carrier.capacity_kg,
        capacity_m3=carrier.capacity_m3,
        capacity_pieces=carrier.capacity_pieces,
        height_m=carrier.height_m,
        low_emission=enters_zone or carrier.vehicle_kind in _CLEAN or number % 3 == 0,
        range_m=range_m,
        equipment=_equipment(carrier, number, is_cold),
        temperature_limit_c=COLD_LIMIT_C if is_cold else None,
    )


def range_of(carrier: DemoCarrier, metres: float, *, is_tired: bool) -> float:
    """How far a vehicle drives on one charge, metres; 0 for those that fill up.

    Args:
        carrier: whose it is.
        metres: the longest way its route has between two charges.
        is_tired: its battery is old and does that with a reserve, and no more.
    """
    if not carrier.range_m:
        return 0.0
    needed_m = math.ceil(metres * RANGE_RESERVE / 1000.0) * 1000.0
    return needed_m if is_tired else max(carrier.range_m, needed_m)


def _equipment(carrier: DemoCarrier, number: int, is_cold: bool) -> tuple[Requirement, ...]:
    is_van = carrier.vehicle_kind is VehicleKind.VAN
    lifts = (Requirement.TAIL_LIFT,) if is_van and number % 4 == 1 else ()
    return (*lifts, Requirement.REFRIGERATION) if is_cold else lifts


def crew_of(carrier: DemoCarrier, number: int) -> tuple[Requirement, ...]:
    """What the crew of a carrier's route can do: most check ages, some are two."""
    own = carrier.kind is CarrierKind.OWN_FLEET
    checks = carrier.kind is not CarrierKind.GIG and number % (5 if own else 2) != 0
    pairs = carrier.vehicle_kind is VehicleKind.VAN and number % 6 == 5
    ages = (Requirement.AGE_CHECK,) if checks else ()
    return (*ages, Requirement.TWO_PEOPLE) if pairs else ages


SPARE_SHARE = 0.3
"""A carrier has so many more drivers than vehicles; who drives what differs from shift to shift."""


def roster(carrier: DemoCarrier, rng: np.random.Generator) -> list[int]:
    """The numbers of the drivers of a carrier's routes, in the order of the routes.

    Args:
        carrier: who employs them.
        rng: decides who is at work, and who drives what.
    """
    people = carrier.vehicles + math.ceil(SPARE_SHARE * carrier.vehicles)
    return [int(one) + 1 for one in rng.permutation(people)[: carrier.vehicles]]


def driver_of(
    carrier: DemoCarrier,
    number: int,
    person: int,
    *,
    ends_s: float,
    driving_s: float,
    breaks: Sequence[DemoBreak],
) -> DemoDriver:
    """The driver of a carrier's route, with hours that leave the plan room to slip.

    Args:
        carrier: who employs them.
        number: of the route within its carrier, from 1.
        person: number of the driver within the carrier, see `roster`.
        ends_s: when the route is planned to be back.
        driving_s: planned seconds at the wheel.
        breaks: the rests planned on the way.
    """
    slack_s = 5_400.0 + 900.0 * (number % 5)
    line = 100 * FLEET.index(carrier) + person
    is_masked = carrier.kind is not CarrierKind.OWN_FLEET
    return DemoDriver(
        id=f"{carrier.id}-d{person:02d}",
        name=f"Driver {carrier.route_letter}{person:02d}",
        phone="" if is_masked else mobile_number(line),
        masked_phone=masked_number(line) if is_masked else "",
        crew=crew_of(carrier, number),
        duty_ends_s=math.ceil((ends_s + slack_s) / _QUARTER_H) * _QUARTER_H,
        longest_driving_s=math.ceil(1.6 * driving_s / _QUARTER_H) * _QUARTER_H,
        breaks=tuple(breaks),
    )
