"""How long a door really takes in the demo: the law that is to be learnt.

The planned seconds at a stop follow a flat rule (`tower.demo.orders.service_s`), as plans do. What
is needed depends on the building, the floor, the parcels, what the stop asks for, the driver and
the rain. All figures are assumptions, set so that a shift takes about as long as planned; that
most of a stop is spent on foot is what Allen et al. found (Transp. Res. D 61, 2018).
"""

import math
import zlib
from collections.abc import Mapping
from typing import NamedTuple

import numpy as np

from tower.demo.plan import DemoStop
from tower.domain.words import Building, CarrierKind, Requirement, StopKind, VehicleKind

WALK_S: Mapping[Building, float] = {
    Building.HOUSE: 115.0,
    Building.FLATS: 120.0,
    Building.OFFICE: 125.0,
    Building.SHOP: 100.0,
    Building.INDUSTRIAL: 150.0,
    Building.OTHER: 125.0,
}
"""Parking, the way to the door and back, seconds."""

HANDOVER_S: Mapping[Building, float] = {
    Building.HOUSE: 125.0,
    Building.FLATS: 130.0,
    Building.OFFICE: 180.0,
    Building.SHOP: 140.0,
    Building.INDUSTRIAL: 220.0,
    Building.OTHER: 140.0,
}
"""Finding the parcel, ringing, waiting and handing over one, seconds."""

STAIRS_S, LIFT_WAIT_S, LIFT_S = 32.0, 40.0, 7.0
"""A floor up and down again by the stairs; waiting for a lift; a floor by it."""

HEAVY_KG, HEAVY_STAIRS = 12.0, 1.4
"""With more than this the stairs take so many times as long."""

PARCEL_S, KILOGRAM_S, CARRIED_KG, MOST_HEAVY_S = 34.0, 3.0, 10.0, 120.0
"""Each parcel more; each kilogram over what is carried at once; what that adds at most."""

CODE_S, COLD_S, RETURN_S = 35.0, 60.0, 45.0
"""A gate or door code; the log of a cold chain; checking and labelling a return."""

NEED_S: Mapping[Requirement, float] = {
    Requirement.AGE_CHECK: 40.0,
    Requirement.TWO_PEOPLE: 170.0,
    Requirement.TAIL_LIFT: 190.0,
}

BIKE_WALK, CAR_WALK = 0.6, 0.9
"""A bike stops at the door and a car finds a gap: the way takes so many times as long."""

CARRIER_PACE: Mapping[CarrierKind, float] = {
    CarrierKind.OWN_FLEET: 1.0,
    CarrierKind.THIRD_PARTY: 0.97,
    CarrierKind.REGIONAL: 1.12,
    CarrierKind.GIG: 0.88,
}
"""Riders carry their bike's lock and boxes; whoever records less is sooner back on the road."""

RAIN_SHARE, RAIN_MOST = 0.02, 1.1
"""Each millimetre an hour makes a door so much slower, up to the most."""

NOISE = 0.25
"""Standard deviation of the logarithm of what no rule explains."""

DRIVER_SPREAD, DRIVER_MOST = 0.11, 1.3
"""Standard deviation of the logarithm of how long drivers take; nobody is farther off than that."""


ON_THE_ROAD = 0.4
"""Who is slow at doors is less so on the road: the power of the pace that is left there."""


class Hands(NamedTuple):
    """Who serves a door.

    Attributes:
        pace: how long this driver takes today over what most do.
    """

    carrier: CarrierKind = CarrierKind.OWN_FLEET
    vehicle: VehicleKind = VehicleKind.VAN
    pace: float = 1.0

    @property
    def driving_pace(self) -> float:
        """How long the same driver takes on the road."""
        return math.pow(self.pace, ON_THE_ROAD)


def driver_pace(driver_id: str) -> float:
    """How long a driver takes over what most do: the same on every day."""
    rng = np.random.default_rng(zlib.crc32(driver_id.encode()))
    pace = math.exp(DRIVER_SPREAD * float(rng.normal()))
    return min(DRIVER_MOST, max(1.0 / DRIVER_MOST, pace))


def door_s(stop: DemoStop, hands: Hands, rain_mm_h: float, rng: np.random.Generator) -> float:
    """Seconds at a customer's door once the driver may begin.

    Args:
        stop: whose door.
        hands: who serves it.
        rain_mm_h: the rain then, millimetres an hour.
        rng: decides what no rule explains; its mean is 1.
    """
    wet = min(RAIN_MOST, 1.0 + RAIN_SHARE * rain_mm_h)
    noise = float(np.exp(rng.normal(-NOISE * NOISE / 2.0, NOISE)))
    return usual_s(stop, hands.vehicle) * CARRIER_PACE[hands.carrier] * hands.pace * wet * noise


def usual_s(stop: DemoStop, vehicle: VehicleKind) -> float:
    """Seconds a door takes most drivers of our own on a dry day."""
    building = stop.building or Building.OTHER
    at_door = HANDOVER_S[building] + _climb_s(stop) + _load_s(stop) + _asked_s(stop)
    return WALK_S[building] * _walk_share(vehicle) + at_door


def _walk_share(vehicle: VehicleKind) -> float:
    match vehicle:
        case VehicleKind.CARGO_BIKE:
            return BIKE_WALK
        case VehicleKind.CAR:
            return CAR_WALK
        case _:
            return 1.0


def _climb_s(stop: DemoStop) -> float:
    floor = abs(stop.floor or 0)
    if not floor:
        return 0.0
    if stop.has_lift:
        return LIFT_WAIT_S + LIFT_S * floor
    return STAIRS_S * floor * (HEAVY_STAIRS if stop.weight_kg > HEAVY_KG else 1.0)


def _load_s(stop: DemoStop) -> float:
    heavy_s = KILOGRAM_S * max(0.0, stop.weight_kg - CARRIED_KG)
    return PARCEL_S * max(0, len(stop.parcels) - 1) + min(MOST_HEAVY_S, heavy_s)


def _asked_s(stop: DemoStop) -> float:
    code_s = CODE_S if stop.access_code else 0.0
    cold_s = COLD_S if stop.temperature_limit_c is not None else 0.0
    return_s = RETURN_S if stop.kind is StopKind.RETURN else 0.0
    return code_s + cold_s + return_s + sum(NEED_S.get(need, 0.0) for need in stop.needs)
