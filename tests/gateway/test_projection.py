"""Lines along the roads and projected arrivals: what the map and the stop sheets show."""

import json
from datetime import timedelta
from pathlib import Path

import httpx
import numpy as np
import pytest

from tests.gateway.running import RunningGateway, asked_until, running_gateway
from tests.gateway.shift import NOON, small_shift
from tower.domain.fold import fold
from tower.domain.words import Punctuality
from tower.gateway.line import compute_line, line_wish
from tower.gateway.lines import LineShelf
from tower.road.engine import StraightLineEngine
from tower.road.polyline import encode_polyline

POSITION = {"type": "position", "vehicle": "A", "at": "2026-11-20T12:00:00Z"}


def shapes(http: httpx.Client) -> httpx.Response:
    """The lines, as soon as both routes have one."""
    return asked_until(http, "/v1/routes/shapes", lambda answer: len(answer.json()) == 2)


def test_a_polyline_reads_as_the_published_example() -> None:
    points = np.array([[38.5, -120.2], [40.7, -120.95], [43.252, -126.453]])
    assert encode_polyline(points) == "_p~iF~ps|U_ulLnnqC_mqNvxq`@"


def test_a_line_goes_from_the_depot_through_all_stops_and_back() -> None:
    state = fold(small_shift())
    wish = line_wish(state, state.routes["A"])
    assert wish is not None
    line = compute_line(wish, StraightLineEngine(), "none")
    assert len(line.durations_s) == len(line.stop_offsets) == 4
    assert line.stop_offsets == (1, 2, 3, 4)
    assert all(seconds > 0 for seconds in line.durations_s)
    assert line.home_m > 0


def test_a_damaged_line_on_disk_is_computed_again(tmp_path: Path) -> None:
    state = fold(small_shift())
    wish = line_wish(state, state.routes["A"])
    assert wish is not None
    line = compute_line(wish, StraightLineEngine(), "none")
    shelf = LineShelf(tmp_path)
    assert shelf.find(line.key) is None
    shelf.keep(line)
    assert shelf.find(line.key) == line
    next(tmp_path.iterdir()).write_bytes(b"\xc1 damaged")
    assert shelf.find(line.key) is None


def test_lines_are_sent_once_and_again_when_an_order_changes(gateway: RunningGateway) -> None:
    with gateway.client("ann") as http:
        first = shapes(http)
        tag = {"If-None-Match": first.headers["etag"]}
        assert http.get("/v1/routes/shapes", headers=tag).status_code == 304
        wish = {"route_id": "B", "version": 1, "stops": ["S8", "S5", "S6", "S7"]}
        body = {"type": "sequence_routes", "routes": [wish]}
        http.post("/v1/commands", json=body, headers={"Idempotency-Key": "k"})
        changed = asked_until(
            http, "/v1/routes/shapes", lambda answer: answer.status_code == 200, **tag
        )
    assert changed.json()["B"]["version"] == 2
    assert changed.json()["B"]["shape"] != first.json()["B"]["shape"]
    assert changed.json()["A"] == first.json()["A"]


def test_stops_ahead_have_an_arrival_and_done_ones_have_none(gateway: RunningGateway) -> None:
    with gateway.client("ann") as http:
        shapes(http)
    with gateway.client("own") as http:
        position = {**POSITION, "lat": 47.142, "lon": 9.521}
        http.post("/v1/ingest/driver_app", content=json.dumps(position))
    gateway.project()
    table = gateway.gateway.arrival_table
    assert table.row("S1") is None
    ahead = [table.row(stop_id) for stop_id in ("S2", "S3", "S4")]
    times = [arrival.p50 for arrival in ahead if arrival is not None]
    assert len(times) == 3
    assert times == sorted(times)
    assert NOON < times[0] < NOON + timedelta(minutes=15)
    vehicle = gateway.gateway.projection.standings["A"]
    assert vehicle.next_stop_id == "S2"


def test_a_vehicle_far_behind_makes_its_stops_late(gateway: RunningGateway) -> None:
    with gateway.client("ann") as http:
        shapes(http)
    gateway.clock.set((NOON + timedelta(hours=3)).timestamp())
    gateway.project()
    arrival = gateway.gateway.arrival_table.row("S2")
    assert arrival is not None
    assert arrival.punctuality is Punctuality.LATE


@pytest.mark.parametrize("times", [1, 2])
def test_after_a_restart_vehicles_stand_where_they_were_last(tmp_path: Path, times: int) -> None:
    with running_gateway(tmp_path) as running, running.client("own") as http:
        position = {**POSITION, "lat": 47.142, "lon": 9.521}
        http.post("/v1/ingest/driver_app", content=json.dumps(position))
    for _ in range(times):
        with running_gateway(tmp_path) as running:
            fix = running.until(lambda: running.gateway.vehicle_table.position("own:A"))
            assert (fix.lat, fix.lon) == (47.142, 9.521)
