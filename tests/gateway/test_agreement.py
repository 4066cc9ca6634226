"""A preview of the present order says what the gateway predicts for it."""

import json
from typing import Any

import pytest

from tests.gateway.running import RunningGateway, asked_until
from tower.domain.geometry import LatLon
from tower.eta.schedule import Arrival
from tower.routes.case import Place, route_case
from tower.routes.evaluate import place_of, present
from tower.routes.fleetbook import fleet_of
from tower.routes.travel import TravelTable

HUB = LatLon(47.14, 9.52)
ON_THE_WAY = LatLon(47.143, 9.5215)


@pytest.mark.parametrize("is_heard", [False, True])
def test_preview_and_prediction_agree(gateway: RunningGateway, *, is_heard: bool) -> None:
    with gateway.client("ann") as http:
        shapes = asked_until(http, "/v1/routes/shapes", lambda said: len(said.json()) == 2).json()
    if is_heard:
        with gateway.client("own") as phone:
            at = gateway.clock.now().isoformat()
            here = {"lat": ON_THE_WAY.lat, "lon": ON_THE_WAY.lon}
            position = {"type": "position", "vehicle": "A", "at": at, **here}
            assert phone.post("/v1/ingest/driver_app", content=json.dumps(position)).is_success
    gateway.project()
    for route_id, stops in (("A", ["S2", "S3", "S4"]), ("B", ["S5", "S6", "S7", "S8"])):
        ahead = previewed(gateway, route_id, shapes[route_id])
        assert [one.stop_id for one in ahead] == stops
        for mine in ahead:
            theirs = gateway.gateway.projection.arrivals[mine.stop_id]
            assert abs((mine.p50 - theirs.p50).total_seconds()) < 3.0
            assert abs(mine.late_s - theirs.late_s) < 3.0
            assert mine.punctuality is theirs.punctuality


def previewed(gateway: RunningGateway, route_id: str, shape: dict[str, Any]) -> list[Arrival]:
    """What a desktop makes of what it is told."""
    state = gateway.state
    route = state.routes[route_id]
    places = [HUB, *map(place_of, state.stops_of(route)), HUB]
    travel = TravelTable()
    durations_s, distances_m = shape["durations_s"], shape["distances_m"]
    travel.learn_legs(places, [*durations_s, shape["home_s"]], [*distances_m, shape["home_m"]])
    fix = gateway.gateway.vehicle_table.position(f"own:{route_id}")
    place = Place(position=fix.position, at=fix.at) if fix else None
    now = gateway.clock.now()
    case = route_case(state, route, durations_s, distances_m, place, fleet_of(state), now)
    return present(case, travel).arrivals
