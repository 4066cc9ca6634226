"""The outbox: every message, exactly as it was sent or would have been."""

from collections.abc import Iterator
from datetime import timedelta

import msgspec
import pytest
from PySide6.QtCore import QRect, QRectF, QUrl
from PySide6.QtGui import QPainter, QTextDocument
from PySide6.QtTest import QAbstractItemModelTester
from PySide6.QtWidgets import QApplication, QStyleOptionViewItem
from pytestqt.qtbot import QtBot

from tests.ui.example_shift import NOON, event
from tests.ui.expecting import click, column
from tests.ui.outreach.told import CODE, Teller, happen, progressed, queued, replied
from tower.domain import events as e
from tower.domain.commands import SeeReplies, SetConsent, SettleMessage
from tower.domain.records import Subject
from tower.domain.words import Channel, MessageState
from tower.feed.clock import FollowingClock
from tower.gateway.telling.answers import Rendering
from tower.outreach.port import Outgoing
from ui.exchange import Answer
from ui.outreach.enterbutton import EnterButton
from ui.outreach.outboxdelegate import OutboxDelegate
from ui.outreach.outboxpanel import OutboxPanel
from ui.outreach.outboxrows import Group
from ui.outreach.reading import LOOKED_TICKS
from ui.outreach.rendering import RenderingView
from ui.session import Session

_WHO, _WORDS, _STANDING = 1, 2, 3


@pytest.fixture
def outbox(told: Session, teller: Teller, qtbot: QtBot) -> Iterator[OutboxPanel]:
    """The outbox with a message in each state, a reply, and one from a stranger."""
    states = (
        MessageState.UNKNOWN,
        MessageState.FAILED,
        MessageState.NOT_SENT,
        MessageState.DELIVERED,
    )
    happen(told, queued("waiting"))
    for state in states:
        happen(told, queued(state.value, words=f"It is {state}."), progressed(state.value, state))
    happen(told, replied("r1", "4417#", CODE), replied("r2", "Who?", stop_id="", minutes=3))
    panel = OutboxPanel(told)
    QAbstractItemModelTester(
        panel.model, QAbstractItemModelTester.FailureReportingMode.Fatal, panel.model
    )
    qtbot.addWidget(panel)
    panel.resize(900, 300)
    with qtbot.waitExposed(panel):
        panel.show()
    panel.activateWindow()
    assert teller.commands == []
    yield panel
    panel.hide()


def narrow(panel: OutboxPanel, group: Group) -> list[str]:
    panel.group.setCurrentIndex(panel.group.findData(group))
    return list(panel.model.ids)


def choices(panel: OutboxPanel) -> list[EnterButton]:
    """What may be decided about the marked row."""
    QApplication.processEvents()
    found = panel.detail._buttons.findChildren(EnterButton)
    return [button for button in found if not button.isHidden()]


def rendering(message_id: str, *, sends: bool = True, **more: object) -> Answer:
    sent = msgspec.convert(
        {
            "key": "k",
            "message_id": message_id,
            "medium": "sms",
            "to": "+4237912340",
            "text": "Grüezi",
            "language": "de",
            **more,
        },
        Outgoing,
    )
    body = Rendering(
        message_id=message_id, attempt=1, account="a", sends=sends, outgoing=sent, request=""
    )
    return Answer(status=200, body=msgspec.json.encode(body))


def test_each_group_holds_its_own(outbox: OutboxPanel) -> None:
    assert len(narrow(outbox, Group.ALL)) == 7
    assert narrow(outbox, Group.WAITING) == ["waiting"]
    assert narrow(outbox, Group.UNKNOWN) == ["unknown"]
    assert narrow(outbox, Group.FAILED) == ["failed"]
    assert narrow(outbox, Group.NOT_SENT) == ["not_sent"]
    assert narrow(outbox, Group.DELIVERED) == ["delivered"]
    assert narrow(outbox, Group.REPLIES) == ["r2", "r1"]
    assert narrow(outbox, Group.STRANGERS) == ["r2"]
    assert outbox.group.itemText(0) == "All (7)"


def test_the_newest_stands_first_and_words_narrow_it(outbox: OutboxPanel) -> None:
    assert outbox.model.ids[0] == "r2"
    outbox.words.setText("delivered customer")
    assert list(outbox.model.ids) == ["delivered"]


def test_a_stranger_is_listed_by_address(outbox: OutboxPanel) -> None:
    place = outbox.model.place_of("r2")
    assert column(outbox.model, _WHO)[place] == "+4237912340"
    assert column(outbox.model, _STANDING)[place].endswith("nobody's stop")


def test_what_the_policy_forbade_is_kept_with_its_reason(
    told: Session, outbox: OutboxPanel, teller: Teller
) -> None:
    before = e.MessageBarred(template="delay_notice", why="They said STOP.")
    now = e.MessageBarred(template="", why="It is night.")
    happen(told, event(now, Subject(stop_id="s0")))
    teller.remember(event(before, Subject(stop_id="s0")))
    assert len(narrow(outbox, Group.BARRED)) == 2
    assert set(column(outbox.model, _STANDING)) == {
        "not allowed: They said STOP. · test",
        "not allowed: It is night. · test",
    }


def test_what_was_held_says_so_until_it_is_not(told: Session, outbox: OutboxPanel) -> None:
    happen(told, queued("held", send_after="2026-11-20T12:30:00Z"))
    narrow(outbox, Group.WAITING)
    outbox.words.setText("held until 13:30")
    assert list(outbox.model.ids) == ["held"]
    half_past = NOON + timedelta(minutes=31)
    told.clock = FollowingClock(half_past.timestamp(), monotonic=lambda: 0.0)
    told.ticked.emit()
    assert list(outbox.model.ids) == [], "it only waits now"


def test_a_message_that_leaves_a_group_leaves_the_list(told: Session, outbox: OutboxPanel) -> None:
    assert narrow(outbox, Group.WAITING) == ["waiting"]
    happen(told, progressed("waiting", MessageState.SENT))
    assert list(outbox.model.ids) == []


def test_unread_replies_are_counted(told: Session, outbox: OutboxPanel) -> None:
    counts: list[int] = []
    outbox.unread_counted.connect(counts.append)
    happen(told, event(e.RepliesSeen(replies=("r1",))))
    assert counts[-1] == 1


def test_a_sms_is_shown_as_it_would_have_been_sent_and_says_that_it_was_not(
    outbox: OutboxPanel, teller: Teller
) -> None:
    click(outbox.list, "not_sent")
    assert teller.renderings[-1].path == "/v1/messages/not_sent/rendering?attempt=1"
    teller.renderings[-1].on_answer(rendering("not_sent", sends=False, text="Grüezi €"))
    view = outbox.detail.rendering
    assert view.notice.isVisible()
    assert view.notice.text().startswith("Not sent: this gateway has no account for SMS")
    assert view.text.toPlainText() == "Grüezi €"
    assert "SMS · 1 part · 8 letters · GSM alphabet · Deutsch" in view.head.text()


def test_what_is_sent_has_no_such_notice(outbox: OutboxPanel, teller: Teller) -> None:
    click(outbox.list, "delivered")
    teller.renderings[-1].on_answer(rendering("delivered"))
    assert not outbox.detail.rendering.notice.isVisible()


def test_an_email_is_shown_as_its_reader_sees_it_and_fetches_nothing(
    outbox: OutboxPanel, teller: Teller
) -> None:
    html = (
        "<h1>Hello</h1><img src='https://evil.example/x.png'><a href='https://evil.example'>y</a>"
    )
    click(outbox.list, "delivered")
    teller.renderings[-1].on_answer(
        rendering("delivered", medium="email", html=html, subject="Your parcel", text="Hello")
    )
    view = outbox.detail.rendering
    assert "Hello" in view.letter.toPlainText()
    assert view.source.toPlainText() == html
    assert "Subject Your parcel" in view.head.text()
    picture = QUrl("https://evil.example/x.png")
    loaded = view.letter.loadResource(QTextDocument.ResourceType.ImageResource, picture)
    assert loaded.isEmpty()
    before = view.letter.toPlainText()
    view.letter.setSource(QUrl("file:///etc/passwd"))
    assert view.letter.toPlainText() == before


def test_a_whatsapp_template_is_shown_with_what_is_put_into_it(
    outbox: OutboxPanel, teller: Teller
) -> None:
    click(outbox.list, "delivered")
    teller.renderings[-1].on_answer(
        rendering(
            "delivered",
            medium="whatsapp",
            template="delay_notice",
            parameters=("Customer 0000", "15:00"),
        )
    )
    lines = outbox.detail.rendering.text.toPlainText().splitlines()
    assert lines[:3] == ["Template delay_notice, de", "{{1}} Customer 0000", "{{2}} 15:00"]


def test_a_rendering_that_cannot_be_had_says_why(outbox: OutboxPanel, teller: Teller) -> None:
    click(outbox.list, "delivered")
    teller.renderings[-1].on_answer(Answer(status=404, message="There is no such message."))
    words = outbox.detail.rendering.notice.text()
    assert words == "What was sent cannot be shown: There is no such message."


def test_an_answer_about_another_message_is_not_shown(outbox: OutboxPanel, teller: Teller) -> None:
    click(outbox.list, "delivered")
    click(outbox.list, "failed")
    first = next(one for one in teller.renderings if "delivered" in one.path)
    first.on_answer(rendering("delivered", text="of another"))
    assert outbox.detail.rendering.text.toPlainText() == ""


def test_a_message_on_its_second_try_is_asked_for_anew(
    told: Session, outbox: OutboxPanel, teller: Teller
) -> None:
    click(outbox.list, "failed")
    happen(told, progressed("failed", MessageState.SENT, 2, Channel.EMAIL))
    assert teller.renderings[-1].path.endswith("attempt=2")
    assert len(outbox.detail.attempts.text().splitlines()) == 2


def test_what_nobody_knows_is_decided_here_too(outbox: OutboxPanel, teller: Teller) -> None:
    click(outbox.list, "unknown")
    outbox.detail.settling.choose("unknown", "again")
    assert teller.of(SettleMessage)[0].again
    teller.refuse("It was decided already.")
    assert outbox.detail.trouble.text() == "It was decided already."


def test_a_strangers_reply_is_read_here(told: Session, outbox: OutboxPanel, teller: Teller) -> None:
    click(outbox.list, "r2")
    assert outbox.detail.words.text() == "Who?"
    assert not outbox.detail.tabs.isVisible(), "nobody knows whose conversation it is"
    for _ in range(LOOKED_TICKS):
        told.ticked.emit()
    assert SeeReplies(replies=("r2",)) in teller.of(SeeReplies)


def test_who_wants_no_messages_is_written_down_and_may_change_their_mind(
    told: Session, outbox: OutboxPanel, teller: Teller
) -> None:
    click(outbox.list, "r1")
    (stop,) = choices(outbox)
    assert stop.words == "They want no more messages here"
    stop.click()
    assert teller.of(SetConsent)[0].address == "+4237912340"
    teller.accept()
    assert not told.state.consents["+4237912340"].allowed
    (start,) = choices(outbox)
    assert start.words == "They want messages here again"


def test_a_double_click_leads_to_the_exception(told: Session, outbox: OutboxPanel) -> None:
    outbox.list.opened.emit("delivered")
    assert told.selection == ("exception", "x1")


def test_it_fits_a_low_panel(outbox: OutboxPanel) -> None:
    assert outbox.minimumSizeHint().height() < 140


def test_in_a_narrow_list_a_name_ends_before_how_it_fared(
    told: Session, outbox: OutboxPanel, monkeypatch: pytest.MonkeyPatch
) -> None:
    drawn: dict[str, QRectF] = {}

    def drawing(_painter: object, box: QRectF, text: str, *_: object, **__: object) -> None:
        drawn[text] = QRectF(box)

    monkeypatch.setattr("ui.outreach.outboxdelegate.draw_text", drawing)
    row = outbox.model.record(0)
    option = QStyleOptionViewItem()
    option.rect = QRect(0, 0, 290, OutboxDelegate.height_px)
    OutboxDelegate(told).draw(QPainter(), option, row)
    assert drawn[row.who].right() < drawn[row.standing].left()


def test_hostile_words_stay_words(told: Session, qtbot: QtBot) -> None:
    view = RenderingView(told)
    qtbot.addWidget(view)
    view.show_attempt("m1", 1)
    trick = "<script>alert(1)</script>"
    view._on_answer(("m1", 1), rendering("m1", text=trick, subject=trick))
    assert view.text.toPlainText() == trick
    assert trick in view.head.text().replace("\u200b", "")
