"""What a manifest changes: events for what differs from the shift, and nothing else."""

from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Any, NamedTuple, TypeVar

import msgspec
from msgspec.structs import replace

from tower.carriers.manifest.model import Manifest
from tower.domain import events as e
from tower.domain.identity import derived_event_id
from tower.domain.moments import Now
from tower.domain.records import (
    NEVER,
    Actor,
    Carrier,
    RoutePlan,
    Shift,
    Stamp,
    StopPlan,
    Subject,
    Vehicle,
)
from tower.domain.state import Stamped, State

IMPORTER = Actor(kind="rule", id="manifest", name="Manifest import")
"""In whose name a manifest changes the shift, where nobody else is named."""

Plan = TypeVar("Plan", RoutePlan, StopPlan)
Party = TypeVar("Party", Carrier, Vehicle)


def manifest_events(
    manifest: Manifest, state: State, clock: Now, actor: Actor = IMPORTER
) -> list[e.Event]:
    """The events that bring the shift to what the manifest says.

    The same manifest again gives none. What dispatchers did since stands: a sequence that holds
    all stops of the manifest is left as it is, new stops are added at its end, a stop moved to
    another route stays there, and what was agreed about a stop since still holds.
    """
    now = clock.now()
    today = manifest if not manifest.historical else _as_of(manifest, _day(manifest, state, now))
    return [_event(change, actor, now) for change in _changes(today, state)]


class _Change(NamedTuple):
    """One event to be made; it has to be later than `after`, or it would count for nothing."""

    subject: Subject
    body: e.AnyBody
    after: Stamp = NEVER


def _changes(manifest: Manifest, state: State) -> Iterator[_Change]:
    shift = _shift(manifest, state)
    if shift is not None and _known(state.shifts, shift.id) != shift:
        yield _Change(Subject(), e.ShiftOpened(shift=shift), _stamp(state.shifts, shift.id))
    yield from _parties(manifest, state)
    for route in manifest.routes:
        known_route = state.routes.get(route.id)
        if known_route is None or known_route.plan != route:
            subject = Subject(carrier_id=route.carrier_id, route_id=route.id)
            after = known_route.plan_stamp if known_route is not None else NEVER
            yield _Change(subject, e.RoutePlanned(plan=route), after)
    for stop in manifest.stops:
        known_stop = state.stops.get(stop.id)
        if known_stop is None or known_stop.as_planned != stop:
            after = known_stop.plan_stamp if known_stop is not None else NEVER
            yield _Change(Subject(stop_id=stop.id), e.StopPlanned(plan=stop), after)
    yield from _sequences(manifest, state)


def _shift(manifest: Manifest, state: State) -> Shift | None:
    """The shift as the manifest has it; one that names no region leaves the region as it is."""
    shift = manifest.shift
    known = _known(state.shifts, shift.id) if shift is not None else None
    if shift is None or shift.region or known is None:
        return shift
    return replace(shift, region=known.region)


def _parties(manifest: Manifest, state: State) -> Iterator[_Change]:
    """Carriers, depots, pick-up points and vehicles that are new or read differently."""
    for carrier in manifest.carriers:
        known = _known(state.carriers, carrier.id)
        wanted = _wanted(known, carrier, manifest)
        if wanted != known:
            body = e.CarrierRegistered(carrier=wanted)
            after = _stamp(state.carriers, carrier.id)
            yield _Change(Subject(carrier_id=carrier.id), body, after)
    for depot in manifest.depots:
        if _known(state.depots, depot.id) != depot:
            after = _stamp(state.depots, depot.id)
            yield _Change(Subject(), e.DepotRegistered(depot=depot), after)
    for point in manifest.pickup_points:
        if _known(state.pickup_points, point.id) != point:
            after = _stamp(state.pickup_points, point.id)
            yield _Change(Subject(), e.PickupPointRegistered(point=point), after)
    for vehicle in manifest.vehicles:
        known = _known(state.vehicles, vehicle.id)
        wanted = _wanted(known, vehicle, manifest)
        if wanted != known:
            subject = Subject(carrier_id=vehicle.carrier_id, vehicle_id=vehicle.id)
            after = _stamp(state.vehicles, vehicle.id)
            yield _Change(subject, e.VehicleRegistered(vehicle=wanted), after)


def _known(table: dict[str, Any], record_id: str) -> Any:  # noqa: ANN401 - any table's record
    entry = table.get(record_id)
    return None if entry is None else entry.value


def _stamp(table: Mapping[str, Stamped], record_id: str) -> Stamp:
    entry = table.get(record_id)
    return NEVER if entry is None else entry.stamp


def _wanted(known: Party | None, record: Party, manifest: Manifest) -> Party:
    """The record as it should be, given what Tower knows of it."""
    if known is None:
        return record
    if record.id in manifest.named_only:
        return known
    return _completed(record, known) if manifest.form == "csv" else record


def _completed(record: Party, known: Party) -> Party:
    """A record of a CSV file, which has few columns for it; the rest stays as it is known."""
    own_names = (record.id, getattr(record, "reference", record.id))
    said = {
        field.name: value
        for field in msgspec.structs.fields(type(record))
        if (value := getattr(record, field.name)) != field.default
        and (field.name not in ("name", "label") or value not in own_names)
    }
    return replace(known, **said)


def _sequences(manifest: Manifest, state: State) -> Iterator[_Change]:
    for route_id, wanted in manifest.sequences.items():
        route = state.routes.get(route_id)
        present = route.sequence if route is not None else ()
        there = frozenset(present)
        added = tuple(stop_id for stop_id in wanted if _is_new(stop_id, there, state))
        if not added:
            continue
        sequence = e.RouteSequence(
            route_id=route_id,
            version=(route.version if route is not None else 0) + 1,
            stops=present + added,
        )
        yield _Change(Subject(route_id=route_id), e.RoutesSequenced(routes=(sequence,)))


def _is_new(stop_id: str, there: frozenset[str], state: State) -> bool:
    """True for a stop that never was on a route."""
    stop = state.stops.get(stop_id)
    never_assigned = stop is None or stop.route_stamp.event_id == ""
    return never_assigned and stop_id not in there


def _event(change: _Change, actor: Actor, now: datetime) -> e.Event:
    at = change.after.outdone_at(now)
    said = msgspec.json.encode(change.body).decode()
    return e.Event(
        id=derived_event_id(at, actor.kind, actor.id, said),
        at=at,
        recorded_at=now,
        actor=actor,
        subject=change.subject,
        body=change.body,
    )


def _day(manifest: Manifest, state: State, now: datetime) -> date:
    """The day a recording is played on: that of its first import, or today."""
    known = _known(state.shifts, manifest.shift.id) if manifest.shift else None
    return date.fromisoformat(known.date) if known is not None else now.astimezone(UTC).date()


def _as_of(manifest: Manifest, day: date) -> Manifest:
    """A recording with each route moved by whole days to `day`."""
    moves = {
        route.id: day - route.starts_at.date()
        for route in manifest.routes
        if route.starts_at is not None
    }
    route_of = {stop: route for route, stops in manifest.sequences.items() for stop in stops}
    none = timedelta(0)
    return replace(
        manifest,
        shift=None if manifest.shift is None else _moved_shift(manifest.shift, day),
        routes=tuple(_moved(plan, moves.get(plan.id, none)) for plan in manifest.routes),
        stops=tuple(
            _moved(plan, moves.get(route_of.get(plan.id, ""), none)) for plan in manifest.stops
        ),
    )


def _moved(plan: Plan, by: timedelta) -> Plan:
    times = {
        name: value + by
        for name, value in msgspec.structs.asdict(plan).items()
        if isinstance(value, datetime)
    }
    return replace(plan, **times)


def _moved_shift(shift: Shift, day: date) -> Shift:
    by = day - date.fromisoformat(shift.date)
    return replace(
        shift, date=day.isoformat(), starts_at=shift.starts_at + by, ends_at=shift.ends_at + by
    )
