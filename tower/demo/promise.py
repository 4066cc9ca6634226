"""What the demo shift promises: who is delivered to, in which order, in which window."""

import math
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from tower.demo.chance import happens
from tower.demo.places import Territory, in_driving_order
from tower.demo.plan import DemoCarrier, DemoStop
from tower.domain.geometry import LatLon
from tower.domain.words import StopKind, VehicleKind
from tower.road.buildings import Building
from tower.road.engine import Leg, RoutingEngine
from tower.road.roads import Profile

OPENING_S = 14 * 3600.0 + 23 * 60.0
"""The demo opens at 14:23, seconds of the day: most routes are underway then."""

FIRST_START_S = 7.5 * 3600.0
"""No route leaves before 07:30."""

EARLY_SHARE = 0.22
"""Share of the routes that leave in the morning wave, before 10:30."""

DRIVING_MARGIN = 1.08
"""Planned driving takes this much longer than free flow."""

COLD_LIMIT_C = 8.0
"""Cold-chain parcels must stay below this, degrees Celsius: refrigerated medicines are usually to
be kept at 2 to 8 °C."""

RETURN_SHARE = 0.04
GATED_SHARE = 0.10
COLD_SHARE = 0.55
"""Share of cold-chain stops on a cold-chain route."""

SERVICE_S = {
    VehicleKind.CARGO_BIKE: 260.0,
    VehicleKind.CAR: 240.0,
}
"""Planned seconds at a stop, parking and walking included, where not 300."""


class Promise(NamedTuple):
    """A route as handed over to its carrier, and the free-flow legs between its stops.

    Attributes:
        legs: one more than stops; the last leads back to the depot.
    """

    carrier: DemoCarrier
    number: int
    is_cold: bool
    starts_s: float
    ends_s: float
    stops: tuple[DemoStop, ...]
    legs: list[Leg]

    @property
    def id(self) -> str:
        """The route's number as people say it: `V-07`."""
        return f"{self.carrier.route_letter}-{self.number:02d}"


def promise_route(
    territory: Territory,
    number: int,
    order: int,
    is_cold: bool,
    depot: LatLon,
    engine: RoutingEngine,
    rng: np.random.Generator,
) -> Promise:
    """Plan one route over its territory.

    Args:
        territory: the addresses, and whose they are.
        number: of the route within its carrier, from 1.
        order: of the route within the shift; gives its stops their numbers.
        is_cold: whether the vehicle is a fridge on wheels.
        depot: where the route starts and ends.
        engine: gives the legs between the stops.
        rng: decides everything that is chance.
    """
    buildings = in_driving_order(territory.buildings, depot)
    points = [depot, *(building.location for building in buildings), depot]
    profile = _profile(territory.carrier.vehicle_kind)
    legs = engine.legs(points, profile)
    start = _start(territory.carrier, legs, rng)
    clock, stops = start, []
    for index, (building, leg) in enumerate(zip(buildings, legs, strict=False)):
        clock += leg.duration_s * DRIVING_MARGIN
        stop = _stop(territory.carrier, order, index, building, clock, is_cold, rng)
        stops.append(stop)
        clock += stop.service_s
    end = clock + legs[-1].duration_s * DRIVING_MARGIN
    return Promise(territory.carrier, number, is_cold, start, end, tuple(stops), legs)


def _start(carrier: DemoCarrier, legs: Sequence[Leg], rng: np.random.Generator) -> float:
    """A start that has the route somewhere between begun and done when the demo opens."""
    driving_s = sum(leg.duration_s for leg in legs) * DRIVING_MARGIN
    duration_s = driving_s + (len(legs) - 1) * (_service_s(carrier, False, 1) + 30.0)
    begun_s = OPENING_S - duration_s * float(rng.uniform(0.12, 0.95))
    if happens(EARLY_SHARE, rng):
        begun_s = FIRST_START_S + float(rng.uniform(0.0, 3.0 * 3600.0))
    return max(FIRST_START_S, math.floor(begun_s / 300.0) * 300.0)


def _profile(kind: VehicleKind) -> Profile:
    return Profile.BICYCLE if kind is VehicleKind.CARGO_BIKE else Profile.CAR


def _stop(
    carrier: DemoCarrier,
    order: int,
    index: int,
    building: Building,
    planned_s: float,
    on_cold_route: bool,
    rng: np.random.Generator,
) -> DemoStop:
    number = order * 40 + index
    is_cold = on_cold_route and happens(COLD_SHARE, rng)
    is_return = not is_cold and happens(RETURN_SHARE, rng)
    is_gated = happens(GATED_SHARE, rng)
    code = f"{rng.integers(1000, 9999)}#" if is_gated and happens(0.7, rng) else ""
    window = _window(planned_s, rng)
    pieces = 1 + int(rng.geometric(0.6) - 1)
    return DemoStop(
        id=f"S{number:05d}",
        kind=StopKind.RETURN if is_return else StopKind.DELIVERY,
        customer=_customer(building, number, is_cold),
        address=_address(building),
        lat=building.location.lat,
        lon=building.location.lon,
        window_start_s=window[0] if window else None,
        window_end_s=window[1] if window else None,
        planned_s=round(planned_s, 1),
        service_s=_service_s(carrier, is_cold, pieces),
        parcels=tuple(f"P{number:05d}{letter}" for letter in "ABCDEFGH"[:pieces]),
        weight_kg=round(float(rng.gamma(2.0, 1.8)) * pieces, 1),
        access_code=code,
        note="Gate code missing" if is_gated and not code else "",
        temperature_limit_c=COLD_LIMIT_C if is_cold else None,
    )


def _address(building: Building) -> str:
    street = f"{building.street} {building.number}".strip() or "Building without a street"
    return f"{street}, {building.place}" if building.place else street


def _service_s(carrier: DemoCarrier, is_cold: bool, pieces: int) -> float:
    base = SERVICE_S.get(carrier.vehicle_kind, 300.0)
    return base + 45.0 * (pieces - 1) + (60.0 if is_cold else 0.0)


def _window(planned_s: float, rng: np.random.Generator) -> tuple[float, float] | None:
    """A window of one, two or four hours that the plan keeps with some slack, or none."""
    width_h = rng.choice([0.0, 1.0, 2.0, 4.0], p=[0.15, 0.15, 0.5, 0.2])
    if width_h == 0.0:
        return None
    width_s = float(width_h) * 3600.0
    begin = planned_s - width_s * float(rng.uniform(0.1, 0.55))
    begin = math.floor(begin / 1800.0) * 1800.0
    return (begin, begin + width_s) if planned_s < begin + width_s else (begin, planned_s + 900.0)


def _customer(building: Building, number: int, is_cold: bool) -> str:
    if is_cold:
        return f"Demo {('Pharmacy', 'Clinic', 'Deli')[number % 3]} {number}"
    if building.kind in ("retail", "commercial", "industrial", "office"):
        return f"Demo Company {number}"
    return f"Customer {number}"


def cold_routes(carriers: Sequence[DemoCarrier]) -> frozenset[str]:
    """The route numbers that run with a fridge: two of each own fleet."""
    own = [carrier for carrier in carriers if carrier.id in ("own", "electric")]
    return frozenset(f"{carrier.route_letter}-{n:02d}" for carrier in own for n in (3, 4))
