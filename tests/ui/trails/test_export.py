"""A moment or a span as a file that another Tower opens."""

from datetime import timedelta
from pathlib import Path

import pytest
from PySide6.QtCore import QSettings, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from tests.ui.example_shift import NOON
from tests.ui.trails.conftest import ToldTravel
from tower.domain.fold import fold
from tower.replay.file import read_recording
from tower.replay.recording import Recording
from ui.exchange import Answer, Download
from ui.session import Session
from ui.trails.cutting import cut
from ui.trails.exportdialog import MASKING_WORDS, ExportDialog


class Downloads:
    """The gateway's side of downloads; answers when it is told to.

    Attributes:
        wanted: what is being fetched, in order.
    """

    def __init__(self, session: Session) -> None:
        self.wanted: list[Download] = []
        session.download_wanted.connect(self.wanted.append)


@pytest.fixture
def downloads(session: Session) -> Downloads:
    """Nothing is wanted yet."""
    return Downloads(session)


@pytest.fixture
def dialog(
    session: Session, travel: ToldTravel, settings: QSettings, window: QWidget, tmp_path: Path
) -> ExportDialog:
    """The dialog on the live shift, with a file in a folder of the test."""
    settings.setValue("files/folder", str(tmp_path))
    made = ExportDialog(session, travel, settings, window)
    made.show()
    return made


def press(dialog: ExportDialog) -> None:
    QTest.mouseClick(dialog.export_button, Qt.MouseButton.LeftButton)


def test_masked_is_what_is_offered_and_it_says_what_that_does(
    dialog: ExportDialog, tmp_path: Path
) -> None:
    assert dialog.masked.isChecked()
    assert dialog.masking.text() == MASKING_WORDS
    assert dialog.name.text() == str(tmp_path / "Day-2026-11-20-0700-1300-masked.tower")
    dialog.masked.setChecked(False)
    assert "personal data of customers" in dialog.masking.text()
    assert dialog.name.text() == str(tmp_path / "Day-2026-11-20-0700-1300.tower")


def test_the_gateways_file_is_written_as_it_came(
    dialog: ExportDialog, downloads: Downloads, tmp_path: Path
) -> None:
    said: list[str] = []
    dialog.said.connect(said.append)
    press(dialog)
    (download,) = downloads.wanted
    assert download.path == (
        "/v1/recording?since=2026-11-20T06%3A00%3A00.000Z"
        "&until=2026-11-20T12%3A00%3A00.000Z&masked=true"
    )
    assert dialog.is_busy
    download.on_progress(1_000_000, 4_000_000)
    assert dialog.progress.text() == "Fetching the file · 1.0 of 4.0 MB"
    assert dialog.bar.value() * 4 == dialog.bar.maximum()
    download.on_answer(Answer(status=200, body=b"the file"))
    (file,) = tmp_path.glob("*.tower")
    assert file.read_bytes() == b"the file"
    assert said == [f"Saved: {file} (0 kB)"]
    assert dialog.folder_button.isVisible()
    assert not dialog.is_busy


def test_a_moment_is_a_span_of_no_length(dialog: ExportDialog, downloads: Downloads) -> None:
    dialog.moment.setChecked(True)
    assert not dialog.since.isEnabled()
    press(dialog)
    since, until = downloads.wanted[0].path.split("?")[1].split("&")[:2]
    assert since.partition("=")[2] == until.partition("=")[2]


def test_cancelling_leaves_no_file(
    dialog: ExportDialog, downloads: Downloads, tmp_path: Path
) -> None:
    press(dialog)
    QTest.keyClick(dialog, Qt.Key.Key_Escape)
    assert downloads.wanted[0].stop.is_set()
    assert dialog.notice.text() == "Cancelled; no file was written."
    assert dialog.isVisible()
    downloads.wanted[0].on_answer(Answer(status=200, body=b"late"))
    assert list(tmp_path.glob("*.tower*")) == []


def test_what_the_gateway_refuses_is_said(dialog: ExportDialog, downloads: Downloads) -> None:
    press(dialog)
    downloads.wanted[0].on_answer(Answer(status=403, message="Only dispatchers may."))
    assert dialog.notice.text() == "Nothing was written: Only dispatchers may."
    assert dialog.export_button.isEnabled()


def test_with_the_gateway_gone_the_recording_at_hand_is_written(
    dialog: ExportDialog,
    downloads: Downloads,
    travel: ToldTravel,
    recording: Recording,
    qtbot: QtBot,
) -> None:
    travel.recording = recording
    dialog.since.setDateTime(dialog.until.dateTime().addSecs(-3600))
    dialog.masked.setChecked(False)
    press(dialog)
    downloads.wanted[0].on_answer(Answer(message="the gateway does not answer"))
    qtbot.waitUntil(dialog.folder_button.isVisible)
    assert len(read_recording(Path(dialog.name.text())).base.stops) == 15


def test_a_span_that_ends_before_it_begins_is_not_asked_for(
    dialog: ExportDialog, downloads: Downloads
) -> None:
    dialog.until.setDateTime(dialog.since.dateTime().addSecs(-60))
    press(dialog)
    assert downloads.wanted == []
    assert dialog.notice.text() == "The span ends before it begins."


def test_a_file_that_is_there_is_not_replaced_unasked(
    dialog: ExportDialog, downloads: Downloads
) -> None:
    file = Path(dialog.name.text())
    file.write_bytes(b"older")
    press(dialog)
    assert downloads.wanted == []
    assert "is there already" in dialog.notice.text()
    press(dialog)
    downloads.wanted[0].on_answer(Answer(status=200, body=b"newer"))
    assert file.read_bytes() == b"newer"


def test_a_folder_that_is_not_there_is_said(
    dialog: ExportDialog, downloads: Downloads, tmp_path: Path
) -> None:
    dialog.name.setText(str(tmp_path / "nowhere" / "file"))
    press(dialog)
    downloads.wanted[0].on_answer(Answer(status=200, body=b"x"))
    assert "cannot be written" in dialog.notice.text()


# Out of a recording


@pytest.fixture
def in_recording(session: Session, travel: ToldTravel, recording: Recording) -> Recording:
    """A recording is looked at; there is no gateway."""
    session.is_recording, travel.recording = True, recording
    return recording


def test_a_part_of_a_recording_opens_again(
    in_recording: Recording, dialog: ExportDialog, qtbot: QtBot
) -> None:
    assert dialog.since.dateTime().toString("HH:mm") == "08:00"
    dialog.masked.setChecked(False)
    said: list[str] = []
    dialog.said.connect(said.append)
    press(dialog)
    qtbot.waitUntil(lambda: bool(said))
    read = read_recording(Path(dialog.name.text()))
    at = NOON + timedelta(minutes=30)
    assert read.reader().moment(at).state == in_recording.reader().moment(at).state
    assert not read.info.is_masked


def test_masked_it_names_no_customer(
    in_recording: Recording, dialog: ExportDialog, qtbot: QtBot
) -> None:
    names = {stop.plan.customer for stop in fold(in_recording.events).stops.values() if stop.plan}
    press(dialog)
    qtbot.waitUntil(dialog.folder_button.isVisible)
    read = read_recording(Path(dialog.name.text()))
    assert read.info.is_masked
    stops = read.reader().moment(NOON).state.stops.values()
    shown = {stop.plan.customer for stop in stops if stop.plan}
    assert len(names) == 15
    assert len(shown) == 15
    assert not names & shown


def test_a_cut_begins_with_what_was_known_by_then(recording: Recording) -> None:
    part = cut(recording, NOON - timedelta(minutes=10), NOON + timedelta(minutes=10))
    assert len(part.base.stops) == 15
    assert part.base.exceptions == {}
    assert [one.subject.exception_id for one in part.events] == ["x1"]
    for minutes in (-10, 0, 5):
        at = NOON + timedelta(minutes=minutes)
        assert part.reader().moment(at).state == recording.reader().moment(at).state
    before = NOON - timedelta(hours=3)
    assert not part.trail("own:v0", before, NOON - timedelta(minutes=20))
