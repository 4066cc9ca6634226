"""Which events and records a desktop with a filter gets."""

from collections.abc import Callable
from typing import Any

from tower.domain import events as e
from tower.domain.events import Event
from tower.domain.records import Route, Stop
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
    if isinstance(event.body, e.ExceptionRaised | e.ExceptionWorked):
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
    if isinstance(body, e.StopsLocked):
        locked = (state.stops.get(stop_id) for stop_id in body.stops)
        return {stop.route_id for stop in locked if stop is not None} - {""}
    stop = state.stops.get(body.plan.id if isinstance(body, e.StopPlanned) else subject.stop_id)
    return {subject.route_id or (stop.route_id if stop else "")} - {""}


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
