"""What is agreed about a stop changes what the gateway expects of its route."""

import json
from datetime import datetime, timedelta
from typing import Any

import httpx
import pytest

from tests.gateway.running import RunningGateway, asked_until
from tests.gateway.shift import NOON
from tower.domain.events import StopEnRoute
from tower.domain.words import Punctuality

FAR = {"address": "Kiosk", "lat": 47.30, "lon": 9.60}


def amend(http: httpx.Client, stop_id: str, changes: dict[str, object]) -> None:
    body = {"type": "amend_stop", "stop_id": stop_id, "changes": changes}
    headers = {"Idempotency-Key": json.dumps(body)}
    answer = http.post("/v1/commands", json=body, headers=headers)
    assert answer.status_code == 200, answer.text


def metres(http: httpx.Client) -> dict[str, Any]:
    """Metres to each stop of both routes, once both have a line."""
    said = asked_until(http, "/v1/routes/shapes", lambda answer: len(answer.json()) == 2)
    return {route_id: shape["distances_m"] for route_id, shape in said.json().items()}


@pytest.mark.parametrize("is_under_way", [False, True])
def test_the_line_of_a_route_follows_a_stop_that_moved(
    gateway: RunningGateway, *, is_under_way: bool
) -> None:
    with gateway.client("ann") as http, gateway.client("own") as phone:
        before = metres(http)
        if is_under_way:
            message = {
                "type": "stop",
                "stop": "S6",
                "status": "en_route",
                "at": NOON.isoformat(),
                "vehicle": "B",
            }
            with gateway.expect(StopEnRoute, "S6"):
                assert phone.post("/v1/ingest/driver_app", json=[message]).json()["events"] == 1
        amend(http, "S6", FAR)
        asked_until(
            http,
            "/v1/routes/shapes",
            lambda answer: answer.json()["B"]["distances_m"][1] > 10_000,
        )
        after = metres(http)
    assert before["B"][1] < 1_000
    assert after["B"][0] == pytest.approx(before["B"][0])
    assert after["A"] == pytest.approx(before["A"])


def test_an_arrival_is_measured_against_the_window_newly_promised(
    gateway: RunningGateway,
) -> None:
    def standing() -> Punctuality:
        gateway.project()
        return gateway.gateway.projection.arrivals["S7"].punctuality

    def window(begin: datetime) -> dict[str, object]:
        end = begin + timedelta(minutes=5)
        return {"window_start": begin.isoformat(), "window_end": end.isoformat()}

    with gateway.client("ann") as http:
        metres(http)
        assert standing() is Punctuality.ON_TIME
        amend(http, "S7", window(NOON - timedelta(minutes=4)))
        assert standing() is Punctuality.LATE
        amend(http, "S7", window(NOON + timedelta(hours=6)))
        assert standing() is Punctuality.ON_TIME
