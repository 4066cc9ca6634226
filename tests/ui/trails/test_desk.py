"""Trails of chosen vehicles, planned against driven, and the moment of an exception."""

import csv
import io
from datetime import timedelta
from pathlib import Path
from typing import Any, cast
from urllib.parse import parse_qs, urlsplit

import numpy as np
import pytest
from msgspec.structs import replace
from PySide6.QtCore import Qt
from PySide6.QtTest import QAbstractItemModelTester, QTest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from tests.ui.example_shift import NOON, event
from tests.ui.exceptions.happenings import happen
from tests.ui.trails.conftest import RememberingMap, ToldTravel, TrailGateway
from tests.ui.trails.driving import VEHICLE, Drive
from tower.domain.events import ExceptionRaised, StopArrived, StopDelivered
from tower.domain.records import Finding, Subject
from tower.domain.words import ExceptionKind, Severity
from tower.replay.recording import Recording
from ui.exchange import Answer, Question, Selection
from ui.map.scene import shape_bytes
from ui.session import Session
from ui.shapes import RouteShape
from ui.trails.chosen import MOST, Span
from ui.trails.comparewindow import CompareWindow
from ui.trails.desk import TrailDesk
from ui.trails.momentwindow import MomentWindow
from ui.trails.pictures import GAP

PATIENCE_MS = 10_000


class NoAnswers:
    """Knows nothing of any moment."""

    @property
    def takes_notes(self) -> bool:
        """There is no gateway."""
        return False

    def answer(self, path: str) -> Answer | None:
        """The gateway may be asked."""
        return None if path else Answer()


LINE = np.array([(47.09, 9.50), (47.14, 9.50)])


def window_of(window: QWidget, kind: type[Any]) -> Any:  # noqa: ANN401
    (found,) = (one for one in window.findChildren(kind) if one.isVisible())
    return found


def heard(desk: TrailDesk) -> list[str]:
    said: list[str] = []
    desk.said.connect(said.append)
    return said


# Trails


def test_the_trail_of_the_selected_vehicle_goes_on_the_map_and_off_again(
    session: Session, desk: TrailDesk, on_map: RememberingMap
) -> None:
    said = heard(desk)
    session.select("vehicle", VEHICLE)
    desk.toggle()
    trail = on_map.trails[VEHICLE]
    assert trail.label == "FL 4000"
    assert [stay.label for stay in trail.stays] == ["10 min"]
    assert "not at a stop" in trail.stays[0].words
    assert said[-1].startswith("Trail of FL 4000, 12:32–")
    assert "last hour" in on_map.shown.title
    desk.toggle()
    assert on_map.trails == {}


def test_the_trail_of_a_routes_vehicle_can_be_asked_for_by_the_route(
    session: Session, desk: TrailDesk, on_map: RememberingMap
) -> None:
    session.select("route", "r0")
    desk.toggle()
    assert set(on_map.trails) == {VEHICLE}


def test_nothing_selected_is_said(desk: TrailDesk, on_map: RememberingMap) -> None:
    said = heard(desk)
    desk.toggle()
    assert said == ["Select a vehicle, or a route or stop of one, first."]
    assert on_map.trails == {}


def test_spans_are_asked_for_as_chosen(
    session: Session, desk: TrailDesk, gateway: TrailGateway
) -> None:
    session.select("vehicle", VEHICLE)
    desk.toggle()
    desk.set_span(Span.SHIFT)
    session.select("exception", "x1")
    desk.set_span(Span.MOMENT)
    asked = [parse_qs(urlsplit(path).query) for path in gateway.asked]
    assert [one["since"][0][11:16] for one in asked] == ["11:00", "06:00", "11:50"]
    assert asked[-1]["until"][0][11:16] == "12:10"


def test_live_only_what_is_new_is_fetched(
    session: Session, desk: TrailDesk, gateway: TrailGateway, on_map: RememberingMap
) -> None:
    session.select("vehicle", VEHICLE)
    desk.toggle()
    before = len(on_map.trails[VEHICLE].points)
    last = gateway.fixes[-1]
    gateway.fixes = Drive(at=last.at, lat=last.lat).north_to(47.14).fixes
    for _ in range(15):
        session.ticked.emit()
    since = parse_qs(urlsplit(gateway.asked[-1]).query)["since"][0]
    assert since.startswith(f"{last.at:%Y-%m-%dT%H:%M:%S}")
    assert len(on_map.trails[VEHICLE].points) >= before


def test_an_answer_about_the_span_before_is_not_taken_for_this_one(
    session: Session, desk: TrailDesk, gateway: TrailGateway, on_map: RememberingMap
) -> None:
    session.select("vehicle", VEHICLE)
    held: list[Question] = []
    session.question_asked.disconnect(gateway.on_question)
    session.question_asked.connect(held.append)
    desk.toggle()
    desk.set_span(Span.SHIFT)
    early, late = held
    whole, gateway.fixes = gateway.fixes, gateway.fixes[:3]
    gateway.on_question(early)
    assert on_map.trails == {}
    gateway.fixes = whole
    gateway.on_question(late)
    assert len(on_map.trails[VEHICLE].steps) == len(whole) - 1


def test_a_trail_that_cannot_be_had_says_why(
    session: Session, desk: TrailDesk, gateway: TrailGateway, on_map: RememberingMap
) -> None:
    said = heard(desk)
    gateway.refusal = "There is no vehicle own:v0."
    session.select("vehicle", VEHICLE)
    desk.toggle()
    assert said[-1] == "No trail of FL 4000: There is no vehicle own:v0."
    assert desk.chosen.vehicles == ()
    assert on_map.trails == {}


def test_a_vehicle_nobody_heard_of_says_so(
    session: Session, desk: TrailDesk, gateway: TrailGateway
) -> None:
    said = heard(desk)
    gateway.fixes = []
    session.select("vehicle", VEHICLE)
    desk.toggle()
    assert said[-1] == "No position of FL 4000 is known of the last hour."


def test_silence_is_drawn_as_a_gap(
    session: Session, desk: TrailDesk, gateway: TrailGateway, on_map: RememberingMap
) -> None:
    drive = Drive(at=NOON - timedelta(minutes=40)).north_to(47.11).silent(9).north_to(47.13)
    gateway.fixes = drive.fixes
    session.select("vehicle", VEHICLE)
    desk.toggle()
    assert list(on_map.trails[VEHICLE].steps).count(GAP) == 1


def test_so_many_trails_and_no_more(session: Session, desk: TrailDesk) -> None:
    for number in range(MOST + 3):
        session.select("vehicle", f"own:x{number}")
        desk.toggle()
    assert len(desk.chosen.vehicles) == MOST
    assert desk.chosen.vehicles[-1] == f"own:x{MOST + 2}"
    desk.clear()
    assert desk.chosen.vehicles == ()


# Planned against driven


def compared(session: Session, desk: TrailDesk, window: QWidget) -> CompareWindow:
    session.set_shapes({"r0": RouteShape.of(version=1, points=LINE)})
    session.select("route", "r0")
    desk.compare()
    return cast("CompareWindow", window_of(window, CompareWindow))


def test_a_route_is_compared_on_the_map_and_in_a_table(
    session: Session, desk: TrailDesk, window: QWidget, on_map: RememberingMap
) -> None:
    about = Subject(stop_id="s1", route_id="r0")
    happen(session, event(StopArrived(), about, at=NOON - timedelta(minutes=20)))
    happen(session, event(StopDelivered(), about, at=NOON - timedelta(minutes=15)))
    shown = compared(session, desk, window)
    QAbstractItemModelTester(shown.model)
    assert shown.headline.text() == "Route R-200 · Driver A0"
    row = shown.model.record(shown.model.place_of("s1"))
    assert row.words[5] == "12:40"
    assert row.words[7] == "5 min"
    assert "Left the planned line once" in shown.strays.text()
    assert "250 m" in shown.strays.text()
    trail = on_map.trails[VEHICLE]
    assert trail.planned == shape_bytes(LINE)
    assert len(trail.strays) == 1
    assert len(on_map.looked_at) == 1
    shown.close()
    assert on_map.trails == {}


def test_a_click_on_a_row_selects_its_stop(
    session: Session, desk: TrailDesk, window: QWidget
) -> None:
    shown = compared(session, desk, window)
    place = shown.table.visualRect(shown.model.index(2, 2)).center()
    QTest.mouseClick(shown.table.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert session.selection == Selection("stop", "s2")


def test_the_table_goes_to_a_file(
    session: Session, desk: TrailDesk, window: QWidget, tmp_path: Path
) -> None:
    said = heard(desk)
    shown = compared(session, desk, window)
    shown.save(tmp_path / "table.csv")
    rows = list(csv.DictReader(io.StringIO((tmp_path / "table.csv").read_text("utf-8"))))
    assert [row["stop"] for row in rows] == ["s0", "s1", "s2", "s3", "s4"]
    assert rows[0]["window_start"] == "2026-11-20T13:00:00+01:00"
    assert said == [f"Saved: {tmp_path / 'table.csv'}"]
    shown.save(tmp_path / "nowhere" / "table.csv")
    assert "cannot be written" in shown.notice.text()


def test_a_route_that_has_not_started_shows_its_plan(
    session: Session, desk: TrailDesk, window: QWidget, gateway: TrailGateway
) -> None:
    gateway.refusal = "The trail is lost."
    shown = compared(session, desk, window)
    assert "No trail: The trail is lost." in shown.notice.text()
    assert shown.model.rowCount() == 5


def test_it_can_be_sorted_and_goes_back_to_the_order_planned(
    session: Session, desk: TrailDesk, window: QWidget
) -> None:
    shown = compared(session, desk, window)
    shown.model.sort(2, Qt.SortOrder.DescendingOrder)
    assert shown.model.ids[0] == "s4"
    shown.model.sort(-1)
    assert shown.model.ids[0] == "s0"


# The moment of an exception


def test_an_exception_leads_to_its_moment_in_one_step(
    session: Session,
    desk: TrailDesk,
    window: QWidget,
    travel: ToldTravel,
    on_map: RememberingMap,
    qtbot: QtBot,
) -> None:
    session.select("exception", "x1")
    desk.show_moment()
    assert travel.went == [(NOON + timedelta(seconds=1), Selection("exception", "x1"))]
    shown = cast("MomentWindow", window_of(window, MomentWindow))
    assert shown.headline.text() == "13:00 · Stop 1 · gate code missing"
    assert shown.doing.text().startswith("FL 4000: ")
    assert on_map.trails[VEHICLE].moment is not None
    assert len(on_map.looked_at) == 1
    qtbot.waitUntil(lambda: shown.strip.is_drawn, timeout=PATIENCE_MS)
    shown.close()
    assert on_map.trails == {}


def test_an_exception_reported_late_is_gone_to_when_the_room_learnt_of_it(
    session: Session, desk: TrailDesk, travel: ToldTravel, recording: Recording, qtbot: QtBot
) -> None:
    late = [replace(one, recorded_at=NOON + timedelta(minutes=7)) for one in recording.events[-1:]]
    desk.show_moment("x1")
    travel.recording = Recording(
        recording.info,
        base=recording.base,
        events=[*recording.events[:-1], *late],
        positions=recording.positions,
    )
    reader = travel.recording.reader()
    session.show_moment(reader.moment(NOON + timedelta(seconds=1)), NoAnswers())
    qtbot.waitUntil(lambda: len(travel.went) == 2)
    assert travel.went[1] == (NOON + timedelta(minutes=7), Selection("exception", "x1"))


def test_an_exception_without_a_vehicle_says_why(
    session: Session, desk: TrailDesk, window: QWidget, travel: ToldTravel
) -> None:
    about = Subject(exception_id="quiet", carrier_id="gig")
    finding = Finding(
        kind=ExceptionKind.CARRIER_SILENT,
        severity=Severity.MAJOR,
        subject=about,
        headline="Demo Gig is silent",
    )
    happen(session, event(ExceptionRaised(finding=finding), about))
    desk.show_moment("quiet")
    shown = cast("MomentWindow", window_of(window, MomentWindow))
    assert shown.doing.text() == "No vehicle: the exception is about a carrier as a whole."
    assert not shown.strip.isVisible()
    assert travel.went == [(NOON + timedelta(seconds=1), Selection("exception", "quiet"))]


def test_a_vehicle_without_positions_around_the_moment_says_so(
    desk: TrailDesk, window: QWidget, gateway: TrailGateway
) -> None:
    gateway.fixes = []
    desk.show_moment("x1")
    shown = cast("MomentWindow", window_of(window, MomentWindow))
    assert shown.doing.text().startswith("What FL 4000 was doing is not known: no position")


def test_no_exception_selected_is_said(desk: TrailDesk) -> None:
    said = heard(desk)
    desk.show_moment()
    assert said == ["Select an exception first."]


# In the past


def test_in_a_recording_trails_come_out_of_it(
    session: Session,
    desk: TrailDesk,
    travel: ToldTravel,
    gateway: TrailGateway,
    recording: Recording,
    on_map: RememberingMap,
) -> None:
    session.is_recording, travel.recording = True, recording
    session.select("vehicle", VEHICLE)
    desk.toggle()
    assert gateway.asked == []
    assert [stay.label for stay in on_map.trails[VEHICLE].stays] == ["10 min"]


@pytest.mark.parametrize("name", ["trail_toggle", "route_driven", "exception_moment"])
def test_every_action_has_a_handler(desk: TrailDesk, name: str) -> None:
    assert name in desk.table()
