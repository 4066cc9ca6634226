"""Scheduled reports are listed with what became of them, and changed by supervisors alone."""

from datetime import timedelta

import pytest
from PySide6.QtCore import QTime
from PySide6.QtWidgets import QMessageBox
from pytestqt.qtbot import QtBot

from tests.ui.example_shift import NOON, event
from tower.domain import events as e
from tower.domain.commands import Command, SendReport, SetReporting
from tower.domain.reporting import Filters, Reporting, ReportSchedule, SavedView
from tower.domain.words import MessageState
from ui.exchange import CommandResult
from ui.performance.keeping import Keeping
from ui.performance.schedules import SchedulesDialog
from ui.session import Session

VIEW = SavedView(id="own", name="Own vans", filters=Filters(carriers=("own",)))
WEEKLY = ReportSchedule(
    id="weekly", name="Weekly", view_id="own", to=("kim@acme.example",), weekdays=(0,), hour=7
)
WORKDAYS = (0, 1, 2, 3, 4)


@pytest.fixture
def sent(session: Session) -> list[Command]:
    """What was commanded."""
    commands: list[Command] = []
    session.command_issued.connect(commands.append)
    return commands


@pytest.fixture
def dialog(session: Session, qtbot: QtBot) -> SchedulesDialog:
    session.set_actor("sue", "Sue", is_supervisor=True)
    reporting = Reporting(views=(VIEW,), schedules=(WEEKLY,))
    session.fold_events([event(e.ReportingSet(version=1, reporting=reporting), seq=900)])
    dialog = SchedulesDialog(session, Keeping(session, session))
    qtbot.addWidget(dialog)
    dialog.show()
    return dialog


def row(dialog: SchedulesDialog, number: int = 0) -> list[str]:
    items = [dialog.table.item(number, column) for column in range(dialog.table.columnCount())]
    return [item.text() if item else "" for item in items]


def test_a_row_says_what_goes_where_and_when(dialog: SchedulesDialog) -> None:
    expected = ["Weekly", "Mon at 07:00", "kim@acme.example", "Own vans", "never yet"]
    assert row(dialog) == expected


def test_what_became_of_the_last_sending_is_told(dialog: SchedulesDialog, session: Session) -> None:
    for number, (state, problem) in enumerate(
        ((MessageState.SENT, ""), (MessageState.FAILED, "The server said 550."))
    ):
        body = e.ReportProgressed(
            run_id=f"run{number}",
            schedule_id="weekly",
            due_at=NOON + timedelta(hours=number),
            state=state,
            problem=problem,
        )
        session.fold_events([event(body, seq=901 + number)])
    last = session.local(NOON + timedelta(hours=1))
    assert row(dialog)[4] == f"{last:%d.%m. %H:%M}: failed. The server said 550."


def test_a_new_report_is_kept_for_the_room(dialog: SchedulesDialog, sent: list[Command]) -> None:
    dialog.add_button.click()
    form = dialog.form
    assert form is not None
    form.save()
    assert "Give the report a name" in form.notice.text()
    form.name.setText("  Daily   figures ")
    form.to.setText("kim@acme.example; not-an-address")
    form.save()
    assert form.notice.text()
    form.to.setText("kim@acme.example; lee@acme.example, kim@acme.example")
    for box in form.days[5:]:
        box.setChecked(False)
    form.at.setTime(QTime(18, 30))
    form.save()
    (command,) = sent
    assert isinstance(command, SetReporting)
    kept, made = command.reporting.schedules
    assert kept == WEEKLY
    assert (made.name, made.to) == ("Daily figures", ("kim@acme.example", "lee@acme.example"))
    assert (made.weekdays, made.hour, made.minute) == (WORKDAYS, 18, 30)


def test_one_that_is_changed_keeps_its_name_in_the_journal(
    dialog: SchedulesDialog, sent: list[Command]
) -> None:
    dialog.edit_button.click()
    assert dialog.form is not None
    assert dialog.form.view.currentText() == "Own vans"
    dialog.form.name.setText("Mondays")
    dialog.form.save()
    (command,) = sent
    assert isinstance(command, SetReporting)
    (changed,) = command.reporting.schedules
    assert (changed.id, changed.name, changed.view_id) == ("weekly", "Mondays", "own")


def test_pausing_removing_and_sending_now(
    dialog: SchedulesDialog, session: Session, sent: list[Command]
) -> None:
    dialog.pause_button.click()
    paused = sent[-1]
    assert isinstance(paused, SetReporting)
    assert paused.reporting.schedules[0].paused
    session.answer(paused, CommandResult(status=200, seq=901))
    body = e.ReportingSet(version=2, reporting=paused.reporting)
    session.fold_events([event(body, seq=901)])
    assert row(dialog)[1] == "Mon at 07:00 (paused)"
    assert dialog.pause_button.text() == "&Go on"
    dialog.send_button.click()
    assert sent[-1] == SendReport(schedule_id="weekly")
    session.answer(sent[-1], CommandResult(status=422, message="Weekly is being sent already."))
    assert "Not sent: Weekly is being sent already." in dialog.notice.text()
    dialog.remove_button.click()
    box = dialog.findChild(QMessageBox)
    assert box is not None
    box.button(QMessageBox.StandardButton.Yes).click()
    removed = sent[-1]
    assert isinstance(removed, SetReporting)
    assert removed.reporting.schedules == ()


def test_others_only_read(dialog: SchedulesDialog, session: Session) -> None:
    session.set_actor("ann", "Ann", is_supervisor=False)
    buttons = (dialog.add_button, dialog.edit_button, dialog.remove_button, dialog.send_button)
    assert not any(button.isEnabled() for button in buttons)
    assert "Only a supervisor" in dialog.notice.text()
