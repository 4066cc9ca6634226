"""Stops are dragged along the clock and onto other routes, by a real mouse."""

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QPoint, Qt
from PySide6.QtGui import QKeyEvent, QMouseEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QToolTip
from pytestqt.qtbot import QtBot

from tests.ui.conftest import Fleet
from tests.ui.example_shift import NOON, event, numbered
from tests.ui.routes.mouse import turn_down
from tower.domain import events as e
from tower.domain.records import Subject
from tower.domain.words import Punctuality
from tower.road.roads import Profile
from tower.routes.change import Move
from ui.draft.draft import Draft
from ui.session import Session
from ui.timeline.painting import AXIS_PX, NAME_PX, ROW_PX
from ui.timeline.panel import TimelinePanel
from ui.timeline.target import TimelineTarget

LEFT = Qt.MouseButton.LeftButton
GAP_S = 900.0
"""Every stop of the shift is expected a quarter of an hour after the one before it."""


@pytest.fixture
def draft(session: Session) -> Draft:
    """An empty draft."""
    return Draft(session, session)


@pytest.fixture
def panel(session: Session, fleet: Fleet, draft: Draft, qtbot: QtBot) -> TimelinePanel:
    """Three routes of five stops each; the first stop of each in a quarter of an hour."""
    ids = [f"s{number}" for number in range(15)]
    times = [NOON.timestamp() + GAP_S * (1 + number % 5) for number in range(15)]
    codes = [Punctuality.ON_TIME.code] * 15
    fleet.arrivals.set(ids, times, [60] * 15, [60] * 15, codes)
    session.apply_frames([fleet.frame()])
    panel = TimelinePanel(session, draft, lambda stop_id: _MARKED.get(stop_id, (stop_id,)))
    qtbot.addWidget(panel)
    panel.resize(1000, AXIS_PX + 4 * ROW_PX)
    panel.show()
    qtbot.waitExposed(panel)
    return panel


_MARKED = {"s13": ("s13", "s14"), "s14": ("s13", "s14")}


def _at(panel: TimelinePanel, route_id: str, seconds_from_noon: float) -> QPoint:
    width = panel.viewport().width() - NAME_PX - 8
    share = (seconds_from_noon + 2 * 3600.0) / (5 * 3600.0)
    row = panel._table.order.index(route_id)
    return QPoint(int(NAME_PX + share * width), AXIS_PX + row * ROW_PX + ROW_PX // 2)


def _stop(panel: TimelinePanel, route_id: str, place: int) -> QPoint:
    return _at(panel, route_id, GAP_S * (1 + place) + 60)


def _lift(panel: TimelinePanel, at: QPoint) -> None:
    QTest.mousePress(panel.viewport(), LEFT, pos=at)
    QTest.mouseMove(panel.viewport(), at + QPoint(3, 0))
    QTest.mouseMove(panel.viewport(), at + QPoint(7, 0))


def _drag(panel: TimelinePanel, at: QPoint, to: QPoint) -> None:
    _lift(panel, at)
    QTest.mouseMove(panel.viewport(), to)
    QTest.mouseRelease(panel.viewport(), LEFT, pos=to)


def test_a_block_is_dragged_earlier_along_its_row(panel: TimelinePanel, draft: Draft) -> None:
    _drag(panel, _stop(panel, "r0", 3), _at(panel, "r0", GAP_S * 1.5))
    assert draft.gestures == (Move(stops=("s3",), route_id="r0", before="s1"),)
    assert draft.orders["r0"] == ("s0", "s3", "s1", "s2", "s4")


def test_a_block_is_dragged_to_the_end_of_its_row(panel: TimelinePanel, draft: Draft) -> None:
    _drag(panel, _stop(panel, "r0", 1), _at(panel, "r0", GAP_S * 8))
    assert draft.orders["r0"] == ("s0", "s2", "s3", "s4", "s1")


def test_a_block_is_dragged_onto_another_routes_row(panel: TimelinePanel, draft: Draft) -> None:
    _drag(panel, _stop(panel, "r0", 1), _at(panel, "r1", GAP_S * 3.5))
    assert draft.gestures == (Move(stops=("s1",), route_id="r1", before="s8"),)


def test_while_it_is_held_the_row_is_rearranged_and_nothing_is_done_yet(
    panel: TimelinePanel, draft: Draft
) -> None:
    _lift(panel, _stop(panel, "r0", 3))
    QTest.mouseMove(panel.viewport(), _at(panel, "r1", GAP_S * 1.5))
    assert draft.hovering == Move(stops=("s3",), route_id="r1", before="s6")
    row = panel._table.row("r1")
    assert row is not None
    assert [block.stop_id for block in row.blocks] == ["s5", "s3", "s6", "s7", "s8", "s9"]
    assert all(block.drafted for block in row.blocks)
    assert draft.is_empty
    assert "preview, not sent" in panel._carrying._tip.words
    assert panel._carrying._tip.isVisible()
    QTest.mouseRelease(panel.viewport(), LEFT, pos=_at(panel, "r1", GAP_S * 1.5))
    assert not panel._carrying._tip.isVisible()
    assert not draft.is_empty


def test_esc_puts_it_back_and_the_clock_stays_where_it_is(
    panel: TimelinePanel, draft: Draft
) -> None:
    before = panel._scale
    _lift(panel, _stop(panel, "r0", 3))
    QTest.mouseMove(panel.viewport(), _at(panel, "r1", GAP_S * 1.5))
    QTest.keyClick(panel, Qt.Key.Key_Escape)
    assert draft.lifted == ()
    QTest.mouseMove(panel.viewport(), _at(panel, "r2", GAP_S * 3))
    QTest.mouseRelease(panel.viewport(), LEFT, pos=_at(panel, "r2", GAP_S * 3))
    assert draft.is_empty
    assert panel._scale == before


def test_esc_is_the_hands_while_it_holds_something(panel: TimelinePanel) -> None:
    """Else the window's own Esc would come first."""
    key = Qt.Key.Key_Escape
    asked = QKeyEvent(QEvent.Type.ShortcutOverride, key, Qt.KeyboardModifier.NoModifier)
    asked.ignore()
    QApplication.sendEvent(panel, asked)
    assert not asked.isAccepted()
    _lift(panel, _stop(panel, "r0", 3))
    QApplication.sendEvent(panel, asked)
    assert asked.isAccepted()
    QTest.keyClick(panel, key)


def test_let_go_outside_the_rows_it_goes_back(panel: TimelinePanel, draft: Draft) -> None:
    _drag(panel, _stop(panel, "r0", 3), QPoint(500, 4))
    assert draft.is_empty
    assert draft.lifted == ()
    assert draft.hovering is None


def test_stops_marked_together_move_together(panel: TimelinePanel, draft: Draft) -> None:
    _drag(panel, _stop(panel, "r2", 3), _at(panel, "r0", GAP_S * 1.5))
    assert draft.orders["r0"] == ("s0", "s13", "s14", "s1", "s2", "s3", "s4")


def test_a_locked_stop_stays_and_says_why(
    panel: TimelinePanel, draft: Draft, session: Session, qtbot: QtBot
) -> None:
    body = e.StopsLocked(stops=("s3",), locked=True, reason="promised by phone")
    session.fold_events(numbered([event(body, Subject(stop_id="s3"))], start=200))
    before = panel._scale
    _lift(panel, _stop(panel, "r0", 3))
    assert panel.viewport().cursor().shape() == Qt.CursorShape.ForbiddenCursor
    qtbot.waitUntil(lambda: "promised by phone" in QToolTip.text())
    QTest.mouseMove(panel.viewport(), _at(panel, "r1", GAP_S))
    QTest.mouseRelease(panel.viewport(), LEFT, pos=_at(panel, "r1", GAP_S))
    assert draft.is_empty
    assert panel._scale == before
    QToolTip.hideText()


def test_a_done_stop_does_not_lift_and_the_clock_is_dragged_instead(
    panel: TimelinePanel, draft: Draft, session: Session
) -> None:
    subject = Subject(stop_id="s0", route_id="r0")
    session.fold_events(numbered([event(e.StopDelivered(), subject)], start=200))
    before = panel._scale
    _drag(panel, _at(panel, "r0", -30), _at(panel, "r0", -3000))
    assert draft.is_empty
    assert panel._scale.begin > before.begin


def test_the_pointer_says_what_can_be_lifted(panel: TimelinePanel) -> None:
    QTest.mouseMove(panel.viewport(), _stop(panel, "r0", 3))
    assert panel.viewport().cursor().shape() == Qt.CursorShape.OpenHandCursor
    QTest.mouseMove(panel.viewport(), _at(panel, "r0", -3000))
    assert panel.viewport().cursor().shape() == Qt.CursorShape.ArrowCursor


def test_blocks_of_a_draft_look_other_than_those_that_stand(
    panel: TimelinePanel, draft: Draft, session: Session
) -> None:
    def solid(route_id: str) -> int:
        """Pixels of the route's row in exactly its colour."""
        picture, wanted = panel.viewport().grab().toImage(), session.route_color(route_id)
        top = AXIS_PX + panel._table.order.index(route_id) * ROW_PX
        across = range(NAME_PX, picture.width())
        return sum(
            picture.pixelColor(x, y) == wanted for x in across for y in range(top, top + ROW_PX)
        )

    before = solid("r0"), solid("r1")
    draft.add(Move(stops=("s3",), route_id="r0", before="s1"))
    after = solid("r0"), solid("r1")
    assert after[0] < 0.8 * before[0]
    assert after[1] == before[1]


def test_rows_stay_where_they_are_while_something_is_held(
    panel: TimelinePanel, draft: Draft, session: Session, fleet: Fleet, qtbot: QtBot
) -> None:
    _lift(panel, _stop(panel, "r0", 3))
    over = _at(panel, "r1", GAP_S * 1.5)
    QTest.mouseMove(panel.viewport(), over)
    late = [Punctuality.LATE.code] * 5
    times = [NOON.timestamp() + 9 * 3600.0 + number for number in range(5)]
    fleet.arrivals.set([f"s{number}" for number in range(10, 15)], times, [60] * 5, [60] * 5, late)
    session.apply_frames([fleet.frame()])
    session.ticked.emit()
    QTest.mouseRelease(panel.viewport(), LEFT, pos=over)
    assert draft.gestures == (Move(stops=("s3",), route_id="r1", before="s6"),)
    session.ticked.emit()
    qtbot.waitUntil(lambda: panel._table.order[0] == "r2")


def test_held_at_an_edge_the_clock_and_the_rows_come_along(
    panel: TimelinePanel, draft: Draft, qtbot: QtBot
) -> None:
    panel.resize(1000, AXIS_PX + 2 * ROW_PX)
    before, bar = panel._scale.begin, panel.verticalScrollBar()
    qtbot.waitUntil(lambda: bar.isVisible() and panel.viewport().width() < 1000)
    _lift(panel, _stop(panel, "r0", 3))
    corner = QPoint(panel.viewport().width() - 3, panel.viewport().height() - 3)
    QTest.mouseMove(panel.viewport(), corner)
    qtbot.waitUntil(lambda: panel._scale.begin > before and bar.value() == bar.maximum() > 0)
    last = panel._table.order[-1]
    QTest.mouseRelease(panel.viewport(), LEFT, pos=corner)
    assert draft.gestures == (Move(stops=("s3",), route_id=last, before=""),)


def test_turning_the_wheel_brings_another_route_under_what_is_held(
    panel: TimelinePanel, draft: Draft, qtbot: QtBot
) -> None:
    panel.resize(1000, AXIS_PX + 2 * ROW_PX)
    bar = panel.verticalScrollBar()
    qtbot.waitUntil(lambda: bar.isVisible() and panel.viewport().width() < 1000)
    _lift(panel, _stop(panel, "r0", 3))
    place = _at(panel, "r1", GAP_S)
    QTest.mouseMove(panel.viewport(), place)
    assert isinstance(draft.hovering, Move)
    assert draft.hovering.route_id == "r1"
    turn_down(panel.viewport(), place, notches=10)
    assert bar.value() == bar.maximum()
    assert draft.hovering.route_id == "r2"
    QTest.mouseRelease(panel.viewport(), LEFT, pos=place)


def test_a_release_that_nobody_saw_puts_it_back(panel: TimelinePanel, draft: Draft) -> None:
    _lift(panel, _stop(panel, "r0", 3))
    at = panel.viewport().mapToGlobal(_at(panel, "r1", GAP_S)).toPointF()
    none = Qt.MouseButton.NoButton
    place = _at(panel, "r1", GAP_S).toPointF()
    moved = QMouseEvent(
        QEvent.Type.MouseMove, place, at, none, none, Qt.KeyboardModifier.NoModifier
    )
    QApplication.sendEvent(panel.viewport(), moved)
    assert draft.lifted == ()
    assert draft.is_empty


def test_a_route_that_is_over_takes_nothing(
    panel: TimelinePanel, draft: Draft, session: Session
) -> None:
    session.fold_events(numbered([event(e.RouteFinished(), Subject(route_id="r1"))], start=200))
    _drag(panel, _stop(panel, "r0", 3), _at(panel, "r1", GAP_S * 1.5))
    assert draft.is_empty
    assert draft.lifted == ()


def test_stops_dragged_in_from_a_list_are_put_into_the_row_they_are_held_over(
    panel: TimelinePanel, draft: Draft
) -> None:
    target = TimelineTarget(panel)
    draft.lift(("s3",))
    place = panel.viewport().mapToGlobal(_at(panel, "r1", GAP_S * 1.5))
    over = target.over(place, ("s3",))
    assert over is not None
    assert over.gesture == Move(stops=("s3",), route_id="r1", before="s6")
    draft.hover(over.gesture)
    again = target.over(place, ("s3",))
    assert again == over, "the place ran away from under the pointer"
    assert panel._shown().target == "r1"
    target.leave()
    assert panel._shown().target == ""
    assert target.over(panel.viewport().mapToGlobal(QPoint(500, -20)), ("s3",)) is None


def test_held_still_the_tip_learns_what_becomes_known(panel: TimelinePanel, draft: Draft) -> None:
    _lift(panel, _stop(panel, "r0", 3))
    QTest.mouseMove(panel.viewport(), _at(panel, "r1", GAP_S * 1.5))
    tip = panel._carrying._tip
    assert "some travel times are estimates" in tip.words
    places = [stop.plan.position for stop in panel._session.state.stops.values() if stop.plan]
    depot = panel._session.state.depots["depot-1"].value.position
    known = [*places, depot]
    table = draft.travels.table(Profile.CAR)
    shape = (len(known), len(known))
    table.learn(
        known, known, np.full(shape, 60.0), np.full(shape, 500.0), np.zeros(shape, dtype=np.bool_)
    )
    draft.travels.learnt.emit()
    assert "some travel times are estimates" not in tip.words
