"""What was said with a customer, and what can be done about it."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QScrollArea, QWidget
from pytestqt.qtbot import QtBot

from tests.ui.example_shift import NOON, event
from tests.ui.outreach.told import CODE, PHONES, Teller, happen, progressed, queued, replied
from tower.domain import events as e
from tower.domain.commands import (
    AmendStop,
    CancelMessage,
    SeeReplies,
    SendMessages,
    SettleMessage,
)
from tower.domain.messages import Recognised
from tower.domain.records import StopChanges, Subject
from tower.domain.words import Channel, Intent, MessageState
from ui.exchange import CommandResult
from ui.outreach.bubble import LONGEST, Bubble
from ui.outreach.conversation import Conversation
from ui.outreach.reading import LOOKED_TICKS
from ui.outreach.said import Said
from ui.session import Session

_WIDTH = 400


@pytest.fixture
def talk(told: Session, teller: Teller, qtbot: QtBot) -> Iterator[Conversation]:
    """The conversation about the first stop, as narrow as on a card."""
    talk = Conversation(told)
    talk.show_stop("s0", "x1")
    area = QScrollArea()
    area.setWidgetResizable(True)
    area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    area.setWidget(talk)
    qtbot.addWidget(area)
    area.resize(_WIDTH, 800)
    with qtbot.waitExposed(area):
        area.show()
    area.activateWindow()
    assert teller.commands == []
    yield talk
    area.hide()


def press(bubble: Bubble, words: str) -> None:
    """Press a button of a bubble."""
    button = next(one for one in bubble.buttons if one.words == words)
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)


def shown_in(bubble: Bubble) -> list[str]:
    """Every line of words a bubble shows."""
    return [one.text() for one in bubble.findChildren(Said) if not one.isHidden()]


def captions(talk: Conversation) -> list[str]:
    return [caption for _, caption in talk.words]


def look(session: Session, seconds: int = LOOKED_TICKS) -> None:
    """Let somebody look at what is on the screen."""
    QApplication.processEvents()
    for _ in range(seconds):
        session.ticked.emit()


def test_what_was_said_stands_in_its_order(told: Session, talk: Conversation) -> None:
    asks = e.CustomerContacted(topic="wismo", channel="phone", words="Where is it?")
    at = NOON + timedelta(minutes=1)
    happen(told, replied("r1", "I wait.", minutes=3), queued("m1", words="We are late."))
    happen(told, event(asks, Subject(stop_id="s0"), at=at))
    assert [words for words, _ in talk.words] == ["We are late.", "Where is it?", "I wait."]
    assert captions(talk)[1:] == ["13:01 · customer by phone", "13:03 · customer by SMS · new"]


@pytest.mark.parametrize(
    ("came", "caption"),
    [
        ([], "SMS · waiting · test"),
        ([(MessageState.SENDING, 1, Channel.SMS)], "SMS · sending 13:01 · test"),
        ([(MessageState.SENT, 1, Channel.SMS)], "SMS · sent 13:01 · test"),
        ([(MessageState.DELIVERED, 1, Channel.SMS)], "SMS · delivered 13:01 · test"),
        ([(MessageState.READ, 1, Channel.SMS)], "SMS · read 13:01 · test"),
        (
            [(MessageState.NOT_SENT, 1, Channel.SMS)],
            "SMS · not sent, kept in the local outbox · test",
        ),
        (
            [(MessageState.UNKNOWN, 1, Channel.SMS)],
            "SMS · nobody knows whether it was sent (w) · test",
        ),
        ([(MessageState.FAILED, 1, Channel.SMS)], "SMS · failed (w), e-mail is next · test"),
        (
            [(MessageState.FAILED, 1, Channel.SMS), (MessageState.SENT, 2, Channel.EMAIL)],
            "e-mail · sent 13:01 · after SMS failed · test",
        ),
    ],
)
def test_a_message_says_how_it_fares(
    told: Session,
    talk: Conversation,
    came: list[tuple[MessageState, int, Channel]],
    caption: str,
) -> None:
    happen(told, queued("m1"))
    for state, number, channel in came:
        happen(told, progressed("m1", state, number, channel, why="w"))
    assert captions(talk) == [caption]


def test_a_held_message_says_until_when(told: Session, talk: Conversation) -> None:
    happen(told, queued("m1", send_after="2026-11-20T12:30:00Z"))
    assert captions(talk) == ["SMS · held until 13:30 · test"]
    happen(told, queued("m2", send_after="2026-11-21T07:00:00Z"))
    assert captions(talk)[1] == "SMS · held until tomorrow 08:00 · test"


def test_what_nobody_knows_is_for_a_person_to_decide(
    told: Session, talk: Conversation, teller: Teller
) -> None:
    happen(told, queued("m1"), progressed("m1", MessageState.UNKNOWN))
    bubble = talk.bubbles[0]
    assert [one.words for one in bubble.buttons] == ["Send again", "Leave it as it is"]
    press(bubble, "Leave it as it is")
    assert teller.of(SettleMessage) == [SettleMessage(message_id="m1", version=2, again=False)]
    teller.accept()
    assert captions(talk) == [
        "SMS · nobody knows whether it was sent: Ann left it as it is. · test"
    ]
    assert talk.bubbles[0].buttons == []


def test_what_was_sent_again_in_vain_says_how_often(told: Session, talk: Conversation) -> None:
    unknown = MessageState.UNKNOWN
    happen(told, queued("m1"), progressed("m1", unknown), progressed("m1", unknown, 2))
    assert captions(talk) == ["SMS · nobody knows whether it was sent, tried 2 times · test"]


def test_what_waits_can_be_taken_back(told: Session, talk: Conversation, teller: Teller) -> None:
    happen(told, queued("m1"))
    press(talk.bubbles[0], "Do not send it")
    assert teller.of(CancelMessage) == [CancelMessage(message_id="m1", version=1)]
    teller.accept()
    assert captions(talk) == ["SMS · cancelled: Ann cancelled it. · test"]


def test_a_code_is_attached_on_a_click_and_never_by_itself(
    told: Session, talk: Conversation, teller: Teller
) -> None:
    happen(told, replied("r1", "The green gate, code 4417#", CODE))
    look(told, 5)
    assert teller.of(AmendStop) == []
    press(talk.bubbles[0], "Attach 4417# to stop 1")
    (command,) = teller.of(AmendStop)
    assert (command.stop_id, command.changes.access_code, command.reply_id) == (
        "s0",
        "4417#",
        "r1",
    )
    teller.accept()
    plan = told.state.stops["s0"].plan
    assert plan is not None
    assert plan.access_code == "4417#"
    bubble = talk.bubbles[0]
    assert bubble.buttons == []
    assert bubble.line.done == "Attach 4417# to stop 1 · Ann"


def test_what_was_taken_back_is_said_and_offered_again(
    told: Session, talk: Conversation, teller: Teller
) -> None:
    happen(told, replied("r1", "The green gate, code 4417#", CODE))
    press(talk.bubbles[0], "Attach 4417# to stop 1")
    teller.accept()
    assert shown_in(talk.bubbles[0])[-1] == "✓ Attach 4417# to stop 1 · Ann"
    back = e.StopAmended(changes=StopChanges(access_code=""), because="taken back")
    happen(told, event(back, Subject(stop_id="s0"), at=told.now + timedelta(minutes=1)))
    bubble = talk.bubbles[0]
    assert "Attach 4417# to stop 1 · Ann · taken back since" in shown_in(bubble)
    assert [one.words for one in bubble.buttons] == ["Attach 4417# to stop 1"]


def test_what_stop_did_stands_under_it_until_start(told: Session, talk: Conversation) -> None:
    address = PHONES["s0"].replace(" ", "")

    def says(words: str, intent: Intent, minutes: int) -> None:
        subject, at = Subject(stop_id="s0"), NOON + timedelta(minutes=minutes)
        happen(told, replied(words, words, Recognised(intent=intent), minutes=minutes))
        body = e.ConsentSet(address=address, allowed=intent is Intent.START, words=words)
        happen(told, event(body, subject, at=at))

    says("STOP", Intent.STOP, 2)
    assert f"✓ Nothing is sent to {address}" in shown_in(talk.bubbles[-1])
    says("START", Intent.START, 3)
    assert f"Nothing is sent to {address} · taken back since" in shown_in(talk.bubbles[-2])
    assert f"✓ {address} gets messages again" in shown_in(talk.bubbles[-1])


def test_the_keys_go_on_elsewhere_once_a_button_is_gone(
    told: Session, talk: Conversation, teller: Teller, qtbot: QtBot
) -> None:
    happen(told, replied("r1", "The green gate, code 4417#", CODE))
    assert talk.focus_choice() is not None
    QTest.keyClick(talk.bubbles[0].buttons[0], Qt.Key.Key_Return)
    with qtbot.waitSignal(talk.focus_gone):
        teller.accept()


def test_an_answer_by_template_is_seen_before_it_is_sent(
    told: Session, talk: Conversation, teller: Teller
) -> None:
    happen(told, replied("r1", "Where are you?", Recognised(intent=Intent.WHERE)))
    press(talk.bubbles[0], "Tell them when we come")
    teller.preview()
    assert talk.reply_pane.isVisible()
    assert teller.of(SendMessages) == []
    QTest.keyClick(talk.reply_pane.send_button, Qt.Key.Key_Return)
    assert teller.of(SendMessages)[0].messages[0].template == "where_is_it"
    teller.accept()
    assert "r1" not in told.state.seen
    teller.accept()
    assert told.state.seen["r1"].deed == "Tell them when we come"


def test_a_reply_counts_as_read_once_it_was_looked_at(
    told: Session, talk: Conversation, teller: Teller
) -> None:
    happen(told, replied("r1", "I wait."))
    assert talk.bubbles[0].line.is_unread
    assert talk._title.text() == "1 new reply"
    look(told, LOOKED_TICKS - 1)
    assert teller.of(SeeReplies) == []
    look(told, 1)
    assert teller.of(SeeReplies) == [SeeReplies(replies=("r1",))]
    look(told, 5)
    assert len(teller.of(SeeReplies)) == 1, "once is enough"
    teller.accept()
    assert not talk.bubbles[0].line.is_unread


def test_nobody_reads_in_a_window_nobody_looks_at(
    told: Session, talk: Conversation, teller: Teller, qtbot: QtBot
) -> None:
    happen(told, replied("r1", "I wait."))
    other = QWidget()
    qtbot.addWidget(other)
    with qtbot.waitExposed(other):
        other.show()
    other.activateWindow()
    qtbot.waitUntil(other.isActiveWindow)
    look(told, 5)
    talk.window().hide()
    look(told, 5)
    assert teller.of(SeeReplies) == []


@pytest.mark.usefixtures("talk")
def test_what_is_scrolled_out_of_sight_is_not_read(told: Session, teller: Teller) -> None:
    happen(told, replied("r1", "first"), replied("r2", "second\n" * 90, minutes=3))
    look(told)
    assert teller.of(SeeReplies) == [SeeReplies(replies=("r1", "r2"))]
    happen(told, replied("r3", "third", minutes=4))
    look(told, 5)
    assert len(teller.of(SeeReplies)) == 1, "the third is below the window's edge"


@pytest.mark.usefixtures("talk")
def test_a_gateway_that_did_not_hear_is_told_again(told: Session, teller: Teller) -> None:
    happen(told, replied("r1", "I wait."))
    look(told)
    (command,) = teller.of(SeeReplies)
    told.answer(command, CommandResult(status=0, message="no answer"))
    look(told)
    assert len(teller.of(SeeReplies)) == 2


def test_a_free_answer_says_how_it_goes_and_is_sent(
    talk: Conversation, teller: Teller, qtbot: QtBot
) -> None:
    field = talk.answer.words
    QTest.keyClicks(field, "The driver rings twice.")
    qtbot.waitUntil(lambda: bool(teller.asked))
    teller.preview()
    assert talk.answer.how.text().startswith("by SMS · ")
    QTest.keyClick(field, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    (command,) = teller.of(SendMessages)
    assert command.messages[0].words == "The driver rings twice."
    assert command.messages[0].exception_id == "x1"
    teller.accept()
    assert field.toPlainText() == ""
    assert talk.words[0][0].startswith("The driver rings twice.")


def test_a_refused_answer_stays_and_says_why(talk: Conversation, teller: Teller) -> None:
    QTest.keyClicks(talk.answer.words, "Hello")
    talk.answer.send()
    teller.refuse("They were written to six times today.")
    assert talk.answer.words.toPlainText() == "Hello"
    assert talk.answer.trouble.text() == "They were written to six times today."


def test_what_is_written_is_kept_while_another_is_looked_at(talk: Conversation) -> None:
    QTest.keyClicks(talk.answer.words, "half a sen")
    talk.show_stop("s1", "")
    assert talk.answer.words.toPlainText() == ""
    talk.show_stop("s0", "x1")
    assert talk.answer.words.toPlainText() == "half a sen"


def test_only_the_newest_are_shown_until_the_others_are_asked_for(
    told: Session, talk: Conversation
) -> None:
    happen(told, *(replied(f"r{n}", f"line {n}", minutes=n) for n in range(9)))
    assert [words for words, _ in talk.words] == [f"line {n}" for n in range(3, 9)]
    QTest.mouseClick(talk._earlier, Qt.MouseButton.LeftButton)
    assert len(talk.words) == 9


def test_bubbles_that_stay_the_same_are_left_alone(told: Session, talk: Conversation) -> None:
    happen(told, replied("r1", "The code is 4417#", CODE))
    talk.bubbles[0].buttons[0].setFocus()
    kept = talk.bubbles[0]
    happen(told, queued("m1", words="Thank you."))
    assert kept in talk.bubbles
    assert kept.buttons[0].hasFocus()


HOSTILE = (
    "<b>x</b><img src='file:///etc/passwd'><script>alert(1)</script>",
    "\u202egnp.exe\u2066\u200b مرحبا שלום",
    "x" * 10_000,
    "🏠" * 3_000,
)


@pytest.mark.parametrize("words", HOSTILE, ids=["markup", "direction", "long", "houses"])
def test_hostile_words_are_shown_as_they_are_and_never_wider_than_the_card(
    told: Session, talk: Conversation, words: str
) -> None:
    evil = Recognised(intent=Intent.GATE_CODE, value=words, quote=words)
    happen(told, replied("r1", words, evil))
    QApplication.processEvents()
    bubble = talk.bubbles[0]
    labels = bubble.findChildren(QLabel)
    assert all(label.textFormat() is Qt.TextFormat.PlainText for label in labels)
    said = labels[0].text().replace("\u200b", "")
    assert said == words[:LONGEST].replace("\u200b", "")
    assert bubble.width() <= _WIDTH
    for button in bubble.buttons:
        assert button.mapTo(talk, button.rect().bottomRight()).x() < _WIDTH
        assert "\u202e" not in button.words


def test_a_long_reply_is_shown_whole_when_asked_for(told: Session, talk: Conversation) -> None:
    happen(told, replied("r1", "y" * (LONGEST + 1200)))
    bubble = talk.bubbles[0]
    press(bubble, "Show 1,200 more letters")
    words = bubble.findChildren(QLabel)[0].text().replace("\u200b", "")
    assert len(words) == LONGEST + 1200
