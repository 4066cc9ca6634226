"""What the demo shift promises: who is delivered to, in which order, in which window."""

import math
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from tower.demo.carriers import crew_of, driver_of, range_of, vehicle_of
from tower.demo.chance import happens
from tower.demo.orders import Bearer, address_of, order_at, packed, service_s
from tower.demo.places import Territory, Zone, in_driving_order
from tower.demo.plan import DemoBreak, DemoCarrier, DemoDriver, DemoStop, DemoVehicle
from tower.domain.geometry import LatLon, distance_m
from tower.domain.words import StopKind
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

CHARGED_ROUTE = "E-08"
"""The route of an e-van with a tired battery, which has to charge on the way."""

CHARGED_BEGUN = 0.22
"""How far that route has come when the demo opens: the charging is still ahead."""

WEAK_ROUTE, WEAK_BEGUN = "E-05", 0.5
"""The route of another one with a tired battery, and how far it has come at the opening."""

CHARGE_S = 1_500.0

BREAK_FROM_S, SHORT_BREAK_S, LONG_BREAK_S = 2.5 * 3600.0, 900.0, 1800.0
"""Routes longer than this have a break, half an hour where they are longer than 4.5 hours."""

LONG_ROUTE_S = 4.5 * 3600.0
BREAK_ROOM_S = 2 * 3600.0


class Promise(NamedTuple):
    """A route as handed over to its carrier, and the free-flow legs between its stops.

    Attributes:
        legs: one more than stops; the last leads back to the depot.
    """

    carrier: DemoCarrier
    number: int
    vehicle: DemoVehicle
    driver: DemoDriver
    starts_s: float
    ends_s: float
    stops: tuple[DemoStop, ...]
    legs: list[Leg]

    @property
    def id(self) -> str:
        """The route's number as people say it: `V-07`."""
        return _name(self.carrier, self.number)

    @property
    def is_cold(self) -> bool:
        """True for a fridge on wheels."""
        return self.vehicle.temperature_limit_c is not None

    @property
    def is_charged(self) -> bool:
        """True where the vehicle has to charge on the way."""
        return any(stop.kind is StopKind.CHARGE for stop in self.stops)


class Region(NamedTuple):
    """What all routes of the shift have in common.

    Attributes:
        zone: where only low-emission vehicles may drive.
        chargers: buildings vehicles may be charged at.
        closed: its roads while a road is closed, None on a day on which none is.
    """

    depot: LatLon
    zone: Zone
    chargers: Sequence[Building]
    engine: RoutingEngine
    closed: RoutingEngine | None = None


def promise_route(
    territory: Territory,
    number: int,
    order: int,
    person: int,
    is_cold: bool,
    region: Region,
    rng: np.random.Generator,
) -> Promise:
    """Plan one route over its territory.

    Args:
        territory: the addresses, and whose they are.
        number: of the route within its carrier, from 1.
        order: of the route within the shift; gives its stops their numbers.
        person: number of its driver within the carrier.
        is_cold: whether the vehicle is a fridge on wheels.
        region: what it has in common with the others.
        rng: decides everything that is chance.
    """
    carrier = territory.carrier
    way = _way(territory, number, region)
    is_weak = _name(carrier, number) == WEAK_ROUTE
    vehicle = vehicle_of(
        carrier,
        number,
        is_cold=is_cold,
        enters_zone=any(region.zone.holds(building.location) for building in way.buildings),
        range_m=range_of(carrier, way.longest_m, is_tired=way.charge >= 0 or is_weak),
    )
    start = _start(carrier, way, WEAK_BEGUN if is_weak else None, rng)
    bearer = Bearer(carrier, vehicle, crew_of(carrier, number), region.zone, start)
    stops, breaks, end = _timetable(way, order, bearer, rng)
    driver = driver_of(carrier, number, person, ends_s=end, driving_s=way.driving_s, breaks=breaks)
    return Promise(
        carrier, number, vehicle, driver, start, end, packed(stops, vehicle, rng), way.legs
    )


class _Way(NamedTuple):
    """The addresses of a route in driving order, and the legs to each and back.

    Attributes:
        charge: index of the one where the vehicle charges, -1 for none.
    """

    buildings: list[Building]
    legs: list[Leg]
    charge: int

    @property
    def driving_s(self) -> float:
        return sum(leg.duration_s for leg in self.legs) * DRIVING_MARGIN

    @property
    def longest_m(self) -> float:
        """Metres driven on one charge at most."""
        metres = [leg.distance_m for leg in self.legs]
        place = self.charge + 1
        return max(sum(metres[:place]), sum(metres[place:]))


def _way(territory: Territory, number: int, region: Region) -> _Way:
    buildings = in_driving_order(territory.buildings, region.depot)
    profile = Profile.of_vehicle(territory.carrier.vehicle_kind)
    way = _driven(buildings, profile, region)
    if _name(territory.carrier, number) != CHARGED_ROUTE or not region.chargers:
        return way
    driven_m = np.cumsum([leg.distance_m for leg in way.legs])
    charge = int(np.searchsorted(driven_m, driven_m[-1] / 2))
    before = buildings[charge - 1].location
    charger = min(region.chargers, key=lambda one: distance_m(one.location, before))
    buildings.insert(charge, charger)
    return _driven(buildings, profile, region)._replace(charge=charge)


def _driven(buildings: list[Building], profile: Profile, region: Region) -> _Way:
    points = [region.depot, *(building.location for building in buildings), region.depot]
    return _Way(buildings, region.engine.legs(points, profile), -1)


def _timetable(
    way: _Way, order: int, bearer: Bearer, rng: np.random.Generator
) -> tuple[list[DemoStop], list[DemoBreak], float]:
    """The stops with their times, the breaks between them, and when the vehicle is back."""
    clock, stops, breaks = bearer.leaves_s, list[DemoStop](), list[DemoBreak]()
    length_s = _length_s(bearer.carrier, way)
    for index, (building, leg) in enumerate(zip(way.buildings, way.legs, strict=False)):
        if length_s > BREAK_FROM_S and not breaks and clock - bearer.leaves_s > length_s / 2:
            breaks.append(_break(clock, length_s))
            clock = breaks[0].earliest_s + breaks[0].duration_s
        clock += leg.duration_s * DRIVING_MARGIN
        number = order * 40 + index
        if index == way.charge:
            stops.append(_charging(building, number, clock))
        else:
            stops.append(order_at(building, number, clock, bearer, rng))
        clock += stops[-1].service_s
    return stops, breaks, clock + way.legs[-1].duration_s * DRIVING_MARGIN


def _break(now_s: float, length_s: float) -> DemoBreak:
    """A break from the next full minute on; it may slip with everything else."""
    earliest_s = math.ceil(now_s / 60.0) * 60.0
    lasts_s = LONG_BREAK_S if length_s > LONG_ROUTE_S else SHORT_BREAK_S
    return DemoBreak(earliest_s=earliest_s, latest_s=earliest_s + BREAK_ROOM_S, duration_s=lasts_s)


def _charging(building: Building, number: int, planned_s: float) -> DemoStop:
    return DemoStop(
        id=f"S{number:05d}",
        kind=StopKind.CHARGE,
        customer="Charging point",
        address=address_of(building),
        lat=building.location.lat,
        lon=building.location.lon,
        planned_s=round(planned_s, 1),
        service_s=CHARGE_S,
    )


def _length_s(carrier: DemoCarrier, way: _Way) -> float:
    """About how long a route takes."""
    return way.driving_s + len(way.buildings) * (service_s(carrier, False, 1) + 30.0)


def _start(carrier: DemoCarrier, way: _Way, begun: float | None, rng: np.random.Generator) -> float:
    """A start that has the route somewhere between begun and done when the demo opens.

    Args:
        carrier: whose route.
        way: what is driven.
        begun: how far it has come then, None for anything.
        rng: decides that.
    """
    length_s = _length_s(carrier, way)
    begun_s = OPENING_S - length_s * float(rng.uniform(0.12, 0.95))
    if happens(EARLY_SHARE, rng):
        begun_s = FIRST_START_S + float(rng.uniform(0.0, 3.0 * 3600.0))
    if way.charge >= 0:
        begun = CHARGED_BEGUN
    if begun is not None:
        begun_s = OPENING_S - length_s * begun
    return max(FIRST_START_S, math.floor(begun_s / 300.0) * 300.0)


def _name(carrier: DemoCarrier, number: int) -> str:
    return f"{carrier.route_letter}-{number:02d}"
