"""What other systems hear of deliveries is written down through the room, once."""

import asyncio
import logging

import pytest

from tests.gateway.running import PATIENCE_S, RunningGateway
from tower.domain.commands import CloseReturn, FileClaim, RecordSurvey, SettleClaim
from tower.domain.words import ClaimKind, ClaimOutcome

Heard = FileClaim | SettleClaim | RecordSurvey | CloseReturn
FILED = FileClaim(stop_id="S1", claim_id="C-1", kind=ClaimKind.NOT_RECEIVED)


def record(gateway: RunningGateway, heard: Heard) -> None:
    recording = gateway.gateway.room.record(heard)
    asyncio.run_coroutine_threadsafe(recording, gateway.loop).result(PATIENCE_S)


def test_what_is_heard_twice_is_written_down_once(gateway: RunningGateway) -> None:
    for _ in range(2):
        record(gateway, FILED)
        record(gateway, SettleClaim(claim_id="C-1", outcome=ClaimOutcome.REJECTED))
        record(gateway, RecordSurvey(survey_id="Q-1", stop_id="S1", csat=2))
    written = [event.type for event in gateway.journal.about("stop", "S1", 50)][-3:]
    assert written == ["claim_filed", "claim_settled", "survey_answered"]
    assert gateway.state.claims["C-1"].outcome is ClaimOutcome.REJECTED


def test_what_cannot_be_is_logged_with_its_reason(
    gateway: RunningGateway, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.WARNING):
        record(gateway, CloseReturn(stop_id="S1"))
    assert "Stop S1 is no return" in caplog.text
    assert gateway.state.stops["S1"].closed_at is None
