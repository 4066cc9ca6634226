"""A small plainly fictional shift as events: what the window's tests show."""

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta

from tower.domain import events as e
from tower.domain.fold import fold
from tower.domain.identity import derived_event_id
from tower.domain.records import (
    Actor,
    Carrier,
    Depot,
    Finding,
    RoutePlan,
    Shift,
    StopPlan,
    Subject,
    Vehicle,
)
from tower.domain.state import State
from tower.domain.words import CarrierKind, ExceptionKind, Severity, VehicleKind

NOON = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
ROUTES = 3
STOPS = 5
CARRIERS = {"own": "Own vans", "gig": "Demo Gig"}
_ACTOR = Actor(kind="rule", id="test")


def event(
    body: e.AnyBody, subject: Subject | None = None, *, at: datetime = NOON, seq: int = 0
) -> e.Event:
    """One event with an id made from what it says."""
    about = subject or Subject()
    return e.Event(
        id=derived_event_id(at, repr(body), repr(about)),
        at=at,
        recorded_at=at,
        actor=_ACTOR,
        subject=about,
        body=body,
        seq=seq,
    )


def carrier_of(route: int) -> str:
    """The carrier of a route by number: the last one is gig, the others are ours."""
    return "gig" if route == ROUTES - 1 else "own"


def opening() -> Iterator[e.Event]:
    """Everything planned: a shift, a depot, carriers, vehicles, routes and stops."""
    yield event(
        e.ShiftOpened(
            shift=Shift(
                id="day",
                name="Day",
                date="2026-11-20",
                timezone="Europe/Vaduz",
                starts_at=NOON - timedelta(hours=6),
                ends_at=NOON + timedelta(hours=8),
            )
        )
    )
    yield event(
        e.DepotRegistered(depot=Depot(id="depot-1", name="Demo Depot", lat=47.17, lon=9.51))
    )
    for id_, name in CARRIERS.items():
        kind = CarrierKind.GIG if id_ == "gig" else CarrierKind.OWN_FLEET
        yield event(e.CarrierRegistered(carrier=Carrier(id=id_, name=name, kind=kind)))
    for number in range(ROUTES):
        yield from _route(number)


def _route(number: int) -> Iterator[e.Event]:
    carrier_id = carrier_of(number)
    vehicle = Vehicle(
        id=f"{carrier_id}:v{number}",
        carrier_id=carrier_id,
        reference=f"v{number}",
        label=f"FL {4000 + number}",
        kind=VehicleKind.E_VAN,
    )
    yield event(e.VehicleRegistered(vehicle=vehicle))
    plan = RoutePlan(
        id=f"r{number}",
        name=f"R-20{number}",
        carrier_id=carrier_id,
        depot_id="depot-1",
        vehicle_id=vehicle.id,
        driver_name=f"Driver A{number}",
        starts_at=NOON - timedelta(hours=4),
    )
    yield event(e.RoutePlanned(plan=plan))
    stops = tuple(_stop(number, place) for place in range(STOPS))
    for stop in stops:
        yield event(e.StopPlanned(plan=stop))
    sequence = e.RouteSequence(route_id=plan.id, version=1, stops=tuple(one.id for one in stops))
    yield event(e.RoutesSequenced(routes=(sequence,)))
    yield event(
        e.RouteStarted(), Subject(route_id=plan.id), at=NOON - timedelta(hours=3, minutes=number)
    )


def _stop(route: int, place: int) -> StopPlan:
    number = route * STOPS + place
    return StopPlan(
        id=f"s{number}",
        reference=f"ORD-{1000 + number}",
        customer=f"Customer {number:04d}",
        address=f"Musterstrasse {number + 1}",
        lat=47.10 + 0.01 * route + 0.001 * place,
        lon=9.50 + 0.01 * route,
        window_start=NOON,
        window_end=NOON + timedelta(hours=2),
        parcels=(f"PARCEL-{number:06d}",),
    )


def raised(
    exception_id: str,
    stop: int = 0,
    severity: Severity = Severity.CRITICAL,
    kind: ExceptionKind = ExceptionKind.NO_ACCESS,
) -> e.Event:
    """An exception about a stop."""
    route = stop // STOPS
    subject = Subject(
        exception_id=exception_id,
        stop_id=f"s{stop}",
        route_id=f"r{route}",
        vehicle_id=f"{carrier_of(route)}:v{route}",
    )
    finding = Finding(
        kind=kind,
        severity=severity,
        subject=subject,
        headline=f"Stop {stop % STOPS + 1} · gate code missing",
        detail="Driver at the door for 6 min",
        sla_due_at=NOON + timedelta(minutes=10),
        source="own",
    )
    return event(e.ExceptionRaised(finding=finding), subject)


def numbered(events: Iterable[e.Event], start: int = 1) -> list[e.Event]:
    """The same events with their places in the journal."""
    return [
        e.Event(
            id=one.id,
            at=one.at,
            recorded_at=one.recorded_at,
            actor=one.actor,
            subject=one.subject,
            body=one.body,
            seq=seq,
        )
        for seq, one in enumerate(events, start=start)
    ]


def example_state() -> State:
    """The state after the opening, with one exception."""
    return fold(numbered([*opening(), raised("x1")]))
