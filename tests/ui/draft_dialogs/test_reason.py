"""What breaks what must be kept is listed; a supervisor's reason goes with the commit."""

from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QMessageBox, QTableWidget, QWidget
from pytestqt.qtbot import QtBot

from tests.ui.deciding import ANN, SUE, DecidingGateway
from tower.domain.commands import LockStops
from tower.domain.events import RoutesSequenced
from tower.domain.records import Stop
from tower.routes.change import Move
from ui.draft.draft import Draft
from ui.draft_dialogs.host import DraftDialogs
from ui.draft_dialogs.reason import ReasonDialog
from ui.exchange import CommandResult
from ui.session import Session


class Desk:
    """A window with a draft that takes a promised stop off its route."""

    def __init__(self, session: Session, qtbot: QtBot) -> None:
        self.session, self.window = session, QWidget()
        qtbot.addWidget(self.window)
        self.draft = Draft(session, self.window)
        self.gateway = DecidingGateway(session)
        self.dialogs = DraftDialogs(session, self.draft, self.window)
        self.window.show()
        self.draft.add(Move(stops=("s3",), route_id="r1", before="s5"))

    def promise_and_commit(self) -> None:
        """Somebody locks the stop before the commit reaches the gateway."""
        self.session.run(LockStops(stops=("s3",), reason="promised by phone"))
        self.gateway.answer()
        self.draft.commit()
        self.gateway.serve()

    @property
    def asked(self) -> ReasonDialog:
        """The dialog that is open."""
        return next(one for one in self.window.findChildren(ReasonDialog) if one.isVisible())

    @property
    def stop(self) -> Stop:
        """The stop as the gateway has it."""
        return self.gateway.state.stops["s3"]


@pytest.fixture
def desk(session: Session, qtbot: QtBot) -> Iterator[Desk]:
    desk = Desk(session, qtbot)
    yield desk
    desk.window.close()


def texts(dialog: ReasonDialog) -> str:
    return " ".join(one.text() for one in dialog.findChildren(QLabel))


def rows(dialog: ReasonDialog) -> list[list[str]]:
    table = dialog.findChild(QTableWidget)
    assert table is not None
    found = []
    for place in range(table.rowCount()):
        cells = (table.item(place, column) for column in range(table.columnCount()))
        found.append([cell.text() if cell else "" for cell in cells])
    return found


def test_a_dispatcher_sees_what_is_broken_and_that_a_supervisor_is_needed(desk: Desk) -> None:
    desk.promise_and_commit()
    dialog = desk.asked
    assert rows(dialog) == [["R-201", "stop 4", "Customer 0003", "is locked: promised by phone"]]
    assert "Only a supervisor may commit this" in texts(dialog)
    assert not dialog.reason.isVisible()
    assert not dialog.commit_button.isVisible()
    dialog.copy_button.click()
    copied = QGuiApplication.clipboard().text()
    assert copied == "R-201 · stop 4 · Customer 0003 · is locked: promised by phone"
    assert desk.stop.route_id == "r0"
    assert not desk.draft.is_empty


def test_a_supervisor_commits_with_a_reason_that_is_kept(desk: Desk) -> None:
    desk.session.set_actor("operator", "Sue", is_supervisor=True)
    desk.gateway.grant = SUE
    events: list[RoutesSequenced] = []
    desk.session.events_arrived.connect(
        lambda arrived: events.extend(
            one.body for one in arrived if isinstance(one.body, RoutesSequenced)
        )
    )
    desk.promise_and_commit()
    dialog = desk.asked
    assert dialog.focusWidget() is dialog.reason, "a supervisor types at once"
    assert not dialog.commit_button.isEnabled()
    QTest.keyClicks(dialog.reason, "   ")
    assert not dialog.commit_button.isEnabled()
    QTest.keyClicks(dialog.reason, "customer agreed")
    QTest.keyClick(dialog.reason, Qt.Key.Key_Return)
    desk.gateway.serve()
    assert desk.stop.route_id == "r1"
    assert [one.reason for one in events] == ["customer agreed"]
    assert events[0].overridden == ("R-201, Customer 0003: is locked: promised by phone",)
    assert desk.draft.is_empty


def test_the_list_is_as_tall_as_what_is_in_it(desk: Desk) -> None:
    desk.promise_and_commit()
    table = desk.asked.findChild(QTableWidget)
    assert table is not None
    seen = table.viewport().height()
    assert table.rowHeight(0) <= seen < 3 * table.rowHeight(0)


def test_going_back_keeps_the_draft_and_sends_nothing(desk: Desk) -> None:
    desk.session.set_actor("operator", "Sue", is_supervisor=True)
    desk.promise_and_commit()
    QTest.keyClick(desk.asked, Qt.Key.Key_Escape)
    assert desk.gateway.waiting == []
    assert len(desk.draft.gestures) == 1


def test_whoever_is_no_supervisor_cannot_pass_for_one(desk: Desk) -> None:
    desk.session.set_actor("operator", "Ann", is_supervisor=True)
    desk.gateway.grant = ANN
    desk.promise_and_commit()
    desk.asked.reason.setText("because")
    desk.asked.commit_button.click()
    desk.gateway.serve()
    (box,) = desk.window.findChildren(QMessageBox)
    assert "Only a supervisor" in box.text()
    assert desk.stop.route_id == "r0"
    box.close()


def test_a_gateway_that_is_away_is_said_and_the_draft_stays(desk: Desk) -> None:
    desk.draft.commit()
    command = desk.gateway.waiting.pop()
    why = "the gateway does not answer: timed out"
    desk.session.answer(command, CommandResult(status=0, message=why))
    (box,) = desk.window.findChildren(QMessageBox)
    assert box.windowTitle() == "No answer", "whether it arrived nobody knows"
    assert box.text().startswith(
        "The gateway does not answer: timed out.\n\nYour draft stays as it is. "
    )
    assert len(desk.draft.gestures) == 1
    box.close()
