"""What of the shift the desktop shows: the top bar's menus hide depots, shifts and carriers."""

from collections.abc import Iterable
from typing import NamedTuple

import msgspec

from tower.domain.records import ExceptionRecord, Route, Stop
from tower.domain.state import Changed, State


class Hidden(msgspec.Struct, frozen=True):
    """The ids taken off the screen; nothing hidden shows everything.

    Attributes:
        depots: depot ids whose routes are not shown.
        shifts: shift ids whose routes are not shown.
        carriers: carrier ids whose routes and vehicles are not shown.
    """

    depots: frozenset[str] = frozenset()
    shifts: frozenset[str] = frozenset()
    carriers: frozenset[str] = frozenset()

    def __bool__(self) -> bool:
        """True while anything is hidden."""
        return bool(self.depots or self.shifts or self.carriers)


class Links(NamedTuple):
    """Who belongs to whom, read off the routes of a state.

    Attributes:
        route_of_vehicle: vehicle id to the id of the route it drives (the last one started).
        number_of_stop: stop id to its place in its route's sequence, from 1.
        shift_of_route: route id to the shift its start falls into; missing where none does.
        colour_of_route: route id to the number of the colour it wears everywhere.
        sequence_of_route: route id to the sequence its stops are numbered by.
    """

    route_of_vehicle: dict[str, str]
    number_of_stop: dict[str, int]
    shift_of_route: dict[str, str]
    colour_of_route: dict[str, int]
    sequence_of_route: dict[str, tuple[str, ...]]


def links(state: State) -> Links:
    """Read the links off a state; a few milliseconds for 60 routes of 1,500 stops."""
    colours = {route_id: number for number, route_id in enumerate(sorted(state.routes))}
    found = Links({}, {}, {}, colours, {})
    for route in state.routes.values():
        _number_stops(state, route, found)
        _link_route(state, route, found)
    return found


def keep_linked(known: Links, state: State, changed: Iterable[Changed]) -> bool:
    """Bring links up to date after records changed, where that takes less than reading all.

    Args:
        known: the links before; changed in place.
        state: the state with the changes in it.
        changed: which records they are.

    Returns:
        False where all links have to be read off the state anew.
    """
    routes: dict[str, Route] = {}
    for table, id_ in changed:
        if table == "shifts":
            return False
        if table == "stops":
            _unlink_if_elsewhere(state.stops.get(id_), state, known)
        elif table == "routes":
            route = state.routes.get(id_)
            if route is None or not _is_linked_alike(route, known):
                return False
            routes[id_] = route
    others = [one for one in routes.values() if known.sequence_of_route.get(one.id) != one.sequence]
    for route in others:
        for stop_id in known.sequence_of_route.get(route.id, ()):
            _unlink_if_elsewhere(state.stops.get(stop_id), state, known)
    for route in others:
        _number_stops(state, route, known)
    for route in routes.values():
        _link_route(state, route, known)
    return True


def _is_linked_alike(route: Route, known: Links) -> bool:
    """Whether a route has its colour and its vehicle still.

    A new route gives all another colour; one that ended leaves its vehicle to others.
    """
    vehicle_id = route.plan.vehicle_id if route.plan else ""
    has_vehicle = known.route_of_vehicle.get(vehicle_id) == route.id
    return has_vehicle and route.finished_at is None and route.id in known.colour_of_route


def _unlink_if_elsewhere(stop: Stop | None, state: State, known: Links) -> None:
    """A stop that is no longer where its number says has no number, until its route gives one."""
    if stop is None:
        return
    route, number = state.routes.get(stop.route_id), known.number_of_stop.get(stop.id, 0)
    if route is None or stop.id not in route.sequence[number - 1 : number]:
        known.number_of_stop.pop(stop.id, None)
        if route is not None and stop.id in route.sequence:
            known.number_of_stop[stop.id] = route.sequence.index(stop.id) + 1


def _number_stops(state: State, route: Route, found: Links) -> None:
    found.sequence_of_route[route.id] = route.sequence
    for number, stop_id in enumerate(route.sequence, start=1):
        stop = state.stops.get(stop_id)
        if stop is not None and stop.route_id == route.id:
            found.number_of_stop[stop_id] = number


def _link_route(state: State, route: Route, found: Links) -> None:
    """Link a route with its vehicle and its shift."""
    if route.plan is None:
        return
    if route.plan.vehicle_id and route.finished_at is None:
        found.route_of_vehicle[route.plan.vehicle_id] = route.id
    elif route.plan.vehicle_id:
        found.route_of_vehicle.setdefault(route.plan.vehicle_id, route.id)
    starts_at = route.plan.starts_at or route.started_at
    for entry in state.shifts.values():
        if starts_at is not None and entry.value.starts_at <= starts_at < entry.value.ends_at:
            found.shift_of_route[route.id] = entry.value.id


def shows_route(route: Route | None, hidden: Hidden, shift_id: str = "") -> bool:
    """Whether a route is on the screen; an unknown route is."""
    if route is None or route.plan is None or not hidden:
        return True
    if shift_id in hidden.shifts:
        return False
    return route.plan.carrier_id not in hidden.carriers and route.plan.depot_id not in hidden.depots


def route_of(record: ExceptionRecord | Stop, state: State, known: Links) -> Route | None:
    """The route a stop or an exception belongs to; None for a stop that is on none any more.

    A planned stop knows its route better than an exception raised before it was moved; else the
    exception names a route or a vehicle.
    """
    if isinstance(record, Stop):
        return state.routes.get(record.route_id)
    if record.finding is None:
        return None
    subject = record.finding.subject
    stop = state.stops.get(subject.stop_id)
    if stop is not None and stop.plan is not None:
        return state.routes.get(stop.route_id)
    return state.routes.get(subject.route_id or known.route_of_vehicle.get(subject.vehicle_id, ""))
