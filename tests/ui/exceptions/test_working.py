"""Work on exceptions by the prompt, on one and on many at once, and what is said of it."""

from datetime import timedelta

import msgspec
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from tests.ui.example_shift import NOON, event, raised
from tests.ui.exceptions.happenings import BEN, by, claimed, happen, replied, worked
from tests.ui.expecting import click
from tower.domain import events as e
from tower.domain.commands import (
    AssignException,
    ClaimException,
    Command,
    EscalateException,
    MergeException,
    NoteException,
    ReopenException,
    ResolveException,
    SnoozeException,
    WakeException,
)
from tower.domain.words import Awaited, Disposition, ExceptionKind, ExceptionState, Severity
from ui.exceptions.panel import ExceptionsPanel
from ui.exceptions.rows import View
from ui.exchange import CommandResult
from ui.session import Session

_ENTER, _DOWN, _ESC = Qt.Key.Key_Return, Qt.Key.Key_Down, Qt.Key.Key_Escape


def type_in(panel: ExceptionsPanel, words: str, *keys: Qt.Key) -> None:
    """Write into the prompt and press keys there."""
    assert panel.prompt.isVisible()
    QTest.keyClicks(panel.prompt.field, words)
    for key in keys:
        QTest.keyClick(panel.prompt.field, key)


def mark(panel: ExceptionsPanel, *ids: str) -> None:
    """Click the first, and the others with Ctrl."""
    click(panel.queue, ids[0])
    for id_ in ids[1:]:
        at = panel.queue.visualRect(panel.model.index(panel.model.place_of(id_), 0)).center()
        QTest.mouseClick(
            panel.queue.viewport(),
            Qt.MouseButton.LeftButton,
            Qt.KeyboardModifier.ControlModifier,
            at,
        )


def test_s_and_enter_snooze_for_a_quarter_of_an_hour(
    panel: ExceptionsPanel, sent: list[Command]
) -> None:
    click(panel.queue, "x1")
    panel.act("snooze")
    assert panel.prompt.title == "Snooze Stop 1 · Customer 0000 · R-200 — no access"
    type_in(panel, "", _ENTER)
    until = NOON + timedelta(minutes=15)
    assert sent == [SnoozeException(exception_id="x1", version=0, until=until)]
    assert not panel.prompt.isVisible()
    assert panel.queue.hasFocus(), "the keys are back in the queue"


def test_a_snooze_until_something_happens(panel: ExceptionsPanel, sent: list[Command]) -> None:
    click(panel.queue, "x1")
    panel.act("snooze")
    type_in(panel, "", _DOWN, _DOWN, _DOWN, _DOWN, _ENTER)
    (command,) = sent
    assert isinstance(command, SnoozeException)
    assert command.awaits is Awaited.ARRIVAL


def test_a_snoozed_one_waits_in_its_tab_and_wakes_into_the_queue(
    session: Session, panel: ExceptionsPanel, sent: list[Command]
) -> None:
    until = NOON + timedelta(minutes=30)
    happen(session, worked("x1", ExceptionState.SNOOZED, 1, snoozed_until=until, awaits="reply"))
    assert "x1" not in panel.model.ids
    assert panel.header.tabs.tabText(View.SNOOZED) == "Snoozed (1)"
    panel.header.tabs.setCurrentIndex(View.SNOOZED)
    click(panel.queue, "x1")
    row = panel.model.record_of("x1")
    assert row is not None
    assert panel.model.text(row, 3) == "until a reply"
    panel.act("wake")
    assert sent == [WakeException(exception_id="x1", version=1)]
    panel.header.tabs.setCurrentIndex(View.OPEN)
    happen(session, worked("x1", ExceptionState.OPEN, 2))
    assert panel.model.has_woken("x1")
    assert panel.model.freshness("x1") == 1.0
    happen(session, claimed("x1", "operator", version=3))
    assert not panel.model.has_woken("x1"), "somebody looks at it"


def test_people_heard_of_can_be_asked(
    session: Session, panel: ExceptionsPanel, sent: list[Command]
) -> None:
    happen(session, by(BEN, claimed("x3", "ben", "B. Example")))
    click(panel.queue, "x1")
    panel.act("assign")
    words = [panel.prompt.offers.item(n).text() for n in range(panel.prompt.offers.count())]
    assert words == ["Me", "B. Example"]
    type_in(panel, "exam", _ENTER)
    assert sent == [AssignException(exception_id="x1", version=0, to="ben", to_name="B. Example")]


def test_what_is_assigned_to_me_is_mine(session: Session, panel: ExceptionsPanel) -> None:
    happen(session, worked("x2", ExceptionState.OPEN, 1, assigned_to="operator"))
    assert panel.header.tabs.tabText(View.MINE) == "Mine (1)"
    happen(session, claimed("x2", "ben", "B. Example", version=2))
    assert panel.header.tabs.tabText(View.MINE) == "Mine (0)", "somebody else does it"


def test_an_escalation_and_a_false_alarm_want_their_reason(
    panel: ExceptionsPanel, sent: list[Command]
) -> None:
    click(panel.queue, "x1")
    panel.act("escalate")
    type_in(panel, "", _ENTER)
    assert sent == [], "Enter takes nothing that was neither picked nor written"
    type_in(panel, "Customer is furious", _ENTER)
    panel.act("false_alarm")
    type_in(panel, "", _DOWN, _ENTER)
    assert sent[0] == EscalateException(exception_id="x1", version=0, reason="Customer is furious")
    assert len(sent) == 1, "nothing more is sent before the answer"


def test_a_false_alarm_is_told_from_what_was_done(
    panel: ExceptionsPanel, sent: list[Command]
) -> None:
    click(panel.queue, "x1")
    panel.act("false_alarm")
    type_in(panel, "", _DOWN, _ENTER)
    (command,) = sent
    assert isinstance(command, ResolveException)
    assert (command.cause, command.disposition) == ("Position was wrong", Disposition.FALSE_ALARM)


def test_a_note_is_written_whoever_holds_it(
    session: Session, panel: ExceptionsPanel, sent: list[Command]
) -> None:
    happen(session, claimed("x1", "ben", "B. Example"))
    click(panel.queue, "x1")
    panel.act("note")
    type_in(panel, "Caretaker has a key ", _ENTER)
    assert sent == [NoteException(exception_id="x1", words="Caretaker has a key")]
    panel.act("note")
    type_in(panel, "and a dog", _ENTER)
    assert len(sent) == 2, "one note does not wait for the other"


def test_a_merge_offers_what_is_near_first(
    session: Session, panel: ExceptionsPanel, sent: list[Command]
) -> None:
    click(panel.queue, "x2")
    panel.act("merge")
    words = [panel.prompt.offers.item(n).text() for n in range(panel.prompt.offers.count())]
    assert words[0] == "No access · Stop 1 · Customer 0000 · R-200", "the same vehicle's"
    assert len(words) == 3, "not itself"
    type_in(panel, "", _DOWN, _ENTER)
    assert sent == [MergeException(exception_id="x2", version=0, into="x1")]
    happen(session, worked("x2", ExceptionState.RESOLVED, 1, merged_into="x1"))
    row = panel.model.record_of("x1")
    assert row is not None
    assert row.merged == 1
    happen(session, worked("x2", ExceptionState.OPEN, 2))
    row = panel.model.record_of("x1")
    assert row is not None
    assert row.merged == 0


def test_unread_replies_stand_on_the_row_until_somebody_reads_them(
    session: Session, panel: ExceptionsPanel
) -> None:
    happen(session, replied("s0", number=1), replied("s0", number=2))
    row = panel.model.record_of("x1")
    assert row is not None
    assert row.unread == 2
    assert "2 unread replies" in panel.model.tip(row)
    happen(session, event(e.RepliesSeen(replies=("reply-1", "reply-2"))))
    row = panel.model.record_of("x1")
    assert row is not None
    assert row.unread == 0


@pytest.mark.parametrize("name", ["x" * 10_000, "<b>bold</b>\n\u202eevil" * 40])
def test_endless_and_hidden_words_neither_widen_nor_heighten_the_panel(
    session: Session, panel: ExceptionsPanel, sent: list[Command], name: str
) -> None:
    told: list[str] = []
    panel.told.connect(told.append)
    plan = session.state.stops["s0"].plan
    assert plan is not None
    hostile = msgspec.structs.replace(plan, customer=name)
    happen(session, event(e.StopPlanned(plan=hostile), at=NOON + timedelta(seconds=1)))
    click(panel.queue, "x1")
    for work in ("snooze", "merge", "note"):
        panel.act(work)
        assert panel.prompt.minimumSizeHint().width() < 438
        assert panel.prompt.height() < 300
        assert "\u202e" not in panel.prompt.title
    panel.prompt.close_prompt()
    panel.act("claim")
    session.answer(sent[0], CommandResult(status=200))
    assert len(told[0]) < 120
    assert "\n" not in told[0]


def test_what_a_rule_did_while_one_wrote_is_gone_along_with(
    session: Session, panel: ExceptionsPanel, sent: list[Command]
) -> None:
    click(panel.queue, "x1")
    panel.act("resolve")
    escalated = worked("x1", ExceptionState.ESCALATED, 1, escalated_at=NOON, by_rule=True)
    happen(session, escalated)
    type_in(panel, "Code found", _ENTER)
    assert sent == [ResolveException(exception_id="x1", version=1, cause="Code found")]


def test_what_a_colleague_did_while_one_wrote_is_left_to_the_gateway(
    session: Session, panel: ExceptionsPanel, sent: list[Command]
) -> None:
    click(panel.queue, "x1")
    panel.act("resolve")
    happen(session, by(BEN, claimed("x1", "ben", "B. Example")))
    type_in(panel, "Code found", _ENTER)
    assert sent == [ResolveException(exception_id="x1", version=0, cause="Code found")]


def test_escape_gives_the_keys_back(panel: ExceptionsPanel, sent: list[Command]) -> None:
    click(panel.queue, "x1")
    panel.act("escalate")
    type_in(panel, "Never mind", _ESC)
    assert sent == []
    assert not panel.prompt.isVisible()
    assert panel.queue.hasFocus()


def test_another_exception_is_another_question(panel: ExceptionsPanel) -> None:
    click(panel.queue, "x1")
    panel.act("snooze")
    click(panel.queue, "x3")
    assert not panel.prompt.isVisible(), "what was asked was asked about another"


def test_several_are_worked_on_together_and_the_result_is_said(
    session: Session, panel: ExceptionsPanel, sent: list[Command]
) -> None:
    told: list[str] = []
    panel.told.connect(told.append)
    mark(panel, "x1", "x3", "x4")
    panel.act("claim")
    assert sent == [ClaimException(exception_id=id_, version=0) for id_ in ("x1", "x3", "x4")]
    session.answer(sent[0], CommandResult(status=200))
    message = "K. Example is working on it."
    session.answer(sent[1], CommandResult(status=409, message=message))
    assert told == []
    session.answer(sent[2], CommandResult(status=200))
    assert told == ["2 claimed, 1 not: K. Example is working on it."]


def test_how_many_are_marked_is_said_and_the_card_speaks_for_its_own(
    panel: ExceptionsPanel, sent: list[Command]
) -> None:
    at = panel.queue.geometry()
    mark(panel, "x1", "x3", "x4")
    assert panel.filters.box.placeholderText() == "3 marked"
    assert panel.queue.geometry() == at, "no row moves under the pointer for it"
    shown = panel.card.exception_id
    QTest.mouseClick(panel.card.buttons.by_name["claim"], Qt.MouseButton.LeftButton)
    assert sent == [ClaimException(exception_id=shown, version=0)]
    click(panel.queue, "x1")
    assert panel.filters.box.placeholderText() == "Filter"


def test_several_reasons_are_counted(
    session: Session, panel: ExceptionsPanel, sent: list[Command]
) -> None:
    told: list[str] = []
    panel.told.connect(told.append)
    panel.select_shown()
    panel.act("resolve")
    assert panel.prompt.title == "Resolve 4 exceptions"
    type_in(panel, "Fog", _ENTER)
    for command, message in zip(sent, ("Busy.", "Busy.", "Gone.", ""), strict=True):
        session.answer(command, CommandResult(status=409 if message else 200, message=message))
    assert told == ["1 resolved, 3 not: Busy. (2); Gone."]


def test_of_those_marked_only_what_fits_is_worked_on(
    session: Session, panel: ExceptionsPanel, sent: list[Command]
) -> None:
    happen(session, claimed("x1", "operator"))
    panel.select_shown()
    panel.act("release")
    assert [getattr(one, "exception_id", "") for one in sent] == ["x1"]


def test_marked_rows_stay_marked_while_the_queue_moves(
    session: Session, panel: ExceptionsPanel
) -> None:
    mark(panel, "x1", "x4")
    happen(session, worked("x3", ExceptionState.RESOLVED, 1))
    assert set(panel.marked) == {"x1", "x4"}


def test_a_key_with_shift_that_leads_elsewhere_marks_no_row_besides(
    session: Session, panel: ExceptionsPanel
) -> None:
    click(panel.queue, "x1")
    happen(session, raised("x5", 8, Severity.MAJOR))  # rows move: what is marked is settled
    window = panel.windowHandle()
    QTest.keyPress(window, Qt.Key.Key_Shift, Qt.KeyboardModifier.ShiftModifier)
    session.select("exception", "x4")
    QTest.keyRelease(window, Qt.Key.Key_Shift)
    assert panel.queue.picked == ("x4",)


def test_walking_shows_what_comes_next(session: Session, panel: ExceptionsPanel) -> None:
    happen(session, *(raised(f"y{n}", 9, Severity.INFO, ExceptionKind.WISMO) for n in range(20)))
    for _ in range(12):
        panel.walk(1)
    index = panel.queue.currentIndex()
    below = panel.queue.visualRect(index.siblingAtRow(index.row() + 1))
    assert panel.queue.viewport().rect().contains(below)
    for _ in range(8):
        panel.walk(-1)
    index = panel.queue.currentIndex()
    above = panel.queue.visualRect(index.siblingAtRow(index.row() - 1))
    assert panel.queue.viewport().rect().contains(above)


def test_a_single_piece_of_work_is_said_too(
    session: Session, panel: ExceptionsPanel, sent: list[Command]
) -> None:
    told: list[str] = []
    panel.told.connect(told.append)
    click(panel.queue, "x1")
    panel.act("snooze")
    type_in(panel, "16:30", _ENTER)
    session.answer(sent[0], CommandResult(status=200))
    assert told == ["Snoozed until 16:30: Stop 1 · Customer 0000 · R-200"]


def test_enter_opens_what_the_row_is_about(session: Session, panel: ExceptionsPanel) -> None:
    panel.walk(1)
    QTest.keyClick(panel.queue, _ENTER)
    assert session.selection == ("stop", "s0")
    assert panel.card.exception_id == "x1"


def test_reopening_is_for_what_is_resolved(
    session: Session, panel: ExceptionsPanel, sent: list[Command]
) -> None:
    click(panel.queue, "x1")
    panel.act("reopen")
    assert sent == []
    happen(session, worked("x1", ExceptionState.RESOLVED, 1))
    panel.act("reopen")
    assert sent == [ReopenException(exception_id="x1", version=1)]
