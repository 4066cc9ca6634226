"""Data nobody here made, through the whole gateway: recordings and a research data set."""

import json
from datetime import datetime
from pathlib import Path

import pytest

from tests.gateway.running import RunningGateway, asked_until, running_gateway
from tower.cli.recordings import recording_of
from tower.domain.telemetry import Fix
from tower.gateway.settings import GatewaySettings

RECORDED = {
    "dmatthew2024_miway-transit.pb": 139,
    "maanteeamet_gtfs-rt-server.pb": 7,
    "robertej19_CCMF.pb": 449,
}
"""Recordings, and the vehicles in each."""


@pytest.mark.parametrize("name", RECORDED)
def test_a_recorded_feed_becomes_vehicles(shared_data: Path, tmp_path: Path, name: str) -> None:
    recording = recording_of(shared_data / "feeds" / "gtfs_rt" / name, tmp_path)
    settings = recording.settings(GatewaySettings(data=str(tmp_path), port=0))
    with running_gateway(tmp_path, recording.sources, settings, shift=[]) as running:
        assert running.until(lambda: _count(running, RECORDED[name])) == RECORDED[name]
        with running.client("ann") as http:
            carriers = http.get("/v1/carriers").json()
    assert [carrier["name"] for carrier in carriers] == [name]


def _count(running: RunningGateway, enough: int) -> int | None:
    """How many vehicles have a place, once there are enough and all are registered."""
    placed = len(running.gateway.vehicle_table)
    return placed if enough <= placed == len(running.state.vehicles) else None


def test_the_amazon_routes_are_a_shift_with_lines_and_arrivals(
    shared_data: Path, tmp_path: Path
) -> None:
    file = shared_data / "deliveries" / "amazon_lmrrc_5routes.json"
    with running_gateway(tmp_path, shift=[]) as running, running.client("ann") as http:
        for expected in (True, False):
            receipt = http.post(f"/v1/manifest?name={file.name}", content=file.read_bytes()).json()
            assert (receipt["routes"], receipt["stops"]) == (5, 811)
            assert (receipt["events"] > 0) == expected
        asked_until(http, "/v1/routes/shapes", lambda answer: len(answer.json()) == 5)
        running.project()
        remaining = sum(
            1 for stop_id in running.state.stops if running.gateway.arrival_table.row(stop_id)
        )
    assert remaining == 811


def test_recorded_traccar_lines_drive_again(tmp_path: Path) -> None:
    file = tmp_path / "vans.jsonl"
    place = {"id": 1, "deviceId": 7, "latitude": 47.1, "longitude": 9.5, "valid": True}
    moments = [f"2026-03-02T08:00:00.{tenth}Z" for tenth in (0, 1, 2)]
    said = [{"devices": [{"id": 7, "uniqueId": "van-7", "name": "Van 7"}]}]
    said += [{"positions": [{**place, "fixTime": at, "speed": 10}]} for at in moments]
    file.write_text("\n".join(json.dumps(one) for one in said), encoding="utf-8")
    recording = recording_of(file, tmp_path)
    with running_gateway(tmp_path, recording.sources, shift=[], clock=recording.clock) as running:
        last = running.until(lambda: _fix_at(running, "recording:van-7", moments[-1]))
    assert last.speed_mps == pytest.approx(5.14, abs=0.01)


def _fix_at(running: RunningGateway, vehicle_id: str, at: str) -> Fix | None:
    fix = running.gateway.vehicle_table.position(vehicle_id)
    return fix if fix is not None and fix.at == datetime.fromisoformat(at) else None
