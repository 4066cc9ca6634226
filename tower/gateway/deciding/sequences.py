"""What an order to drive stops in another sequence becomes."""

from collections.abc import Iterable, Iterator, Sequence

from tower.domain.commands import SequenceRoutes, SequenceWish
from tower.domain.events import (
    Event,
    RouteSequence,
    RoutesSequenced,
    StopCancelled,
    StopPlanned,
)
from tower.domain.records import Stop, Subject
from tower.domain.state import State
from tower.domain.words import StopKind
from tower.gateway.deciding.handovers import cancel_problem, handover_problem
from tower.gateway.deciding.verdicts import (
    Accepted,
    Objected,
    Outdated,
    Refused,
    Terms,
    Verdict,
    new_event,
)
from tower.gateway.judging import judge, left_out, met
from tower.gateway.signin import Role
from tower.routes.case import parted
from tower.routes.fleetbook import fleet_of
from tower.routes.impact import Impact
from tower.routes.violations import Violation

_NAMED = 5
"""So many violations are named in a message; the answer lists all."""

_OVERRIDDEN = 100
"""So many violations are kept in the journal, one event having its limits."""


def sequence(command: SequenceRoutes, state: State, terms: Terms) -> Verdict:
    """Check an order against the newest versions, and judge what it does.

    Hard constraints that would newly be broken stop it, unless a supervisor says why not.
    """
    problem = objection(command, state) or _override_problem(command, terms)
    if problem is not None:
        return problem
    impact = judge(command, state, terms.sight, terms.now)
    if impact.hard and not command.override:
        return _objected(impact, command, state)
    return Accepted(tuple(_events(command, state, terms, impact)))


def objection(command: SequenceRoutes, state: State) -> Outdated | Refused | None:
    """Why an order cannot be carried out whatever it does, None where it can."""
    wishes = command.routes
    if not wishes:
        return Refused("No route is named.")
    if len({wish.route_id for wish in wishes}) != len(wishes):
        return Refused("A route is named twice.")
    problem = _routes_problem(wishes, state)
    if problem is not None:
        return problem
    words = next(filter(None, (_settled_problem(wish, state) for wish in wishes)), "")
    words = words or handover_problem(command, state) or cancel_problem(command, state)
    words = words or _stops_problem(command, state)
    return Refused(words) if words else None


def _routes_problem(wishes: Sequence[SequenceWish], state: State) -> Outdated | Refused | None:
    for wish in wishes:
        route = state.routes.get(wish.route_id)
        if route is None or route.plan is None:
            return Refused(f"There is no route {wish.route_id}.")
    routes = tuple(state.routes[wish.route_id] for wish in wishes)
    outdated = [
        route for route, wish in zip(routes, wishes, strict=True) if route.version != wish.version
    ]
    if not outdated:
        return None
    names = " and ".join(route.name for route in outdated)
    was = "Routes {} were" if len(outdated) > 1 else "Route {} was"
    return Outdated(f"{was.format(names)} changed in the meantime.", outdated[0], routes)


def _settled_problem(wish: SequenceWish, state: State) -> str:
    """Stops that are done stay in the order they were done, and so does one being served."""
    route = state.routes[wish.route_id]
    stops = state.stops_of(route)
    settled = [stop.id for stop in stops if stop.is_done]
    done = set(settled)
    if [stop_id for stop_id in wish.stops if stop_id in done] != settled:
        return "Stops that are done cannot be moved or taken off their route."
    before = [stop.id for stop in stops if not stop.is_done]
    after = [stop_id for stop_id in wish.stops if stop_id not in done]
    for stop in parted(stops)[0]:
        if not stop.is_done and not _stays(stop, before, after):
            return f"The driver is at the door of {_called(stop)}, so it cannot be moved."
    if route.finished_at is not None and set(wish.stops) - {stop.id for stop in stops}:
        return f"Route {route.name} is finished, so nobody would drive to another stop."
    return ""


def _stays(stop: Stop, before: Sequence[str], after: Sequence[str]) -> bool:
    """Nothing comes before the stop that did not before."""
    if stop.id not in after:
        return False
    return set(after[: after.index(stop.id)]) <= set(before[: before.index(stop.id)])


def _stops_problem(command: SequenceRoutes, state: State) -> str:
    """Why these stops cannot be driven by these routes, or ""."""
    named = [stop_id for wish in command.routes for stop_id in wish.stops]
    if len(set(named)) != len(named):
        return "A stop is named twice."
    at_hand = {stop.id for wish in command.routes for stop in _stops_on(state, wish)}
    added = {one.stop_id for one in command.handovers}
    for stop_id in named:
        if stop_id not in at_hand and stop_id not in added:
            problem = _newcomer_problem(stop_id, state)
            if problem:
                return problem
    return ""


def _newcomer_problem(stop_id: str, state: State) -> str:
    stop = state.stops.get(stop_id)
    if stop is None:
        return f"There is no stop {stop_id}."
    if stop.route_id in state.routes:
        return f"Stop {stop_id} is on route {stop.route_id}, which the command does not name."
    if stop.is_done:
        return f"Stop {stop_id} is done."
    return "" if stop.plan else f"Nobody said where stop {stop_id} is."


def _override_problem(command: SequenceRoutes, terms: Terms) -> Refused | None:
    if not command.override:
        return None
    if terms.grant.role is not Role.SUPERVISOR:
        return Refused("Only a supervisor may commit what breaks hard constraints.")
    if not command.reason.strip():
        return Refused("Say why hard constraints are to be broken; the reason is kept.")
    return None


def _objected(impact: Impact, command: SequenceRoutes, state: State) -> Objected:
    words = _in_words(impact.hard, command, state)
    more = f"; and {len(words) - _NAMED} more" if len(words) > _NAMED else ""
    roads = " Some travel times are estimates." if impact.estimated else ""
    return Objected(
        f"This would break what must be kept: {'; '.join(words[:_NAMED])}{more}.{roads} "
        "A supervisor may commit it with a reason.",
        impact.hard,
        impact.estimated,
    )


def _in_words(violations: Iterable[Violation], command: SequenceRoutes, state: State) -> list[str]:
    """Violations with the names of what they are about."""
    meetings = {one.stop_id: one.address or "the handover" for one in command.handovers}
    found = []
    for one in violations:
        route, stop = state.routes.get(one.route_id), state.stops.get(one.stop_id)
        called = meetings.get(one.stop_id) or (_called(stop) if stop else "")
        where = ", ".join(filter(None, (route.name if route else "", called)))
        found.append(f"{where}: {one.words}")
    return found


def _events(command: SequenceRoutes, state: State, terms: Terms, impact: Impact) -> Iterator[Event]:
    actor = terms.grant.actor
    for stop in met(command.handovers).values():
        if stop.plan is not None:
            planned = StopPlanned(plan=stop.plan)
            yield new_event(terms.now, actor, Subject(stop_id=stop.id), planned)
    broken = _in_words(impact.hard, command, state)
    unassigned = left_out(command, state)
    body = RoutesSequenced(
        routes=tuple(
            RouteSequence(route_id=wish.route_id, version=wish.version + 1, stops=wish.stops)
            for wish in command.routes
        ),
        unassigned=unassigned,
        reason=command.reason,
        parcels_on=_parcels_on(command, unassigned, state),
        overridden=tuple(broken[:_OVERRIDDEN]),
    )
    subject = Subject(route_id=command.routes[0].route_id)
    yield new_event(terms.now, actor, subject, body)
    for stop_id in dict.fromkeys(command.cancels):
        over = StopCancelled(note="The parcels are not taken over any more.")
        about = Subject(stop_id=stop_id, route_id=state.stops[stop_id].route_id)
        yield new_event(terms.now, actor, about, over)


def _parcels_on(command: SequenceRoutes, unassigned: Iterable[str], state: State) -> dict[str, str]:
    """The stops whose parcels are aboard another vehicle than the one that is to deliver them."""
    fleet, awaited = fleet_of(state), _awaited(state)
    places = {stop_id: wish.route_id for wish in command.routes for stop_id in wish.stops}
    places.update(dict.fromkeys(unassigned, ""))
    found = {}
    for stop_id, route_id in places.items():
        stop = state.stops.get(stop_id)
        if stop is None or stop.is_done or not _is_delivery(stop):
            continue
        where = "" if stop_id in awaited else stop.route_id
        holder = fleet.collected.get(stop_id) or stop.parcels_on or where
        if holder != route_id and holder in fleet.departed:
            found[stop_id] = holder
    return found


def _awaited(state: State) -> frozenset[str]:
    """The stops whose parcels are still to be collected on the way."""
    return frozenset(
        stop_id
        for stop in state.stops.values()
        if stop.plan is not None and not stop.is_done
        for stop_id in stop.plan.collects
    )


def _is_delivery(stop: Stop) -> bool:
    return stop.plan is not None and stop.plan.kind is StopKind.DELIVERY


def _stops_on(state: State, wish: SequenceWish) -> list[Stop]:
    return state.stops_of(state.routes[wish.route_id])


def _called(stop: Stop) -> str:
    """What people call a stop."""
    return (stop.plan.customer or stop.plan.address if stop.plan else "") or f"stop {stop.id}"
