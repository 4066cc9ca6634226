"""The best places for stops, asked over HTTP."""

from datetime import datetime

import pytest

from tests.gateway.running import RunningGateway
from tests.gateway.shift import MORNING, NOON, stop_plan, told
from tower.domain.events import StopArrived, StopPlanned
from tower.domain.records import Subject


def plan(gateway: RunningGateway, number: int) -> str:
    """A late order: a stop on no route."""
    planned = told(
        MORNING, Subject(stop_id=f"S{number}"), StopPlanned(plan=stop_plan(number)), "late"
    )
    gateway.journal.append([planned]).result()
    stop_id = f"S{number}"
    gateway.until(lambda: gateway.state.stops.get(stop_id))
    return stop_id


def test_an_unassigned_stop_gets_five_places_with_their_price(gateway: RunningGateway) -> None:
    late = plan(gateway, 9)
    gateway.until(lambda: gateway.gateway.lines.line("B"))
    with gateway.client("ann") as http:
        (found,) = http.post("/v1/suggestions", json={"stops": [late]}).json()
    places = found["places"]
    assert found["stop_id"] == late
    assert 2 <= len(places) <= 5
    assert {one["route_id"] for one in places} == {"A", "B"}
    best = places[0]
    assert datetime.fromisoformat(best["arrives_at"]) > NOON
    assert best["route_id"] == "B"
    assert best["words"].endswith("km")
    assert best["distance_m"] > 0


def test_a_suggestion_is_what_the_commit_then_does(gateway: RunningGateway) -> None:
    late = plan(gateway, 9)
    with gateway.client("ann") as http:
        (found,) = http.post("/v1/suggestions", json={"stops": [late]}).json()
        best = found["places"][0]
        route = gateway.state.routes[best["route_id"]]
        order = list(route.sequence)
        order.insert(order.index(best["before"]) if best["before"] else len(order), late)
        wish = {"route_id": route.id, "version": route.version, "stops": order}
        body = {"type": "sequence_routes", "routes": [wish]}
        answer = http.post("/v1/commands", json=body, headers={"Idempotency-Key": "k"})
    assert answer.status_code == 200
    gateway.until(lambda: gateway.gateway.lines.line(route.id))
    gateway.project()
    arrival = gateway.until(lambda: gateway.gateway.projection.arrivals.get(late))
    promised = datetime.fromisoformat(best["arrives_at"])
    assert abs((arrival.p50 - promised).total_seconds()) < 30


def test_a_stop_nobody_can_move_says_why(gateway: RunningGateway) -> None:
    arrived = told(NOON, Subject(stop_id="S5", route_id="B"), StopArrived())
    gateway.journal.append([arrived]).result()
    gateway.until(lambda: gateway.state.stops["S5"].underway)
    with gateway.client("ann") as http:
        done, standing = http.post("/v1/suggestions", json={"stops": ["S1", "S5"]}).json()
    assert (done["places"], standing["places"]) == ([], [])
    assert "done" in done["why"]
    assert "at the door" in standing["why"]


@pytest.mark.parametrize(
    ("stops", "status"), [(["S99"], 404), ([], 422), (["S2"] * 51, 422), (["S" * 300], 422)]
)
def test_stops_nobody_knows_or_too_many_are_refused(
    shared_gateway: RunningGateway, stops: list[str], status: int
) -> None:
    with shared_gateway.client("ann") as http:
        answer = http.post("/v1/suggestions", json={"stops": stops})
    assert answer.status_code == status
    assert answer.json()["message"]
