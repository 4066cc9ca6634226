"""A ten-hour shift of many vehicles in a journal with its positions, made up quickly from a seed.

Every stop is reported on four times, every quarter of an hour each route is predicted, now and
then something goes wrong, customers are written to, and a sequence is changed.
"""

import random
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import NamedTuple

import numpy as np

from tests.benchmarks._shift import SteppedClock
from tower.domain import events as e
from tower.domain.identity import derived_event_id
from tower.domain.messages import Attempt, MessagePlan, Reach
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
from tower.domain.telemetry import Fix
from tower.domain.words import (
    AttemptReason,
    Channel,
    ExceptionKind,
    ExceptionState,
    MessageState,
    Severity,
)
from tower.gateway.server import open_journal
from tower.replay.shapes import Shape
from tower.road.polyline import encode_polyline

BEGINS = datetime(2026, 3, 5, 7, 0, tzinfo=UTC)
HOURS = 10
STOPS_A_ROUTE = 30
FIX_EVERY_S = 15.0

_DRIVER = Actor(kind="carrier", id="own", name="Own fleet")
_RULE = Actor(kind="rule", id="tower:watch", name="Watch")
_KINDS = (ExceptionKind.LATE, ExceptionKind.NO_ACCESS, ExceptionKind.WISMO)
_SEVERITIES = (Severity.MINOR, Severity.MAJOR, Severity.CRITICAL)
_PREDICTED_EVERY = timedelta(minutes=15)


class Visit(NamedTuple):
    """A stop as it went."""

    stop_id: str
    lat: float
    lon: float
    planned_at: datetime
    arrives: datetime
    leaves: datetime


class Drive(NamedTuple):
    """A route as it went."""

    route_id: str
    vehicle_id: str
    visits: tuple[Visit, ...]


def make_shift(folder: Path, vehicles: int, seed: int) -> dict[str, Shape]:
    """Write a shift into a journal in a folder.

    Args:
        folder: the data folder, empty.
        vehicles: each drives one route of thirty stops.
        seed: decides everything that is chance.

    Returns:
        The routes' lines.
    """
    chance = random.Random(seed)
    drives = [_drive(number, chance) for number in range(vehicles)]
    told = [*_plan(drives), *(event for drive in drives for event in _story(drive, chance))]
    told.sort(key=lambda event: event.at)
    clock = SteppedClock(BEGINS.timestamp() - 3_600)
    with closing(open_journal(folder, clock)) as journal:
        for minute in _minutes(told):
            clock.at = minute[-1].at.timestamp()
            journal.append(minute).result()
        for drive in drives:
            journal.breadcrumbs.add(_fixes(drive))
        journal.flush()
    return {drive.route_id: _line(drive) for drive in drives}


def _minutes(told: Sequence[e.Event]) -> Iterator[list[e.Event]]:
    """The events of one minute after the other."""
    batch: list[e.Event] = []
    for event in told:
        if batch and event.at.replace(second=0, microsecond=0) > batch[0].at:
            yield batch
            batch = []
        batch.append(event)
    if batch:
        yield batch


def _event(
    body: e.AnyBody, at: datetime, mark: str, about: Mapping[str, str] = {}, by: Actor = _DRIVER
) -> e.Event:
    return e.Event(
        id=derived_event_id(at, type(body).__name__, mark, *about.values()),
        at=at,
        recorded_at=at,
        actor=by,
        subject=Subject(**about),
        body=body,
    )


def _drive(number: int, chance: random.Random) -> Drive:
    route_id, at = f"R{number:04}", BEGINS + timedelta(minutes=number % 30)
    lat, lon, slack = 47.06 + 0.2 * chance.random(), 9.5 + 0.06 * chance.random(), 0.0
    visits = []
    for place in range(STOPS_A_ROUTE):
        lat, lon = lat + chance.gauss(0, 0.003), lon + chance.gauss(0, 0.003)
        planned_at = at + timedelta(minutes=19 * (place + 1))
        slack = max(-240.0, slack + chance.gauss(20, 120))
        arrives = planned_at + timedelta(seconds=round(slack))
        leaves = arrives + timedelta(seconds=chance.randint(90, 400))
        stop_id = f"{route_id}-{place:02}"
        visits.append(Visit(stop_id, lat, lon, planned_at, arrives, leaves))
    return Drive(route_id, f"V{number:04}", tuple(visits))


def _plan(drives: Sequence[Drive]) -> Iterator[e.Event]:
    at, ends = BEGINS - timedelta(minutes=30), BEGINS + timedelta(hours=HOURS)
    shift = Shift(
        id="day",
        name="Day",
        date="2026-03-05",
        timezone="Europe/Vaduz",
        starts_at=at,
        ends_at=ends,
        region="liechtenstein",
    )
    depot = Depot(id="depot", name="Depot", lat=47.14, lon=9.52)
    yield _event(e.ShiftOpened(shift=shift), at, "")
    yield _event(e.CarrierRegistered(carrier=Carrier(id="own", name="Own fleet")), at, "")
    yield _event(e.DepotRegistered(depot=depot), at, "")
    for drive in drives:
        yield from _planned(drive, at)


def _planned(drive: Drive, at: datetime) -> Iterator[e.Event]:
    vehicle = Vehicle(
        id=drive.vehicle_id, carrier_id="own", reference=drive.vehicle_id, label=drive.vehicle_id
    )
    plan = RoutePlan(
        id=drive.route_id,
        name=drive.route_id,
        carrier_id="own",
        depot_id="depot",
        vehicle_id=drive.vehicle_id,
        driver_id=f"d-{drive.route_id}",
        driver_name=f"Driver {drive.route_id}",
        starts_at=BEGINS,
    )
    yield _event(e.VehicleRegistered(vehicle=vehicle), at, "", {"vehicle_id": drive.vehicle_id})
    yield _event(e.RoutePlanned(plan=plan), at, "", {"route_id": drive.route_id})
    for visit in drive.visits:
        stop = StopPlan(
            id=visit.stop_id,
            customer=f"Customer {visit.stop_id}",
            phone=f"+4233900{visit.stop_id[1:5]}",
            address=f"{visit.stop_id} Example Lane",
            lat=visit.lat,
            lon=visit.lon,
            window_start=visit.planned_at - timedelta(hours=1),
            window_end=visit.planned_at + timedelta(minutes=20),
            planned_at=visit.planned_at,
            parcels=(f"P{visit.stop_id}",),
        )
        yield _event(e.StopPlanned(plan=stop), at, "", {"stop_id": visit.stop_id})
    stops = tuple(visit.stop_id for visit in drive.visits)
    order = e.RouteSequence(route_id=drive.route_id, version=1, stops=stops)
    yield _event(
        e.RoutesSequenced(routes=(order,)), at, drive.route_id, {"route_id": drive.route_id}
    )


def _story(drive: Drive, chance: random.Random) -> Iterator[e.Event]:
    ids = {"route_id": drive.route_id, "vehicle_id": drive.vehicle_id}
    first, last = drive.visits[0], drive.visits[-1]
    starts = first.arrives - timedelta(minutes=10)
    yield _event(e.RouteStarted(), starts, "", ids)
    for before, visit in zip((None, *drive.visits), drive.visits, strict=False):
        sets_out = before.leaves + timedelta(seconds=15) if before else starts
        yield _event(e.StopEnRoute(), sets_out, "", {"stop_id": visit.stop_id, **ids})
        yield from _visited(visit, ids, chance)
    yield _event(e.RouteFinished(), last.leaves + timedelta(minutes=12), "", ids)
    yield from _predicted(drive, chance)
    yield from _resequenced(drive, chance)


def _visited(visit: Visit, ids: dict[str, str], chance: random.Random) -> Iterator[e.Event]:
    about = {"stop_id": visit.stop_id, **ids}
    yield _event(e.StopArrived(), visit.arrives, "", about)
    yield _event(e.StopServiced(), visit.arrives + timedelta(seconds=30), "", about)
    failed = chance.random() < 0.06
    outcome = e.StopAttempted(reason=AttemptReason.NOT_HOME) if failed else e.StopDelivered()
    yield _event(outcome, visit.leaves, "", about)
    start, end = visit.planned_at - timedelta(minutes=30), visit.planned_at + timedelta(minutes=30)
    for hours in (4, 1):
        at = max(BEGINS, visit.planned_at - timedelta(hours=hours))
        yield _event(e.ArrivalPublished(start=start, end=end), at, str(hours), about)
    if chance.random() < 0.07:
        yield from _trouble(visit, about, chance)
    if chance.random() < 0.15:
        yield from _message(visit, about)


def _trouble(visit: Visit, about: dict[str, str], chance: random.Random) -> Iterator[e.Event]:
    at, exception_id = visit.arrives - timedelta(minutes=4), f"x-{visit.stop_id}"
    finding = Finding(
        kind=chance.choice(_KINDS),
        severity=chance.choice(_SEVERITIES),
        subject=Subject(**about),
        headline="12 min past its window",
        sla_due_at=at + timedelta(minutes=20),
        source="tower:watch",
    )
    about = {**about, "exception_id": exception_id}
    yield _event(e.ExceptionRaised(finding=finding), at, "", about, _RULE)
    claimed = e.ExceptionWorked(state=ExceptionState.CLAIMED, version=1, owner="ann", fence=1)
    yield _event(claimed, at + timedelta(minutes=3), "1", about)
    done = e.ExceptionWorked(state=ExceptionState.RESOLVED, version=2, cause="Called back")
    yield _event(done, at + timedelta(minutes=3 + chance.expovariate(0.1)), "2", about)


def _message(visit: Visit, about: dict[str, str]) -> Iterator[e.Event]:
    at, message_id = visit.arrives - timedelta(minutes=50), f"m-{visit.stop_id}"
    reach = Reach(channel=Channel.SMS, address=f"+4233900{visit.stop_id[1:5]}")
    plan = MessagePlan(stop_id=visit.stop_id, reaches=(reach,), words="We will be there soon.")
    about = {**about, "message_id": message_id}
    yield _event(e.MessageQueued(plan=plan), at, "", about)
    attempt = Attempt(
        number=1,
        channel=Channel.SMS,
        address=reach.address,
        provider="outbox",
        state=MessageState.DELIVERED,
        at=at + timedelta(seconds=9),
    )
    yield _event(e.MessageProgressed(attempt=attempt), attempt.at, "", about)


def _predicted(drive: Drive, chance: random.Random) -> Iterator[e.Event]:
    at = BEGINS + timedelta(minutes=chance.randrange(15))
    while at < drive.visits[-1].arrives:
        ahead = [visit for visit in drive.visits if visit.arrives > at]
        rows = tuple(
            e.PredictedArrival(
                stop_id=visit.stop_id,
                in_s=round((visit.arrives - at).total_seconds() + chance.gauss(0, 120)),
                early_s=120 + 10 * place,
                late_s=150 + 15 * place,
                travel_s=600,
            )
            for place, visit in enumerate(ahead)
        )
        predicted = e.ArrivalsPredicted(model="schedule", rows=rows)
        yield _event(predicted, at, "", {"route_id": drive.route_id}, _RULE)
        at += _PREDICTED_EVERY


def _resequenced(drive: Drive, chance: random.Random) -> Iterator[e.Event]:
    if chance.random() < 0.5:
        stops = [visit.stop_id for visit in drive.visits]
        stops[-2], stops[-1] = stops[-1], stops[-2]
        order = e.RouteSequence(route_id=drive.route_id, version=2, stops=tuple(stops))
        at = BEGINS + timedelta(hours=chance.uniform(1, 6))
        yield _event(e.RoutesSequenced(routes=(order,)), at, drive.route_id, by=_RULE)


def _fixes(drive: Drive) -> list[Fix]:
    """A position every few seconds, standing at doors and straight between them."""
    known = [(visit.arrives, visit) for visit in drive.visits]
    times = [t.timestamp() for visit in drive.visits for t in (visit.arrives, visit.leaves)]
    lats = np.repeat([visit.lat for _, visit in known], 2)
    lons = np.repeat([visit.lon for _, visit in known], 2)
    at = np.arange(BEGINS.timestamp(), times[-1], FIX_EVERY_S)
    lat, lon = np.interp(at, times, lats), np.interp(at, times, lons)
    speed = np.hypot(np.diff(lat, append=lat[-1]), np.diff(lon, append=lon[-1])) * 111_000 / 15.0
    return [
        Fix(
            vehicle_id=drive.vehicle_id,
            at=datetime.fromtimestamp(when, UTC),
            lat=float(y),
            lon=float(x),
            speed_mps=float(v),
        )
        for when, y, x, v in zip(at.tolist(), lat, lon, speed, strict=True)
    ]


def _line(drive: Drive) -> Shape:
    points = np.array([(visit.lat, visit.lon) for visit in drive.visits])
    count = len(drive.visits)
    return Shape(
        version=1,
        shape=encode_polyline(points),
        stop_offsets=tuple(range(count)),
        durations_s=(600.0,) * count,
        distances_m=(900.0,) * count,
    )
