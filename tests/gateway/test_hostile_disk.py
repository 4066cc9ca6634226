"""The disk is full: nothing acknowledged is lost, everybody is told, and it goes on after."""

import json
import logging

import pytest

from tests.gateway.running import RunningGateway
from tests.gateway.shift import NOON
from tests.gateway.test_live import watching
from tests.journal.test_trouble import shrink_disk


@pytest.fixture(autouse=True)
def _quiet(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.CRITICAL)


def alarm(minutes: int, **changes: object) -> str:
    at = NOON.replace(hour=11, minute=minutes).isoformat()
    return json.dumps({"type": "alarm", "kind": "temperature", "vehicle": "A", "at": at, **changes})


def test_an_all_clear_the_disk_had_no_room_for_counts_when_it_is_sent_again(
    gateway: RunningGateway,
) -> None:
    with gateway.client("own") as http:
        assert http.post("/v1/ingest/driver_app", content=alarm(50)).status_code == 202
        shrink_disk(gateway.journal, 0)
        fill = [json.loads(alarm(51, vehicle=f"v{n}", words="w" * 2000)) for n in range(100)]
        full = http.post("/v1/ingest/driver_app", content=json.dumps(fill))
        assert (full.status_code, full.json()["error"]) == (503, "journal")
        over = alarm(55, cleared=True, detail="😀" * 2000)
        lost = http.post("/v1/ingest/driver_app", content=over)
        shrink_disk(gateway.journal, 10_000)
        again = http.post("/v1/ingest/driver_app", content=over)
    assert (lost.status_code, again.status_code, again.json()["events"]) == (503, 202, 1)
    gateway.until(lambda: True if _is_over(gateway) else None)


def _is_over(gateway: RunningGateway) -> bool:
    found = gateway.state.exceptions.values()
    return [one.is_open for one in found if one.finding and one.finding.kind == "temperature"] == [
        False
    ]


def test_desktops_are_told_that_nothing_is_recorded(gateway: RunningGateway) -> None:
    with gateway.client("own") as http, watching(gateway, "vehicles") as desktop:
        shrink_disk(gateway.journal, 0)
        fill = [json.loads(alarm(51, vehicle=f"v{n}", words="w" * 2000)) for n in range(100)]
        http.post("/v1/ingest/driver_app", content=json.dumps(fill))
        while not (told := desktop.next("frame")["trouble"]):
            pass
        assert "full" in told
        shrink_disk(gateway.journal, 10_000)
        http.post("/v1/ingest/driver_app", content=alarm(55))
        while (frame := desktop.next("frame"))["trouble"] or frame["health"] is None:
            pass
