"""The fold: what the shift looks like now, from the events that made it so.

`state = fold(apply, events)`. Every field is a register that the greater stamp wins, so `apply`
is commutative and idempotent: any split, repetition or reordering of the same events gives the
same state. Observed facts are stamped with the time they happened; decisions of the gateway
(sequences, work on exceptions) with the version it gave them.
"""

from collections.abc import Callable, Iterable
from datetime import UTC, tzinfo
from typing import Any, NamedTuple

import msgspec
from msgspec.structs import replace

from tower.domain import events as e
from tower.domain.geometry import LatLon
from tower.domain.records import (
    NEVER,
    Carrier,
    Contact,
    Depot,
    ExceptionRecord,
    Lock,
    Progress,
    Record,
    Route,
    Shift,
    Stamp,
    Stop,
    Told,
    Vehicle,
    Work,
)
from tower.domain.timezones import zone_named
from tower.domain.words import Notice, StopState


class Changed(NamedTuple):
    """One record that an event changed."""

    table: str
    id: str


class Stamped(Record, frozen=True, kw_only=True):
    """A registered thing with the stamp of the event that registered it."""

    stamp: Stamp = NEVER


class ShiftEntry(Stamped, frozen=True, kw_only=True):
    """The shift, stamped."""

    value: Shift


class CarrierEntry(Stamped, frozen=True, kw_only=True):
    """A carrier, stamped."""

    value: Carrier


class DepotEntry(Stamped, frozen=True, kw_only=True):
    """A depot, stamped."""

    value: Depot


class VehicleEntry(Stamped, frozen=True, kw_only=True):
    """A vehicle, stamped."""

    value: Vehicle


class Silence(Record, frozen=True, kw_only=True):
    """Whether a carrier is silent, by the newest fact about it."""

    silent: bool
    stamp: Stamp


class State(msgspec.Struct, kw_only=True):
    """Everything the journal says about the shift.

    Owned by one writer, who alone calls `apply`; everybody else reads.
    """

    seq: int = 0
    shifts: dict[str, ShiftEntry] = {}
    carriers: dict[str, CarrierEntry] = {}
    silences: dict[str, Silence] = {}
    depots: dict[str, DepotEntry] = {}
    vehicles: dict[str, VehicleEntry] = {}
    routes: dict[str, Route] = {}
    stops: dict[str, Stop] = {}
    exceptions: dict[str, ExceptionRecord] = {}
    contacts: dict[str, Contact] = {}

    @property
    def shift(self) -> Shift | None:
        """The shift opened last, or None before the first."""
        newest = max(self.shifts.values(), key=lambda entry: entry.stamp, default=None)
        return newest.value if newest else None

    @property
    def zone(self) -> tzinfo:
        """The time zone of the shift; UTC where there is none or nobody knows its name."""
        shift = self.shift
        return (zone_named(shift.timezone) if shift else None) or UTC

    def stops_of(self, route: Route) -> list[Stop]:
        """The stops of a route in driving order, done ones included."""
        found = (self.stops.get(stop_id) for stop_id in route.sequence)
        return [stop for stop in found if stop is not None and stop.route_id == route.id]

    def depot_of(self, route: Route) -> LatLon | None:
        """Where a route begins and ends, None where nobody said."""
        depot = self.depots.get(route.plan.depot_id) if route.plan else None
        return depot.value.position if depot else None

    def vehicle_of(self, route: Route) -> Vehicle | None:
        """What is planned to drive a route, None where nobody said."""
        vehicle = self.vehicles.get(route.plan.vehicle_id) if route.plan else None
        return vehicle.value if vehicle else None


TABLES: tuple[str, ...] = tuple(f for f in State.__struct_fields__ if f != "seq")
"""Names of the tables of a state, in the order a snapshot sends them."""


def apply(state: State, event: e.Event) -> list[Changed]:
    """Fold one event into the state, in place.

    Returns:
        The records that changed; empty for a repetition or for news older than what is known.
    """
    state.seq = max(state.seq, event.seq)
    return _FOLDS[type(event.body)](state, event, event.body)


def fold(events: Iterable[e.Event], state: State | None = None) -> State:
    """The state after all events, starting from `state` or from nothing."""
    state = State() if state is None else state
    for event in events:
        apply(state, event)
    return state


def _observed(event: e.Event, rank: int = 0) -> Stamp:
    return Stamp(event.at.timestamp(), rank, event.id)


def _register(table: str, entry: type[Any], read: Callable[[Any], Any]) -> "Fold":
    def fold_one(state: State, event: e.Event, body: e.Body) -> list[Changed]:
        value = read(body)
        rows = getattr(state, table)
        stamp = _observed(event)
        known = rows.get(value.id)
        if known is not None and known.stamp >= stamp:
            return []
        rows[value.id] = entry(value=value, stamp=stamp)
        return [Changed(table, value.id)]

    return fold_one


def _route(state: State, route_id: str) -> Route:
    return state.routes.get(route_id) or Route(id=route_id)


def _stop(state: State, stop_id: str) -> Stop:
    return state.stops.get(stop_id) or Stop(id=stop_id)


def _fold_route_planned(state: State, event: e.Event, body: e.RoutePlanned) -> list[Changed]:
    route, stamp = _route(state, body.plan.id), _observed(event)
    if route.plan_stamp >= stamp:
        return []
    state.routes[route.id] = replace(route, plan=body.plan, plan_stamp=stamp)
    return [Changed("routes", route.id)]


def _fold_stop_planned(state: State, event: e.Event, body: e.StopPlanned) -> list[Changed]:
    stop, stamp = _stop(state, body.plan.id), _observed(event)
    if stop.plan_stamp >= stamp:
        return []
    state.stops[stop.id] = replace(stop, plan=body.plan, plan_stamp=stamp)
    return [Changed("stops", stop.id)]


def _fold_sequenced(state: State, event: e.Event, body: e.RoutesSequenced) -> list[Changed]:
    changed: list[Changed] = []
    for sequence in body.routes:
        route, stamp = _route(state, sequence.route_id), Stamp(sequence.version, 0, event.id)
        if route.sequence_stamp < stamp:
            state.routes[route.id] = replace(
                route, sequence=sequence.stops, sequence_stamp=stamp, sequenced_at=event.at
            )
            changed.append(Changed("routes", route.id))
        for stop_id in sequence.stops:
            changed += _assign(state, stop_id, sequence.route_id, event, body)
    for stop_id in body.unassigned:
        changed += _assign(state, stop_id, "", event, body)
    return changed


def _assign(
    state: State, stop_id: str, route_id: str, event: e.Event, body: e.RoutesSequenced
) -> list[Changed]:
    stop, stamp = _stop(state, stop_id), Stamp(event.recorded_at.timestamp(), 0, event.id)
    if stop.route_stamp >= stamp:
        return []
    parcels_on = body.parcels_on.get(stop_id, "")
    state.stops[stop_id] = replace(
        stop, route_id=route_id, route_stamp=stamp, parcels_on=parcels_on
    )
    is_same = (stop.route_id, stop.parcels_on) == (route_id, parcels_on)
    return [] if is_same else [Changed("stops", stop_id)]


def _fold_locked(state: State, event: e.Event, body: e.StopsLocked) -> list[Changed]:
    stamp = Stamp(event.recorded_at.timestamp(), 0, event.id)
    lock = Lock(reason=body.reason, by=event.actor.name, at=event.at) if body.locked else None
    changed = []
    for stop_id in body.stops:
        stop = _stop(state, stop_id)
        if stop.lock_stamp < stamp:
            state.stops[stop_id] = replace(stop, lock=lock, lock_stamp=stamp)
            changed.append(Changed("stops", stop_id))
    return changed


_NOTICE_RANK = {word: rank for rank, word in enumerate(Notice)}


def _fold_noticed(state: State, event: e.Event, body: e.SequenceNoticed) -> list[Changed]:
    route = _route(state, event.subject.route_id)
    stamp = Stamp(body.version, _NOTICE_RANK[body.notice], event.id)
    if route.told_stamp >= stamp:
        return []
    told = Told(version=body.version, notice=body.notice, at=event.at, note=body.note)
    state.routes[route.id] = replace(route, told=told, told_stamp=stamp)
    return [Changed("routes", route.id)]


def _fold_route_started(state: State, event: e.Event, _: e.RouteStarted) -> list[Changed]:
    route, stamp = _route(state, event.subject.route_id), _observed(event)
    if route.started_stamp >= stamp:
        return []
    state.routes[route.id] = replace(route, started_at=event.at, started_stamp=stamp)
    return [Changed("routes", route.id)]


def _fold_route_finished(state: State, event: e.Event, _: e.RouteFinished) -> list[Changed]:
    route, stamp = _route(state, event.subject.route_id), _observed(event)
    if route.finished_stamp >= stamp:
        return []
    state.routes[route.id] = replace(route, finished_at=event.at, finished_stamp=stamp)
    return [Changed("routes", route.id)]


_PROGRESS_RANK = {word: rank for rank, word in enumerate(StopState)}


def _fold_progress(state: State, event: e.Event, body: e.StopProgress) -> list[Changed]:
    stop = _stop(state, event.subject.stop_id)
    stamp = _observed(event, _PROGRESS_RANK[body.state])
    progress = Progress(
        state=body.state,
        at=event.at,
        stamp=stamp,
        reason=body.reason if isinstance(body, e.StopAttempted) else None,
        note=body.note,
    )
    known = stop.outcome if body.state.is_outcome else stop.underway
    newer = known is None or known.stamp < stamp
    after = stop
    if newer and body.state.is_outcome:
        after = replace(after, outcome=progress)
    elif newer:
        after = replace(after, underway=progress)
    if body.state is StopState.ARRIVED and stop.arrived_stamp < stamp:
        after = replace(after, arrived_at=event.at, arrived_stamp=stamp)
    if after is stop:
        return []
    state.stops[stop.id] = after
    return [Changed("stops", stop.id)]


def _exception(state: State, event: e.Event) -> ExceptionRecord:
    exception_id = event.subject.exception_id
    return state.exceptions.get(exception_id) or ExceptionRecord(id=exception_id)


def _fold_raised(state: State, event: e.Event, body: e.ExceptionRaised) -> list[Changed]:
    known, stamp = _exception(state, event), _observed(event)
    after = known
    if known.finding_stamp < stamp:
        after = replace(after, finding=body.finding, finding_stamp=stamp)
    if known.raised_at is None or event.at < known.raised_at:
        after = replace(after, raised_at=event.at)
    if after is known:
        return []
    state.exceptions[known.id] = after
    return [Changed("exceptions", known.id)]


def _fold_worked(state: State, event: e.Event, body: e.ExceptionWorked) -> list[Changed]:
    known, stamp = _exception(state, event), Stamp(body.version, 0, event.id)
    if known.work_stamp >= stamp:
        return []
    work = Work(
        state=body.state,
        owner=body.owner,
        owner_name=body.owner_name,
        lease_until=body.lease_until,
        fence=body.fence,
        cause=body.cause,
        by_rule=body.by_rule,
        version=body.version,
        at=event.at,
    )
    state.exceptions[known.id] = replace(known, work=work, work_stamp=stamp)
    return [Changed("exceptions", known.id)]


def _fold_contacted(state: State, event: e.Event, body: e.CustomerContacted) -> list[Changed]:
    if event.id in state.contacts:
        return []
    state.contacts[event.id] = Contact(
        id=event.id,
        at=event.at,
        stop_id=event.subject.stop_id,
        topic=body.topic,
        channel=body.channel,
        inbound=body.inbound,
        words=body.words,
    )
    return [Changed("contacts", event.id)]


def _fold_silence(state: State, event: e.Event, body: e.Body) -> list[Changed]:
    carrier_id, stamp = event.subject.carrier_id, _observed(event)
    known = state.silences.get(carrier_id)
    if known is not None and known.stamp >= stamp:
        return []
    silent = isinstance(body, e.CarrierFellSilent)
    state.silences[carrier_id] = Silence(silent=silent, stamp=stamp)
    return [Changed("silences", carrier_id)]


def _keep_for_the_audit(_state: State, _event: e.Event, _body: e.Body) -> list[Changed]:
    return []


Fold = Callable[[State, e.Event, Any], list[Changed]]

_FOLDS: dict[type[e.Body], Fold] = {
    e.ShiftOpened: _register("shifts", ShiftEntry, lambda body: body.shift),
    e.CarrierRegistered: _register("carriers", CarrierEntry, lambda body: body.carrier),
    e.DepotRegistered: _register("depots", DepotEntry, lambda body: body.depot),
    e.VehicleRegistered: _register("vehicles", VehicleEntry, lambda body: body.vehicle),
    e.RoutePlanned: _fold_route_planned,
    e.StopPlanned: _fold_stop_planned,
    e.RoutesSequenced: _fold_sequenced,
    e.StopsLocked: _fold_locked,
    e.SequenceNoticed: _fold_noticed,
    e.RouteStarted: _fold_route_started,
    e.RouteFinished: _fold_route_finished,
    e.StopEnRoute: _fold_progress,
    e.StopArrived: _fold_progress,
    e.StopServiced: _fold_progress,
    e.StopDelivered: _fold_progress,
    e.StopCollected: _fold_progress,
    e.StopAttempted: _fold_progress,
    e.StopCancelled: _fold_progress,
    e.StopSkipped: _fold_progress,
    e.ExceptionRaised: _fold_raised,
    e.ExceptionWorked: _fold_worked,
    e.CustomerContacted: _fold_contacted,
    e.CarrierFellSilent: _fold_silence,
    e.CarrierHeard: _fold_silence,
    e.CommandRefused: _keep_for_the_audit,
}
