"""The whole story of a stop: its own events, work on its exceptions, messages about it."""

from datetime import timedelta

import httpx
import pytest

from tests.gateway.running import RunningGateway
from tests.gateway.shift import GATE, NOON, told
from tower.domain import events as e
from tower.domain.records import Subject
from tower.gateway.reckoning.history import history_of


def kinds(answer: httpx.Response) -> list[str]:
    return [event["body"]["type"] for event in answer.json()["events"]]


def test_a_stop_tells_its_story_with_who_did_what(gateway: RunningGateway) -> None:
    claim = {"type": "claim_exception", "exception_id": GATE, "version": 0}
    with gateway.client("ann") as http:
        http.post("/v1/commands", json=claim, headers={"Idempotency-Key": "k"})
        answer = http.get("/v1/stops/S3/history")
    assert kinds(answer) == [
        "stop_planned",
        "routes_sequenced",
        "exception_raised",
        "exception_worked",
    ]
    assert answer.json()["events"][-1]["actor"]["name"] == "Ann"
    assert not answer.json()["cut"]


def test_what_came_late_stands_where_it_happened(gateway: RunningGateway) -> None:
    arrived = told(NOON - timedelta(minutes=9), Subject(stop_id="S1"), e.StopArrived())
    gateway.journal.append([arrived]).result()
    with gateway.client("vic") as http:
        assert kinds(http.get("/v1/stops/S1/history"))[-2:] == ["stop_arrived", "stop_delivered"]


def test_a_long_story_keeps_its_end_and_says_so(gateway: RunningGateway) -> None:
    with gateway.client("ann") as http:
        answer = http.get("/v1/stops/S1/history?limit=1")
    assert kinds(answer) == ["stop_delivered"]
    assert answer.json()["cut"]


@pytest.mark.parametrize("stop_id", ["S404", "%00", "x" * 3_000, "' OR 1=1 --"])
def test_a_stop_nobody_knows_has_none(gateway: RunningGateway, stop_id: str) -> None:
    with gateway.client("ann") as http:
        answer = http.get(f"/v1/stops/{stop_id}/history")
    assert (answer.status_code, answer.json()["error"]) == (404, "not_found")


def test_each_event_stands_once() -> None:
    raised = told(NOON, Subject(stop_id="S1", exception_id="x"), e.StopArrived())
    assert history_of(lambda *_: [raised], "S1", 10) == ([raised], False)
