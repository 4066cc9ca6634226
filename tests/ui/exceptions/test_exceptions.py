"""The exception queue and its card, worked by mouse and keyboard."""

import time
from datetime import timedelta

import msgspec
import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QPushButton

from tests.ui.conftest import Fleet
from tests.ui.example_shift import NOON, event, numbered, raised
from tests.ui.exceptions.happenings import claimed, happen, worked
from tests.ui.expecting import click, column, expect, point_at
from tower.domain import events as e
from tower.domain.commands import ClaimException, Command, ReopenException, ResolveException
from tower.domain.records import Finding, Subject
from tower.domain.words import ExceptionKind, ExceptionState, Punctuality, Severity
from ui.exceptions.panel import ExceptionsPanel
from ui.exceptions.rows import View, sla_words
from ui.exchange import Answer, CommandResult, Question
from ui.filter import Hidden
from ui.session import Session

_KIND, _SUBJECT, _DETAIL, _SLA, _OWNER = range(5)


def test_the_gravest_stands_first_and_among_equals_what_is_due_first(
    session: Session, panel: ExceptionsPanel
) -> None:
    finding = session.state.exceptions["x4"].finding
    assert finding is not None
    sooner = msgspec.structs.replace(finding, sla_due_at=NOON + timedelta(minutes=2))
    raised_again = e.ExceptionRaised(finding=sooner)
    happen(session, event(raised_again, sooner.subject, at=NOON + timedelta(seconds=1)))
    assert list(panel.model.ids) == ["x1", "x3", "x4", "x2"]


def test_a_row_says_what_where_and_until_when(panel: ExceptionsPanel) -> None:
    assert column(panel.model, _KIND)[0] == "no access"
    assert column(panel.model, _SUBJECT)[0] == "Stop 1 · Customer 0000 · R-200"
    assert column(panel.model, _DETAIL)[0] == (
        "Stop 1 · gate code missing — Driver at the door for 6 min"
    )
    assert column(panel.model, _SLA)[0] == "SLA 10:00"


@pytest.mark.parametrize(
    ("due", "words"),
    [
        (72.0, "SLA 1:12"),
        (0.0, "SLA 0:00"),
        (-41.0, "SLA −0:41"),
        (5400.0, "SLA 1 h 30"),
        (-7260.0, "SLA −2 h 01"),
        (None, ""),
    ],
)
def test_the_countdown_goes_on_below_zero(due: float | None, words: str) -> None:
    assert sla_words(due, 0.0) == words


def test_tabs_count_what_is_open_mine_and_resolved(
    session: Session, panel: ExceptionsPanel
) -> None:
    happen(session, claimed("x1", "operator"), worked("x2", ExceptionState.RESOLVED, 1))
    tabs = panel.header.tabs
    titles = [tabs.tabText(tab) for tab in range(tabs.count())]
    assert titles == ["Exceptions (3)", "Mine (1)", "Snoozed (0)", "Resolved"]
    tabs.setCurrentIndex(View.MINE)
    assert list(panel.model.ids) == ["x1"]
    assert column(panel.model, _OWNER) == ["you"]
    tabs.setCurrentIndex(View.RESOLVED)
    assert list(panel.model.ids) == ["x2"]


def test_an_empty_queue_says_so(panel: ExceptionsPanel) -> None:
    panel.header.tabs.setCurrentIndex(View.RESOLVED)
    assert not panel.queue.isVisible()
    panel.header.tabs.setCurrentIndex(View.OPEN)
    assert panel.queue.isVisible()


def test_j_and_k_walk_the_queue_and_stay_within_it(
    session: Session, panel: ExceptionsPanel
) -> None:
    panel.walk(1)
    assert session.selection == ("exception", "x1")
    panel.walk(1)
    assert session.selection == ("exception", "x3")
    for _ in range(9):
        panel.walk(1)
    assert session.selection.id == panel.model.ids[-1]
    for _ in range(9):
        panel.walk(-1)
    assert session.selection == ("exception", "x1")


def test_the_walk_goes_on_where_a_resolved_one_stood(
    session: Session, panel: ExceptionsPanel
) -> None:
    panel.walk(1)
    panel.walk(1)
    happen(session, worked("x3", ExceptionState.RESOLVED, 1))
    panel.walk(1)
    assert session.selection.id == panel.model.ids[1]


def test_the_walk_goes_on_after_a_link_was_followed(
    session: Session, panel: ExceptionsPanel
) -> None:
    panel.walk(1)
    panel.open_current()
    assert session.selection == ("stop", "s0")
    assert panel.card.exception_id == "x1"
    panel.walk(1)
    assert session.selection == ("exception", "x3")


def test_a_new_critical_one_does_not_move_the_row_under_the_pointer(
    session: Session, panel: ExceptionsPanel
) -> None:
    point_at(panel.queue, "x3")
    happen(session, raised("x9", 3, Severity.CRITICAL))
    assert list(panel.model.ids)[:3] == ["x1", "x3", "x9"]
    assert panel.model.freshness("x9") == 1.0
    assert panel.model.freshness("x1") == 0.0
    QApplication.sendEvent(panel.queue.viewport(), QEvent(QEvent.Type.Leave))
    assert list(panel.model.ids).index("x9") < 2


def test_a_pointer_left_lying_over_the_queue_keeps_nothing_off_its_top(
    session: Session, panel: ExceptionsPanel, monkeypatch: pytest.MonkeyPatch
) -> None:
    point_at(panel.queue, "x3")
    later = time.monotonic() + 31.0
    monkeypatch.setattr("ui.widgets.rowlist.monotonic", lambda: later)
    happen(session, raised("x9", 3, Severity.CRITICAL))
    assert list(panel.model.ids).index("x9") < 2


def test_what_was_raised_long_ago_is_no_news(session: Session, panel: ExceptionsPanel) -> None:
    old = raised("x9", 3, Severity.CRITICAL)
    happen(session, msgspec.structs.replace(old, at=NOON - timedelta(minutes=5)))
    assert panel.model.place_of("x9") >= 0
    assert panel.model.freshness("x9") == 0.0


def test_the_card_says_when_why_and_who(
    session: Session, panel: ExceptionsPanel, fleet: Fleet
) -> None:
    expect(session, fleet, {"s0": (20.0, Punctuality.ON_TIME)})
    click(panel.queue, "x1")
    card = panel.card
    assert card.headline.text() == "Stop 1 · Customer 0000 · R-200 — no access"
    assert card.measures.text() == "ETA 13:20 (13:17–13:26) · window 13:00–15:00"
    assert "Driver at the door for 6 min" in card.why.text()
    assert card.standing.text() == "Critical · open since 13:00, nobody works on it yet"


def test_links_select_everywhere(session: Session, panel: ExceptionsPanel) -> None:
    click(panel.queue, "x1")
    links = panel.card.links.findChildren(QPushButton)
    words = {link.text(): link for link in links}
    assert list(words) == ["Stop 1", "R-200 · Driver A0", "FL 4000"]
    QTest.mouseClick(words["FL 4000"], Qt.MouseButton.LeftButton)
    assert session.selection == ("vehicle", "own:v0")
    assert panel.card.exception_id == "x1"


def test_a_claim_is_sent_against_the_version_seen(
    panel: ExceptionsPanel, sent: list[Command]
) -> None:
    click(panel.queue, "x1")
    QTest.mouseClick(panel.card.buttons.by_name["claim"], Qt.MouseButton.LeftButton)
    assert sent == [ClaimException(exception_id="x1", version=0)]
    assert not panel.card.buttons.by_name["claim"].isEnabled()
    panel.act("claim")
    assert len(sent) == 1, "a claim on its way is not sent again"


def test_somebody_faster_is_said_on_the_card(
    session: Session, panel: ExceptionsPanel, sent: list[Command]
) -> None:
    click(panel.queue, "x1")
    panel.act("claim")
    message = "Person B is working on this exception."
    session.answer(sent[0], CommandResult(status=409, error="version", message=message))
    assert panel.card.trouble.isVisible()
    assert panel.card.trouble.text() == message
    assert panel.card.buttons.by_name["claim"].isEnabled()
    click(panel.queue, "x3")
    click(panel.queue, "x1")
    assert not panel.card.trouble.isVisible()


def test_buttons_fit_the_state(session: Session, panel: ExceptionsPanel) -> None:
    click(panel.queue, "x1")

    def shown() -> set[str]:
        buttons = panel.card.buttons.by_name.items()
        return {name for name, button in buttons if not button.isHidden()}

    assert shown() == {"claim", "resolve", "snooze", "moment"}
    happen(session, claimed("x1", "operator"))
    assert shown() == {"release", "resolve", "snooze", "moment"}
    assert panel.card.standing.text().endswith("claimed by you")
    happen(session, worked("x1", ExceptionState.RESOLVED, 2, owner="operator", cause="Found it"))
    assert shown() == {"reopen", "moment"}
    assert panel.card.standing.text().endswith("resolved by you at 13:00: Found it")


def test_from_the_filter_the_keys_go_to_a_row_it_shows(
    session: Session, panel: ExceptionsPanel
) -> None:
    click(panel.queue, "x1")
    box = panel.filters.box
    other = panel.model.read("x3")
    assert other is not None
    box.setText(other.subject)
    assert list(panel.model.ids) == ["x3"]
    QTest.keyClick(box, Qt.Key.Key_Return)
    assert session.selection == ("exception", "x3")
    assert panel.card.exception_id == "x3"


def test_a_stop_taken_off_its_route_is_not_said_to_be_on_it(
    session: Session, panel: ExceptionsPanel
) -> None:
    row = panel.model.read("x1")
    assert row is not None
    assert row.subject.endswith("· R-200")
    (order,) = (one.sequence for one in session.state.routes.values() if one.id == "r0")
    left = tuple(stop_id for stop_id in order if stop_id != "s0")
    sequence = e.RouteSequence(route_id="r0", version=2, stops=left)
    happen(session, event(e.RoutesSequenced(routes=(sequence,), unassigned=("s0",))))
    row = panel.model.read("x1")
    assert row is not None
    assert row.subject == "Stop · Customer 0000"


def test_resolving_asks_for_the_cause(panel: ExceptionsPanel, sent: list[Command]) -> None:
    click(panel.queue, "x1")
    panel.act("resolve")
    field = panel.prompt.field
    assert field.isVisible()
    QTest.keyClicks(field, "Gate code from the caretaker ")
    QTest.keyClick(field, Qt.Key.Key_Return)
    cause = "Gate code from the caretaker"
    assert sent == [ResolveException(exception_id="x1", version=0, cause=cause)]
    assert not field.isVisible()


def test_escape_leaves_it_open(panel: ExceptionsPanel, sent: list[Command]) -> None:
    click(panel.queue, "x1")
    panel.act("resolve")
    field = panel.prompt.field
    QTest.keyClicks(field, "Never mind")
    QTest.keyClick(field, Qt.Key.Key_Escape)
    assert not field.isVisible()
    assert field.text() == ""
    assert sent == []


def test_what_is_resolved_can_be_reopened(
    session: Session, panel: ExceptionsPanel, sent: list[Command]
) -> None:
    happen(session, worked("x1", ExceptionState.RESOLVED, 1))
    panel.header.tabs.setCurrentIndex(View.RESOLVED)
    click(panel.queue, "x1")
    panel.act("resolve")
    assert not panel.prompt.isVisible(), "what is resolved is not resolved again"
    panel.act("reopen")
    assert sent == [ReopenException(exception_id="x1", version=1)]


def asked_of_the_past(session: Session) -> list[Question]:
    """What is asked about events from now on."""
    asked: list[Question] = []

    def note(question: Question) -> None:
        if question.path.startswith("/v1/events?"):
            asked.append(question)

    session.question_asked.connect(note)
    return asked


def test_the_past_is_asked_once_and_kept_up_to_date(
    session: Session, panel: ExceptionsPanel
) -> None:
    asked = asked_of_the_past(session)
    click(panel.queue, "x3")
    assert asked[-1].path.startswith("/v1/events?exception=x3&")
    known = [
        raised("x3", 6, Severity.MAJOR, ExceptionKind.NO_SIGNAL),
        claimed("x3", "b", "Person B"),
    ]
    body = msgspec.json.encode({"events": numbered(known), "next": 2})
    asked[-1].on_answer(Answer(status=200, body=body))
    assert panel.card.past.text().splitlines() == [
        "13:00   claimed by Person B",
        "13:00   major: Stop 2 · gate code missing",
    ]
    renewal = worked("x3", ExceptionState.CLAIMED, 2, owner="b", owner_name="Person B")
    happen(session, renewal)
    assert len(panel.card.past.text().splitlines()) == 2, "a renewed claim is no news"
    happen(session, worked("x3", ExceptionState.OPEN, 3, by_rule=True))
    assert panel.card.past.text().splitlines()[0] == "13:00   claim of Person B lapsed"


@pytest.mark.parametrize(
    "answer", [Answer(message="the gateway does not answer"), Answer(status=200, body=b"<html>")]
)
def test_a_past_that_cannot_be_had_says_why(
    session: Session, panel: ExceptionsPanel, answer: Answer
) -> None:
    asked = asked_of_the_past(session)
    click(panel.queue, "x3")
    asked[-1].on_answer(answer)
    assert panel.card.past.text().startswith("The past is not here: ")


def test_a_refusal_says_to_whom_and_another_journal_tells_another_past(
    session: Session, panel: ExceptionsPanel
) -> None:
    asked = asked_of_the_past(session)
    click(panel.queue, "x3")
    refused = e.CommandRefused(command="claim_exception", why="Person B was faster.")
    happen(session, event(refused, Subject(exception_id="x3")))
    assert panel.card.past.text() == "13:00   refused to test: Person B was faster."
    session.replace_state(session.state, "another epoch")
    assert panel.card.past.text() == ""
    assert len(asked) == 2


def test_an_answer_about_another_exception_is_not_shown(
    session: Session, panel: ExceptionsPanel
) -> None:
    asked = asked_of_the_past(session)
    click(panel.queue, "x3")
    click(panel.queue, "x4")
    asked[0].on_answer(Answer(message="too late"))
    assert panel.card.past.text() == ""


def test_the_customers_words_stand_on_the_card(session: Session, panel: ExceptionsPanel) -> None:
    asks = e.CustomerContacted(topic="wismo", channel="phone", words="Where is my order?")
    happen(session, event(asks, Subject(stop_id="s7", route_id="r1")))
    click(panel.queue, "x4")
    assert panel.card.bubbles.words == [("Where is my order?", "13:00 · customer by phone")]
    click(panel.queue, "x1")
    assert panel.card.bubbles.words == []


def test_an_exception_of_a_vehicle_says_what_the_vehicle_says(
    session: Session, panel: ExceptionsPanel
) -> None:
    subject = Subject(exception_id="x8", vehicle_id="own:v0", carrier_id="own")
    finding = Finding(
        kind=ExceptionKind.TEMPERATURE,
        severity=Severity.CRITICAL,
        subject=subject,
        headline="Fridge above 8 °C",
    )
    happen(session, event(e.ExceptionRaised(finding=finding), subject))
    click(panel.queue, "x8")
    assert panel.card.headline.text() == "R-200 · Driver A0 · FL 4000 — cold chain"
    assert column(panel.model, _SLA)[panel.model.place_of("x8")] == ""
    assert not panel.card.measures.isVisible(), "it was never heard of"


def test_unasked_the_card_shows_the_gravest_at_first(
    session: Session, panel: ExceptionsPanel
) -> None:
    assert panel.card.exception_id == "x1"
    assert session.selection.kind == "", "nothing is selected for the user"


def test_a_command_that_was_done_frees_the_buttons(
    session: Session, panel: ExceptionsPanel, sent: list[Command]
) -> None:
    click(panel.queue, "x1")
    panel.act("claim")
    happen(session, claimed("x1", "operator"))
    session.answer(sent[0], CommandResult(status=200, seq=9))
    assert panel.card.buttons.by_name["resolve"].isEnabled()
    assert panel.card.trouble.text() == ""
    panel.act("release")
    assert len(sent) == 2


def test_a_lost_gateway_is_said_on_the_card(
    session: Session, panel: ExceptionsPanel, sent: list[Command]
) -> None:
    click(panel.queue, "x3")
    panel.act("claim")
    session.answer(sent[0], CommandResult(status=0, message="The gateway does not answer."))
    assert panel.card.trouble.text() == "The gateway does not answer."


def test_carriers_taken_off_the_screen_take_their_exceptions_along(
    session: Session, panel: ExceptionsPanel
) -> None:
    session.hide(Hidden(carriers=frozenset({"own"})))
    assert panel.model.rowCount() == 0
    assert not panel.queue.isVisible()
    session.hide(Hidden())
    assert panel.model.rowCount() == 4


def test_a_card_whose_words_fit_does_not_scroll(panel: ExceptionsPanel) -> None:
    panel.resize(438, 900)
    QApplication.processEvents()
    assert panel.card.bubbles.answer.isVisible()
    assert not panel.card._scroll.verticalScrollBar().isVisible()
