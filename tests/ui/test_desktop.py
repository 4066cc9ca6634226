"""The real window on a real gateway process."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from http import HTTPStatus
from pathlib import Path

import psutil
import pytest
from PySide6.QtGui import QImage
from pytestqt.qtbot import QtBot

from tower.cli.desktop import demo_command, embedded_command
from tower.domain.events import Event
from tower.gateway.options import DesktopOptions, ExitCode
from ui.desktop import Desktop
from ui.embedded import EmbeddedGateway
from ui.exchange import Answer
from ui.timings import Timings

pytestmark = [pytest.mark.desktop, pytest.mark.slow]

PATIENCE_MS = 60_000


@pytest.fixture
def host(tmp_path: Path) -> Iterator[EmbeddedGateway]:
    """A gateway of the desktop's own on the simulated shift."""
    host = EmbeddedGateway(demo_command(1.0, 1), tmp_path / "gateway.log")
    yield host
    host.stop()


@pytest.fixture
def desktop(host: EmbeddedGateway, qtbot: QtBot) -> Iterator[Desktop]:
    """The desktop with the whole shift on its screen."""
    desktop = Desktop(DesktopOptions(size=(1366, 768)), host, Timings(time.time()))
    qtbot.addWidget(desktop.window)
    desktop.open()
    qtbot.waitUntil(lambda: len(desktop.session.state.stops) > 1000, timeout=PATIENCE_MS)
    qtbot.waitUntil(lambda: desktop.timings.is_complete, timeout=PATIENCE_MS)
    yield desktop
    desktop.window.close()
    desktop.shut_down()


def test_the_shift_is_live_and_what_is_claimed_is_claimed(desktop: Desktop, qtbot: QtBot) -> None:
    session = desktop.session
    assert session.link.status == "live"
    qtbot.waitUntil(lambda: len(session.vehicles) >= 50, timeout=PATIENCE_MS)
    qtbot.waitUntil(lambda: len(session.shapes) >= 50, timeout=PATIENCE_MS)
    desktop.window.actions_by_id["exception_next"].trigger()
    kind, id_ = session.selection
    assert kind == "exception"
    with qtbot.waitSignal(session.command_answered, timeout=PATIENCE_MS) as answered:
        desktop.window.actions_by_id["exception_claim"].trigger()
    assert answered.args[1].ok, answered.args[1].message
    qtbot.waitUntil(lambda: bool(session.state.exceptions[id_].work.owner), timeout=PATIENCE_MS)
    assert desktop.map.external_requests == 0


def test_a_broken_copy_is_asked_for_anew(desktop: Desktop, qtbot: QtBot) -> None:
    session = desktop.session
    before = len(session.state.stops)
    with qtbot.waitSignal(session.state_replaced, timeout=PATIENCE_MS):
        desktop.bridge.resync()
    assert len(session.state.stops) == before
    with qtbot.waitSignal(session.telemetry_changed, timeout=PATIENCE_MS):
        qtbot.waitUntil(lambda: len(session.vehicles) >= 50, timeout=PATIENCE_MS)


def test_a_killed_gateway_is_said_within_three_seconds_and_comes_back(
    desktop: Desktop, host: EmbeddedGateway, qtbot: QtBot
) -> None:
    psutil.Process(host.pid).kill()
    qtbot.waitUntil(desktop.window.banner.isVisible, timeout=3_000)
    assert desktop.window.banner.words.startswith("Gateway lost · showing ")
    assert len(desktop.session.state.stops) > 1000
    qtbot.waitUntil(lambda: desktop.session.link.status == "live", timeout=PATIENCE_MS)
    qtbot.waitUntil(lambda: desktop.window.banner.words.startswith("Back · "), timeout=PATIENCE_MS)


def _manifest(route: int) -> bytes:
    head = b"route,stop,sequence,lat,lon,customer,carrier\n"
    rows = [f"R-{route},S-{route}-{n},{n},47.1{n},9.5{n},Customer {n},own\n" for n in range(1, 9)]
    return head + "".join(rows).encode()


def test_after_a_kill_nothing_is_missed_and_nothing_doubled(tmp_path: Path, qtbot: QtBot) -> None:
    command = embedded_command("--data", str(tmp_path / "data"))
    host = EmbeddedGateway(command, tmp_path / "gateway.log")
    options = DesktopOptions(size=(1366, 768), region="", awaits_vehicles=False)
    desktop = Desktop(options, host, Timings(time.time()))
    qtbot.addWidget(desktop.window)
    session, heard = desktop.session, list[Event]()
    session.events_arrived.connect(heard.extend)

    def hand_in(route: int) -> None:
        answers: list[Answer] = []
        headers = {"Content-Type": "text/csv"}
        path = f"/v1/manifest?name={route}.csv"
        session.ask(path, answers.append, headers=headers, body=_manifest(route))
        qtbot.waitUntil(lambda: bool(answers), timeout=PATIENCE_MS)
        assert answers[0].status == HTTPStatus.OK, answers[0].message

    try:
        desktop.open()
        qtbot.waitUntil(lambda: session.link.status == "live", timeout=PATIENCE_MS)
        hand_in(1)
        qtbot.waitUntil(lambda: len(session.state.stops) == 8, timeout=PATIENCE_MS)
        epoch = session.epoch
        psutil.Process(host.pid).kill()
        qtbot.waitUntil(desktop.window.banner.isVisible, timeout=3_000)
        qtbot.waitUntil(lambda: session.link.status == "live", timeout=PATIENCE_MS)
        hand_in(2)
        qtbot.waitUntil(lambda: len(session.state.stops) == 16, timeout=PATIENCE_MS)
        assert session.epoch == epoch
        seqs = [one.seq for one in heard]
        assert seqs == list(range(seqs[0], seqs[0] + len(seqs)))
        assert session.state.seq == seqs[-1]
    finally:
        desktop.window.close()
        desktop.shut_down()


def _tower(*words: str, token: str = "") -> "subprocess.CompletedProcess[str]":
    environment = {**os.environ, "TOWER_TOKEN": token, "QT_QPA_PLATFORM": "offscreen"}
    return subprocess.run(
        [sys.executable, "-m", "tower", *words],
        env=environment,
        capture_output=True,
        text=True,
        timeout=150,
        check=False,
    )


def test_a_screenshot_is_taken_of_live_data(tmp_path: Path) -> None:
    file = tmp_path / "window.png"
    done = _tower("--screenshot", str(file), "--after", "1", "--size", "1366x768")
    assert done.returncode == ExitCode.OK, done.stderr
    facts = json.loads(done.stdout.strip().splitlines()[-1])
    assert facts["vehicles"] >= 50
    assert facts["stops"] >= 1400
    assert facts["routes"] == 60
    assert facts["external_requests"] == 0
    assert 0 < facts["start_to_window_s"] < facts["start_to_live_s"]
    assert facts["data_age_s"] < 15
    image = QImage(str(file))
    assert (image.width(), image.height()) == (1366, 768)


def test_nobody_at_the_address_ends_with_its_own_exit_code(tmp_path: Path) -> None:
    file = str(tmp_path / "none.png")
    done = _tower("--gateway", "ws://127.0.0.1:9", "--screenshot", file, token="x" * 40)
    assert done.returncode == ExitCode.UNREACHABLE
    assert "No gateway at ws://127.0.0.1:9" in done.stderr


def test_a_wrong_token_ends_with_its_own_exit_code(host: EmbeddedGateway, tmp_path: Path) -> None:
    url = host.wait_ready()
    file = str(tmp_path / "none.png")
    done = _tower("--gateway", url, "--screenshot", file, token="wrong" * 10)
    assert done.returncode == ExitCode.WRONG_TOKEN
    assert "does not accept the token" in done.stderr
    assert host.token not in done.stderr


def test_a_room_without_a_token_is_a_clear_error() -> None:
    done = _tower("--gateway", "ws://127.0.0.1:9")
    assert done.returncode == ExitCode.USAGE
    assert "TOWER_TOKEN" in done.stderr
