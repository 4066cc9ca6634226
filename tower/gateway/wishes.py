"""What is to be optimised, made of what somebody asked for."""

import math
import secrets
from collections.abc import Sequence
from typing import NamedTuple

from tower.domain.records import Route, Stop
from tower.domain.state import State
from tower.gateway.answers import OptimisationWish
from tower.gateway.options import TowerError
from tower.gateway.surveying import Surveyor
from tower.routes.breakdown import NoMeetingPlace, rescue
from tower.routes.case import RouteCase
from tower.routes.change import open_order
from tower.routes.optimiser.job import Job
from tower.routes.weights import Weights

HEAVIEST = 1_000.0
"""The most a part of the objective may weigh."""


_ID_BYTES = 8


class WishRefused(TowerError):
    """What is to be optimised makes no sense, in words."""


class Task(NamedTuple):
    """What is to be searched.

    Attributes:
        job: without its roads.
        cases: the routes it may change.
    """

    job: Job
    cases: tuple[RouteCase, ...]


def task_of(wish: OptimisationWish, state: State, surveyor: Surveyor) -> Task:
    """What a wish comes to on the newest state; routes and stops that are over are left out.

    Raises:
        WishRefused: nothing is left, or it names what is not there.
    """
    _check_weights(wish.weights)
    routes = _routes(wish, state)
    if wish.out_of_service:
        return _rescue(wish, routes, state, surveyor)
    open_stops = {stop_id for route in routes for stop_id in open_order(state, route)}
    free = None if wish.stops is None else frozenset(_known(wish.stops, state)) & open_stops
    loose = _loose(wish, state)
    if not loose and not (open_stops if free is None else free):
        raise WishRefused("None of these stops can be moved any more.")
    outlook = surveyor.look(route.id for route in routes)
    job = Job(
        cases=outlook.cases,
        legs=outlook.sight.legs,
        free=free,
        loose=loose,
        weights=wish.weights,
    )
    return Task(job, outlook.cases)


def _rescue(
    wish: OptimisationWish, routes: Sequence[Route], state: State, surveyor: Surveyor
) -> Task:
    """Others take over the stops of a vehicle that cannot go on."""
    route = state.routes.get(wish.out_of_service)
    if route is None or route.plan is None:
        raise WishRefused(f"There is no route {wish.out_of_service}.")
    if not open_order(state, route):
        raise WishRefused(f"Nothing is left to be taken over from {route.plan.name}.")
    others = [one.id for one in routes if one.id != route.id]
    broken, *cases = surveyor.look([route.id, *others]).cases
    if not cases:
        raise WishRefused("No other route is under way that could take the stops over.")
    try:
        job = rescue(broken, cases, _new_visit, weights=wish.weights)
    except NoMeetingPlace as error:
        raise WishRefused(str(error)) from error
    return Task(job, (broken, *job.cases))


def _new_visit() -> str:
    """Id of a visit at which parcels are taken over."""
    return f"handover-{secrets.token_hex(_ID_BYTES)}"


def _check_weights(weights: Weights) -> None:
    parts = (weights.lateness, weights.distance, weights.change)
    if not all(math.isfinite(part) and 0.0 <= part <= HEAVIEST for part in parts):
        raise WishRefused(f"A weight lies between 0 and {HEAVIEST:.0f}.")


def _routes(wish: OptimisationWish, state: State) -> list[Route]:
    """The routes that are under way or still to come."""
    unknown = next((one for one in wish.routes if one not in state.routes), None)
    if unknown is not None:
        raise WishRefused(f"There is no route {unknown}.")
    named = [state.routes[one] for one in dict.fromkeys(wish.routes or state.routes)]
    routes = [one for one in named if one.plan is not None and one.finished_at is None]
    if not routes:
        raise WishRefused("None of these routes is under way any more.")
    return routes


def _known(stop_ids: Sequence[str], state: State) -> Sequence[str]:
    unknown = next((one for one in stop_ids if one not in state.stops), None)
    if unknown is not None:
        raise WishRefused(f"There is no stop {unknown}.")
    return stop_ids


def _loose(wish: OptimisationWish, state: State) -> tuple[Stop, ...]:
    """The stops on no route that still want a place."""
    stops = [state.stops[one] for one in dict.fromkeys(_known(wish.loose, state))]
    assigned = next((stop for stop in stops if stop.route_id in state.routes), None)
    if assigned is not None:
        raise WishRefused(f"Stop {assigned.id} is on route {assigned.route_id} already.")
    return tuple(stop for stop in stops if stop.plan is not None and not stop.is_done)
