"""The shift timeline shows where every stop lies on the clock, and selects."""

from datetime import timedelta

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from tests.ui.conftest import Fleet
from tests.ui.example_shift import NOON, event, numbered
from tower.domain import events as e
from tower.domain.records import Subject
from tower.domain.words import AttemptReason, Punctuality
from ui.draft.draft import Draft
from ui.session import Session
from ui.timeline.painting import AXIS_PX, NAME_PX, ROW_PX
from ui.timeline.panel import TimelinePanel
from ui.timeline.rows import row_of
from ui.timeline.scale import NARROWEST_S, WIDEST_S, Scale


@pytest.fixture
def panel(session: Session, fleet: Fleet, qtbot: QtBot) -> TimelinePanel:
    """Stop s1 is expected in twenty minutes, in time; s2 in forty, late."""
    base = NOON.timestamp()
    codes = [Punctuality.ON_TIME.code, Punctuality.LATE.code]
    fleet.arrivals.set(["s1", "s2"], [base + 1200.0, base + 2400.0], [60, 60], [60, 60], codes)
    session.apply_frames([fleet.frame()])
    panel = TimelinePanel(session, Draft(session, session))
    qtbot.addWidget(panel)
    panel.resize(1000, AXIS_PX + 4 * ROW_PX)
    panel.show()
    qtbot.waitExposed(panel)
    return panel


def _click(panel: TimelinePanel, seconds_from_noon: float, row: int) -> None:
    width = panel.viewport().width() - NAME_PX - 8
    share = (seconds_from_noon + 2 * 3600.0) / (5 * 3600.0)
    place = QPoint(int(NAME_PX + share * width), AXIS_PX + row * ROW_PX + ROW_PX // 2)
    QTest.mouseClick(panel.viewport(), Qt.MouseButton.LeftButton, pos=place)


def test_a_click_on_a_block_selects_its_stop(panel: TimelinePanel, session: Session) -> None:
    _click(panel, 1230.0, 0)
    assert session.selection == ("stop", "s1")


def test_a_click_beside_the_blocks_selects_the_route(
    panel: TimelinePanel, session: Session
) -> None:
    _click(panel, 2 * 3600.0, 0)
    assert session.selection == ("route", "r0")


def test_dragging_moves_the_clock_and_selects_nothing(
    panel: TimelinePanel, session: Session
) -> None:
    viewport = panel.viewport()
    start = QPoint(600, AXIS_PX + ROW_PX // 2)
    QTest.mousePress(viewport, Qt.MouseButton.LeftButton, pos=start)
    QTest.mouseMove(viewport, start - QPoint(100, 0))
    QTest.mouseRelease(viewport, Qt.MouseButton.LeftButton, pos=start - QPoint(100, 0))
    assert session.selection == ("", "")
    _click(panel, 1230.0, 0)
    assert session.selection != ("stop", "s1")
    QTest.keyClick(panel, Qt.Key.Key_Home)
    _click(panel, 1230.0, 0)
    assert session.selection == ("stop", "s1")


def test_the_wheel_with_ctrl_zooms_about_the_pointer(
    panel: TimelinePanel, session: Session
) -> None:
    width = panel.viewport().width() - NAME_PX - 8
    x = NAME_PX + (1230.0 + 7200.0) / 18_000.0 * width
    at = QPointF(x, AXIS_PX + 4.0)
    turn = QWheelEvent(
        at,
        panel.viewport().mapToGlobal(at),
        QPoint(),
        QPoint(0, 120),
        Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.ControlModifier,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(panel.viewport(), turn)
    place = QPoint(int(x), AXIS_PX + ROW_PX // 2)
    QTest.mouseClick(panel.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert session.selection == ("stop", "s1")


def test_a_late_stop_wears_the_colour_of_late(panel: TimelinePanel, session: Session) -> None:
    picture = panel.viewport().grab().toImage()
    width = panel.viewport().width() - NAME_PX - 8
    x = int(NAME_PX + (2430.0 + 7200.0) / 18_000.0 * width)
    y = AXIS_PX + ROW_PX // 2
    assert picture.pixelColor(x, y) == session.theme.color("marks.late")


def test_a_done_stop_lies_where_it_was_served(session: Session) -> None:
    subject = Subject(stop_id="s0", route_id="r0")
    session.fold_events(
        numbered(
            [
                event(e.StopArrived(), subject, at=NOON - timedelta(minutes=30)),
                event(
                    e.StopAttempted(reason=AttemptReason.NOT_HOME),
                    subject,
                    at=NOON - timedelta(minutes=25),
                ),
            ],
            start=100,
        )
    )
    block = row_of(session, session.state.routes["r0"]).blocks[0]
    assert block.stop_id == "s0"
    assert block.done
    assert block.failed
    assert (block.begin, block.end) == (NOON.timestamp() - 1800, NOON.timestamp() - 1500)


def test_zooming_stays_within_reason_and_keeps_the_anchor() -> None:
    scale = Scale(begin=0.0, span=3600.0, left=50.0, width=1000.0)
    assert scale.zoomed(1e-6, 300.0).span == NARROWEST_S
    assert scale.zoomed(1e6, 300.0).span == WIDEST_S
    assert scale.zoomed(0.5, 300.0).at(300.0) == pytest.approx(scale.at(300.0))
    assert scale.x(scale.at(321.0)) == pytest.approx(321.0)


def test_ticks_are_round_on_the_local_clock() -> None:
    scale = Scale(begin=100.0, span=5 * 3600.0, left=0.0, width=1000.0)
    india_s = 5.5 * 3600.0
    ticks = list(scale.ticks(india_s))
    assert ticks
    assert all((tick + india_s) % 1800.0 == 0 for tick in ticks)
