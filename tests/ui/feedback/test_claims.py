"""What a supervisor does when somebody complains about a delivery."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from tests.ui.example_shift import NOON, event
from tests.ui.exceptions.happenings import happen
from tower.domain.commands import CloseReturn, Command, FileClaim, SettleClaim
from tower.domain.events import ClaimFiled, ClaimSettled, ReturnClosed, StopCollected, StopPlanned
from tower.domain.records import StopPlan, Subject
from tower.domain.words import ClaimKind, ClaimOutcome, StopKind
from ui.exchange import CommandResult
from ui.feedback.claimswindow import ClaimsWindow
from ui.session import Session

STOP = "s6"


@pytest.fixture
def sent(session: Session) -> list[Command]:
    commands: list[Command] = []
    session.command_issued.connect(commands.append)
    return commands


@pytest.fixture
def opened(session: Session, qtbot: QtBot) -> Callable[[], ClaimsWindow]:
    def opened() -> ClaimsWindow:
        window = ClaimsWindow(session, STOP)
        qtbot.addWidget(window)
        window.show()
        return window

    return opened


def filed(claim_id: str) -> ClaimFiled:
    return ClaimFiled(claim_id=claim_id, kind=ClaimKind.NOT_RECEIVED, words="No parcel here")


def collect(session: Session) -> None:
    """The stop becomes a return, and the driver takes it along."""
    plan = StopPlan(id=STOP, kind=StopKind.RETURN, lat=47.1, lon=9.5)
    later = NOON + timedelta(minutes=1)
    happen(session, event(StopPlanned(plan=plan), Subject(stop_id=STOP), at=later))
    happen(session, event(StopCollected(), Subject(stop_id=STOP), at=later))


def test_a_claim_is_filed_in_the_customers_words(
    session: Session, sent: list[Command], opened: Callable[[], ClaimsWindow]
) -> None:
    window = opened()
    assert "Nobody has claimed" in window.list.item(0).text()
    window.kind.setCurrentIndex(window.kind.findData(ClaimKind.DAMAGED.value))
    window.words.setText("  The box is torn ")
    window.amount.setValue(30.0)
    window.file_button.click()
    assert sent == [
        FileClaim(stop_id=STOP, kind=ClaimKind.DAMAGED, words="The box is torn", amount=30.0)
    ]
    assert not window.file_button.isEnabled(), "it is not filed twice while it is on its way"
    session.command_answered.emit(sent[0], CommandResult(status=200, seq=9))
    assert window.file_button.isEnabled()
    assert window.words.text() == ""


def test_what_is_refused_says_why_and_keeps_what_was_typed(
    session: Session, sent: list[Command], opened: Callable[[], ClaimsWindow]
) -> None:
    window = opened()
    window.words.setText("Where is it?")
    window.file_button.click()
    session.command_answered.emit(sent[0], CommandResult(status=403, message="Not your right."))
    assert window.notice.text() == "Not your right."
    assert window.words.text() == "Where is it?"


def test_the_open_claim_is_marked_and_decided(
    session: Session, sent: list[Command], opened: Callable[[], ClaimsWindow]
) -> None:
    happen(session, event(filed("K-7"), Subject(stop_id=STOP)))
    window = opened()
    assert "No parcel here" in window.list.item(0).text()
    reject = window.outcome_buttons[ClaimOutcome.REJECTED]
    window.words.setText("Signed for at the door")
    reject.click()
    assert sent == [
        SettleClaim(claim_id="K-7", outcome=ClaimOutcome.REJECTED, words="Signed for at the door")
    ]
    session.command_answered.emit(sent[0], CommandResult(status=200, seq=9))
    settled = ClaimSettled(claim_id="K-7", outcome=ClaimOutcome.REJECTED)
    happen(session, event(settled, Subject(stop_id=STOP)))
    assert "rejected" in window.list.item(0).text()
    assert not reject.isEnabled(), "what is decided is not decided again"


def test_return_files_a_claim_and_books_nothing_in(
    session: Session,
    sent: list[Command],
    opened: Callable[[], ClaimsWindow],
) -> None:
    collect(session)
    window = opened()
    assert window.close_button.isVisible()
    QTest.keyClicks(window.words, "The box is torn")
    QTest.keyClick(window.words, Qt.Key.Key_Return)
    assert [type(one) for one in sent] == [FileClaim]


def test_return_files_none_while_it_may_be_why_a_claim_is_decided(
    session: Session, sent: list[Command], opened: Callable[[], ClaimsWindow]
) -> None:
    happen(session, event(filed("K-7"), Subject(stop_id=STOP)))
    window = opened()
    QTest.keyClicks(window.words, "Signed for at the door")
    QTest.keyClick(window.words, Qt.Key.Key_Return)
    assert not sent
    assert window.isVisible()
    assert window.words.text() == "Signed for at the door"


def test_what_is_asked_for_is_written_out(
    session: Session, opened: Callable[[], ClaimsWindow]
) -> None:
    claim = ClaimFiled(claim_id="K-9", kind=ClaimKind.DAMAGED, amount=1_234_567.5)
    happen(session, event(claim, Subject(stop_id=STOP)))
    assert "1,234,567.50 asked for" in opened().list.item(0).text()


def test_a_claim_of_another_stop_is_not_listed(
    session: Session, opened: Callable[[], ClaimsWindow]
) -> None:
    happen(session, event(filed("K-8"), Subject(stop_id="another")))
    window = opened()
    assert "K-8" not in window.list.item(0).text()
    assert window.list.item(0).flags() == Qt.ItemFlag.NoItemFlags


def test_only_a_collected_return_can_be_booked_back_in(
    session: Session, sent: list[Command], opened: Callable[[], ClaimsWindow]
) -> None:
    window = opened()
    assert not window.close_button.isVisible()
    collect(session)
    assert window.close_button.isVisible()
    window.close_button.click()
    assert sent == [CloseReturn(stop_id=STOP)]
    assert not window.booked.isVisible()
    happen(session, event(ReturnClosed(), Subject(stop_id=STOP), at=NOON + timedelta(minutes=2)))
    assert not window.close_button.isVisible()
    assert window.booked.isVisible()
    assert session.clock_text(NOON + timedelta(minutes=2)) in window.booked.text()
