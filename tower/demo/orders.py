"""What is ordered to an address: who, when, how much, and what it asks for."""

import math
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from msgspec.structs import replace

from tower.demo.carriers import COLD_LIMIT_C
from tower.demo.chance import happens
from tower.demo.customers import reachable
from tower.demo.houses import door_facts
from tower.demo.places import Zone
from tower.demo.plan import DemoCarrier, DemoStop, DemoVehicle
from tower.domain.words import Requirement, StopKind, VehicleKind
from tower.road.buildings import Building

RETURN_SHARE = 0.04
GATED_SHARE = 0.10
COLD_SHARE = 0.55
"""Share of cold-chain stops on a cold-chain route."""

HARD_SHARE = 0.6
"""Share of the windows of shops, offices and pharmacies outside which nobody is there."""

HARD_SLACK_S = 2_700.0
"""A hard window ends at least so long after the planned arrival."""

EARLIEST_S = 900.0
"""A window begins at least so long before the planned arrival: nobody waits at the door."""

LOAD_SHARES = (0.62, 0.9)
"""How full vehicles leave the depot, by weight and by volume: a moved stop has consequences."""

PIECES_SHARE = 0.92

AGE_SHARE, PAIR_SHARE, LIFT_SHARE = 0.04, 0.08, 0.07
"""Shares of the stops that need an age check, two people or a tail lift, where the route offers
it."""

BIKES_ONLY_SHARE, LOW_GATE_SHARE = 0.08, 0.03
"""Shares of the stops only bikes get to, on bike routes, and of those behind a low gate."""

LOW_GATE_M = 2.4
LOWEST_GATE_M = 2.0

LONGEST_COLD_H = 6.0

SERVICE_S = {
    VehicleKind.CARGO_BIKE: 260.0,
    VehicleKind.CAR: 240.0,
}
"""Planned seconds at a stop, parking and walking included, where not 300."""

TRADE = ("retail", "commercial", "industrial", "office")


class Bearer(NamedTuple):
    """Who serves a stop, as far as that decides what the stop may ask for.

    Attributes:
        crew: what the crew can do.
        zone: where only low-emission vehicles may drive.
        leaves_s: when they leave the depot.
    """

    carrier: DemoCarrier
    vehicle: DemoVehicle
    crew: tuple[Requirement, ...]
    zone: Zone
    leaves_s: float


def service_s(carrier: DemoCarrier, is_cold: bool, pieces: int) -> float:
    """Planned seconds at a stop."""
    base = SERVICE_S.get(carrier.vehicle_kind, 300.0)
    return base + 45.0 * (pieces - 1) + (60.0 if is_cold else 0.0)


def order_at(
    building: Building, number: int, planned_s: float, bearer: Bearer, rng: np.random.Generator
) -> DemoStop:
    """An order to an address, and the window it was promised in.

    Args:
        building: where.
        number: of the stop within the shift.
        planned_s: planned arrival.
        bearer: who serves it; it asks for nothing they cannot do.
        rng: decides everything that is chance.
    """
    is_cold = bearer.vehicle.temperature_limit_c is not None and happens(COLD_SHARE, rng)
    is_return = not is_cold and happens(RETURN_SHARE, rng)
    is_gated = happens(GATED_SHARE, rng)
    code = f"{rng.integers(1000, 9999)}#" if is_gated and happens(0.7, rng) else ""
    window = _window(planned_s, rng)
    pieces = 1 + int(rng.geometric(0.6) - 1)
    order = DemoStop(
        id=f"S{number:05d}",
        kind=StopKind.RETURN if is_return else StopKind.DELIVERY,
        customer=_customer(building, number, is_cold),
        address=address_of(building),
        lat=building.location.lat,
        lon=building.location.lon,
        window_start_s=window[0] if window else None,
        window_end_s=window[1] if window else None,
        planned_s=round(planned_s, 1),
        service_s=service_s(bearer.carrier, is_cold, pieces),
        parcels=tuple(f"P{number:05d}{letter}" for letter in "ABCDEFGH"[:pieces]),
        weight_kg=float(rng.gamma(2.0, 1.8)) * pieces,
        volume_m3=float(rng.lognormal(-3.2, 0.6)) * pieces,
        access_code=code,
        note="Gate code missing" if is_gated and not code else "",
        temperature_limit_c=COLD_LIMIT_C if is_cold else None,
    )
    order = replace(order, **door_facts(building, rng.spawn(1)[0]))
    return reachable(_demanding(order, building, bearer, rng), number, rng)


def _demanding(
    order: DemoStop, building: Building, bearer: Bearer, rng: np.random.Generator
) -> DemoStop:
    """The same order with what it asks of its vehicle and crew."""
    is_bike = bearer.vehicle.kind is VehicleKind.CARGO_BIKE
    return replace(
        order,
        window_is_hard=_may_be_hard(order, building) and happens(HARD_SHARE, rng),
        needs=_needs(bearer, rng) if order.kind is StopKind.DELIVERY else (),
        height_limit_m=_gate_m(bearer.vehicle) if happens(LOW_GATE_SHARE, rng) else 0.0,
        low_emission_zone=bearer.zone.holds(order.place),
        bikes_only=is_bike and happens(BIKES_ONLY_SHARE, rng),
        longest_aboard_s=_longest_aboard_s(order, bearer),
    )


def _longest_aboard_s(order: DemoStop, bearer: Bearer) -> float:
    """Six hours for what has to stay cold, or more where the plan could not keep to that."""
    if order.temperature_limit_c is None or order.planned_s is None:
        return 0.0
    planned_h = (order.planned_s - bearer.leaves_s) / 3600.0
    return 3600.0 * max(LONGEST_COLD_H, math.ceil(1.2 * planned_h))


def _may_be_hard(order: DemoStop, building: Building) -> bool:
    if order.window_end_s is None or order.planned_s is None:
        return False
    is_trade = order.temperature_limit_c is not None or building.kind in TRADE
    return is_trade and order.planned_s + HARD_SLACK_S <= order.window_end_s


def _needs(bearer: Bearer, rng: np.random.Generator) -> tuple[Requirement, ...]:
    shares = {
        Requirement.AGE_CHECK: AGE_SHARE if Requirement.AGE_CHECK in bearer.crew else 0.0,
        Requirement.TWO_PEOPLE: PAIR_SHARE if Requirement.TWO_PEOPLE in bearer.crew else 0.0,
        Requirement.TAIL_LIFT: (
            LIFT_SHARE if Requirement.TAIL_LIFT in bearer.vehicle.equipment else 0.0
        ),
    }
    return tuple(need for need, share in shares.items() if happens(share, rng))


def _gate_m(vehicle: DemoVehicle) -> float:
    """The lowest gate a vehicle still gets through, 0 where it is too high for all of them."""
    if vehicle.height_m <= LOWEST_GATE_M:
        return LOWEST_GATE_M
    return LOW_GATE_M if vehicle.height_m <= LOW_GATE_M else 0.0


def packed(
    stops: Sequence[DemoStop], vehicle: DemoVehicle, rng: np.random.Generator
) -> tuple[DemoStop, ...]:
    """The same stops with parcels that fill the vehicle as full as vehicles leave the depot."""
    fitting = _within_pieces(list(stops), int(PIECES_SHARE * vehicle.capacity_pieces))
    aboard = [stop for stop in fitting if stop.kind is StopKind.DELIVERY]
    kg = rng.uniform(*LOAD_SHARES) * vehicle.capacity_kg / sum(stop.weight_kg for stop in aboard)
    m3 = rng.uniform(*LOAD_SHARES) * vehicle.capacity_m3 / sum(stop.volume_m3 for stop in aboard)
    return tuple(
        replace(
            stop,
            weight_kg=math.floor(10.0 * stop.weight_kg * kg) / 10.0,
            volume_m3=math.floor(1000.0 * stop.volume_m3 * m3) / 1000.0,
        )
        for stop in fitting
    )


def _within_pieces(stops: list[DemoStop], most: int) -> list[DemoStop]:
    """The stops with parcels taken off the largest orders until all fit."""
    while sum(len(stop.parcels) for stop in stops) > most:
        largest = max(range(len(stops)), key=lambda index: len(stops[index].parcels))
        if len(stops[largest].parcels) <= 1:
            break
        stops[largest] = replace(stops[largest], parcels=stops[largest].parcels[:-1])
    return stops


def address_of(building: Building) -> str:
    """The address as people write it."""
    street = f"{building.street} {building.number}".strip() or "Building without a street"
    return f"{street}, {building.place}" if building.place else street


def _window(planned_s: float, rng: np.random.Generator) -> tuple[float, float] | None:
    """A window of one, two or four hours that the plan keeps with some slack, or none."""
    width_h = rng.choice([0.0, 1.0, 2.0, 4.0], p=[0.15, 0.15, 0.5, 0.2])
    if width_h == 0.0:
        return None
    width_s = float(width_h) * 3600.0
    begin = planned_s - max(EARLIEST_S, width_s * float(rng.uniform(0.1, 0.55)))
    begin = math.floor(begin / 1800.0) * 1800.0
    return (begin, begin + width_s) if planned_s < begin + width_s else (begin, planned_s + 900.0)


def _customer(building: Building, number: int, is_cold: bool) -> str:
    if is_cold:
        return f"Demo {('Pharmacy', 'Clinic', 'Deli')[number % 3]} {number}"
    if building.kind in TRADE:
        return f"Demo Company {number}"
    return f"Customer {number}"
