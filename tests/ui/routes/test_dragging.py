"""Stops dragged by a real mouse: within a sheet, between routes, off every route and back."""

from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from tests.ui.conftest import Fleet
from tests.ui.example_shift import event, numbered
from tests.ui.expecting import click, column, expect, place_of
from tests.ui.routes.mouse import LEFT, Mouse
from tower.domain import events as e
from tower.domain.records import RoutePlan, Subject
from tower.domain.words import Punctuality
from tower.routes.change import UNASSIGNED, Move
from ui.draft.draft import Draft
from ui.routes.liftedrow import LiftedRow
from ui.routes.panel import RoutesPanel
from ui.session import Session


def test_a_stop_dragged_up_shows_what_it_does_before_it_is_let_go(
    panel: RoutesPanel, draft: Draft, mouse: Mouse
) -> None:
    rows = panel.sheet.list
    before = column(panel.sheet.model, 3)
    mouse.press(rows, "s3")
    mouse.over(rows, "s1")
    assert rows.is_lifting
    assert draft.hovering == Move(stops=("s3",), route_id="r0", before="s1")
    assert column(panel.sheet.model, 0) == ["1", "3", "4", "2", "5"], "numbers, rows in place"
    moved = panel.sheet.model.record_of("s3")
    assert moved is not None
    assert moved.trial is not None
    assert moved.trial.number == 4
    assert column(panel.sheet.model, 3) != before
    assert panel.sheet.preview.isVisible()
    assert panel.sheet.preview.words.startswith("Moving stop 4 before 2 — preview, not sent\n")
    assert "route end" in panel.sheet.preview.words
    assert draft.is_empty
    mouse.release()
    assert draft.lifted == ()
    assert draft.arranged["r0"] == ("s0", "s3", "s1", "s2", "s4")
    assert [panel.sheet.model.id_at(row) for row in range(5)] == ["s0", "s3", "s1", "s2", "s4"]
    assert list(rows.picked) == ["s3"], "it stays marked for the next gesture"


def test_several_stops_are_dragged_together(panel: RoutesPanel, draft: Draft, mouse: Mouse) -> None:
    rows = panel.sheet.list
    click(rows, "s0")
    pos = place_of(rows, "s2").center()
    QTest.mouseClick(rows.viewport(), LEFT, Qt.KeyboardModifier.ControlModifier, pos)
    assert rows.picked == ("s0", "s2")
    mouse.press(rows, "s2")
    mouse.over(rows, "s4", lower=True)
    assert draft.headline == "Moving 2 stops to the end — preview, not sent"
    mouse.release()
    assert draft.orders["r0"] == ("s1", "s3", "s4", "s0", "s2")
    assert rows.picked == ("s0", "s2"), "they stay marked for the next gesture"


def test_a_stop_is_dragged_onto_another_route(
    panel: RoutesPanel, draft: Draft, mouse: Mouse
) -> None:
    mouse.press(panel.sheet.list, "s1")
    mouse.over(panel.list, "r2")
    assert draft.hovering == Move(stops=("s1",), route_id="r2")
    mouse.release()
    assert draft.orders["r2"][-1] == "s1"
    assert "s1" not in panel.sheet.model.ids


def test_staying_on_a_route_opens_its_sheet_to_drop_into(
    panel: RoutesPanel, draft: Draft, mouse: Mouse, qtbot: QtBot
) -> None:
    mouse.press(panel.sheet.list, "s1")
    mouse.over(panel.list, "r2")
    qtbot.waitUntil(lambda: panel.sheet.route_id == "r2")
    mouse.over(panel.sheet.list, "s12")
    assert panel.sheet.list.is_lifting
    mouse.release()
    assert draft.orders["r2"] == ("s10", "s11", "s1", "s12", "s13", "s14")
    assert draft.orders["r0"] == ("s0", "s2", "s3", "s4")
    assert "s1" in panel.sheet.model.ids


def test_a_stop_is_taken_off_its_route_and_put_back(
    panel: RoutesPanel, draft: Draft, mouse: Mouse, qtbot: QtBot
) -> None:
    tabs = panel.header.tabs
    mouse.press(panel.sheet.list, "s1")
    mouse.to(tabs, tabs.tabRect(1).center())
    assert draft.hovering == Move(stops=("s1",), route_id=UNASSIGNED)
    qtbot.waitUntil(lambda: tabs.currentIndex() == 1)
    mouse.release()
    assert draft.orders[UNASSIGNED] == ("s1",)
    assert tabs.tabText(1) == "Unassigned (1)"
    mouse.press(panel.loose_list, "s1")
    mouse.over(panel.sheet.list, "s4")
    mouse.release()
    assert draft.orders["r0"] == ("s0", "s2", "s3", "s1", "s4")
    assert tabs.tabText(1) == "Unassigned (0)"


def test_escape_puts_back_what_is_dragged(panel: RoutesPanel, draft: Draft, mouse: Mouse) -> None:
    rows = panel.sheet.list
    mouse.press(rows, "s3")
    mouse.over(rows, "s0")
    assert draft.routes == {"r0"}
    QTest.keyClick(rows, Qt.Key.Key_Escape)
    assert not rows.is_lifting
    assert draft.orders == draft.base
    assert not panel.sheet.preview.isVisible()
    mouse.release()
    assert draft.is_empty


def test_let_go_elsewhere_a_stop_returns(panel: RoutesPanel, draft: Draft, mouse: Mouse) -> None:
    mouse.press(panel.sheet.list, "s3")
    mouse.over(panel.sheet.list, "s0")
    mouse.to(panel.sheet.header, QPoint(20, 10))
    assert draft.hovering is None
    mouse.release()
    assert draft.is_empty
    assert draft.lifted == ()


def test_done_and_locked_stops_do_not_lift_and_say_why(
    panel: RoutesPanel, session: Session, draft: Draft, mouse: Mouse, qtbot: QtBot
) -> None:
    happened = (
        event(e.StopDelivered(), Subject(stop_id="s0", route_id="r0")),
        event(e.StopsLocked(stops=("s2",), locked=True, reason="promised by phone")),
    )
    session.fold_events(numbered(happened, start=300))
    panel.sheet.model.refresh()
    for stop_id, why in (("s0", "is delivered"), ("s2", "promised by phone")):
        mouse.press(panel.sheet.list, stop_id)
        with qtbot.waitSignal(draft.notice) as told:
            mouse.over(panel.sheet.list, "s4")
        assert why in told.args[0]
        assert not panel.sheet.list.is_lifting
        mouse.release()
    assert draft.is_empty
    assert [mark.letters for mark in panel.sheet.model.record(2).marks] == ["locked"]


def test_nothing_is_dropped_before_what_is_done(
    panel: RoutesPanel, session: Session, draft: Draft, mouse: Mouse
) -> None:
    done = (event(e.StopDelivered(), Subject(stop_id=f"s{n}", route_id="r0")) for n in (0, 1))
    session.fold_events(numbered(done, start=300))
    panel.sheet.model.refresh()
    mouse.press(panel.sheet.list, "s4")
    mouse.over(panel.sheet.list, "s0")
    mouse.release()
    assert draft.orders["r0"] == ("s4", "s2", "s3")
    assert column(panel.sheet.model, 0) == ["1", "2", "3", "4", "5"]


def test_a_click_on_one_of_several_marked_stops_marks_only_it(
    panel: RoutesPanel, session: Session, draft: Draft
) -> None:
    rows = panel.sheet.list
    click(rows, "s0")
    pos = place_of(rows, "s2").center()
    QTest.mouseClick(rows.viewport(), LEFT, Qt.KeyboardModifier.ShiftModifier, pos)
    assert list(rows.picked) == ["s0", "s1", "s2"]
    click(rows, "s1")
    assert list(rows.picked) == ["s1"]
    assert session.selection == ("stop", "s1")
    assert draft.is_empty


def test_the_routes_stay_where_they_are_while_a_stop_is_held(
    panel: RoutesPanel,
    session: Session,
    draft: Draft,
    fleet: Fleet,
    mouse: Mouse,
    qtbot: QtBot,
) -> None:
    before = list(panel.routes.ids)
    mouse.press(panel.sheet.list, "s1")
    mouse.over(panel.list, before[1])
    expect(session, fleet, {"s13": (20.0, Punctuality.LATE)})
    panel.routes.refresh()
    for _ in range(4):
        session.ticked.emit()
        QApplication.processEvents()
    assert list(panel.routes.ids) == before, "what the hand aims at does not slip away"
    mouse.release()
    assert draft.orders[before[1]][-1] == "s1"
    for _ in range(2):
        session.ticked.emit()
    qtbot.waitUntil(lambda: panel.routes.ids[0] == "r2")  # put down, the riskiest is at the top


def test_held_at_an_edge_of_the_routes_the_list_comes_along(
    panel: RoutesPanel, session: Session, mouse: Mouse, qtbot: QtBot
) -> None:
    more = [
        event(e.RoutePlanned(plan=RoutePlan(id=f"x{n}", carrier_id="own", name=f"X-{n:02}")))
        for n in range(20)
    ]
    session.fold_events(numbered(more, start=300))
    panel.routes.refresh()
    bar = panel.list.verticalScrollBar()
    qtbot.waitUntil(lambda: bar.maximum() > 0)
    mouse.press(panel.sheet.list, "s1")
    room = panel.list.viewport().rect()
    mouse.to(panel.list.viewport(), QPoint(40, room.bottom() - 4))
    qtbot.waitUntil(lambda: bar.value() > 0)
    mouse.release()


def test_the_list_scrolls_while_the_pointer_is_at_its_edge(
    panel: RoutesPanel, draft: Draft, mouse: Mouse, qtbot: QtBot
) -> None:
    rows = panel.sheet.list
    rows.setFixedHeight(2 * 40)
    qtbot.waitUntil(lambda: rows.verticalScrollBar().maximum() > 0)
    rows.scrollToTop()
    mouse.press(rows, "s0")
    mouse.to(rows.viewport(), QPoint(60, rows.viewport().height() - 4))
    qtbot.waitUntil(lambda: rows.verticalScrollBar().value() == rows.verticalScrollBar().maximum())
    mouse.release()
    assert draft.orders["r0"][0] != "s0"
    assert draft.orders["r0"].index("s0") >= 3


def test_the_row_is_lifted_under_the_pointer_and_a_line_shows_where_it_goes(
    panel: RoutesPanel, mouse: Mouse
) -> None:
    rows = panel.sheet.list
    mouse.press(rows, "s3")
    mouse.over(rows, "s1")
    (lifted,) = panel.window().findChildren(LiftedRow)
    assert lifted.isVisible()
    at = panel.window().mapFromGlobal(rows.viewport().mapToGlobal(place_of(rows, "s1").topLeft()))
    assert lifted.geometry().contains(at + QPoint(40, 5))
    lines = [rows.insertion]
    mouse.over(rows, "s1", lower=True)
    lines.append(rows.insertion)
    mouse.release()
    assert [*lines, rows.insertion] == [1, 2, None]
    assert not lifted.isVisible()


def test_while_a_stop_is_dragged_others_work_goes_on(
    panel: RoutesPanel, session: Session, draft: Draft, mouse: Mouse
) -> None:
    mouse.press(panel.sheet.list, "s3")
    mouse.over(panel.sheet.list, "s1")
    done = event(e.StopDelivered(), Subject(stop_id="s0", route_id="r0"))
    session.fold_events(numbered([done], start=300))
    assert draft.lifted == ("s3",)
    mouse.over(panel.sheet.list, "s1")
    mouse.release()
    assert draft.orders["r0"] == ("s3", "s1", "s2", "s4")


def test_a_stop_served_while_it_is_dragged_goes_back(
    panel: RoutesPanel, session: Session, draft: Draft, mouse: Mouse
) -> None:
    mouse.press(panel.sheet.list, "s0")
    mouse.over(panel.sheet.list, "s3")
    done = event(e.StopDelivered(), Subject(stop_id="s0", route_id="r0"))
    session.fold_events(numbered([done], start=300))
    mouse.over(panel.sheet.list, "s2")
    mouse.release()
    assert draft.is_empty
    assert draft.orders["r0"] == ("s1", "s2", "s3", "s4")


def test_away_from_the_lists_what_is_held_leaves_free_what_it_is_held_over(
    panel: RoutesPanel, draft: Draft, mouse: Mouse
) -> None:
    mouse.press(panel.sheet.list, "s1")
    mouse.over(panel.sheet.list, "s3")
    held = panel.window().findChild(LiftedRow)
    assert held is not None
    assert held.width() >= panel.sheet.list.viewport().width()
    mouse.over(panel.list, "r2")
    row = place_of(panel.list, "r2")
    aim = panel.list.viewport().mapTo(panel.window(), QPoint(row.center().x(), row.top() + 5))
    assert not held.geometry().contains(aim)
    assert held.width() < panel.width() / 2
    mouse.over(panel.sheet.list, "s3")
    assert held.width() >= panel.sheet.list.viewport().width(), "back in the sheet it is whole"
    mouse.release()
    assert not draft.is_empty
