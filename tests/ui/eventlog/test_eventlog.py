"""The event log tells everything that happens in words, and leads to what it is about."""

from datetime import timedelta

import msgspec
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QAbstractItemModelTester, QTest
from PySide6.QtWidgets import QComboBox, QLineEdit, QTableView
from pytestqt.qtbot import QtBot

from tests.ui.example_shift import NOON, event, numbered, raised
from tower.domain import events as e
from tower.domain.records import Finding, Subject
from tower.domain.words import AttemptReason, ExceptionKind, ExceptionState, Notice, Severity
from tower.gateway.answers import EventPage
from ui.eventlog.model import CAPACITY, LogModel
from ui.eventlog.panel import EventLogPanel
from ui.eventlog.past import EVENTS
from ui.eventlog.words import Line, line_of, tells_all
from ui.session import Answer, Question, Session


@pytest.fixture
def panel(session: Session, qtbot: QtBot) -> EventLogPanel:
    """A log with three events: a delivery, an attempt and an exception."""
    panel = EventLogPanel(session)
    QAbstractItemModelTester(
        panel.model, QAbstractItemModelTester.FailureReportingMode.Fatal, panel
    )
    qtbot.addWidget(panel)
    panel.resize(900, 200)
    panel.show()
    qtbot.waitExposed(panel)
    about = Subject(stop_id="s1", route_id="r0")
    other = Subject(stop_id="s7", route_id="r1")
    happened = [
        event(e.StopDelivered(), about, at=NOON),
        event(e.StopAttempted(reason=AttemptReason.NOT_HOME), other, at=NOON),
        raised("x9", stop=2),
    ]
    session.fold_events(numbered(happened, start=200))
    return panel


RAISED = (
    "Stop 3 of R-200, Customer 0002: no access, Stop 3 · gate code missing"
    " · Driver at the door for 6 min"
)
FIRST = "Stop 1 of R-200, Customer 0000: no access, Stop 1 · gate code missing"


def _texts(model: LogModel) -> list[str]:
    return [model.line(row).text for row in range(model.rowCount())]


def test_what_happens_appears_in_words(panel: EventLogPanel) -> None:
    assert _texts(panel.model) == [
        "Stop 2 of R-200, Customer 0001 delivered",
        "Stop 3 of R-201, Customer 0007 attempted: not home",
        RAISED,
    ]


def test_times_are_those_of_the_shift(panel: EventLogPanel) -> None:
    assert panel.model.index(0, 0).data() == "13:00:00"


def test_a_click_selects_what_it_is_about(panel: EventLogPanel, session: Session) -> None:
    table = panel.findChild(QTableView)
    assert isinstance(table, QTableView)
    place = table.visualRect(panel.model.index(1, 1)).center()
    QTest.mouseClick(table.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert session.selection == ("stop", "s7")


def test_words_and_topics_narrow_the_log(panel: EventLogPanel) -> None:
    field = panel.findChild(QLineEdit)
    assert isinstance(field, QLineEdit)
    QTest.keyClicks(field, "r-201 home")
    assert len(_texts(panel.model)) == 1
    field.clear()
    topics = panel.findChild(QComboBox)
    assert isinstance(topics, QComboBox)
    topics.setCurrentIndex(topics.findData("exceptions"))
    assert _texts(panel.model) == [RAISED]


def test_a_filter_holds_for_what_comes_later(panel: EventLogPanel, session: Session) -> None:
    panel.model.narrow("exceptions", "")
    later = [event(e.StopDelivered(), Subject(stop_id="s3"), at=NOON), raised("x10", stop=4)]
    session.fold_events(numbered(later, start=300))
    assert len(_texts(panel.model)) == 2


def test_claims_and_clearings_are_told(session: Session) -> None:
    subject = Subject(exception_id="x1")
    claimed = e.ExceptionWorked(
        state=ExceptionState.CLAIMED, version=1, owner="d1", owner_name="Dispatcher 1"
    )
    cleared = e.ExceptionWorked(state=ExceptionState.RESOLVED, version=2, by_rule=True)
    texts = [
        line_of(event(body, subject), session.state, session.links).text
        for body in (claimed, cleared)
    ]
    assert texts == [
        f"{FIRST} — claimed by Dispatcher 1",
        f"{FIRST} — cleared by itself",
    ]


def told(session: Session, body: e.AnyBody, route_id: str = "") -> str:
    return line_of(event(body, Subject(route_id=route_id)), session.state, session.links).text


def test_a_new_order_says_what_it_took_off_and_whose_word_broke_what(session: Session) -> None:
    order = e.RouteSequence(route_id="r0", version=2, stops=("s0",))
    plain = e.RoutesSequenced(routes=(order,), unassigned=("s1",), reason="jam")
    broken = e.RoutesSequenced(
        routes=(order,), reason="agreed", overridden=("Stop 4: needs a tail lift",)
    )
    assert told(session, plain) == (
        "New order of stops on R-200, taken off: Stop 2 of R-200, Customer 0001 · jam"
    )
    assert "R-200 — broken on" in told(session, broken)
    assert told(session, broken).endswith("'s word: Stop 4: needs a tail lift · agreed")


def test_what_was_refused_is_told_in_words(session: Session) -> None:
    why = "Nobody holds this exception."
    released = e.CommandRefused(command="release_exception", why=why)
    assert told(session, released) == f"Release refused: {why}"
    ordered = e.CommandRefused(command="sequence_routes", why="R-200 was changed since.")
    assert told(session, ordered, "r0") == (
        "New order of stops on R-200 refused: R-200 was changed since."
    )


def test_a_change_of_many_routes_names_a_few(session: Session) -> None:
    orders = tuple(e.RouteSequence(route_id=f"x{n}", version=2, stops=()) for n in range(60))
    assert told(session, e.RoutesSequenced(routes=orders)).endswith("x3, x4 and 55 more")


def test_locks_and_drivers_notices_are_told(session: Session) -> None:
    locked = e.StopsLocked(stops=("s0",), locked=True, reason="promised by phone")
    declined = e.SequenceNoticed(version=2, notice=Notice.DECLINED, note="road closed")
    assert told(session, locked) == "Stop 1 of R-200, Customer 0000 locked · promised by phone"
    assert told(session, e.StopsLocked(stops=("s0",), locked=False)).endswith("released")
    assert told(session, declined, "r0") == (
        "The driver of R-200 declined the new order · road closed"
    )


def test_every_type_of_event_has_words() -> None:
    assert tells_all() == frozenset(e.AnyBody.__args__)


def test_a_full_log_drops_its_oldest_lines(session: Session, qtbot: QtBot) -> None:
    model = LogModel(session)
    tester = QAbstractItemModelTester(
        model, QAbstractItemModelTester.FailureReportingMode.Fatal, model
    )
    at = (NOON + timedelta(minutes=1)).timestamp()
    lines = [
        Line(seq, at, "stops", f"event {seq}", "", "muted", "", "") for seq in range(CAPACITY + 5)
    ]
    model.append(lines[:CAPACITY])
    model.append(lines[CAPACITY:])
    assert model.rowCount() < CAPACITY
    assert model.line(model.rowCount() - 1).text == f"event {CAPACITY + 4}"
    assert tester.model() is model
    qtbot.wait(0)


def test_an_exception_of_a_vehicle_names_it_and_does_not_say_its_kind_twice(
    panel: EventLogPanel, session: Session
) -> None:
    finding = Finding(
        kind=ExceptionKind.NO_SIGNAL,
        severity=Severity.MAJOR,
        subject=Subject(exception_id="x20", vehicle_id="own:v0"),
        headline="No signal since 11:50",
        source="watch",
    )
    session.fold_events(
        numbered([event(e.ExceptionRaised(finding=finding), finding.subject)], start=400)
    )
    assert _texts(panel.model)[-1] == "FL 4000: No signal since 11:50"


def test_the_log_begins_with_what_happened_before_this_desktop_joined(
    panel: EventLogPanel, session: Session
) -> None:
    asked: list[Question] = []
    session.question_asked.connect(asked.append)
    past = numbered([event(e.StopDelivered(), Subject(stop_id="s3"))], start=session.state.seq)
    session.replace_state(session.state, "another epoch")
    assert _texts(panel.model) == []
    assert asked[0].path == f"/v1/events?after=0&limit={EVENTS}"
    now = numbered([event(e.StopDelivered(), Subject(stop_id="s4"))], start=900)
    session.fold_events(now)
    page = EventPage(events=tuple(past), next=0)
    asked[0].on_answer(Answer(status=200, body=msgspec.json.encode(page)))
    assert _texts(panel.model) == [
        "Stop 4 of R-200, Customer 0003 delivered",
        "Stop 5 of R-200, Customer 0004 delivered",
    ]


def test_an_answer_about_a_state_that_is_gone_is_left_out(
    panel: EventLogPanel, session: Session
) -> None:
    asked: list[Question] = []
    session.question_asked.connect(asked.append)
    for epoch in ("second", "third"):
        session.replace_state(session.state, epoch)
    first, second = asked
    page = EventPage(events=tuple(numbered([raised("x30")], start=1)), next=0)
    first.on_answer(Answer(status=200, body=msgspec.json.encode(page)))
    assert _texts(panel.model) == []
    second.on_answer(Answer(status=0, message="no gateway"))
    session.fold_events(numbered([event(e.StopDelivered(), Subject(stop_id="s4"))], start=900))
    assert _texts(panel.model) == ["Stop 5 of R-200, Customer 0004 delivered"]
