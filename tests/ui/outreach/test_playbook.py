"""The playbook of an exception: what each step shows before it does anything."""

from collections.abc import Iterator

import pytest
from msgspec.structs import replace
from PySide6.QtCore import Qt, QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from tests.ui.conftest import Fleet
from tests.ui.example_shift import NOON, event
from tests.ui.expecting import expect
from tests.ui.outreach.told import Teller, happen, planned
from tower.domain import events as e
from tower.domain.commands import AmendStop, NoteException, SendMessages, SequenceRoutes
from tower.domain.records import ExceptionRecord, Subject
from tower.domain.rulebook import OutreachPolicy, Playbook, PlaybookStep
from tower.domain.words import Channel, ExceptionKind, ExceptionState, Punctuality, StepAction
from tower.outreach.case import POINT
from tower.outreach.slots import slots_of
from tower.routes.change import UNASSIGNED, Move
from ui.draft.draft import Draft
from ui.outreach.letter import LetterWindow
from ui.outreach.playbook import Case
from ui.outreach.playbookarea import PlaybookArea
from ui.session import Session

_EVERY = tuple(
    PlaybookStep(title=action.replace("_", " "), action=action, template=template)
    for action, template in (
        (StepAction.MESSAGE, "delay_notice"),
        (StepAction.MESSAGE, "new_slot"),
        (StepAction.CALL_DRIVER, ""),
        (StepAction.CALL_CUSTOMER, ""),
        (StepAction.PICKUP_POINT, ""),
        (StepAction.SAFE_PLACE, ""),
        (StepAction.SERVE_EARLIER, ""),
        (StepAction.RETURN_TO_DEPOT, ""),
        (StepAction.BULK_MESSAGE, "delay_notice"),
    )
)
NOTICE, SLOT, DRIVER, CUSTOMER, POINTS, SAFE, EARLIER, RETURN, BULK = range(1, 10)


@pytest.fixture
def draft(told: Session) -> Draft:
    return Draft(told)


@pytest.fixture
def area(told: Session, teller: Teller, draft: Draft, qtbot: QtBot) -> Iterator[PlaybookArea]:
    """A playbook of every sort of step, for the exception about the first stop."""
    books = (Playbook(kind=ExceptionKind.LATE_RISK, steps=_EVERY),)
    happen(told, event(e.PlaybooksSet(version=2, playbooks=books)))
    window = QWidget()
    column = QVBoxLayout(window)
    area = PlaybookArea(told, draft)
    column.addWidget(QLineEdit())
    column.addWidget(area)
    area.show_record(told.state.exceptions["x1"])
    qtbot.addWidget(window)
    window.resize(420, 700)
    with qtbot.waitExposed(window):
        window.show()
    window.activateWindow()
    assert teller.commands == []
    yield area
    window.hide()


@pytest.fixture
def dialled(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What the telephone program was asked to dial."""
    opened: list[str] = []

    def open_url(url: QUrl) -> bool:
        opened.append(url.toString())
        return True

    monkeypatch.setattr(QDesktopServices, "openUrl", open_url)
    return opened


def press(key: Qt.Key) -> None:
    """Press a key where the focus is."""
    focused = QApplication.focusWidget()
    assert focused is not None, "nothing has the focus"
    QTest.keyClick(focused, key)


def shown(area: PlaybookArea, session: Session) -> None:
    """Show the exception as it is now."""
    area.show_record(session.state.exceptions["x1"])


def why_not(area: PlaybookArea, number: int) -> str:
    return area.row.offered[number - 1].why_not


def test_steps_are_numbered_and_the_first_that_makes_sense_stands_out(area: PlaybookArea) -> None:
    assert [button.words for button in area.row.buttons][:2] == ["1 message", "2 message"]
    assert [button.property("primary") for button in area.row.buttons].count(True) == 1
    assert area.row.buttons[0].property("primary")


def test_long_titles_in_any_language_are_never_cut(
    told: Session, area: PlaybookArea, qtbot: QtBot
) -> None:
    long = "Verspätungsbenachrichtigung mit Auswahlmöglichkeiten an die Kundschaft senden"
    step = PlaybookStep(title=long, action=StepAction.MESSAGE, template="delay_notice")
    books = (Playbook(kind=ExceptionKind.LATE_RISK, steps=(step, step)),)
    happen(told, event(e.PlaybooksSet(version=3, playbooks=books)))
    area.window().resize(300, 700)
    shown(area, told)
    button = area.row.buttons[0]
    qtbot.waitUntil(lambda: button.height() >= button.heightForWidth(button.width()))
    assert button.height() > 2 * button.fontMetrics().height()


def test_a_message_is_seen_on_the_real_case_before_it_is_sent(
    area: PlaybookArea, teller: Teller
) -> None:
    area.row.fire(NOTICE)
    teller.preview()
    pane = area.message
    assert pane.isVisible()
    assert "Customer 0000" in pane.title.text()
    assert pane.address.text() == "By SMS to +4237912340"
    assert pane.way.language.currentText() == "Deutsch"
    assert "15:55" in pane.words.toPlainText(), "an hour after the window, rounded outward"
    assert "EUR" in pane.price.text()
    assert teller.commands == [], "nothing is sent by looking at it"


def test_one_and_enter_send_it(area: PlaybookArea, teller: Teller, told: Session) -> None:
    area.row.fire(NOTICE)
    teller.preview()
    press(Qt.Key.Key_Return)
    (command,) = teller.of(SendMessages)
    (wish,) = command.messages
    assert (wish.stop_id, wish.exception_id, wish.template) == ("s0", "x1", "delay_notice")
    assert wish.words == "", "the template's own words"
    press(Qt.Key.Key_Return)
    assert len(teller.commands) == 1, "a message under way is not sent again"
    teller.accept()
    assert not area.message.isVisible()
    assert len(told.state.messages) == 1


def test_enter_sends_nothing_unseen(area: PlaybookArea, teller: Teller) -> None:
    area.row.fire(NOTICE)
    press(Qt.Key.Key_Return)
    teller.preview()
    assert teller.commands == []


def test_escape_leaves_it_and_the_keyboard_goes_on_where_it_was(
    area: PlaybookArea, teller: Teller
) -> None:
    field = area.window().findChild(QLineEdit)
    assert field is not None
    field.setFocus()
    area.row.fire(NOTICE)
    teller.preview()
    press(Qt.Key.Key_Escape)
    assert not area.message.isVisible()
    assert QApplication.focusWidget() is field
    assert teller.commands == []


def test_another_language_is_another_preview(area: PlaybookArea, teller: Teller) -> None:
    area.row.fire(NOTICE)
    teller.preview()
    german = area.message.words.toPlainText()
    french = area.message.way.language.findData("fr")
    area.message.way.language.setCurrentIndex(french)
    area.message.way.language.activated.emit(french)
    teller.preview()
    assert area.message.words.toPlainText() != german
    press(Qt.Key.Key_Return)
    assert teller.of(SendMessages)[0].messages[0].language == "fr"


def test_another_channel_is_taken_alone(area: PlaybookArea, teller: Teller) -> None:
    area.row.fire(NOTICE)
    teller.preview()
    mail = area.message.way.channel.findData(Channel.EMAIL)
    area.message.way.channel.setCurrentIndex(mail)
    area.message.way.channel.activated.emit(mail)
    teller.preview()
    assert area.message.address.text() == "By e-mail to customer0@example.org"
    assert area.message.subject.text().startswith("Subject: ")
    area.message.look.click()
    letter = area.window().findChild(LetterWindow)
    assert letter is not None
    assert "Customer 0000" in letter.letter.toPlainText()
    letter.close()


def test_words_may_be_changed_and_are_looked_at_again(
    area: PlaybookArea, teller: Teller, qtbot: QtBot
) -> None:
    area.row.fire(NOTICE)
    teller.preview()
    area.message.words.setPlainText("We are stuck in traffic.")
    qtbot.waitUntil(lambda: bool(teller.asked))
    teller.preview()
    assert area.message.words.toPlainText() == "We are stuck in traffic."
    area.message.words.setFocus()
    QTest.keyClick(area.message.words, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    assert teller.of(SendMessages)[0].messages[0].words == "We are stuck in traffic."


def test_words_sent_in_a_hurry_are_looked_at_first(area: PlaybookArea, teller: Teller) -> None:
    area.row.fire(NOTICE)
    teller.preview()
    area.message.words.setPlainText("On our way.")
    area.message.accept_step()
    assert teller.commands == []
    teller.preview()
    assert teller.of(SendMessages)[0].messages[0].words == "On our way."


def test_what_the_policy_forbids_says_why_and_cannot_be_sent(
    told: Session, area: PlaybookArea, teller: Teller
) -> None:
    stopped = e.ConsentSet(address="+4237912340", allowed=False, words="STOP")
    mail = e.ConsentSet(address="customer0@example.org", allowed=False, words="STOP")
    happen(told, event(stopped), event(mail))
    area.row.fire(NOTICE)
    teller.preview()
    assert area.message.verdict.text().startswith("Cannot be sent: ")
    assert not area.message.send_button.isEnabled()
    area.message.accept_step()
    assert teller.commands == []


def test_in_quiet_hours_it_is_held_and_says_until_when(
    told: Session, area: PlaybookArea, teller: Teller
) -> None:
    quiet = OutreachPolicy(quiet_from="12:00", quiet_until="13:30")
    happen(told, event(e.OutreachPolicySet(version=1, policy=quiet)))
    area.row.fire(NOTICE)
    teller.preview()
    assert area.message.verdict.text().startswith("Held until 13:30")
    assert "13:30" in area.message.send_button.text()
    press(Qt.Key.Key_Return)
    assert len(teller.commands) == 1


def test_a_refusal_is_said_where_the_message_is(area: PlaybookArea, teller: Teller) -> None:
    area.row.fire(NOTICE)
    teller.preview()
    press(Qt.Key.Key_Return)
    teller.refuse("Not sent. They said STOP a moment ago.")
    assert area.message.isVisible()
    assert area.message.trouble.text() == "Not sent. They said STOP a moment ago."


def test_a_refusal_is_said_although_the_message_was_put_away(
    area: PlaybookArea, teller: Teller
) -> None:
    area.row.fire(NOTICE)
    teller.preview()
    press(Qt.Key.Key_Return)
    press(Qt.Key.Key_Escape)
    teller.refuse("They said STOP a moment ago.")
    assert area.declined.text() == "A message was not sent. They said STOP a moment ago."


def test_windows_are_offered_as_they_are_ticked(area: PlaybookArea, teller: Teller) -> None:
    area.row.fire(SLOT)
    teller.preview()
    boxes = area.message.slots.boxes
    assert [box.isChecked() for box in boxes][:4] == [True, True, True, False]
    boxes[0].setChecked(False)
    teller.preview()
    assert boxes[0].text().split(" ")[-1] not in area.message.words.toPlainText()
    press(Qt.Key.Key_Return)
    offered = slots_of(teller.of(SendMessages)[0].messages[0].options["slots"])
    assert len(offered) == 2
    assert all(slot.start > NOON for slot in offered)


@pytest.mark.parametrize(
    ("number", "who", "begins"),
    [(DRIVER, "driver Driver A0", "+4236630001"), (CUSTOMER, "customer Customer 0000", "+423791")],
)
def test_a_call_opens_the_telephone_and_is_noted(
    area: PlaybookArea,
    teller: Teller,
    dialled: list[str],
    number: int,
    who: str,
    begins: str,
) -> None:
    area.row.fire(number)
    assert area.call.title.text() == f"Call {who}"
    assert ("masked" in area.call.number.text()) == (number == DRIVER)
    assert dialled == [], "nobody is called by looking"
    press(Qt.Key.Key_Return)
    assert dialled[0].startswith(f"tel:{begins}")
    assert teller.of(NoteException)[0].words == f"Called {who}"
    QTest.keyClicks(area.call.came_of_it, "is five minutes away")
    press(Qt.Key.Key_Return)
    assert teller.of(NoteException)[1].words == f"{who}: is five minutes away"
    assert not area.call.isVisible()


def test_a_number_is_dialled_and_nothing_else(
    told: Session, area: PlaybookArea, dialled: list[str]
) -> None:
    planned(told, "s0", masked_phone="+423 1?x=1&run=/etc;file://2")
    shown(area, told)
    area.row.fire(CUSTOMER)
    press(Qt.Key.Key_Return)
    assert dialled == ["tel:+423112"]


def test_the_customer_is_asked_about_a_point_before_anything_moves(
    told: Session, area: PlaybookArea, teller: Teller
) -> None:
    area.row.fire(POINTS)
    points = area.points.points
    assert points.count() == 2
    assert points.item(0).text().startswith("110 m · Demo Locker")
    press(Qt.Key.Key_Return)
    teller.preview()
    assert "Demo Locker" in area.message.words.toPlainText()
    press(Qt.Key.Key_Return)
    assert teller.of(SendMessages)[0].messages[0].options == {POINT: "p-near"}
    assert teller.of(AmendStop) == []
    area.row.fire(POINTS)
    area.points.agree()
    teller.accept()
    plan = told.state.stops["s0"].plan
    assert plan is not None
    assert (plan.lat, plan.address) == (47.101, "Demo Locker · Musterplatz 1")


def test_serving_earlier_is_tried_in_the_draft(
    told: Session, area: PlaybookArea, draft: Draft, teller: Teller
) -> None:
    area.show_record(about(told, "s4"))
    area.row.fire(EARLIER)
    (move,) = draft.gestures
    assert isinstance(move, Move)
    assert (move.stops, move.route_id) == (("s4",), "r0")
    assert draft.arranged["r0"].index("s4") < 4
    assert told.selection == ("stop", "s4"), "its sheet is shown"
    assert area.moving.preview.words
    press(Qt.Key.Key_Escape)
    assert draft.is_empty
    assert teller.commands == []


def about(session: Session, stop_id: str) -> ExceptionRecord:
    """The exception as if it were about another stop."""
    record = session.state.exceptions["x1"]
    assert record.finding is not None
    subject = replace(record.finding.subject, stop_id=stop_id)
    return replace(record, finding=replace(record.finding, subject=subject))


def test_enter_commits_what_is_tried(
    told: Session, area: PlaybookArea, teller: Teller, qtbot: QtBot
) -> None:
    area.show_record(about(told, "s4"))
    area.row.fire(EARLIER)
    press(Qt.Key.Key_Return)
    assert len(teller.of(SequenceRoutes)) == 1
    teller.accept()
    assert told.state.routes["r0"].sequence.index("s4") < 4
    qtbot.waitUntil(lambda: not area.moving.isVisible())


def test_taken_back_elsewhere_the_step_is_put_away(
    told: Session, area: PlaybookArea, draft: Draft, qtbot: QtBot
) -> None:
    area.show_record(about(told, "s4"))
    area.row.fire(EARLIER)
    draft.undo()
    qtbot.waitUntil(lambda: not area.moving.isVisible())


def test_a_gesture_made_since_is_not_taken_back(
    told: Session, area: PlaybookArea, draft: Draft
) -> None:
    area.show_record(about(told, "s4"))
    area.row.fire(EARLIER)
    other = Move(stops=("s6",), route_id="r1", before="s5")
    draft.add(other)
    area.moving.close_pane()
    assert draft.gestures[-1] == other
    assert len(draft.gestures) == 2


def test_the_next_stop_cannot_be_served_earlier(area: PlaybookArea) -> None:
    assert why_not(area, EARLIER) == "It is the next stop already."
    said: list[str] = []
    area.row.declined.connect(said.append)
    area.row.fire(EARLIER)
    assert said == ["It is the next stop already."]
    assert area.open_pane is None


def test_returning_to_the_depot_takes_it_off_its_route_in_the_draft(
    area: PlaybookArea, draft: Draft
) -> None:
    area.row.fire(RETURN)
    assert "s0" in draft.orders[UNASSIGNED]
    draft.discard()
    assert draft.is_empty


def test_customers_of_a_late_vehicle_are_listed_for_the_exceptions_route(
    told: Session, area: PlaybookArea, fleet: Fleet
) -> None:
    assert why_not(area, BULK).startswith("Every other customer of this route")
    expect(told, fleet, {"s3": (150.0, Punctuality.LATE)})
    shown(area, told)
    wanted: list[tuple[Case, PlaybookStep]] = []
    area.bulk_wanted.connect(lambda case, step: wanted.append((case, step)))
    area.row.fire(BULK)
    ((case, step),) = wanted
    assert case.route is not None
    assert (case.route.id, case.record.id, step.template) == ("r0", "x1", "delay_notice")


def test_the_stops_of_a_broken_vehicle_are_spread_from_its_exception(
    told: Session, area: PlaybookArea, qtbot: QtBot
) -> None:
    step = PlaybookStep(title="Spread its stops", action=StepAction.SPREAD_STOPS)
    books = (Playbook(kind=ExceptionKind.LATE_RISK, steps=(step,)),)
    happen(told, event(e.PlaybooksSet(version=3, playbooks=books)))
    shown(area, told)
    with qtbot.waitSignal(area.spread_wanted) as wanted:
        area.row.fire(1)
    assert wanted.args == ["r0"]
    happen(told, event(e.RouteFinished(), Subject(route_id="r0"), at=told.now))
    shown(area, told)
    assert why_not(area, 1).endswith("has no stops left to take over.")


def test_without_a_number_a_step_says_why_it_cannot_be_done(
    told: Session, area: PlaybookArea
) -> None:
    planned(told, "s0", phone="", email="", masked_phone="")
    shown(area, told)
    for number in (NOTICE, CUSTOMER, SAFE, POINTS):
        assert why_not(area, number).startswith("Nobody gave a phone number")
        assert not area.row.buttons[number - 1].isEnabled()
        assert area.row.buttons[number - 1].toolTip() == why_not(area, number)
    assert why_not(area, DRIVER) == ""


def test_a_stop_that_is_done_is_neither_moved_nor_left_elsewhere(
    told: Session, area: PlaybookArea
) -> None:
    subject = replace(told.state.exceptions["x1"].finding.subject)  # type: ignore[union-attr]
    happen(told, event(e.StopDelivered(), subject, at=NOON))
    shown(area, told)
    for number in (EARLIER, RETURN, SAFE, POINTS):
        assert why_not(area, number) == "The stop is delivered."


def test_what_is_resolved_has_no_playbook(told: Session, area: PlaybookArea) -> None:
    record = told.state.exceptions["x1"]
    work = replace(record.work, state=ExceptionState.RESOLVED)
    area.show_record(replace(record, work=work))
    assert area.row.offered == ()


def test_another_exception_puts_away_what_was_open(
    told: Session, area: PlaybookArea, teller: Teller
) -> None:
    area.row.fire(NOTICE)
    teller.preview()
    area.show_record(None)
    assert area.open_pane is None
    area.show_record(told.state.exceptions["x1"])
    assert area.open_pane is None
