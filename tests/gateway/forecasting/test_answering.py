"""What the gateway answers about arrivals."""

from datetime import timedelta
from pathlib import Path

import pytest

from tests.gateway.running import RunningGateway, asked_until, running_gateway
from tests.gateway.shift import NOON, small_shift, told
from tower.domain.events import StopArrived
from tower.domain.records import Subject
from tower.domain.words import Punctuality


def answered(running: RunningGateway, stop_id: str) -> dict[str, object]:
    """The arrival at a stop, as soon as anything is predicted."""
    with running.client("vic") as http:
        asked_until(http, "/v1/stops/S8/arrival", lambda one: one.json()["predicted"] is not None)
        found: dict[str, object] = http.get(f"/v1/stops/{stop_id}/arrival").json()
    return found


def test_a_stop_far_behind_says_how_late_it_probably_is_and_why(tmp_path: Path) -> None:
    with running_gateway(tmp_path) as running:
        answered(running, "S2")
        running.clock.set((NOON + timedelta(minutes=115)).timestamp())
        running.project()
        said = answered(running, "S4")
    predicted = said["predicted"]
    assert isinstance(predicted, dict)
    assert predicted["p10"] <= predicted["p50"] <= predicted["p90"]
    assert predicted["punctuality"] in (Punctuality.LATE, Punctuality.AT_RISK)
    assert 0.3 < predicted["chance_late"] <= 1.0
    assert said["window_end"] == "2026-11-20T14:00:00Z"
    reasons = said["reasons"]
    assert isinstance(reasons, list)
    assert reasons[0]["words"] == "behind the plan so far"
    assert reasons[0]["seconds"] == pytest.approx(95 * 60, abs=120)


def test_a_stop_the_vehicle_stands_at_is_reached_and_a_done_one_is_past(tmp_path: Path) -> None:
    arrived = told(NOON, Subject(stop_id="S2", route_id="A"), StopArrived())
    with running_gateway(tmp_path, shift=[*small_shift(), arrived]) as running:
        here, done = answered(running, "S2"), answered(running, "S1")
    assert here["arrived_at"] == "2026-11-20T12:00:00Z"
    assert isinstance(here["predicted"], dict)
    assert here["predicted"]["p10"] == here["predicted"]["p90"]
    assert here["reasons"] == []
    assert done["predicted"] is None


def test_no_arrival_is_told_of_a_stop_nobody_planned(gateway: RunningGateway) -> None:
    with gateway.client() as http:
        answer = http.get("/v1/stops/nowhere%2F..%2F/arrival")
        assert answer.status_code == 404
        assert http.get("/v1/stops/nowhere/arrival").json()["error"] == "not_found"
