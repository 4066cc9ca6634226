"""Playbooks, replies and messages by keyboard, in the whole window."""

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QSettings, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from tests.ui.outreach.told import CODE, Teller, happen, progressed, queued, replied
from tests.ui.test_window import _window
from tower.domain.commands import AmendStop, SendMessages
from tower.domain.messages import Recognised
from tower.domain.words import Intent, MessageState
from ui.exceptions.card import ExceptionCard
from ui.exceptions.list import QueueList
from ui.mainwindow import MainWindow
from ui.outreach.bulkwindow import BulkWindow
from ui.outreach.outboxpanel import OutboxPanel
from ui.outreach.playbookarea import PlaybookArea
from ui.outreach.playbookrow import PlaybookRow
from ui.outreach.wordsfield import WordsField
from ui.session import Session
from ui.theme import Theme

_CONTROL = Qt.KeyboardModifier.ControlModifier
_SHIFT = Qt.KeyboardModifier.ShiftModifier
_NONE = Qt.KeyboardModifier.NoModifier


@pytest.fixture
def window(told: Session, teller: Teller, qtbot: QtBot) -> Iterator[MainWindow]:
    settings = QSettings("tower-tests", "outreach")
    settings.clear()
    for window in _window(told, settings, qtbot):
        assert teller.commands == []
        yield window


def press(window: MainWindow, key: Qt.Key, modifier: Qt.KeyboardModifier = _NONE) -> None:
    """Press a key where the focus is."""
    focused: QWidget = QApplication.focusWidget() or window
    QTest.keyClick(focused, key, modifier)


def area(window: MainWindow) -> PlaybookArea:
    found = window.findChild(PlaybookArea)
    assert found is not None
    return found


def field() -> WordsField:
    """Where an answer is written."""
    focused = QApplication.focusWidget()
    assert isinstance(focused, WordsField)
    return focused


def test_walk_fire_and_send_with_three_keys(
    window: MainWindow, teller: Teller, told: Session
) -> None:
    press(window, Qt.Key.Key_J)
    assert told.selection == ("exception", "x1")
    press(window, Qt.Key.Key_1)
    teller.preview()
    assert area(window).message.isVisible()
    press(window, Qt.Key.Key_Return)
    assert [one.template for one in teller.of(SendMessages)[0].messages] == ["delay_notice"]
    teller.accept()
    press(window, Qt.Key.Key_J)
    assert told.selection.kind == "exception", "the keys walk the queue again"


def test_escape_in_a_step_closes_it_and_nothing_else(
    window: MainWindow, teller: Teller, told: Session
) -> None:
    press(window, Qt.Key.Key_J)
    press(window, Qt.Key.Key_1)
    teller.preview()
    press(window, Qt.Key.Key_Escape)
    assert area(window).open_pane is None
    assert told.selection == ("exception", "x1")


def test_a_step_put_away_shows_the_card_as_it_was(
    window: MainWindow, teller: Teller, qtbot: QtBot
) -> None:
    window.resize(1366, 640)
    press(window, Qt.Key.Key_J)
    card = window.findChild(ExceptionCard)
    assert card is not None
    press(window, Qt.Key.Key_1)
    teller.preview()
    qtbot.waitUntil(lambda: card.headline.visibleRegion().isEmpty())
    press(window, Qt.Key.Key_Escape)
    qtbot.waitUntil(lambda: not card.headline.visibleRegion().isEmpty())


def test_what_was_sent_is_in_sight(
    window: MainWindow, teller: Teller, told: Session, qtbot: QtBot
) -> None:
    window.resize(1366, 640)
    press(window, Qt.Key.Key_J)
    press(window, Qt.Key.Key_1)
    teller.preview()
    press(window, Qt.Key.Key_Return)
    teller.accept()
    happen(told, queued("m1", words="We are late.\n\n\nAnswer 1, 2 or 3."))
    happen(told, progressed("m1", MessageState.DELIVERED))
    card = window.findChild(ExceptionCard)
    assert card is not None
    said = card.bubbles
    qtbot.waitUntil(
        lambda: said.bubbles[-1].visibleRegion().boundingRect() == said.bubbles[-1].rect()
    )


def test_another_number_shows_another_step(window: MainWindow, teller: Teller) -> None:
    press(window, Qt.Key.Key_J)
    press(window, Qt.Key.Key_1)
    teller.preview()
    press(window, Qt.Key.Key_3)
    assert area(window).open_pane is area(window).call
    assert teller.commands == []


def test_a_step_that_makes_no_sense_says_why(window: MainWindow) -> None:
    press(window, Qt.Key.Key_J)
    press(window, Qt.Key.Key_2)
    assert window.status.currentMessage() == "It is the next stop already."
    press(window, Qt.Key.Key_9)
    assert window.status.currentMessage() == "There is no step 9 in this playbook."


def test_numbers_written_to_a_customer_fire_nothing(window: MainWindow, teller: Teller) -> None:
    press(window, Qt.Key.Key_J)
    press(window, Qt.Key.Key_T)
    QTest.keyClicks(field(), "1 van, 2 parcels")
    press(window, Qt.Key.Key_Return, _CONTROL)
    assert area(window).open_pane is None
    assert teller.of(SendMessages)[0].messages[0].words == "1 van, 2 parcels"


def test_what_a_reply_asks_for_is_done_with_y_and_enter(
    window: MainWindow, teller: Teller, told: Session
) -> None:
    happen(told, replied("r1", "code 4417#", CODE))
    press(window, Qt.Key.Key_J)
    press(window, Qt.Key.Key_Y)
    assert teller.of(AmendStop) == []
    press(window, Qt.Key.Key_Return)
    assert teller.of(AmendStop)[0].changes.access_code == "4417#"


def test_an_answer_to_a_reply_is_in_sight_before_it_is_sent(
    window: MainWindow, teller: Teller, told: Session, qtbot: QtBot
) -> None:
    window.resize(1366, 640)
    happen(told, replied("r1", "Where are you?", Recognised(intent=Intent.WHERE)))
    for key in (Qt.Key.Key_J, Qt.Key.Key_Y, Qt.Key.Key_Return):
        press(window, key)
    teller.preview()
    card = window.findChild(ExceptionCard)
    assert card is not None
    button = card.bubbles.reply_pane.send_button
    qtbot.waitUntil(lambda: not button.visibleRegion().isEmpty())
    press(window, Qt.Key.Key_Escape)
    assert isinstance(QApplication.focusWidget(), QueueList)
    assert teller.of(SendMessages) == []


def test_the_next_unread_reply_is_found_wherever_it_belongs(
    window: MainWindow, told: Session
) -> None:
    press(window, Qt.Key.Key_J, _SHIFT)
    assert window.status.currentMessage() == "Every reply was read."
    happen(told, replied("r2", "Who are you?", stop_id=""))
    press(window, Qt.Key.Key_J, _SHIFT)
    outbox = window.findChild(OutboxPanel)
    assert outbox is not None
    assert window.docks["outbox"].isVisible()
    assert outbox.list.current == "r2"
    assert outbox.detail.words.text() == "Who are you?"
    assert window.docks["outbox"].windowTitle() == "Outbox (1 unread)"
    happen(told, replied("r1", "I wait.", minutes=1))
    press(window, Qt.Key.Key_J, _SHIFT)
    assert told.selection == ("exception", "x1")


def test_after_a_deed_the_keys_walk_the_queue(
    window: MainWindow, teller: Teller, told: Session
) -> None:
    happen(told, replied("r1", "code 4417#", CODE))
    for key in (Qt.Key.Key_J, Qt.Key.Key_Y, Qt.Key.Key_Return):
        press(window, key)
    teller.accept()
    assert isinstance(QApplication.focusWidget(), QueueList)


def test_many_are_told_from_the_selected_route(
    window: MainWindow, teller: Teller, told: Session
) -> None:
    told.select("route", "r0")
    press(window, Qt.Key.Key_T, _SHIFT)
    teller.preview()
    bulk = window.findChild(BulkWindow)
    assert bulk is not None
    assert bulk.isVisible()
    assert teller.commands == []
    bulk.reject()


def test_the_outbox_is_brought_to_the_front(window: MainWindow, told: Session) -> None:
    happen(told, queued("m1"), progressed("m1", MessageState.UNKNOWN))
    press(window, Qt.Key.Key_O, _SHIFT)
    outbox = window.findChild(OutboxPanel)
    assert outbox is not None
    assert outbox.list.isVisible()
    press(window, Qt.Key.Key_Down)
    assert outbox.detail.title.text().startswith("Stop 1 · Customer 0000 · SMS · nobody knows")


def test_a_number_without_a_playbook_says_what_to_do(qtbot: QtBot) -> None:
    row = PlaybookRow(Theme("dark"))
    qtbot.addWidget(row)
    said: list[str] = []
    row.declined.connect(said.append)

    row.fire(1)

    assert said == ["Nothing open is shown: reopen the exception, or select another."]
