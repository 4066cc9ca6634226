"""Several stops are marked, some of them done: what can move moves, the others stay."""

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from tests.ui.example_shift import event, numbered
from tests.ui.expecting import click
from tests.ui.routes.mouse import Mouse
from tower.domain import events as e
from tower.domain.records import Subject
from tower.routes.change import UNASSIGNED
from ui.draft.draft import Draft
from ui.routes.panel import RoutesPanel
from ui.session import Session


def _deliver(session: Session, panel: RoutesPanel, *stops: str) -> None:
    done = [event(e.StopDelivered(), Subject(stop_id=one, route_id="r0")) for one in stops]
    session.fold_events(numbered(done, start=300))
    panel.sheet.model.refresh()


def _mark_all(panel: RoutesPanel, first: str) -> None:
    click(panel.sheet.list, first)
    QTest.keyClick(panel.sheet.list, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)


def test_the_rest_of_a_route_is_taken_off_with_everything_marked(
    session: Session, panel: RoutesPanel, draft: Draft
) -> None:
    _deliver(session, panel, "s0", "s1")
    _mark_all(panel, "s3")
    panel.gestures.take_off()
    assert draft.orders[UNASSIGNED] == ("s2", "s3", "s4")
    assert draft.orders["r0"] == ()


def test_the_rest_of_a_route_is_dragged_with_everything_marked(
    session: Session, panel: RoutesPanel, draft: Draft, mouse: Mouse
) -> None:
    _deliver(session, panel, "s0", "s1")
    _mark_all(panel, "s3")
    mouse.press(panel.sheet.list, "s3")
    mouse.over(panel.list, "r2")
    assert draft.lifted == ("s2", "s3", "s4")
    mouse.release()
    assert draft.orders["r2"][-3:] == ("s2", "s3", "s4")


def test_a_locked_stop_among_those_marked_holds_them_all(
    session: Session, panel: RoutesPanel, draft: Draft, qtbot: QtBot
) -> None:
    locked = event(e.StopsLocked(stops=("s4",), locked=True, reason="promised"))
    session.fold_events(numbered([locked], start=300))
    _mark_all(panel, "s3")
    with qtbot.waitSignal(draft.notice) as told:
        panel.gestures.take_off()
    assert told.args == ["Stop 5 is locked: promised. Unlock it to move it."]
    assert draft.is_empty
