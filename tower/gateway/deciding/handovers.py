"""Whether the visits a command adds or cancels, at which parcels are taken over, make sense."""

import math

from tower.domain.commands import Handover, SequenceRoutes
from tower.domain.geometry import is_null_island, is_on_earth
from tower.domain.state import State
from tower.domain.words import StopKind

_LONGEST_S = 12 * 3600.0


def handover_problem(command: SequenceRoutes, state: State) -> str:
    """What is wrong with the handovers of a command, or ""."""
    ids = [one.stop_id for one in command.handovers]
    if len(set(ids)) != len(ids):
        return "A handover is named twice."
    problems = (_problem(one, command, state) for one in command.handovers)
    return next(filter(None, problems), "")


def cancel_problem(command: SequenceRoutes, state: State) -> str:
    """What is wrong with the visits a command does away with, or ""."""
    kept = {stop_id for wish in command.routes for stop_id in wish.stops}
    named = {"", *(wish.route_id for wish in command.routes)}
    for stop_id in command.cancels:
        stop = state.stops.get(stop_id)
        if stop is None or stop.plan is None or stop.plan.kind is not StopKind.PICKUP:
            return f"{stop_id} is no visit at which parcels are taken over."
        if stop.is_done:
            return f"Visit {stop_id} is over, so it cannot be cancelled."
        if stop_id in kept or stop.route_id not in named:
            return f"Visit {stop_id} is still on a route, so it cannot be cancelled."
    return ""


def _problem(handover: Handover, command: SequenceRoutes, state: State) -> str:
    known = handover.stop_id in state.stops
    if not handover.stop_id or known:
        return f"A handover needs an id of its own; {handover.stop_id!r} is taken."
    if not is_on_earth(handover.lat, handover.lon) or is_null_island(handover.lat, handover.lon):
        return f"Handover {handover.stop_id} has no place on Earth."
    if not (math.isfinite(handover.service_s) and 0.0 <= handover.service_s <= _LONGEST_S):
        return f"Handover {handover.stop_id} takes between 0 s and 12 h."
    if not handover.stops:
        return f"Nothing is taken over at handover {handover.stop_id}."
    return _route_problem(handover, command)


def _route_problem(handover: Handover, command: SequenceRoutes) -> str:
    """The route that collects the parcels has to deliver them."""
    on = next((wish for wish in command.routes if handover.stop_id in wish.stops), None)
    if on is None:
        return f"No route goes to handover {handover.stop_id}."
    elsewhere = next((stop_id for stop_id in handover.stops if stop_id not in on.stops), "")
    if elsewhere:
        return f"Stop {elsewhere} is not on the route that takes its parcels over."
    return ""
