"""What is to be looked at because a record changed."""

from collections.abc import Iterable, Iterator

from tower.domain.records import Stop
from tower.domain.state import Changed, State
from tower.domain.words import StopKind
from tower.watch.agenda import Sort, Subject
from tower.watch.index import Index

BEARS_ON_ALL = frozenset({"shifts", "depots", "carriers", "thresholds"})
"""Tables whose change may bear on anything."""


def touched(state: State, index: Index, changed: Changed) -> Iterator[Subject]:
    """What the change of one record may bear on.

    Args:
        state: the shift.
        index: what belongs together in it, the change taken in.
        changed: the record.
    """
    table, id_ = changed
    match table:
        case "stops":
            yield from _around(state, index, state.stops[id_])
        case "routes":
            yield from _of_route(state, id_)
        case "vehicles":
            yield Subject(Sort.VEHICLE, id_)
        case "exceptions":
            yield from _of_exception(state, id_)
        case "contacts" | "replies" | "messages" | "seen":
            yield from _of_stop(index, _spoken_of(state, table, id_))


def everything(state: State) -> Iterator[Subject]:
    """Everything there is."""
    for sort, table in (
        (Sort.STOP, state.stops),
        (Sort.VEHICLE, state.vehicles),
        (Sort.EXCEPTION, state.exceptions),
    ):
        yield from (Subject(sort, id_) for id_ in table)


def worth_a_look(state: State, index: Index) -> Iterator[Subject]:
    """Everything but the stops nothing is known of besides their arrival: a glance shows those."""
    spoken_of = set(index.spoken_of())
    for stop in state.stops.values():
        if stop.underway is not None or stop.outcome is not None or stop.id in spoken_of:
            yield Subject(Sort.STOP, stop.id)
    for record in state.exceptions.values():
        if record.is_open:
            yield from _of_exception(state, record.id)
    yield from (Subject(Sort.VEHICLE, vehicle_id) for vehicle_id in index.under_way)


def driven_for(index: Index, carriers: Iterable[str]) -> Iterator[Subject]:
    """The vehicles under way for some carriers."""
    wanted = set(carriers)
    for vehicle_id in index.under_way:
        route = index.driven_by(vehicle_id)
        if route is not None and route.plan is not None and route.plan.carrier_id in wanted:
            yield Subject(Sort.VEHICLE, vehicle_id)


def _of_route(state: State, route_id: str) -> Iterator[Subject]:
    """A route's vehicle and stops."""
    route = state.routes[route_id]
    if route.plan is not None and route.plan.vehicle_id:
        yield Subject(Sort.VEHICLE, route.plan.vehicle_id)
    yield from (Subject(Sort.STOP, stop_id) for stop_id in route.sequence)


def _around(state: State, index: Index, stop: Stop) -> Iterator[Subject]:
    """A stop, its vehicle, and the returns its vehicle may have passed by."""
    yield from _of_stop(index, stop.id)
    route = state.routes.get(stop.route_id)
    if route is None:
        return
    if route.plan is not None and route.plan.vehicle_id:
        yield Subject(Sort.VEHICLE, route.plan.vehicle_id)
    for one in state.stops_of(route):
        if one.plan is not None and one.plan.kind is StopKind.RETURN and not one.is_done:
            yield Subject(Sort.STOP, one.id)


def _of_stop(index: Index, stop_id: str) -> Iterator[Subject]:
    """A stop, and the exceptions about it that may wait for what happened."""
    if stop_id:
        yield Subject(Sort.STOP, stop_id)
        for record in index.open_about(stop_id).values():
            yield Subject(Sort.EXCEPTION, record.id)


def _of_exception(state: State, exception_id: str) -> Iterator[Subject]:
    """An exception, and what it is about."""
    yield Subject(Sort.EXCEPTION, exception_id)
    finding = state.exceptions[exception_id].finding
    if finding is None:
        return
    if finding.subject.stop_id:
        yield Subject(Sort.STOP, finding.subject.stop_id)
    elif finding.subject.vehicle_id:
        yield Subject(Sort.VEHICLE, finding.subject.vehicle_id)


def _spoken_of(state: State, table: str, id_: str) -> str:
    """The stop of what was said or written, "" for none."""
    match table:
        case "contacts":
            return state.contacts[id_].stop_id
        case "messages":
            plan = state.messages[id_].plan
            return plan.stop_id if plan else ""
        case _:
            reply = state.replies.get(id_)
            return reply.stop_id if reply else ""
