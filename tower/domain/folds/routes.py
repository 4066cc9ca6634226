"""Routes: planned, sequenced, told to their drivers, begun and ended."""

from msgspec.structs import replace

from tower.domain import events as e
from tower.domain.folds.stamps import decided, observed, recorded
from tower.domain.folds.stops import stop_of
from tower.domain.records import Route, Stamp, Told
from tower.domain.state import Changed, State
from tower.domain.words import Notice


def _route_of(state: State, route_id: str) -> Route:
    return state.routes.get(route_id) or Route(id=route_id)


def planned(state: State, event: e.Event, body: e.RoutePlanned) -> list[Changed]:
    """A route was handed over, or its plan changed."""
    route, stamp = _route_of(state, body.plan.id), observed(event)
    if route.plan_stamp >= stamp:
        return []
    state.routes[route.id] = replace(route, plan=body.plan, plan_stamp=stamp)
    return [Changed("routes", route.id)]


def sequenced(state: State, event: e.Event, body: e.RoutesSequenced) -> list[Changed]:
    """Routes got another order, stops another route."""
    changed: list[Changed] = []
    assigned = recorded(event)  # once: of a hundred thousand stops they are twenty megabytes
    for sequence in body.routes:
        route, stamp = _route_of(state, sequence.route_id), decided(sequence.version, event)
        if route.sequence_stamp < stamp:
            stops = tuple(stop_of(state, stop_id).id for stop_id in sequence.stops)
            state.routes[route.id] = replace(
                route, sequence=stops, sequence_stamp=stamp, sequenced_at=event.at
            )
            changed.append(Changed("routes", route.id))
        for stop_id in sequence.stops:
            changed += _assign(state, stop_id, sequence.route_id, assigned, body)
    for stop_id in body.unassigned:
        changed += _assign(state, stop_id, "", assigned, body)
    return changed


def _assign(
    state: State, stop_id: str, route_id: str, stamp: Stamp, body: e.RoutesSequenced
) -> list[Changed]:
    stop = stop_of(state, stop_id)
    if stop.route_stamp >= stamp:
        return []
    parcels_on = body.parcels_on.get(stop_id, "")
    state.stops[stop_id] = replace(
        stop, route_id=route_id, route_stamp=stamp, parcels_on=parcels_on
    )
    is_same = (stop.route_id, stop.parcels_on) == (route_id, parcels_on)
    return [] if is_same else [Changed("stops", stop_id)]


_NOTICE_RANK = {word: rank for rank, word in enumerate(Notice)}


def noticed(state: State, event: e.Event, body: e.SequenceNoticed) -> list[Changed]:
    """A driver has the sequence, or answered it."""
    route = _route_of(state, event.subject.route_id)
    stamp = Stamp(body.version, _NOTICE_RANK[body.notice], event.id)
    if route.told_stamp >= stamp:
        return []
    told = Told(version=body.version, notice=body.notice, at=event.at, note=body.note)
    state.routes[route.id] = replace(route, told=told, told_stamp=stamp)
    return [Changed("routes", route.id)]


def started(state: State, event: e.Event, _: e.RouteStarted) -> list[Changed]:
    """The vehicle left the depot."""
    route, stamp = _route_of(state, event.subject.route_id), observed(event)
    if route.started_stamp >= stamp:
        return []
    state.routes[route.id] = replace(route, started_at=event.at, started_stamp=stamp)
    return [Changed("routes", route.id)]


def finished(state: State, event: e.Event, _: e.RouteFinished) -> list[Changed]:
    """The vehicle is back."""
    route, stamp = _route_of(state, event.subject.route_id), observed(event)
    if route.finished_stamp >= stamp:
        return []
    state.routes[route.id] = replace(route, finished_at=event.at, finished_stamp=stamp)
    return [Changed("routes", route.id)]
