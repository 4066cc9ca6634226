"""The gateway's clock is put right, or wrong, while it serves."""

import json
from datetime import datetime, timedelta

import pytest

from tests.gateway.running import RunningGateway
from tests.gateway.shift import GATE, NOON
from tower.domain.words import ExceptionState

HOUR_S = 3600.0
CLAIM = {"type": "claim_exception", "exception_id": GATE, "version": 0}


def arrived(minutes: float) -> str:
    at = (NOON + timedelta(minutes=minutes)).isoformat()
    return json.dumps({"type": "stop", "stop": "S2", "status": "arrived", "at": at})


@pytest.mark.parametrize("step_s", [HOUR_S, -HOUR_S])
def test_the_journal_goes_on_in_order_whatever_the_clock_does(
    gateway: RunningGateway, step_s: float
) -> None:
    with gateway.client("own") as http:
        for _ in range(3):
            gateway.clock.set(gateway.clock.time() + step_s)
            at = gateway.clock.time() - NOON.timestamp() - 1
            answer = http.post("/v1/ingest/driver_app", content=arrived(at / 60))
            assert (answer.status_code, answer.json()["events"]) == (202, 1)
    events = gateway.journal.read(0, 1000)
    assert [event.seq for event in events] == list(range(1, len(events) + 1))
    times = [event.recorded_at for event in events]
    assert times == sorted(times)


def test_a_claim_does_not_outlive_its_lease_because_the_clock_was_put_back(
    gateway: RunningGateway,
) -> None:
    with gateway.client("ann") as http:
        done = http.post("/v1/commands", json=CLAIM, headers={"Idempotency-Key": "mine"})
        assert done.status_code == 200
    gateway.gateway.presence._seen.clear()
    gateway.clock.set(NOON.timestamp() - HOUR_S)
    gateway.until(lambda: True if _work(gateway) is ExceptionState.OPEN else None)


def test_who_is_there_keeps_the_claim_when_the_clock_is_put_back(gateway: RunningGateway) -> None:
    with gateway.client("ann") as http:
        http.post("/v1/commands", json=CLAIM, headers={"Idempotency-Key": "mine"})
        gateway.clock.set(NOON.timestamp() - HOUR_S)
    gateway.until(lambda: True if _lease_until(gateway) < NOON else None)
    assert _work(gateway) is ExceptionState.CLAIMED


def _work(gateway: RunningGateway) -> ExceptionState:
    return gateway.state.exceptions[GATE].work.state


def _lease_until(gateway: RunningGateway) -> datetime:
    return gateway.state.exceptions[GATE].work.lease_until or NOON
