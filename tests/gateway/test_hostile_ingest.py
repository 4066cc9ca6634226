"""What one carrier does, however much of it, stays that carrier's affair."""

import json
from pathlib import Path

import pytest

from tests.drills.flood import drill
from tests.gateway.running import RunningGateway
from tower.carriers.normaliser import UNKNOWN_CARRIER


@pytest.mark.slow
def test_a_flood_is_taken_in_without_harm_to_others(tmp_path: Path) -> None:
    outcome = drill(4.0, tmp_path)
    assert outcome.acknowledged > 10
    assert outcome.lost == 0
    assert 0 < outcome.open_exceptions <= 1000
    assert outcome.sent[202] > 0
    assert set(outcome.sent) <= {202, 429}
    before, after = outcome.memory_mb
    assert after - before < 150
    assert outcome.flooded_ms[1] < 5_000


def test_names_nobody_registered_leave_one_log_and_not_thousands(
    gateway: RunningGateway,
) -> None:
    with gateway.client("ann") as http:
        for number in range(50):
            name = {"X-Tower-Carrier": f"nobody-{number}" + "x" * 3_000}
            answer = http.post("/v1/ingest/driver_app", content=b"{}", headers=name)
            assert len(answer.json()["reasons"][0]) < 100
    gateway.journal.flush()
    assert gateway.journal.refused.counts() == {UNKNOWN_CARRIER: 50}


def test_a_message_of_many_pieces_is_one_message(gateway: RunningGateway) -> None:
    at = "2026-11-20T11:59:00Z"
    good = [{"type": "alarm", "kind": "vehicle", "vehicle": f"v{n}", "at": at} for n in range(900)]
    bad = [{"type": "stop", "stop": "nowhere", "status": "arrived", "at": at}] * 300
    with gateway.client("own") as http:
        before = gateway.journal.seq
        first = http.post("/v1/ingest/driver_app", content=json.dumps([*good, *bad])).json()
        after = gateway.journal.seq
        again = http.post("/v1/ingest/driver_app", content=json.dumps(good)).json()
    assert (first["events"], first["refused"]) == (1_800, 201)
    assert after - before == 1_800
    assert gateway.journal.seq == after
    assert again["events"] == 900
