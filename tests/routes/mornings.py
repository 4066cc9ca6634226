"""Plainly fictional mornings: routes of stops strewn about a town, made up from a seed."""

from collections.abc import Callable, Sequence
from datetime import timedelta
from itertools import count
from random import Random
from typing import Any

from msgspec.structs import replace

from tests.routes.cases import HUB, NOW, after, locked, progressed
from tower.domain.geometry import LatLon
from tower.domain.records import (
    Break,
    Depot,
    Route,
    RoutePlan,
    Stamp,
    Stop,
    StopPlan,
    Vehicle,
)
from tower.domain.state import DepotEntry, State, VehicleEntry
from tower.domain.words import Requirement, StopKind, StopState
from tower.routes.case import Place, RouteCase, route_case
from tower.routes.fleetbook import fleet_of

_TOWN_DEG = 0.04


def morning(
    routes: int,
    stops: int,
    seed: int = 0,
    *,
    has_left: bool = True,
    plan_of: Callable[[Random], dict[str, Any]] | None = None,
) -> State:
    """A shift; the stops of a route lie in one part of the town, in no good order.

    Args:
        routes: how many, named R0, R1 and so on.
        stops: of each, named R0-0, R0-1 and so on.
        seed: of what is made up.
        has_left: whether the vehicles have left the depot.
        plan_of: what else is planned for a stop.
    """
    chance, state = Random(seed), State()
    state.depots["hub"] = DepotEntry(value=Depot(id="hub", name="Hub", lat=HUB.lat, lon=HUB.lon))
    for number in range(routes):
        _add_route(state, number, stops, chance, plan_of or (lambda _chance: {}))
        route = state.routes[f"R{number}"]
        started_at = NOW - timedelta(minutes=30) if has_left else None
        state.routes[route.id] = replace(route, started_at=started_at)
    return state


def _add_route(
    state: State,
    number: int,
    stops: int,
    chance: Random,
    plan_of: Callable[[Random], dict[str, Any]],
) -> None:
    id_ = f"R{number}"
    west = HUB.lon + number * _TOWN_DEG / 2
    ids = []
    for place in range(stops):
        stop_id = f"{id_}-{place}"
        plan = StopPlan(
            id=stop_id,
            lat=HUB.lat + chance.uniform(0.01, _TOWN_DEG),
            lon=west + chance.uniform(0, _TOWN_DEG),
            parcels=(f"parcel {stop_id}",),
            weight_kg=10.0,
            **plan_of(chance),
        )
        state.stops[stop_id] = Stop(id=stop_id, route_id=id_, plan=plan)
        ids.append(stop_id)
    van = Vehicle(
        id=id_, carrier_id="own", reference=id_, label=f"Van {number}", capacity_kg=20.0 * stops
    )
    state.vehicles[id_] = VehicleEntry(value=van)
    planned = RoutePlan(
        id=id_,
        name=f"Route {number}",
        carrier_id="own",
        depot_id="hub",
        vehicle_id=id_,
        starts_at=NOW,
        duty_ends_at=after(600),
    )
    state.routes[id_] = Route(
        id=id_, plan=planned, sequence=tuple(ids), sequence_stamp=Stamp(1, 0, id_)
    )


def cases_of(state: State) -> tuple[RouteCase, ...]:
    """All routes as they stand, the vehicles that have left still near the depot."""
    fleet = fleet_of(state)
    near = Place(position=LatLon(HUB.lat + 0.005, HUB.lon), at=NOW)
    cases = []
    for route in state.routes.values():
        legs = [60.0] * len(state.stops_of(route))
        fix = near if route.id in fleet.departed else None
        cases.append(route_case(state, route, legs, legs, fix, fleet, NOW))
    return tuple(cases)


def anything(chance: Random) -> dict[str, Any]:
    """Windows hard and soft, needs, returns: what a stop may ask for."""
    asked: dict[str, Any] = {}
    if chance.random() < 0.6:
        opens = chance.uniform(0, 200)
        asked["window_start"] = after(opens)
        asked["window_end"] = after(opens + chance.uniform(30, 150))
        asked["window_is_hard"] = chance.random() < 0.3
    if chance.random() < 0.1:
        asked["needs"] = (Requirement.TAIL_LIFT,)
    if chance.random() < 0.2:
        asked["kind"] = StopKind.RETURN
    return asked


def disturb(state: State, chance: Random) -> None:
    """Breaks, short hours, locks, pickups in whatever order, and a shift that is under way."""
    for route in list(state.routes.values()):
        assert route.plan is not None
        rest = Break(earliest=after(chance.uniform(-30, 90)), latest=after(120), duration_s=1800.0)
        ends_at = after(chance.uniform(60, 600))
        plan = replace(route.plan, breaks=(rest,), duty_ends_at=ends_at)
        state.routes[route.id] = replace(route, plan=plan)
        stops = list(route.sequence)
        for place, stop_id in enumerate(stops[: chance.randrange(3)]):
            done = progressed(state.stops[stop_id], StopState.DELIVERED, 20 - 5 * place)
            state.stops[stop_id] = done if route.started_at else state.stops[stop_id]
        if len(stops) > 4:
            _collect(state, *chance.sample(stops[3:], 2))
        locked_one = state.stops[chance.choice(stops)]
        state.stops[locked_one.id] = locked(locked_one)


def _collect(state: State, pickup: str, delivery: str) -> None:
    """Have the parcels of one stop collected at another, which may come after it."""
    known = state.stops[pickup]
    assert known.plan is not None
    plan = replace(known.plan, kind=StopKind.PICKUP, collects=(delivery,), parcels=())
    state.stops[pickup] = replace(known, plan=plan)


def soft_windows(chance: Random) -> dict[str, Any]:
    """A window that may be missed."""
    opens = chance.uniform(0, 60)
    return {"window_start": after(opens), "window_end": after(opens + 20)}


def new_ids() -> Callable[[], str]:
    """Ids for visits, one after the other."""
    numbers = count()
    return lambda: f"visit {next(numbers)}"


def placed(orders: dict[str, tuple[str, ...]], visits: Sequence[str] = ()) -> list[str]:
    """Every stop of some orders, those left out too, without these visits; sorted."""
    return sorted(one for order in orders.values() for one in order if one not in visits)
