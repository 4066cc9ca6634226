"""What an order to drive stops in another sequence would do, judged as every preview is.

Pure: the state is read; where vehicles are and how long legs take comes in as a `Sight`.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime

import msgspec
from msgspec.structs import replace

from tower.domain.commands import Handover, SequenceRoutes, SequenceWish
from tower.domain.records import Route, Stop
from tower.domain.state import State
from tower.road.roads import Profile
from tower.routes.case import Place, RouteCase, parted, profile_of, route_case
from tower.routes.evaluate import evaluate, present
from tower.routes.fleetbook import Fleet, fleet_of
from tower.routes.impact import Impact, impact
from tower.routes.legs import Legs, present_legs
from tower.routes.optimiser.job import meeting_stop
from tower.routes.travel import TravelTable


class Sight(msgspec.Struct, frozen=True, kw_only=True):
    """What is known besides the state. With nothing in it, straight lines stand in for roads.

    Attributes:
        tables: travel by way of travelling.
        legs: of the routes whose line is known, by route.
        fixes: where vehicles are, by vehicle.
    """

    tables: Mapping[Profile, TravelTable] = {}
    legs: Mapping[str, Legs] = {}
    fixes: Mapping[str, Place] = {}

    def travel(self, profile: Profile) -> TravelTable:
        """Travel for one way of travelling."""
        return self.tables.get(profile) or TravelTable(profile)


def judge(command: SequenceRoutes, state: State, sight: Sight, now: datetime) -> Impact:
    """Compare the routes as they are with what the command makes of them.

    Args:
        command: names routes that exist and stops with a place.
        state: the newest.
        sight: what is known besides.
        now: the gateway's time, UTC.
    """
    fleet, meetings = fleet_of(state), met(command.handovers)
    before, after = {}, {}
    for wish in command.routes:
        case = case_of(state, state.routes[wish.route_id], sight, fleet, now)
        travel = sight.travel(case.profile)
        before[case.id] = present(case, travel)
        order = wished(wish, state, meetings)
        after[case.id] = evaluate(case, order, travel, (before[case.id],))
    return impact(before, after, [state.stops[one] for one in left_out(command, state)])


def case_of(state: State, route: Route, sight: Sight, fleet: Fleet, now: datetime) -> RouteCase:
    """A route as it stands; stops nobody said the place of are left out."""
    travel = sight.travel(profile_of(state, route))
    legs = present_legs(state, route, sight.legs.get(route.id), travel)
    vehicle_id = route.plan.vehicle_id if route.plan else ""
    case = route_case(
        state, route, legs.durations_s, legs.distances_m, sight.fixes.get(vehicle_id), fleet, now
    )
    return replace(case, settled=_placed(case.settled), open=_placed(case.open))


def wished(wish: SequenceWish, state: State, meetings: Mapping[str, Stop]) -> tuple[Stop, ...]:
    """The stops a wish puts after the settled ones, those without a place left out."""
    settled = {stop.id for stop in parted(state.stops_of(state.routes[wish.route_id]))[0]}
    named = (
        meetings.get(stop_id) or state.stops[stop_id]
        for stop_id in wish.stops
        if stop_id not in settled
    )
    return _placed(named)


def left_out(command: SequenceRoutes, state: State) -> tuple[str, ...]:
    """Ids of the stops the command takes off every route."""
    kept = {stop_id for wish in command.routes for stop_id in wish.stops}
    present_ids = (
        stop.id for wish in command.routes for stop in state.stops_of(state.routes[wish.route_id])
    )
    return tuple(stop_id for stop_id in present_ids if stop_id not in kept)


def met(handovers: Iterable[Handover]) -> dict[str, Stop]:
    """The visits a command adds, as the stops they will be."""
    return {one.stop_id: meeting_stop(one) for one in handovers}


def _placed(stops: Iterable[Stop]) -> tuple[Stop, ...]:
    return tuple(stop for stop in stops if stop.plan is not None)
