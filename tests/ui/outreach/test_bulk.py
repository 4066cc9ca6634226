"""Telling every customer a late vehicle keeps waiting: the list first."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from msgspec.structs import replace
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QTreeWidgetItem
from pytestqt.qtbot import QtBot

from tests.ui.conftest import Fleet
from tests.ui.example_shift import NOON
from tests.ui.expecting import expect
from tests.ui.outreach.told import PHONES, Teller, happen, progressed, queued
from tower.domain.commands import SendMessages
from tower.domain.words import MessageState, Punctuality
from tower.gateway.telling.answers import BarredMessage
from ui.exchange import Answer, CommandResult, Question
from ui.outreach.affected import affected_stops
from ui.outreach.bulkwindow import BulkWindow
from ui.outreach.catalogue import Catalogue
from ui.session import Session

_LATE, _NEAR, _MOVED, _FINE = 138.0, 115.0, 100.0, 30.0


@pytest.fixture
def late(told: Session, fleet: Fleet) -> Session:
    """A route that comes late: to some after their window, to one later than it was told."""
    minutes = {"s0": _LATE, "s1": _NEAR, "s2": _MOVED, "s3": _FINE, "s4": _LATE}
    before = NOON - timedelta(hours=3)
    first = queued("m1", told_at=NOON.replace(hour=13, minute=20), stop_id="s2")
    arrived = progressed("m1", MessageState.DELIVERED, minutes=-179)
    happen(told, replace(first, at=before, recorded_at=before), arrived)
    expect(told, fleet, {stop: (after, Punctuality.LATE) for stop, after in minutes.items()})
    return told


@pytest.fixture
def window(late: Session, teller: Teller, qtbot: QtBot) -> Iterator[BulkWindow]:
    window = BulkWindow(late, Catalogue(late))
    qtbot.addWidget(window)
    window.open_route(late.state.routes["r0"], "x1", "delay_notice")
    teller.preview()
    qtbot.waitUntil(window.isActiveWindow)
    yield window
    window.hide()


def item(window: BulkWindow, place: int) -> QTreeWidgetItem:
    found = window.rows.topLevelItem(place)
    assert found is not None
    return found


def names(window: BulkWindow) -> list[str]:
    return [item(window, place).text(0) for place in range(window.rows.topLevelItemCount())]


def ticked(window: BulkWindow) -> list[bool]:
    return [
        item(window, place).checkState(0) is Qt.CheckState.Checked
        for place in range(window.rows.topLevelItemCount())
    ]


def test_those_who_wait_longer_than_promised_are_affected(late: Session) -> None:
    found = {one.stop.id: one.why for one in affected_stops(late, late.state.routes["r0"])}
    assert found == {
        "s0": "18 min after its window",
        "s1": "5 min before its window ends",
        "s2": "20 min later than told",
        "s4": "18 min after its window",
    }


def test_who_was_told_the_new_time_is_not_told_again_for_having_moved(late: Session) -> None:
    happen(late, queued("m9", told_at=NOON.replace(hour=13, minute=35), stop_id="s2"))
    found = {one.stop.id: one.why for one in affected_stops(late, late.state.routes["r0"])}
    assert "s2" not in found


def test_the_list_comes_first_with_a_verdict_each(window: BulkWindow, teller: Teller) -> None:
    assert names(window) == [
        "Stop 1 · Customer 0000",
        "Stop 2 · Customer 0001",
        "Stop 3 · Customer 0002",
        "Stop 5 · Customer 0004",
    ]
    assert item(window, 0).text(2) == f"SMS to {PHONES['s0'].replace(' ', '')}"
    assert item(window, 3).text(3).startswith("Cannot be sent: "), "nobody gave an address"
    assert ticked(window) == [True, True, True, False]
    assert not item(window, 3).flags() & Qt.ItemFlag.ItemIsUserCheckable
    assert window.total.text().startswith("3 of 4 customers · 1 not allowed · 0.")
    assert teller.commands == []


def test_the_marked_customers_own_words_are_shown(window: BulkWindow) -> None:
    german = window.words.toPlainText()
    QTest.keyClick(window.rows, Qt.Key.Key_Down)
    assert window.words.toPlainText() not in ("", german), "in Spanish now"


def test_one_command_tells_those_that_are_ticked(
    window: BulkWindow, teller: Teller, late: Session
) -> None:
    QTest.keyClick(window.rows, Qt.Key.Key_Down)
    QTest.keyClick(window.rows, Qt.Key.Key_Space)
    assert ticked(window) == [True, False, True, False]
    assert window.send_button.text() == "&Send to 2"
    said: list[str] = []
    window.told.connect(said.append)
    QTest.keyClick(window.rows, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    (command,) = teller.of(SendMessages)
    assert [wish.stop_id for wish in command.messages] == ["s0", "s2"]
    assert {wish.exception_id for wish in command.messages} == {"x1"}
    window.send()
    assert len(teller.commands) == 1, "what is under way is not sent again"
    teller.accept()
    assert not window.isVisible()
    assert said == ["2 customers are told"]
    assert len(late.state.messages) == 3


def test_who_is_left_out_in_the_end_is_said(window: BulkWindow, late: Session) -> None:
    said: list[str] = []
    window.told.connect(said.append)
    sent: list[SendMessages] = []
    late.command_issued.connect(sent.append)
    window.send()
    why = "They said STOP."
    left = BarredMessage(stop_id="s1", template="delay_notice", why=why)
    late.answer(sent[0], CommandResult(status=200, barred=(left,)))
    assert said == ["2 customers are told, 1 left out: They said STOP."]


def test_a_refusal_stays_on_the_list(window: BulkWindow, teller: Teller) -> None:
    window.send()
    teller.refuse("Nothing was sent.")
    assert window.isVisible()
    assert window.trouble.text() == "Nothing was sent."


def test_without_a_gateway_nobody_can_be_told_and_it_says_why(late: Session, qtbot: QtBot) -> None:
    asked: list[Question] = []
    late.question_asked.connect(asked.append)
    window = BulkWindow(late, Catalogue(late))
    qtbot.addWidget(window)
    window.open_route(late.state.routes["r0"])
    assert item(window, 0).text(3) == "looking…"
    for question in asked:
        question.on_answer(Answer(message="The gateway does not answer."))
    assert window.trouble.text() == "The gateway does not answer."
    assert item(window, 0).text(3) == ""
    assert not window.send_button.isEnabled()


def test_everybody_still_to_be_served_may_be_told(window: BulkWindow, teller: Teller) -> None:
    window.everybody.setChecked(True)
    teller.preview()
    assert [name.split(" · ")[0] for name in names(window)] == [
        "Stop 1",
        "Stop 2",
        "Stop 3",
        "Stop 5",
        "Stop 4",
    ]
    assert item(window, 4).text(1) == "on time"


def test_where_nobody_waits_it_says_so(window: BulkWindow, late: Session) -> None:
    window.open_route(late.state.routes["r2"], "", "delay_notice")
    assert names(window) == []
    assert window.headline.text().startswith("Nobody waits longer than promised")
    assert window.total.text() == ""
    assert not window.send_button.isEnabled()


def test_escape_tells_nobody(window: BulkWindow, teller: Teller) -> None:
    QTest.keyClick(window.rows, Qt.Key.Key_Escape)
    assert not window.isVisible()
    assert teller.commands == []
