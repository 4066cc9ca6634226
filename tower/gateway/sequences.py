"""What an order to drive stops in another sequence becomes."""

from collections.abc import Iterable

from tower.domain.commands import SequenceRoutes, SequenceWish
from tower.domain.events import RouteSequence, RoutesSequenced
from tower.domain.records import Route, Subject
from tower.domain.state import State
from tower.gateway.verdicts import Accepted, Outdated, Refused, Terms, Verdict, new_event


def sequence(command: SequenceRoutes, state: State, terms: Terms) -> Verdict:
    """Check an order against the newest versions; done stops stay where they are."""
    if not command.routes:
        return Refused("No route is named.")
    if len({wish.route_id for wish in command.routes}) != len(command.routes):
        return Refused("A route is named twice.")
    for wish in command.routes:
        verdict = _wish_problem(wish, state)
        if verdict is not None:
            return verdict
    named = [stop_id for wish in command.routes for stop_id in wish.stops]
    before = [stop for wish in command.routes for stop in _stops_on(state, wish.route_id)]
    problem = _stops_problem(named, before, state)
    if problem:
        return Refused(problem)
    kept = set(named)
    left_out = [stop_id for stop_id in before if stop_id not in kept]
    body = RoutesSequenced(
        routes=tuple(
            RouteSequence(route_id=wish.route_id, version=wish.version + 1, stops=wish.stops)
            for wish in command.routes
        ),
        unassigned=tuple(left_out),
        reason=command.reason,
    )
    subject = Subject(route_id=command.routes[0].route_id)
    return Accepted((new_event(terms.now, terms.grant.actor, subject, body),))


def _wish_problem(wish: SequenceWish, state: State) -> Outdated | Refused | None:
    route = state.routes.get(wish.route_id)
    if route is None or route.plan is None:
        return Refused(f"There is no route {wish.route_id}.")
    if route.version != wish.version:
        return Outdated(f"Route {route.plan.name} was changed in the meantime.", route)
    return _settled_problem(wish, route, state)


def _settled_problem(wish: SequenceWish, route: Route, state: State) -> Refused | None:
    """Stops that are done stay where they are, in the order they were done."""
    settled = [stop.id for stop in state.stops_of(route) if stop.is_done]
    done = set(settled)
    if [stop_id for stop_id in wish.stops if stop_id in done] != settled:
        return Refused("Stops that are done cannot be moved or taken off their route.")
    return None


def _stops_on(state: State, route_id: str) -> list[str]:
    return [stop.id for stop in state.stops_of(state.routes[route_id])]


def _stops_problem(named: list[str], before: Iterable[str], state: State) -> str:
    """Why these stops cannot be driven by these routes, or ""."""
    if len(set(named)) != len(named):
        return "A stop is named twice."
    at_hand = set(before)
    for stop_id in named:
        stop = state.stops.get(stop_id)
        if stop is None:
            return f"There is no stop {stop_id}."
        if stop_id not in at_hand and stop.route_id:
            return f"Stop {stop_id} is on route {stop.route_id}, which the command does not name."
        if stop_id not in at_hand and stop.is_done:
            return f"Stop {stop_id} is done."
    return ""
