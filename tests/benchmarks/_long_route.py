"""Shifts under way at noon, plainly fictional: a very long route among others, or any number."""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from itertools import pairwise

from tower.domain import events as e
from tower.domain.fold import fold
from tower.domain.geometry import LatLon, distance_m
from tower.domain.identity import derived_event_id
from tower.domain.records import Actor, Carrier, Depot, RoutePlan, Shift, StopPlan, Subject, Vehicle
from tower.domain.state import State
from tower.domain.words import Requirement, VehicleKind
from tower.road.engine import estimated_s
from tower.road.roads import Profile

NOON = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
LONG, OTHERS, OTHER_STOPS = 200, 59, 25
SERVICE_S = 90.0
LONG_ROUTE = "r0"
_ACTOR = Actor(kind="rule", id="benchmark")


def places_needed() -> int:
    """How many places the shift takes."""
    return LONG + OTHERS * OTHER_STOPS


def long_shift(depot: LatLon, places: Sequence[LatLon]) -> State:
    """A shift with a route of 200 stops and 59 of 25, all under way at noon."""
    return fold(shift_events(depot, places, [LONG, *[OTHER_STOPS] * OTHERS]))


def shift_events(
    depot: LatLon, places: Sequence[LatLon], sizes: Sequence[int]
) -> Iterator[e.Event]:
    """A shift under way at noon: routes `r0`, `r1` and so on, with stops `s0-0`, `s0-1`.

    Args:
        depot: where all routes begin.
        places: of the stops; each route takes the next ones.
        sizes: how many stops each route has.
    """
    yield from _morning(depot)
    first = 0
    for number, count in enumerate(sizes):
        yield from _route(number, depot, in_driving_order(depot, places[first : first + count]))
        first += count


def _event(body: e.AnyBody, subject: Subject | None = None, at: datetime = NOON) -> e.Event:
    about = subject or Subject()
    return e.Event(
        id=derived_event_id(at, repr(body), repr(about)),
        at=at,
        recorded_at=at,
        actor=_ACTOR,
        subject=about,
        body=body,
    )


def _morning(depot: LatLon) -> Iterator[e.Event]:
    shift = Shift(
        id="day",
        name="Day",
        date="2026-11-20",
        timezone="Europe/Vaduz",
        starts_at=NOON - timedelta(hours=6),
        ends_at=NOON + timedelta(hours=8),
    )
    yield _event(e.ShiftOpened(shift=shift))
    yield _event(
        e.DepotRegistered(depot=Depot(id="depot", name="Depot", lat=depot.lat, lon=depot.lon))
    )
    yield _event(e.CarrierRegistered(carrier=Carrier(id="own", name="Own vans")))


def _route(number: int, depot: LatLon, places: Sequence[LatLon]) -> Iterator[e.Event]:
    vehicle = Vehicle(
        id=f"own:v{number}",
        carrier_id="own",
        reference=f"v{number}",
        label=f"FL {4000 + number}",
        kind=VehicleKind.VAN,
        capacity_kg=2_500.0,
        capacity_m3=16.0,
        capacity_pieces=400,
        equipment=(Requirement.TAIL_LIFT,),
        height_m=2.7,
        range_m=600_000.0,
    )
    plan = RoutePlan(
        id=f"r{number}",
        name=f"R-{200 + number}",
        carrier_id="own",
        depot_id="depot",
        vehicle_id=vehicle.id,
        driver_name=f"Driver {number}",
        starts_at=NOON - timedelta(hours=1),
        duty_ends_at=NOON + timedelta(hours=12),
        longest_driving_s=9 * 3600.0,
    )
    planned = list(_planned(depot, places))
    stops = [_stop(number, place, at, planned[place]) for place, at in enumerate(places)]
    yield _event(e.VehicleRegistered(vehicle=vehicle))
    yield _event(e.RoutePlanned(plan=plan))
    for stop in stops:
        yield _event(e.StopPlanned(plan=stop))
    sequence = e.RouteSequence(route_id=plan.id, version=1, stops=tuple(one.id for one in stops))
    yield _event(e.RoutesSequenced(routes=(sequence,)))
    started = NOON - timedelta(minutes=5)
    yield _event(e.RouteStarted(), Subject(route_id=plan.id), started)


def in_driving_order(depot: LatLon, places: Sequence[LatLon]) -> list[LatLon]:
    """Always to the nearest place left, as a plan would about do."""
    left, order = list(places), [depot]
    while left:
        nearest = min(left, key=lambda place: distance_m(order[-1], place))
        left.remove(nearest)
        order.append(nearest)
    return order[1:]


def _planned(depot: LatLon, places: Sequence[LatLon]) -> Iterator[datetime]:
    """When each place is reached by the plan."""
    at = NOON
    for before, here in pairwise([depot, *places]):
        at += timedelta(seconds=estimated_s(before, here, Profile.CAR))
        yield at
        at += timedelta(seconds=SERVICE_S)


def _stop(route: int, place: int, at: LatLon, planned: datetime) -> StopPlan:
    return StopPlan(
        id=f"s{route}-{place}",
        reference=f"ORD-{route}-{place}",
        customer=f"Customer {route}-{place}",
        address=f"Musterstrasse {place + 1}",
        lat=at.lat,
        lon=at.lon,
        window_start=planned - timedelta(hours=1),
        window_end=planned + timedelta(minutes=40),
        planned_at=planned,
        service_s=SERVICE_S,
        parcels=(f"P-{route}-{place}",),
        weight_kg=4.0,
        volume_m3=0.03,
        needs=(Requirement.TAIL_LIFT,) if place % 7 == 0 else (),
        temperature_limit_c=None,
    )
