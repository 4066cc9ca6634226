"""A message and its answer through a real gateway, with nothing but its local outbox."""

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest
from msgspec.structs import replace
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from tests.gateway.running import PATIENCE_S, RunningGateway, running_gateway
from tests.ui.example_shift import event, opening, raised
from tests.ui.proposals.joined import Joined
from tower.domain import events as e
from tower.domain.messages import Reply
from tower.domain.records import StopPlan
from tower.domain.words import Channel, ExceptionKind, MessageState, Severity
from tower.outreach.port import Incoming
from ui.draft.draft import Draft
from ui.exceptions.panel import ExceptionsPanel
from ui.outreach.outboxpanel import OutboxPanel
from ui.outreach.playbookarea import PlaybookArea
from ui.session import Session

_PHONE = "+4237912340"


def _shift() -> Iterator[e.Event]:
    """The example shift; the first customer can be reached by SMS, in German."""
    for one in opening():
        body = one.body
        if isinstance(body, e.StopPlanned) and body.plan.id == "s0":
            yield event(e.StopPlanned(plan=_reachable(body.plan)))
        else:
            yield one
    yield raised("x1", 0, Severity.CRITICAL, ExceptionKind.NO_ACCESS)


def _reachable(plan: StopPlan) -> StopPlan:
    return replace(plan, phone=_PHONE, language="de", contact_by=(Channel.SMS,))


@pytest.fixture
def running(tmp_path: Path) -> Iterator[RunningGateway]:
    with running_gateway(tmp_path / "data", shift=list(_shift())) as gateway:
        # A gateway's first deed is to write its playbooks down.
        gateway.until(lambda: gateway.state.room_playbooks.playbooks or None)
        yield gateway


@pytest.fixture
def joined(session: Session, running: RunningGateway) -> Joined:
    return Joined(session, running)


@pytest.fixture
def panel(session: Session, joined: Joined, qtbot: QtBot) -> Iterator[ExceptionsPanel]:
    joined.catch_up()
    panel = ExceptionsPanel(session)
    panel.card.offer_playbook(PlaybookArea(session, Draft(session)))
    qtbot.addWidget(panel)
    panel.resize(420, 900)
    with qtbot.waitExposed(panel):
        panel.show()
    panel.activateWindow()
    session.select("exception", "x1")
    yield panel
    panel.hide()


def _press(key: Qt.Key) -> None:
    focused = QApplication.focusWidget()
    assert focused is not None
    QTest.keyClick(focused, key)


def _reply(running: RunningGateway, words: str) -> Reply:
    """The customer writes."""
    incoming = Incoming(ref="in-1", medium=Channel.SMS, sender=_PHONE, text=words)
    hooks = running.gateway.outbox.hooks
    account = next(iter(running.gateway.outbox.accounts)).name
    coming = asyncio.run_coroutine_threadsafe(hooks.incoming(account, incoming), running.loop)
    coming.result(PATIENCE_S)
    return running.until(lambda: next(iter(running.state.replies.values()), None))


def test_a_code_is_asked_for_and_attached_by_keyboard_alone(
    session: Session, running: RunningGateway, joined: Joined, panel: ExceptionsPanel
) -> None:
    playbook = panel.card.playbook
    assert playbook is not None
    assert playbook.row.buttons[0].words == "1 Ask for gate code"
    playbook.row.fire(1)
    pane = playbook.message
    assert pane.address.text() == f"By SMS to {_PHONE}"
    assert "Code" in pane.words.toPlainText(), "in German, on the real case"
    _press(Qt.Key.Key_Return)
    assert not pane.isVisible()
    (message_id,) = session.state.messages
    running.until(lambda: running.state.messages[message_id].state is MessageState.NOT_SENT or None)
    joined.catch_up()
    assert "not sent, kept in the local outbox" in panel.card.bubbles.words[0][1]

    _reply(running, "Der Code ist 4417#")
    joined.catch_up()
    assert panel.card.choose()
    focused = QApplication.focusWidget()
    assert focused is not None
    assert focused.accessibleName() == "Attach 4417# to stop 1"
    _press(Qt.Key.Key_Return)
    joined.catch_up()
    plan = session.state.stops["s0"].plan
    assert plan is not None
    assert plan.access_code == "4417#"
    assert "Gate code 4417#" in panel.card.agreed.text()
    assert panel.card.bubbles.bubbles[-1].line.done.startswith("Attach 4417# to stop 1")


def test_the_outbox_shows_exactly_what_was_not_sent(
    session: Session, running: RunningGateway, joined: Joined, panel: ExceptionsPanel, qtbot: QtBot
) -> None:
    playbook = panel.card.playbook
    assert playbook is not None
    playbook.row.fire(1)
    said = playbook.message.words.toPlainText()
    _press(Qt.Key.Key_Return)
    (message_id,) = session.state.messages
    running.until(lambda: running.state.messages[message_id].state is MessageState.NOT_SENT or None)
    joined.catch_up()
    outbox = OutboxPanel(session)
    qtbot.addWidget(outbox)
    outbox.show_row(message_id)
    view = outbox.detail.rendering
    assert view.text.toPlainText() == said
    assert view.notice.text().startswith("Not sent: this gateway has no account for SMS")
    assert "GSM alphabet" in view.head.text()


def test_the_same_is_not_told_twice_within_the_hour(
    session: Session, joined: Joined, panel: ExceptionsPanel
) -> None:
    playbook = panel.card.playbook
    assert playbook is not None
    playbook.row.fire(1)
    _press(Qt.Key.Key_Return)
    joined.catch_up()
    playbook.row.fire(1)
    assert playbook.message.verdict.text().startswith("Cannot be sent: ")
    playbook.message.accept_step()
    assert len(session.state.messages) == 1
