"""Small plainly fictional routes on a straight road: a kilometre a minute, a stop a kilometre."""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any, NamedTuple

import numpy as np
from msgspec.structs import replace

from tower.domain.geometry import LatLon, distance_m
from tower.domain.moments import utc
from tower.domain.records import (
    Depot,
    Lock,
    Progress,
    Route,
    RoutePlan,
    Stamp,
    Stop,
    StopPlan,
    Vehicle,
)
from tower.domain.state import DepotEntry, State, VehicleEntry
from tower.domain.words import StopState
from tower.routes.case import Place, RouteCase, route_case
from tower.routes.evaluate import Prospect, evaluate
from tower.routes.fleetbook import fleet_of
from tower.routes.travel import TravelTable

NOW = utc(1_795_600_000)
HUB = LatLon(47.0, 9.5)
KM = 1 / 111.195
"""Degrees of latitude."""
MINUTE_S = 60.0
SERVICE_S = 120.0


def after(minutes: float) -> datetime:
    """A time so many minutes from now."""
    return NOW + timedelta(minutes=minutes)


def km(number: float) -> LatLon:
    """A place so many kilometres up the road from the depot."""
    return LatLon(47.0 + number * KM, 9.5)


def stop(number: float, route_id: str = "A", **plan: Any) -> Stop:  # noqa: ANN401 - any field
    """The stop `s<number>`, so many kilometres up the road, on a route; "" for none."""
    id_ = plan.pop("id", f"s{number}")
    at = km(number)
    planned = StopPlan(id=id_, lat=at.lat, lon=at.lon, **{"service_s": SERVICE_S, **plan})
    return Stop(id=id_, plan=planned, route_id=route_id)


def window(begins: float, ends: float) -> dict[str, Any]:
    """The window of a stop, in minutes from now."""
    return {"window_start": after(begins), "window_end": after(ends)}


def locked(known: Stop, reason: str = "") -> Stop:
    """The same stop, promised."""
    return replace(known, lock=Lock(reason=reason, by="Ann", at=NOW))


def progressed(known: Stop, state: StopState, minutes_ago: float = 0.0) -> Stop:
    """The same stop further on; to be done or served the vehicle came two minutes before."""
    at = after(-minutes_ago)
    stamp = Stamp(at.timestamp(), list(StopState).index(state))
    progress = Progress(state=state, at=at, stamp=stamp)
    if state is StopState.EN_ROUTE:
        return replace(known, underway=progress)
    came = at if state is StopState.ARRIVED else at - timedelta(minutes=2)
    known = replace(known, arrived_at=came, arrived_stamp=Stamp(came.timestamp()))
    if state.is_outcome:
        return replace(known, outcome=progress)
    return replace(known, underway=progress)


def vehicle(**known: Any) -> Vehicle:  # noqa: ANN401 - any field
    """A van; what is not said does not limit it."""
    return Vehicle(**{"id": "v", "carrier_id": "own", "reference": "v", "label": "FL 1", **known})


class Shift(NamedTuple):
    """A shift with its roads, and where vehicles are, by route id."""

    state: State
    travel: TravelTable
    fixes: dict[str, Place]

    def case(self, route_id: str = "A") -> RouteCase:
        """A route as it stands."""
        state = self.state
        route = state.routes[route_id]
        assert route.plan is not None
        places = [one.plan.position for one in state.stops_of(route) if one.plan]
        places.insert(0, HUB if route.plan.depot_id else places[0])
        legs = [self.travel.leg(*pair) for pair in pairwise(places)]
        return route_case(
            state,
            route,
            [leg.seconds for leg in legs],
            [leg.metres for leg in legs],
            self.fixes.get(route_id),
            fleet_of(state),
            NOW,
        )

    def prospect(self, order: str, route_id: str = "A") -> Prospect:
        """What driving these stops comes to."""
        stops = [self.state.stops[stop_id] for stop_id in order.split()]
        return evaluate(self.case(route_id), stops, self.travel)


def shift(
    *stops: Stop,
    started: bool = True,
    fixes: Mapping[str, float] | None = None,
    vehicles: Mapping[str, Vehicle] | None = None,
    **plan: Any,  # noqa: ANN401 - any field of a route's plan
) -> Shift:
    """A shift of the routes A and B with these stops, in this order.

    Args:
        stops: all of them.
        started: whether route A left its depot, half an hour ago; B is still there.
        fixes: route id to kilometres up the road.
        vehicles: route id to what drives it.
        plan: what else is planned for route A.
    """
    state = State(stops={one.id: one for one in stops})
    state.depots["hub"] = DepotEntry(value=Depot(id="hub", name="Hub", lat=HUB.lat, lon=HUB.lon))
    for route_id, one in (vehicles or {}).items():
        state.vehicles[route_id] = VehicleEntry(value=replace(one, id=route_id))
    for route_id in ("A", "B"):
        state.routes[route_id] = Route(
            id=route_id,
            plan=_plan(route_id, **(plan if route_id == "A" else {})),
            sequence=tuple(one.id for one in stops if one.route_id == route_id),
            sequence_stamp=Stamp(1),
            started_at=after(-30) if started and route_id == "A" else None,
        )
    at = {route_id: Place(position=km(one), at=NOW) for route_id, one in (fixes or {}).items()}
    return Shift(state, roads(stops), at)


def _plan(route_id: str, **known: Any) -> RoutePlan:  # noqa: ANN401 - any field
    usual = {"depot_id": "hub", "vehicle_id": route_id, "carrier_id": "own", "starts_at": NOW}
    return RoutePlan(**{"id": route_id, "name": f"R-{route_id}", **usual, **known})


def roads(stops: Iterable[Stop]) -> TravelTable:
    """The straight road between the depot and these stops."""
    places = [HUB, *(one.plan.position for one in stops if one.plan)]
    metres = np.array([[distance_m(a, b) for b in places] for a in places], dtype=np.float32)
    table = TravelTable()
    table.learn(places, places, (metres * (MINUTE_S / 1000)).astype(np.float32), metres)
    return table


def minutes(at: datetime) -> float:
    """Minutes from now."""
    return round((at - NOW).total_seconds() / MINUTE_S, 1)
