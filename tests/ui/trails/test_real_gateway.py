"""Trails and exports from a real gateway: what carriers told is what is drawn and written."""

import json
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from PySide6.QtCore import QSettings
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from tests.gateway.running import RunningGateway, running_gateway
from tests.ui.example_shift import NOON, opening, raised
from tests.ui.proposals.joined import Joined
from tests.ui.trails.conftest import RememberingMap, ToldTravel
from tests.ui.trails.driving import VEHICLE, Drive
from tower.replay.file import read_recording
from ui.exchange import Download
from ui.gateway import Gateway
from ui.session import Session
from ui.trails.desk import TrailDesk
from ui.trails.exportdialog import ExportDialog

PATIENCE_MS = 20_000


@pytest.fixture
def running(tmp_path: Path) -> Iterator[RunningGateway]:
    """A gateway to which the first vehicle told a drive with a stay in it."""
    with running_gateway(tmp_path / "data", shift=[*opening(), raised("x1")]) as gateway:
        drive = Drive(at=NOON - timedelta(minutes=28), lat=47.09)
        fixes = drive.north_to(47.11).stand(10.5).north_to(47.12).fixes
        told = [
            {
                "type": "position",
                "vehicle": "v0",
                "at": f"{fix.at:%Y-%m-%dT%H:%M:%SZ}",
                "lat": fix.lat,
                "lon": fix.lon,
                "speed_mps": fix.speed_mps,
            }
            for fix in fixes
        ]
        with gateway.client("own") as http:
            assert http.post("/v1/ingest/driver_app", content=json.dumps(told)).status_code == 202
        gateway.journal.flush()
        yield gateway


class Fetching:
    """Fetches what is to be downloaded, at once."""

    def __init__(self, session: Session, running: RunningGateway, person: str) -> None:
        self._http = Gateway(running.url, f"{person}-token")
        session.download_wanted.connect(self._on_wanted)

    def _on_wanted(self, download: Download) -> None:
        answer = self._http.fetch(download.path)
        download.on_progress(len(answer.body), len(answer.body))
        download.on_answer(answer)


@pytest.fixture
def joined(session: Session, running: RunningGateway) -> Joined:
    """The session asks that gateway."""
    return Joined(session, running)


def test_what_a_vehicle_told_is_its_trail(
    session: Session,
    joined: Joined,
    travel: ToldTravel,
    settings: QSettings,
    window: QWidget,
) -> None:
    joined.catch_up()
    on_map = RememberingMap()
    desk = TrailDesk(session, travel, on_map, settings, str, window)
    session.select("vehicle", VEHICLE)
    desk.toggle()
    trail = on_map.trails[VEHICLE]
    assert [stay.label for stay in trail.stays] == ["10 min"]
    assert len(trail.steps) > 40


def export(
    session: Session, travel: ToldTravel, settings: QSettings, window: QWidget, path: Path
) -> ExportDialog:
    dialog = ExportDialog(session, travel, settings, window)
    dialog.show()
    dialog.name.setText(str(path))
    return dialog


def test_a_span_written_opens_again_and_masked_it_names_nobody(
    session: Session,
    running: RunningGateway,
    joined: Joined,
    travel: ToldTravel,
    settings: QSettings,
    window: QWidget,
    tmp_path: Path,
    qtbot: QtBot,
) -> None:
    joined.catch_up()
    fetching = Fetching(session, running, "ann")
    dialog = export(session, travel, settings, window, tmp_path / "masked.tower")
    dialog.export()
    qtbot.waitUntil(dialog.folder_button.isVisible, timeout=PATIENCE_MS)
    read = read_recording(tmp_path / "masked.tower")
    state = read.reader().moment(read.info.ends).state
    assert read.info.is_masked
    assert len(state.stops) == 15
    names = {stop.plan.customer for stop in session.state.stops.values() if stop.plan}
    assert not names & {stop.plan.customer for stop in state.stops.values() if stop.plan}
    assert len(read.trail(VEHICLE, read.info.begins, read.info.ends)) > 40
    assert fetching is not None


def test_who_may_only_look_gets_no_personal_data_and_is_told_so(
    session: Session,
    running: RunningGateway,
    joined: Joined,
    travel: ToldTravel,
    settings: QSettings,
    window: QWidget,
    tmp_path: Path,
    qtbot: QtBot,
) -> None:
    joined.catch_up()
    fetching = Fetching(session, running, "vic")
    dialog = export(session, travel, settings, window, tmp_path / "plain.tower")
    dialog.masked.setChecked(False)
    dialog.export()
    qtbot.waitUntil(lambda: not dialog.is_busy, timeout=PATIENCE_MS)
    assert dialog.notice.text().startswith("Nothing was written: ")
    assert not (tmp_path / "plain.tower").exists()
    assert fetching is not None
