"""Supervisors set thresholds, playbooks and the policy; others read them; nobody loses edits."""

from collections.abc import Callable

import msgspec
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QMessageBox
from pytestqt.qtbot import QtBot

from tests.ui.example_shift import event
from tower.domain import events as e
from tower.domain.commands import Command, SetOutreachPolicy, SetPlaybooks, SetThresholds
from tower.domain.rulebook import Brand, OutreachPolicy, Playbook, PlaybookStep, Threshold
from tower.domain.words import Channel, ExceptionKind, StepAction
from tower.gateway.telling.answers import AccountReport, TemplateReport
from tower.outreach.port import Assurance
from tower.watch.thresholds import thresholds_of
from ui.exchange import Answer, CommandResult, Question
from ui.outreach.catalogue import Catalogue
from ui.session import Session
from ui.settings.channels import ChannelsPage
from ui.settings.page import SettingsPage
from ui.settings.playbooks import PlaybooksPage
from ui.settings.policy import PolicyPage
from ui.settings.thresholds import ThresholdsPage
from ui.settings.window import SettingsWindow

_LATE_RISK = thresholds_of(ExceptionKind.LATE_RISK)[0]
_TEMPLATES = msgspec.json.encode(
    [
        TemplateReport(
            name="delay_notice",
            title="Delay notice",
            about="",
            languages=("de",),
            is_notice=True,
            options=(),
        )
    ]
)
_ARROW_PX = 24
_STEP = PlaybookStep(title="Tell them", action=StepAction.MESSAGE, template="delay_notice")


@pytest.fixture
def sent(session: Session) -> list[Command]:
    """What was commanded."""
    session.set_actor("sue", "Sue", is_supervisor=True)
    commands: list[Command] = []
    session.command_issued.connect(commands.append)
    return commands


def thresholds_set(version: int, *thresholds: Threshold) -> e.Event:
    return event(e.ThresholdsSet(version=version, thresholds=thresholds))


def shown(qtbot: QtBot, page: SettingsPage) -> SettingsPage:
    qtbot.addWidget(page)
    page.show()
    return page


def test_a_threshold_typed_is_saved_against_the_version_it_was_read_in(
    qtbot: QtBot, session: Session, sent: list[Command]
) -> None:
    session.fold_events([thresholds_set(3)])
    page = ThresholdsPage(session)
    shown(qtbot, page)
    page.everywhere[_LATE_RISK.name].setValue(_LATE_RISK.default - 5)

    QTest.mouseClick(page.save_button, Qt.MouseButton.LeftButton)

    wanted = Threshold(
        kind=ExceptionKind.LATE_RISK, name=_LATE_RISK.name, value=_LATE_RISK.default - 5
    )
    assert sent == [SetThresholds(version=3, thresholds=(wanted,))]
    assert not page.save_button.isEnabled()


def test_a_value_put_back_to_the_rules_own_is_not_set_any_more(
    qtbot: QtBot, session: Session, sent: list[Command]
) -> None:
    own = Threshold(kind=ExceptionKind.LATE_RISK, name=_LATE_RISK.name, value=55)
    session.fold_events([thresholds_set(1, own)])
    page = ThresholdsPage(session)
    shown(qtbot, page)
    assert page.everywhere[_LATE_RISK.name].value() == 55

    page.everywhere[_LATE_RISK.name].setValue(_LATE_RISK.default)
    page.save()

    assert sent == [SetThresholds(version=1, thresholds=())]


def test_a_threshold_differs_for_a_carrier(
    qtbot: QtBot, session: Session, sent: list[Command]
) -> None:
    page = ThresholdsPage(session)
    shown(qtbot, page)
    QTest.mouseClick(page.add_button, Qt.MouseButton.LeftButton)

    page.save()
    assert "say for what it differs" in page.notice.said("answer")
    assert sent == []

    row = page.differing[0]
    row.carrier.setCurrentIndex(row.carrier.findData("gig"))
    row.carrier.activated.emit(row.carrier.currentIndex())
    row.value.setValue(40)
    page.save()

    wanted = Threshold(
        kind=ExceptionKind.LATE_RISK, name=_LATE_RISK.name, value=40, carrier_id="gig"
    )
    assert sent == [SetThresholds(version=0, thresholds=(wanted,))]


def test_a_narrower_value_is_read_whole_without_scrolling(
    qtbot: QtBot, session: Session, sent: list[Command]
) -> None:
    window = SettingsWindow(session)
    qtbot.addWidget(window)
    with qtbot.waitExposed(window):
        window.show()
    page = window.findChild(ThresholdsPage)
    assert page is not None
    QTest.mouseClick(page.add_button, Qt.MouseButton.LeftButton)
    row = page.differing[0]
    qtbot.waitUntil(lambda: not row.remove_button.visibleRegion().isEmpty())
    for box in (row.name, row.level, row.carrier, row.depot):
        words = box.fontMetrics().horizontalAdvance(box.currentText())
        assert words < box.width() - _ARROW_PX, box.currentText()
    assert sent == []
    row.remove_button.click()


def test_a_row_removed_is_gone(qtbot: QtBot, session: Session, sent: list[Command]) -> None:
    narrow = Threshold(kind=ExceptionKind.LATE_RISK, name=_LATE_RISK.name, value=9, depot_id="d")
    session.fold_events([thresholds_set(1, narrow)])
    page = ThresholdsPage(session)
    shown(qtbot, page)

    QTest.mouseClick(page.differing[0].remove_button, Qt.MouseButton.LeftButton)
    page.save()

    assert page.differing == []
    assert sent == [SetThresholds(version=1, thresholds=())]


def test_what_somebody_else_saved_shows_at_once_where_nothing_was_edited(
    qtbot: QtBot, session: Session, sent: list[Command]
) -> None:
    page = ThresholdsPage(session)
    shown(qtbot, page)
    theirs = Threshold(kind=ExceptionKind.LATE_RISK, name=_LATE_RISK.name, value=51)

    session.fold_events([thresholds_set(1, theirs)])

    assert page.everywhere[_LATE_RISK.name].value() == 51
    assert sent == []


def test_what_somebody_else_saved_meanwhile_asks_for_a_choice(
    qtbot: QtBot, session: Session, sent: list[Command]
) -> None:
    page = ThresholdsPage(session)
    shown(qtbot, page)
    page.everywhere[_LATE_RISK.name].setValue(61)
    theirs = Threshold(kind=ExceptionKind.LATE_RISK, name=_LATE_RISK.name, value=51)
    session.fold_events([thresholds_set(1, theirs)])

    assert page.everywhere[_LATE_RISK.name].value() == 61
    assert "Somebody else" in page.notice.said("others")
    assert not page.save_button.isVisible()

    QTest.mouseClick(page.mine_button, Qt.MouseButton.LeftButton)
    assert isinstance(sent[0], SetThresholds)
    assert sent[0].version == 1

    session.answer(sent[0], CommandResult(status=422, message="Out of reach."))
    QTest.mouseClick(page.revert_button, Qt.MouseButton.LeftButton)
    assert page.everywhere[_LATE_RISK.name].value() == 51


def test_why_it_was_not_saved_is_said_and_the_edit_stays(
    qtbot: QtBot, session: Session, sent: list[Command]
) -> None:
    page = ThresholdsPage(session)
    shown(qtbot, page)
    page.everywhere[_LATE_RISK.name].setValue(61)
    page.save()

    session.answer(sent[0], CommandResult(status=0, message="The gateway cannot be reached."))

    assert page.notice.said("answer") == "Not saved: The gateway cannot be reached."
    assert page.everywhere[_LATE_RISK.name].value() == 61
    assert page.save_button.isEnabled()


def test_a_dispatcher_reads_and_cannot_change(qtbot: QtBot, session: Session) -> None:
    page = ThresholdsPage(session)
    shown(qtbot, page)

    assert not page.everywhere[_LATE_RISK.name].isEnabled()
    assert not page.add_button.isEnabled()
    assert "supervisor" in page.notice.said("role")


def _playbooks(qtbot: QtBot, session: Session) -> PlaybooksPage:
    playbook = Playbook(
        kind=ExceptionKind.LATE_RISK,
        steps=(_STEP, PlaybookStep(title="Call", action=StepAction.CALL_DRIVER)),
    )
    session.fold_events([event(e.PlaybooksSet(version=1, playbooks=(playbook,)))])
    session.question_asked.connect(_answering(_TEMPLATES))
    page = PlaybooksPage(session, Catalogue(session))
    shown(qtbot, page)
    return page


def _answering(body: bytes) -> Callable[[Question], None]:
    return lambda question: question.on_answer(Answer(status=200, body=body))


def test_steps_are_edited_moved_and_removed(
    qtbot: QtBot, session: Session, sent: list[Command]
) -> None:
    page = _playbooks(qtbot, session)
    assert [row.title.isVisible() for row in page.rows][:3] == [True, True, False]
    assert page.rows[0].template.currentText() == "Delay notice"

    down = page.findChildren(type(page.save_button))
    move = next(b for b in down if b.accessibleName() == "Down step 1")
    QTest.mouseClick(move, Qt.MouseButton.LeftButton)
    page.rows[0].title.clear()
    QTest.keyClicks(page.rows[0].title, "Ring the driver")
    page.save()

    assert sent == [
        SetPlaybooks(
            version=1,
            playbooks=(
                Playbook(
                    kind=ExceptionKind.LATE_RISK,
                    steps=(
                        PlaybookStep(title="Ring the driver", action=StepAction.CALL_DRIVER),
                        _STEP,
                    ),
                ),
            ),
        )
    ]


def test_a_step_without_a_title_is_not_saved(
    qtbot: QtBot, session: Session, sent: list[Command]
) -> None:
    page = _playbooks(qtbot, session)
    QTest.mouseClick(page.add_button, Qt.MouseButton.LeftButton)

    page.save()

    assert sent == []
    assert page.notice.said("answer") == "Late risk: a step has no title."


def test_the_policy_is_read_and_saved_whole(
    qtbot: QtBot, session: Session, sent: list[Command]
) -> None:
    held = OutreachPolicy(
        quiet_from="20:30",
        order=(Channel.SMS,),
        brands=(Brand(id="alpha", name="Alpha Demo", language="de"),),
    )
    session.fold_events([event(e.OutreachPolicySet(version=4, policy=held))])
    page = PolicyPage(session)
    shown(qtbot, page)
    page.daily_most.setValue(3)

    page.save()

    expected = msgspec.structs.replace(held, daily_most=3)
    assert sent == [SetOutreachPolicy(version=4, policy=expected)]


def test_hours_that_are_clicked_are_replaced_by_what_is_typed(
    qtbot: QtBot, session: Session, sent: list[Command]
) -> None:
    page = PolicyPage(session)
    shown(qtbot, page)
    field = page.quiet_from.lineEdit()
    QTest.mouseClick(field, Qt.MouseButton.LeftButton, pos=QPoint(6, field.height() // 2))
    qtbot.waitUntil(lambda: field.selectedText() == "21")
    QTest.keyClicks(field, "14")
    QTest.mouseClick(page.save_button, Qt.MouseButton.LeftButton)
    (command,) = sent
    assert isinstance(command, SetOutreachPolicy)
    assert command.policy.quiet_from == "14:00"


def test_two_channels_in_one_place_are_refused(
    qtbot: QtBot, session: Session, sent: list[Command]
) -> None:
    page = PolicyPage(session)
    shown(qtbot, page)
    page.order[Channel.SMS].setValue(1)
    page.order[Channel.EMAIL].setValue(1)

    page.save()

    assert sent == []
    assert "same place" in page.notice.said("answer")


def test_a_brand_with_a_colour_that_is_none_is_refused(
    qtbot: QtBot, session: Session, sent: list[Command]
) -> None:
    page = PolicyPage(session)
    shown(qtbot, page)
    QTest.mouseClick(page.brands.add_button, Qt.MouseButton.LeftButton)
    for column, text in enumerate(("a", "Alpha Demo", "blue")):
        item = page.brands.table.item(0, column)
        assert item is not None
        item.setText(text)

    page.save()

    assert sent == []
    assert "colour of Alpha Demo" in page.notice.said("answer")


def account(
    name: str, title: str, *carries: Channel, sends: bool = True, trouble: str = ""
) -> AccountReport:
    return AccountReport(
        name=name,
        plugin="plugin",
        title=title,
        carries=carries,
        sends=sends,
        assurance=Assurance.NONE,
        trouble=trouble,
        hook="",
        forged=0,
    )


def test_an_account_that_lacks_its_secret_says_so(qtbot: QtBot, session: Session) -> None:
    body = msgspec.json.encode(
        [
            account("local", "Local outbox", Channel.SMS, sends=False),
            account(
                "sms", "Twilio", Channel.SMS, Channel.WHATSAPP, trouble="The secret is missing."
            ),
        ]
    )
    session.question_asked.connect(_answering(body))
    page = ChannelsPage(session)
    qtbot.addWidget(page)

    cells = [
        [item.text() if (item := page.table.item(row, column)) else "" for column in range(5)]
        for row in range(2)
    ]
    assert cells == [
        ["local", "Local outbox", "SMS", "no", "keeps messages, sends nothing"],
        ["sms", "Twilio", "SMS, WhatsApp", "yes", "The secret is missing."],
    ]


def test_the_window_asks_before_edits_are_lost(
    qtbot: QtBot, session: Session, sent: list[Command]
) -> None:
    session.question_asked.connect(_answering(b"[]"))
    window = SettingsWindow(session)
    window.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, on=False)
    qtbot.addWidget(window)
    window.show()
    page = window.pages[0]
    assert isinstance(page, ThresholdsPage)
    page.everywhere[_LATE_RISK.name].setValue(61)
    assert window.tabs.tabText(0) == "Thresholds •"

    QTest.keyClick(window, Qt.Key.Key_Escape)
    assert window.isVisible()
    box = window.findChild(QMessageBox)
    assert box is not None
    box.button(QMessageBox.StandardButton.Discard).click()

    assert not window.isVisible()
    assert sent == []


def test_an_answer_that_comes_after_the_window_was_closed_disturbs_nobody(
    qtbot: QtBot, session: Session
) -> None:
    asked: list[Question] = []
    session.question_asked.connect(asked.append)
    window = SettingsWindow(session)
    window.show()
    assert len(asked) == 2
    with qtbot.waitSignal(window.destroyed):
        window.close()

    for question in asked:
        question.on_answer(Answer(status=200, body=b"[]"))
