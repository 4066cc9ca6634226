"""What an order to lock stops where they are, or to release them, becomes."""

from tower.domain.commands import LockStops
from tower.domain.events import StopsLocked
from tower.domain.records import Stop, Subject
from tower.domain.state import State
from tower.gateway.deciding.verdicts import Accepted, Refused, Terms, Verdict, new_event


def lock(command: LockStops, state: State, terms: Terms) -> Verdict:
    """Lock stops that somebody still has to go to, or release them."""
    if not command.stops:
        return Refused("No stop is named.")
    named = tuple(dict.fromkeys(command.stops))
    for stop_id in named:
        problem = _problem(stop_id, state, command)
        if problem:
            return Refused(problem)
    stops = [state.stops[stop_id] for stop_id in named]
    changed = tuple(stop.id for stop in stops if _changes(stop, command))
    if not changed:
        which = "This stop is" if len(named) == 1 else "These stops are"
        return Refused(f"{which} {'locked already' if command.locked else 'not locked'}.")
    body = StopsLocked(stops=changed, locked=command.locked, reason=command.reason)
    return Accepted((new_event(terms.now, terms.grant.actor, _subject(stops), body),))


def _problem(stop_id: str, state: State, command: LockStops) -> str:
    stop = state.stops.get(stop_id)
    if stop is None:
        return f"There is no stop {stop_id}."
    if stop.is_done:
        return f"Stop {stop_id} is done."
    if command.locked and stop.route_id not in state.routes:
        return f"Stop {stop_id} is on no route that it could be locked to."
    return ""


def _changes(stop: Stop, command: LockStops) -> bool:
    if stop.lock is None:
        return command.locked
    return not command.locked or stop.lock.reason != command.reason


def _subject(stops: list[Stop]) -> Subject:
    """What they have in common."""
    routes = {stop.route_id for stop in stops}
    return Subject(
        stop_id=stops[0].id if len(stops) == 1 else "",
        route_id=routes.pop() if len(routes) == 1 else "",
    )
