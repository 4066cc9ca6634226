"""The scheduled reports: which go where and when, what became of the last, and changing them."""

from collections.abc import Iterable

from msgspec.structs import replace
from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QAbstractItemView,
    QDialog,
    QHeaderView,
    QMessageBox,
    QPushButton,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from tower.domain.commands import Command, SendReport
from tower.domain.reporting import Reporting, ReportRun, ReportSchedule
from tower.domain.state import Changed
from tower.domain.words import MessageState
from ui.exchange import CommandResult
from ui.performance.keeping import Keeping
from ui.performance.scheduleform import ScheduleForm
from ui.performance.weekdays import weekday_words
from ui.session import Session
from ui.widgets.notice import Notice
from ui.widgets.sidebyside import side_by_side

_COLUMNS = ("Report", "When", "To", "Filters", "Last time")
_ONLY_SUPERVISORS = "Only a supervisor may change scheduled reports."
_NONE_YET = "No report is scheduled yet. Add one, and it is sent by e-mail from then on."
_STATES = {
    MessageState.QUEUED: "about to be sent",
    MessageState.SENDING: "being sent",
    MessageState.SENT: "sent",
    MessageState.FAILED: "failed",
    MessageState.UNKNOWN: "nobody knows whether it was sent",
    MessageState.NOT_SENT: "not sent",
    MessageState.CANCELLED: "left out",
}


class SchedulesDialog(QDialog):
    """Lists the scheduled reports; supervisors change them.

    Args:
        session: the shift; who sits here, and what became of each report.
        keeping: keeps the schedules.
        parent: the window it lies over.

    Attributes:
        table: a row a report.
        notice: what went wrong.
        form: the one that is being edited, if any.
    """

    def __init__(self, session: Session, keeping: Keeping, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle("Scheduled reports")
        self._session, self._keeping = session, keeping
        self._asked: Command | None = None
        self.form: ScheduleForm | None = None
        self.table, self.notice = QTableWidget(0, len(_COLUMNS)), Notice(session.theme)
        self.add_button, self.edit_button = QPushButton("&Add…"), QPushButton("&Edit…")
        self.pause_button, self.remove_button = QPushButton("&Pause"), QPushButton("&Remove")
        self.send_button, self.close_button = QPushButton("&Send now"), QPushButton("&Close")
        self._lay_out()
        self._listen()
        self.refresh()

    # What is there

    @property
    def schedules(self) -> tuple[ReportSchedule, ...]:
        """The room's."""
        return self._keeping.held.schedules

    @property
    def chosen(self) -> ReportSchedule | None:
        """The one whose row is selected."""
        row = self.table.currentRow()
        return self.schedules[row] if 0 <= row < len(self.schedules) else None

    def refresh(self) -> None:
        """Show what holds now."""
        row = max(0, self.table.currentRow())
        self.table.setRowCount(len(self.schedules))
        for number, schedule in enumerate(self.schedules):
            for column, words in enumerate(self._words(schedule)):
                self.table.setItem(number, column, _cell(words))
        if self.schedules:
            self.table.setCurrentCell(min(row, len(self.schedules) - 1), 0)
        self.notice.say("none", "" if self.schedules else _NONE_YET)
        self._allow()

    def _words(self, schedule: ReportSchedule) -> tuple[str, ...]:
        views = {view.id: view.name for view in self._keeping.held.views}
        time = f"{weekday_words(schedule.weekdays)} at {schedule.hour:02}:{schedule.minute:02}"
        return (
            schedule.name,
            f"{time} (paused)" if schedule.paused else time,
            ", ".join(schedule.to),
            views.get(schedule.view_id, "everything, 7 days"),
            self._last_words(schedule),
        )

    def _last_words(self, schedule: ReportSchedule) -> str:
        runs = self._session.state.report_runs.values()
        mine = [run for run in runs if run.schedule_id == schedule.id]
        return self._run_words(max(mine, key=lambda run: run.due_at)) if mine else "never yet"

    def _run_words(self, run: ReportRun) -> str:
        due = self._session.local(run.due_at)
        said = f"{due:%d.%m. %H:%M}: {_STATES.get(run.state, run.state.value)}"
        return f"{said}. {run.problem}" if run.problem else said

    # What is done

    def add(self) -> None:
        """Ask for a new schedule and keep it."""
        self._open_form(None)

    def edit(self) -> None:
        """Change the chosen schedule."""
        if self.chosen is not None:
            self._open_form(self.chosen)

    def pause(self) -> None:
        """Stop sending the chosen one for now, or go on."""
        chosen = self.chosen
        if chosen is not None:
            words = f"{chosen.name} goes on" if chosen.paused else f"{chosen.name} is paused"
            self._keep(replace(chosen, paused=not chosen.paused), words)

    def remove(self) -> None:
        """Ask, and forget the chosen one."""
        chosen = self.chosen
        if chosen is None:
            return
        box = QMessageBox(self)
        box.setWindowTitle("Scheduled reports")
        box.setText(f"{chosen.name} is not sent any more. Remove it?")
        box.setStandardButtons(QMessageBox.StandardButton.Yes | QMessageBox.StandardButton.Cancel)
        box.button(QMessageBox.StandardButton.Yes).clicked.connect(lambda: self._forget(chosen))
        box.open()

    def send_now(self) -> None:
        """Have the chosen one sent at once."""
        if self.chosen is not None:
            self._asked = SendReport(schedule_id=self.chosen.id)
            self.notice.say("sending", "")
            self._session.run(self._asked)

    def _open_form(self, schedule: ReportSchedule | None) -> None:
        self.form = ScheduleForm(self._session.theme, self._keeping.held.views, schedule, self)
        self.form.filled.connect(lambda made: self._keep(made, f"{made.name} is scheduled"))
        self.form.open()

    def _keep(self, schedule: ReportSchedule, words: str) -> None:
        def change(held: Reporting) -> Reporting:
            schedules = {one.id: one for one in held.schedules} | {schedule.id: schedule}
            return replace(held, schedules=tuple(schedules.values()))

        self._keeping.change(change, words)

    def _forget(self, schedule: ReportSchedule) -> None:
        def change(held: Reporting) -> Reporting:
            kept = tuple(one for one in held.schedules if one.id != schedule.id)
            return replace(held, schedules=kept)

        self._keeping.change(change, f"{schedule.name} is removed")

    # Within

    def _lay_out(self) -> None:
        table = self.table
        table.setHorizontalHeaderLabels(_COLUMNS)
        table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        table.setTabKeyNavigation(False)
        table.verticalHeader().hide()
        table.setAccessibleName("Scheduled reports")
        header = table.horizontalHeader()
        header.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        header.setStretchLastSection(True)
        header.setHighlightSections(False)
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        column = QVBoxLayout(self)
        column.addWidget(self.notice)
        column.addWidget(table, 1)
        first = (self.add_button, self.edit_button, self.pause_button, self.remove_button)
        for button in (*first, self.send_button, self.close_button):
            button.setAutoDefault(False)
        column.addLayout(side_by_side(*first, None, self.send_button, self.close_button))
        self.resize(980, 420)

    def _listen(self) -> None:
        for button, then in (
            (self.add_button, self.add),
            (self.edit_button, self.edit),
            (self.pause_button, self.pause),
            (self.remove_button, self.remove),
            (self.send_button, self.send_now),
            (self.close_button, self.close),
        ):
            button.clicked.connect(then)
        self.table.currentCellChanged.connect(self._allow)
        self.table.itemActivated.connect(self.edit)
        self._keeping.changed.connect(self.refresh)
        self._keeping.said.connect(self._on_said)
        self._session.records_changed.connect(self._on_records_changed)
        self._session.command_answered.connect(self._on_command_answered)
        self._session.actor_changed.connect(self._allow)

    def _allow(self) -> None:
        may, chosen = self._keeping.may_change, self.chosen
        self.add_button.setEnabled(may)
        for button in (self.edit_button, self.pause_button, self.remove_button, self.send_button):
            button.setEnabled(may and chosen is not None)
        self.pause_button.setText("&Go on" if chosen is not None and chosen.paused else "&Pause")
        self.notice.say("role", "" if may else _ONLY_SUPERVISORS)

    def _on_said(self, words: str) -> None:
        self.notice.say("kept", words)

    def _on_records_changed(self, changed: Iterable[Changed]) -> None:
        if any(one.table == "report_runs" for one in changed):
            self.refresh()

    def _on_command_answered(self, command: Command, result: CommandResult) -> None:
        if command is self._asked:
            self._asked = None
            self.notice.say("sending", "" if result.ok else f"Not sent: {result.message}")


def _cell(words: str) -> QTableWidgetItem:
    item = QTableWidgetItem(words)
    item.setToolTip(words)
    return item
