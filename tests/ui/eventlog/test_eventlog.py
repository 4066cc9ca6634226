"""The event log tells everything that happens in words, and leads to what it is about."""

from datetime import timedelta

import msgspec
import pytest
from hypothesis import given
from PySide6.QtCore import Qt
from PySide6.QtTest import QAbstractItemModelTester, QTest
from PySide6.QtWidgets import QComboBox, QLineEdit, QTableView
from pytestqt.qtbot import QtBot

from tests.domain.happenings import histories
from tests.ui.example_shift import NOON, event, numbered, raised
from tower.domain import events as e
from tower.domain.commands import AnyCommand
from tower.domain.fold import apply
from tower.domain.messages import Attempt, MessagePlan, Reach
from tower.domain.records import Finding, StopChanges, Subject
from tower.domain.state import State
from tower.domain.words import (
    AttemptReason,
    Awaited,
    Channel,
    Disposition,
    ExceptionKind,
    ExceptionState,
    MessageState,
    Notice,
    Severity,
)
from tower.gateway.answers import EventPage
from ui.eventlog.model import CAPACITY, LogModel
from ui.eventlog.panel import EventLogPanel
from ui.eventlog.past import EVENTS
from ui.eventlog.words import TOPICS, Line, line_of, tells_all
from ui.eventlog.work import command_words
from ui.exceptions.happened import Reader
from ui.exceptions.happened import told as told_of
from ui.exchange import Answer, Question
from ui.filter import links
from ui.session import Session
from ui.theme import palettes


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


@pytest.mark.parametrize(
    ("body", "text"),
    [
        (
            e.ExceptionWorked(state=ExceptionState.OPEN, version=1, assigned_name="K. Demo"),
            f"{FIRST} — back in the queue, for K. Demo",
        ),
        (
            e.ExceptionWorked(
                state=ExceptionState.SNOOZED,
                version=1,
                snoozed_until=NOON + timedelta(minutes=30),
                awaits=Awaited.REPLY,
                cause="calls back",
            ),
            f"{FIRST} — snoozed until 13:30 or the reply · calls back",
        ),
        (
            e.ExceptionWorked(
                state=ExceptionState.ESCALATED,
                version=1,
                escalated_at=NOON,
                escalated_because="wants a refund",
            ),
            f"{FIRST} — a supervisor is asked to look · wants a refund",
        ),
        (
            e.ExceptionWorked(
                state=ExceptionState.CLAIMED,
                version=1,
                owner_name="K. Demo",
                escalated_at=NOON,
                escalated_because="Past its SLA of 12:50.",
                by_rule=True,
            ),
            f"{FIRST} — a supervisor is asked to look · Past its SLA of 12:50.",
        ),
        (
            e.ExceptionWorked(
                state=ExceptionState.ESCALATED,
                version=1,
                escalated_at=NOON - timedelta(minutes=9),
                escalated_because="wants a refund",
            ),
            f"{FIRST} — waits for a supervisor",
        ),
        (
            e.ExceptionWorked(
                state=ExceptionState.RESOLVED,
                version=1,
                disposition=Disposition.FALSE_ALARM,
                cause="tunnel",
            ),
            f"{FIRST} — resolved as a false alarm · tunnel",
        ),
        (
            e.ExceptionWorked(
                state=ExceptionState.RESOLVED,
                version=1,
                disposition=Disposition.DUPLICATE,
                cause="Duplicate of Late",
            ),
            f"{FIRST} — closed as a duplicate · Duplicate of Late",
        ),
        (e.ExceptionNoted(words="rang twice"), f"Note on {FIRST} · rang twice"),
    ],
)
def test_the_work_of_the_room_is_told(session: Session, body: e.AnyBody, text: str) -> None:
    one = event(body, Subject(exception_id="x1"))
    line = line_of(one, session.state, session.links)
    assert (line.text, line.topic) == (text, "exceptions")


SMS = Reach(channel=Channel.SMS, address="+4179")
PLAN = MessagePlan(
    stop_id="s0",
    template="delay_notice",
    reaches=(SMS,),
    words="We are late.",
    send_after=NOON + timedelta(hours=8),
)


def attempt(state: MessageState, why: str = "") -> e.MessageProgressed:
    return e.MessageProgressed(
        attempt=Attempt(
            number=1,
            channel=Channel.SMS,
            address="+4179",
            provider="outbox",
            state=state,
            at=NOON,
            why=why,
        )
    )


FROM = "ustomer of Stop 1 of R-200, Customer 0000"


@pytest.mark.parametrize(
    ("body", "text"),
    [
        (
            e.MessageQueued(plan=PLAN),
            f"C{FROM} is to be told: delay notice, held until 21:00 · We are late.",
        ),
        (
            attempt(MessageState.UNKNOWN, "No answer in 30 s"),
            f"SMS to c{FROM} may have been sent or not, nobody knows · No answer in 30 s",
        ),
        (attempt(MessageState.NOT_SENT), f"SMS to c{FROM} is kept in the outbox and not sent"),
        (
            e.MessageCancelled(version=2, why="The stop is done"),
            f"Message to c{FROM} is not sent any more · The stop is done",
        ),
        (
            e.MessageBarred(template="", why="They do not want messages"),
            f"C{FROM} is not told: words of our own · They do not want messages",
        ),
        (
            e.ReplyReceived(reply_id="y", channel=Channel.EMAIL, address="a@b.example", words="Ok"),
            f"C{FROM} wrote by e-mail · Ok",
        ),
        (e.RepliesSeen(replies=("y", "z")), f"2 replies of c{FROM} read"),
        (
            e.RepliesSeen(replies=("y",), deed="code attached"),
            f"Reply of c{FROM} dealt with · code attached",
        ),
        (
            e.ConsentSet(address="+4179", allowed=False, words="STOP"),
            "+4179 is not written to any more · STOP",
        ),
        (
            e.StopAmended(
                changes=StopChanges(
                    access_code="4417#",
                    safe_place="",
                    window_start=NOON,
                    window_end=NOON + timedelta(hours=1),
                    address="Kiosk",
                ),
                because="by telephone",
            ),
            (
                "Agreed about Stop 1 of R-200, Customer 0000: code 4417#, no safe place, "
                "window 13:00–14:00, to Kiosk · by telephone"
            ),
        ),
    ],
)
def test_what_is_said_to_customers_and_by_them_is_told(
    session: Session, body: e.AnyBody, text: str
) -> None:
    line = line_of(event(body, Subject(stop_id="s0")), session.state, session.links)
    assert (line.text, line.topic) == (text, "customers")


def test_a_reply_of_somebody_unknown_says_from_where(session: Session) -> None:
    reply = e.ReplyReceived(reply_id="y", channel=Channel.SMS, address="+4178", words="Hi")
    assert told(session, reply) == "Somebody unknown, +4178, wrote by SMS · Hi"


def test_a_refusal_of_every_order_has_words_and_its_topic(session: Session) -> None:
    assert command_words() == {one.__struct_config__.tag for one in AnyCommand.__args__}
    why = e.CommandRefused(command="snooze_exception", why="It is over.")
    line = line_of(event(why, Subject(exception_id="x1")), session.state, session.links)
    assert (line.text, line.topic) == ("Snooze refused: It is over.", "exceptions")
    why = e.CommandRefused(command="amend_stop", why="Done.")
    line = line_of(event(why, Subject(stop_id="s0")), session.state, session.links)
    assert line.text == ("What was agreed about Stop 1 of R-200, Customer 0000 refused: Done.")


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


@given(histories)
def test_whatever_happens_in_whatever_order_is_told(history: list[e.Event]) -> None:
    state = State()
    for one in history:
        apply(state, one)
        line = line_of(one, state, links(state))
        assert line.topic in TOPICS
        assert line.tone in palettes()["dark"]
        assert line.text == line.text.strip() != ""
        assert "None" not in line.text
        assert "{" not in line.text


@given(histories)
def test_a_history_has_words_for_everybody_who_did_something(history: list[e.Event]) -> None:
    reader = Reader("x1", "c1", lambda at: f"{at:%H:%M}")
    for one, words in told_of(history, reader):
        assert one in history
        assert words == words.strip()
        assert "None" not in words


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
