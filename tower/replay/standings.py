"""How every vehicle stood at a moment: by the route it drove and what was expected of it."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np

from tower.domain.moments import utc
from tower.domain.records import Route, Stop
from tower.domain.state import State
from tower.domain.words import ExceptionKind, Punctuality
from tower.eta.promise import punctuality
from tower.eta.standing import AHEAD
from tower.replay.promises import Arrivals


class VehicleStanding(NamedTuple):
    """How a vehicle stands.

    Attributes:
        punctuality: `Punctuality.code`.
        delay_s: seconds behind the plan of the day at the next stop.
        next_stop: place of the next stop in the list of stops, -1 where there is none.
    """

    punctuality: int
    delay_s: float = 0.0
    next_stop: int = -1


_DONE = VehicleStanding(Punctuality.DONE.code)


def standings(
    state: State,
    arrivals: Arrivals,
    route_ids: list[str],
    handles: Mapping[str, int],
    now_s: float,
) -> dict[str, VehicleStanding]:
    """How each vehicle with a route stands, as `tower.eta.standing` says it of routes.

    Of several routes of a vehicle the one being driven counts, else one still to come. Where a
    route was under way and nothing had been predicted of it, the plan of the day tells, moved by
    how late the vehicle came to its last stop.

    Args:
        state: the shift.
        arrivals: what was expected of the stops.
        route_ids: the routes they are on.
        handles: stop id to its place in the list of stops.
        now_s: the moment, seconds since 1970.
    """
    by_route = _by_route(arrivals, route_ids, now_s)
    chosen: dict[str, tuple[int, VehicleStanding]] = {}
    for route in state.routes.values():
        vehicle_id = route.plan.vehicle_id if route.plan else ""
        if vehicle_id:
            expected = by_route.get(route.id) or _by_plan(state, route, handles, now_s)
            weight, standing = _weighed(route, expected)
            if vehicle_id not in chosen or weight > chosen[vehicle_id][0]:
                chosen[vehicle_id] = weight, standing
    found = {vehicle_id: standing for vehicle_id, (_, standing) in chosen.items()}
    for vehicle_id in without_signal(state) & found.keys():
        found[vehicle_id] = found[vehicle_id]._replace(punctuality=Punctuality.NO_SIGNAL.code)
    return found


def without_signal(state: State) -> set[str]:
    """Vehicles of which an open exception says that nothing is heard."""
    return {
        record.finding.subject.vehicle_id
        for record in state.exceptions.values()
        if record.is_open
        and record.finding is not None
        and record.finding.kind is ExceptionKind.NO_SIGNAL
    }


def _weighed(route: Route, expected: VehicleStanding | None) -> tuple[int, VehicleStanding]:
    if route.finished_at is not None:
        return 0, _DONE
    is_started = route.started_at is not None
    standing = expected or VehicleStanding(Punctuality.IDLE.code)
    if not is_started:
        standing = standing._replace(punctuality=Punctuality.IDLE.code)
    return (2 if is_started else 1), standing


def _by_plan(
    state: State, route: Route, handles: Mapping[str, int], now_s: float
) -> VehicleStanding | None:
    if route.started_at is None or route.finished_at is not None:
        return None
    stops = state.stops_of(route)
    ahead = next((stop for stop in stops if not stop.is_done), None)
    if ahead is None or ahead.plan is None or ahead.plan.planned_at is None:
        return None
    delay_s = _delay_s(stops)
    expected_s = max(now_s, ahead.plan.planned_at.timestamp() + delay_s)
    at = utc(expected_s)
    return VehicleStanding(
        punctuality=punctuality(ahead.plan, at, at).code,
        delay_s=expected_s - ahead.plan.planned_at.timestamp(),
        next_stop=handles.get(ahead.id, -1),
    )


def _delay_s(stops: Sequence[Stop]) -> float:
    """Seconds behind the plan of the day at the stop reached last, 0 before the first."""
    reached = [
        (stop.arrived_at, stop.plan.planned_at)
        for stop in stops
        if stop.arrived_at and stop.plan and stop.plan.planned_at
    ]
    if not reached:
        return 0.0
    arrived_at, planned_at = max(reached)
    return (arrived_at - planned_at).total_seconds()


def _by_route(arrivals: Arrivals, route_ids: list[str], now_s: float) -> dict[str, VehicleStanding]:
    worst = np.full(len(route_ids), -1)
    soon = arrivals.p50_s <= now_s + AHEAD.total_seconds()
    np.maximum.at(worst, arrivals.route[soon], arrivals.punctuality[soon].astype(np.int64))
    order = np.lexsort((arrivals.p50_s, arrivals.route))
    routes, first = np.unique(arrivals.route[order], return_index=True)
    found = {}
    for route, place in zip(routes.tolist(), order[first].tolist(), strict=True):
        code = int(worst[route])
        delay_s = float(arrivals.p50_s[place] - arrivals.planned_s[place])
        found[route_ids[route]] = VehicleStanding(
            punctuality=code if code >= 0 else int(arrivals.punctuality[place]),
            delay_s=0.0 if np.isnan(delay_s) else delay_s,
            next_stop=int(arrivals.stop[place]),
        )
    return found
