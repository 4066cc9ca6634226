"""Which events and records a desktop with a filter gets."""

from collections.abc import Callable, Iterable
from typing import Any

from tower.domain import events as e
from tower.domain.events import Event
from tower.domain.messages import Message, Reply
from tower.domain.records import Contact, Route, Stop
from tower.domain.state import State, VehicleEntry
from tower.feed.messages import EventFilter

Keeps = Callable[[str, Any], bool]
"""Whether a record of a table is wanted."""


def is_open(wanted: EventFilter | None) -> bool:
    """True where the filter lets everything through."""
    return wanted is None or not (wanted.routes or wanted.carriers or wanted.types)


def passes(wanted: EventFilter, event: Event, state: State) -> bool:
    """Whether an event is wanted.

    Exceptions always pass; so does what belongs to no route (or to no carrier), such as the
    opening of the shift.
    """
    if isinstance(event.body, e.ExceptionRaised | e.ExceptionWorked | e.ExceptionNoted):
        return True
    if wanted.types and event.type not in wanted.types:
        return False
    routes = _routes_of(event, state)
    if wanted.routes and routes and not routes & set(wanted.routes):
        return False
    carriers = _carriers_of(event, routes, state)
    return not (wanted.carriers and carriers and not carriers & set(wanted.carriers))


def keeps(wanted: EventFilter, state: State) -> Keeps:
    """Which records of a snapshot the filter lets through; types do not bear on records."""
    routes, carriers = set(wanted.routes), set(wanted.carriers)

    def wants(route_ids: set[str], carrier_ids: set[str]) -> bool:
        off_route = routes and route_ids and not route_ids & routes
        off_carrier = carriers and carrier_ids and not carrier_ids & carriers
        return not (off_route or off_carrier)

    def keep(_table: str, record: Any) -> bool:  # noqa: ANN401 - a record of any table
        if isinstance(record, Route):
            return wants({record.id}, _carriers_of_routes({record.id}, state))
        if isinstance(record, Stop):
            on = {record.route_id} - {""}
            return wants(on, _carriers_of_routes(on, state))
        if isinstance(record, Contact | Message | Reply):
            on = _routes_of_stops(_stops_spoken_of(record), state)
            return wants(on, _carriers_of_routes(on, state))
        if isinstance(record, VehicleEntry):
            return wants(set(), {record.value.carrier_id})
        return True

    return keep


def _routes_of(event: Event, state: State) -> set[str]:
    body, subject = event.body, event.subject
    if isinstance(body, e.RoutesSequenced):
        return {sequence.route_id for sequence in body.routes}
    if isinstance(body, e.RoutePlanned):
        return {body.plan.id}
    named = _routes_of_stops(_stops_of(event, state), state)
    return named if not subject.route_id else {subject.route_id}


def _stops_of(event: Event, state: State) -> Iterable[str]:
    """The stops an event is about; what is said to a customer is about the customer's stop."""
    body, subject = event.body, event.subject
    match body:
        case e.StopsLocked(stops=stops):
            return stops
        case e.StopPlanned(plan=plan):
            return (plan.id,)
        case e.MessageQueued(plan=message):
            return (message.stop_id,)
        case e.RepliesSeen(replies=replies):
            known = (state.replies.get(reply_id) for reply_id in replies)
            return (reply.stop_id for reply in known if reply is not None)
    known_message = state.messages.get(subject.message_id)
    return (subject.stop_id, *(_stops_spoken_of(known_message) if known_message else ()))


def _stops_spoken_of(record: Contact | Message | Reply) -> tuple[str, ...]:
    if isinstance(record, Message):
        return (record.plan.stop_id,) if record.plan else ()
    return (record.stop_id,)


def _routes_of_stops(stop_ids: Iterable[str], state: State) -> set[str]:
    stops = (state.stops.get(stop_id) for stop_id in stop_ids)
    return {stop.route_id for stop in stops if stop is not None} - {""}


def _carriers_of(event: Event, routes: set[str], state: State) -> set[str]:
    body, subject = event.body, event.subject
    if isinstance(body, e.VehicleRegistered):
        return {body.vehicle.carrier_id}
    if isinstance(body, e.RoutePlanned):
        return {body.plan.carrier_id} - {""}
    named = {subject.carrier_id} - {""}
    vehicle = state.vehicles.get(subject.vehicle_id)
    if not named and vehicle is not None:
        named = {vehicle.value.carrier_id}
    return named or _carriers_of_routes(routes, state)


def _carriers_of_routes(routes: set[str], state: State) -> set[str]:
    plans = (route.plan for one in routes if (route := state.routes.get(one)) is not None)
    return {plan.carrier_id for plan in plans if plan is not None} - {""}
