"""A small shift to test with: one depot, two routes of four stops, one exception."""

from datetime import UTC, datetime, timedelta

from tower.domain.events import (
    AnyBody,
    CarrierRegistered,
    DepotRegistered,
    Event,
    ExceptionRaised,
    RoutePlanned,
    RouteSequence,
    RoutesSequenced,
    ShiftOpened,
    StopDelivered,
    StopPlanned,
    VehicleRegistered,
)
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
from tower.domain.words import ExceptionKind, Severity

NOON = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
MORNING = NOON - timedelta(hours=5)
PLANNER = Actor(kind="rule", id="planner")
GATE = "gate-code-missing"


def told(at: datetime, subject: Subject, body: AnyBody, *marks: str) -> Event:
    """An event the same test always makes with the same id."""
    word = str(type(body).__struct_config__.tag)
    about = (subject.route_id, subject.stop_id, subject.vehicle_id, subject.exception_id)
    return Event(
        id=derived_event_id(at, word, *about, *marks),
        at=at,
        recorded_at=at,
        actor=PLANNER,
        subject=subject,
        body=body,
    )


def stop_plan(number: int) -> StopPlan:
    """A stop a few hundred metres from its neighbours, with a window from 12:00 to 14:00."""
    return StopPlan(
        id=f"S{number}",
        customer=f"Customer {number:04}",
        lat=47.14 + 0.002 * number,
        lon=9.52 + 0.001 * number,
        window_start=NOON,
        window_end=NOON + timedelta(hours=2),
        planned_at=NOON + timedelta(minutes=10 * number),
    )


def small_shift() -> list[Event]:
    """Everything of the shift, as the events that made it."""
    shift = Shift(
        id="day",
        name="Day",
        date="2026-11-20",
        timezone="UTC",
        starts_at=MORNING,
        ends_at=NOON + timedelta(hours=8),
    )
    events = [
        told(MORNING, Subject(), ShiftOpened(shift=shift)),
        told(MORNING, Subject(), CarrierRegistered(carrier=Carrier(id="own", name="Own fleet"))),
        told(
            MORNING,
            Subject(),
            DepotRegistered(depot=Depot(id="D", name="Depot", lat=47.14, lon=9.52)),
        ),
    ]
    for letter, first in (("A", 1), ("B", 5)):
        events += _route(letter, first)
    events.append(told(NOON, Subject(stop_id="S1", route_id="A"), StopDelivered()))
    events.append(raised(GATE))
    return events


def raised(exception_id: str) -> Event:
    """A missing gate code at stop S3."""
    subject = Subject(stop_id="S3", route_id="A", exception_id=exception_id)
    finding = Finding(
        kind=ExceptionKind.NO_ACCESS,
        severity=Severity.MAJOR,
        subject=subject,
        headline="Driver at door, gate code missing",
        source="own",
    )
    return told(NOON, subject, ExceptionRaised(finding=finding))


def _route(letter: str, first: int) -> list[Event]:
    vehicle = Vehicle(id=f"own:{letter}", carrier_id="own", reference=letter, label=f"Van {letter}")
    plan = RoutePlan(
        id=letter,
        name=f"R-{letter}",
        carrier_id="own",
        depot_id="D",
        vehicle_id=vehicle.id,
        starts_at=MORNING,
    )
    numbers = range(first, first + 4)
    order = RouteSequence(route_id=letter, version=1, stops=tuple(f"S{n}" for n in numbers))
    on_route = Subject(route_id=letter)
    return [
        told(MORNING, Subject(vehicle_id=vehicle.id), VehicleRegistered(vehicle=vehicle)),
        told(MORNING, on_route, RoutePlanned(plan=plan)),
        *(told(MORNING, Subject(stop_id=f"S{n}"), StopPlanned(plan=stop_plan(n))) for n in numbers),
        told(MORNING, on_route, RoutesSequenced(routes=(order,))),
    ]
