"""Vehicles of a Traccar server, from its websocket to the screen."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from tests.end_to_end.rooms import Seat, room, seat
from tests.end_to_end.servers import StreamingTraccar, streaming_traccar
from tests.plugins.traccar_server import TOKEN

pytestmark = [pytest.mark.desktop, pytest.mark.slow]

SETTINGS = """
[[carrier]]
id = "own"
name = "Own vans"
adapter = "traccar"
url = "{url}"
token_env = "TRACCAR_TOKEN"
"""
VAN = "own:van-1"
STEP_DEG = 0.002


def test_a_van_moves_on_the_screen_as_it_reports(
    tmp_path: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TRACCAR_TOKEN", TOKEN)
    config = tmp_path / "tower.toml"
    with streaming_traccar() as traccar:
        for number in (17, 18):
            traccar.server.add_device(number, f"van-{number - 16}")
            traccar.server.record(number, _ago(30), 47.14, 9.52 + number / 1000)
        config.write_text(SETTINGS.format(url=traccar.server.url), "utf-8")
        with room(tmp_path / "data", "--config", str(config)) as joined, seat(joined, qtbot) as me:
            me.until(lambda: len(me.session.vehicles.present) == 2)
            me.page.wait_for("window.tower.fleet.count === 2")
            traccar.wait_followed()
            _drives_north(me, traccar)
            _reports_again_after_a_lost_connection(me, traccar)


def _ago(seconds: float) -> datetime:
    return datetime.now(UTC) - timedelta(seconds=seconds)


def _drives_north(me: Seat, traccar: StreamingTraccar) -> None:
    before = me.page.place(VAN)
    for step in range(1, 4):
        report = traccar.server.report(17, _ago(4 - step), 47.14 + step * STEP_DEG, 9.537)
        traccar.do(report)
    me.until(lambda: _latitude(me) == pytest.approx(47.14 + 3 * STEP_DEG, abs=1e-6))
    me.page.wait_for(f"JSON.parse(window.tower.whereIs('{VAN}')).y < {before['y'] - 5}")
    row = me.session.vehicles.row(VAN)
    assert row is not None
    assert row.speed_mps == pytest.approx(10 * 1852 / 3600, abs=0.01)
    assert row.heading_deg == pytest.approx(90.0)
    age = me.session.data_age_s
    assert age is not None
    assert age < 20
    assert me.session.state.vehicles[VAN].value.label == "Van-1"


def _reports_again_after_a_lost_connection(me: Seat, traccar: StreamingTraccar) -> None:
    traccar.do(traccar.server.hang_up())
    traccar.wait_followed()
    traccar.do(traccar.server.report(17, _ago(0), 47.17, 9.537))
    me.until(lambda: _latitude(me) == pytest.approx(47.17, abs=1e-6))


def _latitude(me: Seat) -> float:
    row = me.session.vehicles.row(VAN)
    return row.lat if row is not None else 0.0
