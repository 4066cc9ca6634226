"""What the menus do with files and questions."""

import csv
import io
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest
from PySide6.QtCore import QSettings
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QFileDialog, QLabel, QPlainTextEdit, QTableWidget
from pytestqt.qtbot import QtBot

from tests.ui.example_shift import NOON, event
from tower.domain.events import StopDelivered, StopPlanned
from tower.domain.records import StopPlan, Subject
from tower.gateway.answers import ManifestProblem, ManifestReceipt, RefusedMessage
from ui.dialogs import ManifestDialog, RefusedDialog
from ui.draft.draft import Draft
from ui.exchange import Answer, Question
from ui.export import stops_csv
from ui.handlers import WindowHandlers
from ui.mainwindow import MainWindow, Parts
from ui.maphost import MapHost
from ui.panels import make_panels
from ui.replay.travel import TimeTravel
from ui.session import Session
from ui.undo import UndoLog


@pytest.fixture
def window(session: Session, qtbot: QtBot) -> Iterator[MainWindow]:
    """The whole window, not shown."""
    map_host = MapHost(session)
    settings = QSettings("tower-tests", "handlers")
    draft = Draft(session)
    panels = make_panels(session, map_host, draft)
    travel = TimeTravel(session, settings, parent=session)
    parts = Parts(
        session, draft, map_host, panels, UndoLog(session, draft), settings, "here", travel
    )
    window = MainWindow(parts)
    window.bind(WindowHandlers(window, parts).table())
    qtbot.addWidget(window)
    yield window
    window.close()


@pytest.fixture
def asked(session: Session) -> list[Question]:
    """What the desktop asks the gateway."""
    questions: list[Question] = []
    session.question_asked.connect(questions.append)
    return questions


def test_a_manifest_goes_to_the_gateway_and_its_problems_are_shown(
    window: MainWindow, asked: list[Question], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "my shift.csv"
    file.write_bytes(b"route,stop\nR-1,S-1\n")
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_: (str(file), ""))
    window.actions_by_id["import_manifest"].trigger()
    question = asked[-1]
    assert question.path == "/v1/manifest?name=my%20shift.csv"
    assert question.body == b"route,stop\nR-1,S-1\n"
    assert question.headers == {"Content-Type": "text/csv"}
    problem = ManifestProblem(line=7, field="lat", message="swapped with the longitude")
    receipt = ManifestReceipt(routes=5, stops=811, events=822, problems=(problem,))
    question.on_answer(Answer(status=200, body=msgspec.json.encode(receipt)))
    dialog = window.findChild(ManifestDialog)
    assert isinstance(dialog, ManifestDialog)
    assert _labels(dialog) == ["5 routes and 811 stops read: 822 changes. 1 line refused."]
    report = dialog.findChild(QPlainTextEdit)
    assert isinstance(report, QPlainTextEdit)
    assert "line 7 · lat · swapped with the longitude" in report.toPlainText()


def _labels(dialog: ManifestDialog | RefusedDialog) -> list[str]:
    return [label.text() for label in dialog.findChildren(QLabel) if label.text()]


def test_a_manifest_that_was_not_taken_says_why(
    window: MainWindow, asked: list[Question], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "shift.json"
    file.write_bytes(b"{}")
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_: (str(file), ""))
    window.actions_by_id["import_manifest"].trigger()
    asked[-1].on_answer(Answer(status=422, message="there is no list of stops"))
    dialog = window.findChild(ManifestDialog)
    assert isinstance(dialog, ManifestDialog)
    assert _labels(dialog) == ["Nothing was imported: there is no list of stops"]


def test_refused_messages_are_shown_newest_first_and_as_plain_text(
    session: Session, window: MainWindow, asked: list[Question]
) -> None:
    dialog = RefusedDialog(session, "gig", window)
    assert asked[-1].path == "/v1/refused?limit=1000&carrier=gig&after=0"
    kept = [
        RefusedMessage(
            id=number,
            carrier_id="gig",
            adapter="traccar",
            at=NOON.replace(second=number),
            reason="no such stop",
            excerpt="<img src=x onerror=alert(1)>",
        )
        for number in range(2)
    ]
    asked[-1].on_answer(Answer(status=200, body=msgspec.json.encode(kept)))
    table = dialog.findChild(QTableWidget)
    assert isinstance(table, QTableWidget)
    assert table.rowCount() == 2
    first = table.item(0, 0)
    assert first is not None
    assert first.text() == "13:00:01"
    said = table.item(0, 4)
    assert said is not None
    assert said.text() == "<img src=x onerror=alert(1)>"


def test_a_list_that_cannot_be_had_says_why(
    session: Session, window: MainWindow, asked: list[Question]
) -> None:
    dialog = RefusedDialog(session, "", window)
    asked[-1].on_answer(Answer(message="the gateway does not answer: timed out"))
    assert _labels(dialog)[0].startswith("The list cannot be shown: the gateway does not answer")


def test_the_export_has_every_shown_stop_and_no_formulas(session: Session) -> None:
    delivered = event(StopDelivered(), Subject(stop_id="s0"), at=NOON, seq=99)
    hostile = StopPlan(id="s99", customer="=HYPERLINK(A1)", lat=47.1, lon=9.5)
    session.fold_events([delivered, event(StopPlanned(plan=hostile), seq=100)])
    rows = list(csv.DictReader(io.StringIO(stops_csv(session))))
    assert len(rows) == 16
    first = next(row for row in rows if row["stop"] == "s0")
    assert first["route"] == "R-200"
    assert first["state"] == "delivered"
    assert first["window_start"] == "2026-11-20T13:00:00+01:00"
    assert first["finished_at"] == "2026-11-20T13:00:00+01:00"
    assert rows[-1]["customer"] == "'=HYPERLINK(A1)"


def test_what_was_saved_is_said_and_the_next_dialog_opens_there(
    window: MainWindow, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    offered: list[str] = []

    def choose(_parent: object, _title: str, name: str, _kinds: str) -> tuple[str, str]:
        offered.append(name)
        return str(tmp_path / Path(name).name), ""

    monkeypatch.setattr(QFileDialog, "getSaveFileName", choose)
    window.actions_by_id["export_stops"].trigger()
    assert window.status.currentMessage() == f"Stops saved: {tmp_path / 'stops.csv'}"
    assert (tmp_path / "stops.csv").read_text("utf-8").startswith("route,number,stop,")
    window.actions_by_id["save_picture"].trigger()
    assert offered[1] == str(tmp_path / "tower.png")
    assert (tmp_path / "tower.png").stat().st_size > 1_000


def test_what_is_selected_is_copied_in_words(window: MainWindow, session: Session) -> None:
    session.select("stop", "s7")
    window.actions_by_id["copy_selection"].trigger()
    copied = QGuiApplication.clipboard().text()
    assert copied == "Stop 3 · Customer 0007 · Musterstrasse 8 · ORD-1007"


def test_from_an_exception_to_its_vehicle_and_next_stop(
    window: MainWindow, session: Session
) -> None:
    session.select("exception", "x1")
    window.actions_by_id["route_vehicle"].trigger()
    assert session.selection == ("vehicle", "own:v0")
    session.fold_events([event(StopDelivered(), Subject(stop_id="s0"), at=NOON, seq=99)])
    window.actions_by_id["stop_next"].trigger()
    assert session.selection == ("stop", "s1")
    for _ in range(9):
        window.actions_by_id["stop_next"].trigger()
    assert session.selection == ("stop", "s4"), "the last stop of the route"
    window.actions_by_id["stop_previous"].trigger()
    assert session.selection == ("stop", "s3")


def test_another_speed_is_asked_for_and_a_refusal_is_said(
    window: MainWindow, asked: list[Question]
) -> None:
    window.speed_wanted.emit(30.0)
    assert asked[-1].path == "/v1/clock"
    assert asked[-1].body == b'{"rate": 30}'
    asked[-1].on_answer(Answer(status=409, message="This gateway runs in earnest."))
    assert window.status.currentMessage() == "The speed stays: This gateway runs in earnest."
