"""Every number on the screen answers: which stops?"""

from datetime import timedelta

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from tests.ui.example_shift import NOON, event, example_state, numbered, raised
from tower.domain import events as e
from tower.domain.records import Subject
from tower.domain.state import State
from tower.domain.words import AttemptReason
from ui.filter import Hidden
from ui.kpi.board import EVERY_MS, Board
from ui.kpi.hours import OnTimePanel
from ui.kpi.reasons import ROW_PX, TOP_PX, FailedAttemptsPanel
from ui.kpi.stops import StopsPopup, show_stops
from ui.kpi.strip import KpiStrip
from ui.session import Session


@pytest.fixture
def board(session: Session) -> Board:
    """Two deliveries within their windows, two before them, and a failed attempt."""
    early, now = NOON - timedelta(minutes=20), NOON
    happened = [
        event(e.StopDelivered(), Subject(stop_id="s0", route_id="r0"), at=early),
        event(e.StopDelivered(), Subject(stop_id="s1", route_id="r0"), at=now),
        event(e.StopDelivered(), Subject(stop_id="s5", route_id="r1"), at=early),
        event(e.StopDelivered(), Subject(stop_id="s6", route_id="r1"), at=now),
        event(
            e.StopAttempted(reason=AttemptReason.NOT_HOME),
            Subject(stop_id="s10", route_id="r2"),
            at=now,
        ),
    ]
    session.fold_events(numbered(happened, start=100))
    return Board(session, session)


def _popup(qtbot: QtBot, owner: QWidget) -> StopsPopup:
    found = owner.findChildren(StopsPopup)
    assert len(found) == 1
    qtbot.addWidget(found[0])
    return found[0]


def test_the_strip_shows_seven_measures(session: Session, board: Board, qtbot: QtBot) -> None:
    strip = KpiStrip(session, board)
    qtbot.addWidget(strip)
    board.measure()
    titles = [cell.measure.title for cell in strip.cells if cell.measure]
    assert titles[0] == "On time"
    assert len(titles) == 7
    assert strip.cells[0].accessibleName().startswith("On time: ")


def test_a_click_on_a_number_lists_its_stops_and_one_is_chosen(
    session: Session, board: Board, qtbot: QtBot
) -> None:
    strip = KpiStrip(session, board)
    qtbot.addWidget(strip)
    strip.resize(1400, 67)
    strip.show()
    board.measure()
    first_attempt = strip.cells[1]
    QTest.mouseClick(first_attempt, Qt.MouseButton.LeftButton)
    popup = _popup(qtbot, first_attempt)
    assert popup.list.count() == 1
    assert "Customer 0010" in popup.list.item(0).text()
    QTest.keyClick(popup.list, Qt.Key.Key_Down)
    QTest.keyClick(popup.list, Qt.Key.Key_Return)
    assert session.selection == ("stop", "s10")


def test_failed_attempts_count_by_reason_and_open_their_stops(
    session: Session, board: Board, qtbot: QtBot
) -> None:
    panel = FailedAttemptsPanel(session, board)
    qtbot.addWidget(panel)
    panel.resize(330, 130)
    panel.show()
    with qtbot.waitSignal(board.reasons_measured):
        board.measure()
    assert panel.accessibleName() == "Failed attempts today: Not home 1"
    place = QPoint(150, TOP_PX + ROW_PX // 2)
    QTest.mouseClick(panel, Qt.MouseButton.LeftButton, pos=place)
    assert _popup(qtbot, panel).list.count() == 1


def test_reasons_without_room_are_counted_together_and_open_all_their_stops(
    session: Session, board: Board, qtbot: QtBot
) -> None:
    reasons = [AttemptReason.REFUSED, AttemptReason.DAMAGED, AttemptReason.CLOSED]
    events = [
        event(e.StopAttempted(reason=reason), Subject(stop_id=f"s{20 + n}"), at=NOON)
        for n, reason in enumerate(reasons)
    ]
    session.fold_events(numbered(events, start=200))
    panel = FailedAttemptsPanel(session, board)
    qtbot.addWidget(panel)
    panel.resize(330, TOP_PX + 3 * ROW_PX + 4)
    panel.show()
    with qtbot.waitSignal(board.reasons_measured):
        board.measure()
    assert [row.count for row in panel.rows] == [1, 1, 2]
    QTest.mouseClick(panel, Qt.MouseButton.LeftButton, pos=QPoint(150, TOP_PX + 2 * ROW_PX + 9))
    assert _popup(qtbot, panel).list.count() == 2
    panel.resize(330, 130)
    assert len(panel.rows) == 4


def test_the_strip_counts_an_exception_soon_after_it_was_raised(
    session: Session, board: Board, qtbot: QtBot
) -> None:
    board.measure()
    before = next(one for one in board.measures if one.key == "open_exceptions")
    with qtbot.waitSignal(board.strip_measured, timeout=EVERY_MS // 2):
        session.fold_events(numbered([raised("x9")], start=300))
    after = next(one for one in board.measures if one.key == "open_exceptions")
    assert (before.value, after.value) == (1, 2)


def test_a_shift_that_comes_in_late_is_measured_as_soon_as_it_is_there(
    session: Session, qtbot: QtBot
) -> None:
    board = Board(session, session)
    session.replace_state(State(), "epoch")
    board.measure()
    assert board.measures == [], "a desktop that knows nothing does not say that all is well"
    session.state = session.live_state = example_state()
    with qtbot.waitSignal(board.strip_measured, timeout=EVERY_MS // 2):
        about = Subject(stop_id="s0", route_id="r0")
        session.fold_events(numbered([event(e.StopDelivered(), about)], start=300))
    assert next(one for one in board.measures if one.key == "on_time").value == 100


def test_figures_and_charts_count_what_the_filters_show(
    session: Session, board: Board, qtbot: QtBot
) -> None:
    with qtbot.waitSignal(board.reasons_measured):
        board.measure()
    assert sum(reason.count for reason in board.reasons) == 1
    with qtbot.waitSignal(board.reasons_measured, timeout=EVERY_MS // 2):
        session.hide(Hidden(carriers=frozenset({"gig"})))
    assert board.reasons == [], "the failed attempt was of the carrier that is hidden"
    with qtbot.waitSignal(board.strip_measured, timeout=EVERY_MS // 2):
        session.hide(Hidden(carriers=frozenset({"own"})))
    assert next(one for one in board.measures if one.key == "open_exceptions").value == 0


def test_a_day_without_failures_says_so(session: Session, qtbot: QtBot) -> None:
    board = Board(session, session)
    panel = FailedAttemptsPanel(session, board)
    qtbot.addWidget(panel)
    with qtbot.waitSignal(board.reasons_measured):
        board.measure()
    assert panel.accessibleName() == "Failed attempts today: none"


def test_an_hour_lists_the_missed_stops_first(session: Session, board: Board, qtbot: QtBot) -> None:
    panel = OnTimePanel(session, board)
    qtbot.addWidget(panel)
    panel.resize(400, 160)
    panel.show()
    with qtbot.waitSignal(board.reasons_measured):
        board.measure()
    assert [hour.hour for hour in board.hours] == [12, 13]
    panel.open_hour(board.hours[0], QPoint(10, 10))
    popup = _popup(qtbot, panel)
    assert popup.list.count() == len(board.hours[0].stops)


def test_the_chart_draws_a_bar_an_hour(session: Session, board: Board, qtbot: QtBot) -> None:
    panel = OnTimePanel(session, board)
    qtbot.addWidget(panel)
    panel.resize(400, 160)
    panel.show()
    with qtbot.waitSignal(board.reasons_measured):
        board.measure()
    picture = panel.grab().toImage()
    ground = session.theme.color("panel")
    bar = picture.pixelColor(panel.width() * 3 // 4, panel.height() // 2)
    assert bar != ground
    session.theme.set_name("light")
    assert panel.grab().toImage().pixelColor(2, 2) == session.theme.color("panel")


def test_escape_closes_the_list(session: Session, qtbot: QtBot) -> None:
    owner = QWidget()
    qtbot.addWidget(owner)
    owner.show()
    popup = show_stops(session, "Demo", ["s1", "s2"], owner, QPoint(5, 5))
    qtbot.addWidget(popup)
    QTest.keyClick(popup, Qt.Key.Key_Escape)
    assert not popup.isVisible()
