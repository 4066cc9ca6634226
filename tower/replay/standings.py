"""How every vehicle stood at a moment: by the route it drove and what was expected of it."""

from typing import NamedTuple

import numpy as np

from tower.domain.records import Route
from tower.domain.state import State
from tower.domain.words import ExceptionKind, Punctuality
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
    state: State, arrivals: Arrivals, route_ids: list[str], now_s: float
) -> dict[str, VehicleStanding]:
    """How each vehicle with a route stands, as `tower.eta.standing` says it of routes.

    Of several routes of a vehicle the one being driven counts, else one still to come.
    """
    by_route = _by_route(arrivals, route_ids, now_s)
    chosen: dict[str, tuple[int, VehicleStanding]] = {}
    for route in state.routes.values():
        vehicle_id = route.plan.vehicle_id if route.plan else ""
        if vehicle_id:
            weight, standing = _weighed(route, by_route.get(route.id))
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
