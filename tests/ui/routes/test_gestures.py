"""Stops moved, taken off and locked without a mouse, and what the sheet's head says."""

from datetime import timedelta

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from tests.ui.example_shift import NOON, event, numbered
from tests.ui.expecting import click, column, place_of
from tests.ui.routes.mouse import LEFT
from tower.domain import events as e
from tower.domain.commands import Command, LockStops
from tower.domain.records import Subject
from tower.domain.words import Notice
from tower.routes.change import UNASSIGNED
from ui.draft.draft import Draft
from ui.exchange import CommandResult
from ui.routes.movedialog import MoveDialog
from ui.routes.notices import notice_of
from ui.routes.panel import RoutesPanel
from ui.session import Session


def _mark(panel: RoutesPanel, first: str, *others: str) -> None:
    """Mark rows as a hand does."""
    rows = panel.sheet.list
    click(rows, first)
    for id_ in others:
        pos = place_of(rows, id_).center()
        QTest.mouseClick(rows.viewport(), LEFT, Qt.KeyboardModifier.ControlModifier, pos)


def test_stops_go_up_and_down_a_place_at_a_time(panel: RoutesPanel, draft: Draft) -> None:
    _mark(panel, "s1")
    panel.gestures.shift(1)
    assert draft.orders["r0"] == ("s0", "s2", "s1", "s3", "s4")
    panel.gestures.shift(1)
    assert draft.orders["r0"] == ("s0", "s2", "s3", "s1", "s4")
    assert column(panel.sheet.model, 0) == ["1", "2", "3", "4", "5"]
    panel.gestures.shift(-1)
    assert draft.orders["r0"] == ("s0", "s2", "s1", "s3", "s4")
    assert len(draft.gestures) == 3


def test_marked_stops_go_together(panel: RoutesPanel, draft: Draft, qtbot: QtBot) -> None:
    _mark(panel, "s1", "s3")
    panel.gestures.shift(-1)
    assert draft.orders["r0"] == ("s1", "s3", "s0", "s2", "s4")
    with qtbot.waitSignal(draft.notice) as told:
        panel.gestures.shift(-1)
    assert told.args == ["It is the first already."]
    panel.gestures.shift(1)
    assert draft.orders["r0"] == ("s0", "s1", "s3", "s2", "s4")


def test_what_is_done_does_not_go_up_or_down(
    session: Session, panel: RoutesPanel, draft: Draft, qtbot: QtBot
) -> None:
    done = event(e.StopDelivered(), Subject(stop_id="s0", route_id="r0"))
    session.fold_events(numbered([done], start=300))
    panel.sheet.model.refresh()
    _mark(panel, "s0")
    with qtbot.waitSignal(draft.notice) as told:
        panel.gestures.shift(1)
    assert "is delivered" in told.args[0]
    _mark(panel, "s1")
    with qtbot.waitSignal(draft.notice):
        panel.gestures.shift(-1)
    assert draft.is_empty


def test_a_stop_is_taken_off_its_route(panel: RoutesPanel, draft: Draft) -> None:
    _mark(panel, "s2")
    panel.gestures.take_off()
    assert draft.orders[UNASSIGNED] == ("s2",)
    assert panel.unassigned.ids == ["s2"]
    assert draft.headline == "Taking stop 3 off R-200 — not sent"


def test_with_nothing_selected_it_says_so(panel: RoutesPanel, draft: Draft, qtbot: QtBot) -> None:
    for gesture in (panel.gestures.take_off, panel.gestures.move_to, panel.gestures.toggle_lock):
        with qtbot.waitSignal(draft.notice) as told:
            gesture()
        assert told.args == ["Select the stop first."]


def test_a_lock_asks_why_and_is_one_command(
    session: Session, panel: RoutesPanel, qtbot: QtBot
) -> None:
    sent: list[Command] = []
    session.command_issued.connect(sent.append)
    _mark(panel, "s1", "s2")
    assert panel.sheet.header.buttons["lock"].text() == "Lock"
    panel.gestures.toggle_lock()
    menu = panel.gestures.menu
    qtbot.waitUntil(menu.isVisible)
    QTest.keyClick(menu, Qt.Key.Key_Return)
    assert sent == [LockStops(stops=("s1", "s2"), reason="Promised to the customer")]
    locked = event(e.StopsLocked(stops=("s1", "s2"), locked=True, reason="promised"))
    session.fold_events(numbered([locked], start=300))
    panel.sheet.model.refresh()
    assert panel.sheet.header.buttons["lock"].text() == "Unlock"
    panel.gestures.toggle_lock()
    assert sent[1:] == [LockStops(stops=("s1", "s2"), locked=False)]


def test_a_lock_that_is_refused_is_said(
    session: Session, panel: RoutesPanel, draft: Draft, qtbot: QtBot
) -> None:
    assert panel.isVisible()
    with qtbot.waitSignal(draft.notice) as told:
        session.answer(LockStops(stops=("s1",)), CommandResult(status=422, message="No stop s1."))
    assert told.args == ["No stop s1."]


# Move to…


@pytest.fixture
def dialog(panel: RoutesPanel) -> MoveDialog:
    """Where to move the third stop of the first route."""
    _mark(panel, "s2")
    panel.gestures.move_to()
    (dialog,) = panel.window().findChildren(MoveDialog)
    return dialog


def _items(dialog: MoveDialog) -> list[str]:
    return [dialog.places.item(row).text() for row in range(dialog.places.count())]


def test_a_place_on_another_route_is_typed_previewed_and_taken(
    dialog: MoveDialog, draft: Draft
) -> None:
    assert dialog.windowTitle() == "Move stop 3"
    QTest.keyClicks(dialog.search, "a1")
    assert [dialog.routes.item(0).text(), dialog.routes.count()] == [
        "R-201 · Driver A1 · FL 4001",
        1,
    ]
    assert _items(dialog)[:3] == [
        "The best place",
        "Before stop 1 · Customer 0005",
        "Before stop 2 · Customer 0006",
    ]
    dialog.places.setCurrentRow(2)
    assert draft.orders["r1"] == ("s5", "s2", "s6", "s7", "s8", "s9")
    assert draft.is_empty
    assert "route end" in dialog.preview.words
    QTest.keyClick(dialog.search, Qt.Key.Key_Return)
    assert not dialog.isVisible()
    assert len(draft.gestures) == 1
    assert draft.orders["r1"] == ("s5", "s2", "s6", "s7", "s8", "s9")


def test_the_best_place_is_looked_for_and_previewed(dialog: MoveDialog, draft: Draft) -> None:
    QTest.keyClicks(dialog.search, "r-202")
    assert draft.routes == {"r0", "r2"}
    impact = draft.impact
    assert impact is not None
    best = impact.distance_m
    for row in range(1, dialog.places.count()):
        dialog.places.setCurrentRow(row)
        other = draft.impact
        assert other is not None
        assert not other.hard
        assert best <= other.distance_m + 1


def test_a_stop_goes_off_every_route(dialog: MoveDialog, draft: Draft) -> None:
    QTest.keyClicks(dialog.search, "off every")
    assert _items(dialog) == []
    QTest.mouseClick(dialog.move_button, LEFT)
    assert draft.orders[UNASSIGNED] == ("s2",)


def test_escape_leaves_everything_as_it_is(dialog: MoveDialog, draft: Draft) -> None:
    QTest.keyClicks(dialog.search, "a1")
    QTest.keyClick(dialog.search, Qt.Key.Key_Escape)
    assert not dialog.isVisible()
    assert draft.lifted == ()
    assert draft.orders == draft.base


def test_while_typing_up_and_down_walk_the_routes(dialog: MoveDialog, draft: Draft) -> None:
    QTest.keyClick(dialog.search, Qt.Key.Key_Down)
    assert dialog.routes.currentRow() == 1
    dialog.places.setCurrentRow(1)
    assert draft.routes
    QTest.keyClicks(dialog.search, "nobody")
    assert draft.routes == frozenset()
    assert not dialog.move_button.isEnabled()


# The head of the sheet


def test_a_driver_who_has_not_seen_the_new_order_is_shown(
    session: Session, panel: RoutesPanel
) -> None:
    order = e.RouteSequence(route_id="r0", version=2, stops=("s0", "s1", "s2", "s3", "s4"))
    then = NOON - timedelta(minutes=3)
    changed = event(e.RoutesSequenced(routes=(order,)), at=then)
    session.fold_events(numbered([changed], start=300))
    panel.routes.refresh()
    row = panel.routes.record_of("r0")
    assert row is not None
    assert row.notice.words == "not seen 3 min"
    assert row.notice.is_waiting
    assert "not seen 3 min" in panel.routes.tip(row)
    for notice, words in (
        (Notice.SENT, "not seen 3 min"),
        (Notice.SEEN, "seen"),
        (Notice.ACCEPTED, "accepted"),
        (Notice.DECLINED, "declined: no way through"),
    ):
        note = "no way through" if notice is Notice.DECLINED else ""
        body = e.SequenceNoticed(version=2, notice=notice, note=note)
        session.fold_events(numbered([event(body, Subject(route_id="r0"))], start=301))
        assert notice_of(session, session.state.routes["r0"]).words == words


def test_the_plan_of_the_day_needs_no_notice(session: Session) -> None:
    assert notice_of(session, session.state.routes["r0"]).words == ""


def test_commit_is_offered_once_there_is_something_to_send(
    panel: RoutesPanel, draft: Draft
) -> None:
    commit = panel.sheet.header.buttons["commit"]
    assert not commit.isEnabled()
    _mark(panel, "s2")
    panel.gestures.shift(1)
    assert commit.isEnabled()
    draft.commit()
    assert not commit.isEnabled()
    assert commit.text() == "Sending…"
    assert panel.sheet.preview.words.startswith("Sending…")


# The preview


def test_a_figure_leads_to_its_stops(session: Session, panel: RoutesPanel, qtbot: QtBot) -> None:
    _mark(panel, "s2")
    panel.gestures.take_off()
    flow = panel.sheet.preview.flow
    told = next(link for link in flow.links if link.words.endswith("to tell"))
    assert told.stops == ("s2",)
    with qtbot.waitSignal(session.selection_changed) as chosen:
        session.select("", "")
        at = flow.box_of(told.words).center().toPoint()
        QTest.mouseClick(flow, LEFT, pos=at)
    del chosen
    assert session.selection == ("stop", "s2")


def test_figures_are_reached_by_keyboard(session: Session, panel: RoutesPanel) -> None:
    _mark(panel, "s2")
    panel.gestures.take_off()
    flow = panel.sheet.preview.flow
    session.select("", "")
    flow.setFocus()
    QTest.keyClick(flow, Qt.Key.Key_Right)
    QTest.keyClick(flow, Qt.Key.Key_Return)
    assert session.selection == ("stop", "s2")
