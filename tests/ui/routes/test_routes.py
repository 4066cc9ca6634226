"""The routes by risk, worked by mouse and keyboard."""

from datetime import timedelta

import pytest
from msgspec.structs import replace
from PySide6.QtCore import QEvent, QPoint, Qt
from PySide6.QtGui import QColor, QImage
from PySide6.QtTest import QAbstractItemModelTester, QTest
from PySide6.QtWidgets import QApplication, QLabel
from pytestqt.qtbot import QtBot

from tests.ui.conftest import Fleet
from tests.ui.example_shift import NOON, event, numbered, raised
from tests.ui.expecting import click, column, expect, place_of, point_at
from tower.domain import events as e
from tower.domain.records import RoutePlan, Subject
from tower.domain.state import State
from tower.domain.telemetry import Fix
from tower.domain.words import ExceptionKind, Punctuality
from tower.replay.recording import Moment
from ui.draft.draft import Draft
from ui.routes.panel import RoutesPanel
from ui.routes.standing import routes_by_risk
from ui.session import Session

_Failures = QAbstractItemModelTester.FailureReportingMode
_STANDING, _NEXT, _DONE = 5, 4, 3


@pytest.fixture
def panel(session: Session, qtbot: QtBot) -> RoutesPanel:
    """The panel on the example shift, as wide as in a large window."""
    panel = RoutesPanel(session, Draft(session, session))
    for model in (panel.routes, panel.unassigned, panel.sheet.model):
        QAbstractItemModelTester(model, _Failures.Fatal, model)
    qtbot.addWidget(panel)
    panel.resize(452, 700)
    with qtbot.waitExposed(panel):
        panel.show()
    return panel


def _all_expected(session: Session, fleet: Fleet, **standing: tuple[float, Punctuality]) -> None:
    """Every stop of every route on time in ten-minute steps, but for those named."""
    on_time = {
        f"s{route * 5 + place}": (10.0 + 10 * place, Punctuality.ON_TIME)
        for route in range(3)
        for place in range(5)
    }
    expect(session, fleet, {**on_time, **standing})


def test_routes_in_trouble_stand_first(session: Session, panel: RoutesPanel, fleet: Fleet) -> None:
    _all_expected(
        session,
        fleet,
        s11=(20, Punctuality.AT_RISK),
        s12=(30, Punctuality.AT_RISK),
        s6=(50, Punctuality.LATE),
    )
    session.fold_events(numbered([_window_ends(session, "s6", minutes=32)], start=200))
    panel.routes.refresh()
    panel.routes.settle()
    assert list(panel.routes.ids) == ["r1", "r2", "r0"]
    assert column(panel.routes, _STANDING) == ["late 18 m", "2 at risk", "on time"]
    assert routes_by_risk(session) == ["r1", "r2", "r0"]


def _window_ends(session: Session, stop_id: str, minutes: float) -> e.Event:
    """The promise of a stop ends so many minutes after noon."""
    plan = session.state.stops[stop_id].plan
    assert plan is not None
    fresh = replace(plan, window_end=NOON + timedelta(minutes=minutes))
    return event(e.StopPlanned(plan=fresh), at=NOON + timedelta(seconds=1))


def test_a_stop_late_in_three_hours_can_still_be_helped(
    session: Session, panel: RoutesPanel, fleet: Fleet
) -> None:
    _all_expected(session, fleet, s4=(180, Punctuality.LATE))
    panel.routes.refresh()
    assert panel.routes.record(panel.routes.place_of("r0")).words == "on time"


def test_progress_and_the_next_stop_follow_what_the_driver_reports(
    session: Session, panel: RoutesPanel, fleet: Fleet
) -> None:
    _all_expected(session, fleet)
    panel.routes.refresh()
    assert column(panel.routes, _DONE) == ["0/5", "0/5", "0/5"]
    delivered = event(e.StopDelivered(), Subject(stop_id="s0", route_id="r0"))
    session.fold_events(numbered([delivered], start=200))
    panel.routes.refresh()
    row = panel.routes.place_of("r0")
    assert column(panel.routes, _DONE)[row] == "1/5"
    # Noon UTC is 13:00 in Vaduz; the second stop is 20 minutes away.
    assert column(panel.routes, _NEXT)[row] == "13:20"


def test_the_stop_the_vehicle_stands_at_is_not_the_next_one(
    session: Session, panel: RoutesPanel, fleet: Fleet
) -> None:
    _all_expected(session, fleet)
    arrived = event(e.StopArrived(), Subject(stop_id="s0", route_id="r0"))
    session.fold_events(numbered([arrived], start=200))
    panel.routes.refresh()
    assert column(panel.routes, _NEXT)[panel.routes.place_of("r0")] == "13:20"


def test_a_silent_vehicle_says_since_when(
    session: Session, panel: RoutesPanel, fleet: Fleet
) -> None:
    fix = Fix(vehicle_id="own:v1", at=NOON - timedelta(minutes=6), lat=47.1, lon=9.5)
    fleet.vehicles.update_fixes([fix])
    fleet.vehicles.set_punctuality(["own:v1"], [Punctuality.NO_SIGNAL.code], [0.0], ["s5"])
    _all_expected(session, fleet)
    session.ticked.emit()
    panel.routes.refresh()
    row = panel.routes.place_of("r1")
    assert column(panel.routes, _STANDING)[row] == "no signal 6 m"
    assert column(panel.routes, _NEXT)[row] == "—"


def test_a_route_that_ended_sinks_to_the_bottom(
    session: Session, panel: RoutesPanel, fleet: Fleet
) -> None:
    _all_expected(session, fleet)
    session.fold_events(numbered([event(e.RouteFinished(), Subject(route_id="r0"))], start=200))
    panel.routes.refresh()
    panel.routes.settle()
    assert panel.routes.ids[-1] == "r0"
    assert column(panel.routes, _STANDING)[-1] == "done"


def test_rows_do_not_move_under_the_pointer(
    session: Session, panel: RoutesPanel, fleet: Fleet
) -> None:
    _all_expected(session, fleet)
    panel.routes.refresh()
    before = list(panel.routes.ids)
    point_at(panel.list, before[1])
    _all_expected(session, fleet, s13=(20, Punctuality.LATE))
    for _ in range(4):
        session.ticked.emit()
    panel.routes.refresh()
    assert list(panel.routes.ids) == before
    assert panel.routes.record(2).standing is Punctuality.LATE
    QApplication.sendEvent(panel.list.viewport(), QEvent(QEvent.Type.Leave))
    assert panel.routes.ids[0] == "r2"


def test_a_click_selects_the_route_everywhere_and_shows_its_stops(
    session: Session, panel: RoutesPanel
) -> None:
    click(panel.list, "r1")
    assert session.selection == ("route", "r1")
    assert panel.sheet.route_id == "r1"
    assert list(panel.sheet.model.ids) == ["s5", "s6", "s7", "s8", "s9"]


def test_a_double_click_asks_for_the_whole_route(panel: RoutesPanel, qtbot: QtBot) -> None:
    click(panel.list, "r2")
    with qtbot.waitSignal(panel.fit_wanted) as wanted:
        QTest.mouseDClick(
            panel.list.viewport(),
            Qt.MouseButton.LeftButton,
            pos=place_of(panel.list, "r2").center(),
        )
    assert wanted.args == ["r2"]


def test_the_arrow_keys_walk_the_routes(session: Session, panel: RoutesPanel) -> None:
    click(panel.list, panel.routes.ids[0])
    QTest.keyClick(panel.list, Qt.Key.Key_Down)
    assert session.selection == ("route", panel.routes.ids[1])
    QTest.keyClick(panel.list, Qt.Key.Key_End)
    assert session.selection == ("route", panel.routes.ids[-1])
    panel.walk(-1)
    assert session.selection == ("route", panel.routes.ids[-2])


@pytest.mark.parametrize(
    ("kind", "id_"), [("stop", "s7"), ("vehicle", "own:v1"), ("exception", "x9")]
)
def test_what_is_selected_elsewhere_is_marked_here(
    session: Session, panel: RoutesPanel, kind: str, id_: str
) -> None:
    session.fold_events(numbered([raised("x9", stop=7)], start=200))
    session.select(kind, id_)
    assert panel.list.current == "r1"
    assert panel.sheet.route_id == "r1"
    assert panel.sheet.list.current == ("" if kind == "vehicle" else "s7")


def test_a_marked_route_stays_in_sight_when_the_order_changes(
    session: Session, panel: RoutesPanel, fleet: Fleet
) -> None:
    _all_expected(session, fleet)
    panel.routes.refresh()
    panel.list.resize(452, 50)
    session.select("route", panel.routes.ids[0])
    marked = panel.list.current
    _all_expected(session, fleet, s6=(20, Punctuality.LATE), s12=(20, Punctuality.LATE))
    panel.routes.refresh()
    panel.routes.settle()
    assert panel.routes.place_of(marked) == 2
    row = panel.list.visualRect(panel.list.currentIndex())
    assert panel.list.viewport().rect().contains(row)


def test_the_filter_leaves_what_it_names(panel: RoutesPanel) -> None:
    QTest.keyClicks(panel.filter_box, "demo gig")
    assert list(panel.routes.ids) == ["r2"]
    QTest.keyClicks(panel.filter_box, " nobody")
    assert panel.routes.rowCount() == 0
    assert not panel.list.isVisible()
    panel.filter_box.clear()
    assert panel.routes.rowCount() == 3
    assert panel.list.isVisible()


def test_stops_taken_off_their_route_are_listed(session: Session, panel: RoutesPanel) -> None:
    assert panel.header.tabs.tabText(1) == "Unassigned (0)"
    kept = e.RouteSequence(route_id="r0", version=2, stops=("s0", "s1", "s2"))
    taken_off = e.RoutesSequenced(routes=(kept,), unassigned=("s3", "s4"))
    session.fold_events(numbered([event(taken_off, at=NOON + timedelta(seconds=1))], start=200))
    panel.unassigned.refresh()
    assert panel.header.tabs.tabText(1) == "Unassigned (2)"
    panel.header.tabs.setCurrentIndex(1)
    click(panel.loose_list, "s4")
    assert session.selection == ("stop", "s4")


def test_an_alarm_alone_changes_no_standing(
    session: Session, panel: RoutesPanel, fleet: Fleet
) -> None:
    _all_expected(session, fleet)
    session.fold_events(numbered([raised("x2", 1, kind=ExceptionKind.ADDRESS)], start=200))
    panel.routes.refresh()
    assert set(column(panel.routes, _STANDING)) == {"on time"}


def test_the_panel_is_drawn_in_both_themes_and_widths(
    session: Session, panel: RoutesPanel, fleet: Fleet
) -> None:
    _all_expected(session, fleet, s6=(50, Punctuality.LATE))
    session.select("route", "r1")
    leave = QEvent(QEvent.Type.Leave)
    QApplication.sendEvent(panel.list.viewport(), leave)  # no row is pointed at
    for name in ("light", "dark"):
        session.theme.set_name(name)
        panel.setStyleSheet(session.theme.style_sheet())
        for width in (452, 372):
            panel.resize(width, 560)
            picture = panel.grab().toImage()
            ground = session.theme.color("panel")
            row = place_of(panel.list, "r0")
            at = panel.list.viewport().mapTo(panel, QPoint(2, row.center().y()))
            assert picture.pixelColor(at) == ground
            assert _has_colour(picture, session.theme.color("late"))


def _has_colour(picture: QImage, colour: QColor) -> bool:
    """Whether any pixel of every second line is of this colour."""
    return any(
        picture.pixelColor(x, y) == colour
        for y in range(0, picture.height(), 2)
        for x in range(picture.width())
    )


def test_escape_clears_the_filter_and_down_goes_into_the_list(
    session: Session, panel: RoutesPanel
) -> None:
    panel.activateWindow()
    QTest.keyClicks(panel.filter_box, "r-201")
    QTest.keyClick(panel.filter_box, Qt.Key.Key_Down)
    assert session.selection == ("route", "r1")
    assert panel.list.hasFocus()
    QTest.keyClick(panel.filter_box, Qt.Key.Key_Escape)
    assert panel.filter_box.text() == ""
    assert panel.routes.rowCount() == 3


def test_a_thousand_routes_come_in_slices_and_all_of_them(
    session: Session, panel: RoutesPanel, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ui.routes.standings.SHARE_S", 0.0)
    monkeypatch.setattr("ui.routes.standings.AT_LEAST", 300)
    plans = [
        event(e.RoutePlanned(plan=RoutePlan(id=f"m{n}", name=f"M-{n:04d}", carrier_id="own")))
        for n in range(1000)
    ]
    session.fold_events(numbered(plans, start=200))
    panel.routes.refresh()
    assert panel.routes.total < 1003, "the window is not held up for all of them"
    qtbot.waitUntil(lambda: panel.routes.total == 1003)
    assert panel.routes.rowCount() == 1003


def test_where_the_past_has_no_routes_nobody_is_told_to_import_them(
    session: Session, panel: RoutesPanel
) -> None:
    begin = Moment(
        at=NOON,
        state=State(),
        vehicles=session.vehicles,
        arrivals=session.arrivals,
        seq=0,
        removed=True,
        changed=frozenset(),
    )
    session.show_moment(begin)
    said = {label.text() for label in panel.findChildren(QLabel) if label.isVisible()}
    assert {"No routes yet", "At this moment none were known."} <= said
