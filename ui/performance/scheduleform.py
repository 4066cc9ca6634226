"""Fields for one scheduled report."""

from collections.abc import Sequence

from PySide6.QtCore import QTime, Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QFormLayout,
    QLineEdit,
    QVBoxLayout,
    QWidget,
)

from tower.domain.reporting import ReportSchedule, SavedView
from tower.domain.words import Channel
from tower.kpi.report.wording import WEEKDAYS
from tower.outreach.addresses import NoAddress, normalised
from ui.performance.keeping import new_id
from ui.settings.clock import ClockField
from ui.theme import Theme
from ui.widgets.notice import Notice
from ui.widgets.sidebyside import side_by_side

_MOST_READERS, _LONGEST_NAME = 20, 80
_WHOLE = "Everything, the last 7 days"


class ScheduleForm(QDialog):
    """Asks for a report's name, its view, its readers and when it goes.

    Args:
        theme: its colours.
        views: the saved views it may show.
        schedule: what is changed, None for a new one.
        parent: the dialog it lies over.

    Attributes:
        filled: a `ReportSchedule`, when it was filled in and can be kept.
    """

    filled = Signal(object)

    def __init__(
        self,
        theme: Theme,
        views: Sequence[SavedView],
        schedule: ReportSchedule | None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle("Scheduled report")
        self._schedule = schedule
        self.name, self.to, self.view = QLineEdit(), QLineEdit(), QComboBox()
        self.at, self.notice = ClockField(), Notice(theme)
        self.days = [QCheckBox(name) for name in WEEKDAYS]
        self.buttons = QDialogButtonBox(
            QDialogButtonBox.StandardButton.Save | QDialogButtonBox.StandardButton.Cancel
        )
        self._fill(views)
        self._lay_out()

    def save(self) -> None:
        """Hand over what was filled in, or say what is missing."""
        words = self._fault()
        self.notice.say("fault", words)
        if words:
            return
        self.filled.emit(self._read())
        self.accept()

    def _read(self) -> ReportSchedule:
        time = self.at.time()
        return ReportSchedule(
            id=self._schedule.id if self._schedule else new_id(),
            name=self._name,
            view_id=str(self.view.currentData() or ""),
            to=self._readers,
            weekdays=self._weekdays,
            hour=time.hour(),
            minute=time.minute(),
            paused=self._schedule.paused if self._schedule else False,
        )

    @property
    def _name(self) -> str:
        return " ".join(self.name.text().split())

    @property
    def _readers(self) -> tuple[str, ...]:
        parts = self.to.text().replace(";", ",").split(",")
        return tuple(dict.fromkeys(part.strip() for part in parts if part.strip()))

    @property
    def _weekdays(self) -> tuple[int, ...]:
        return tuple(day for day, box in enumerate(self.days) if box.isChecked())

    def _fault(self) -> str:
        """What keeps it from being kept, "" for nothing."""
        if not self._name:
            return "Give the report a name."
        if not self._readers:
            return "Say to which e-mail addresses it goes."
        if len(self._readers) > _MOST_READERS:
            return f"At most {_MOST_READERS} people get it."
        if not self._weekdays:
            return "Choose at least one day of the week."
        return next(filter(None, map(_fault_of, self._readers)), "")

    def _fill(self, views: Sequence[SavedView]) -> None:
        self.view.addItem(_WHOLE, "")
        for view in views:
            self.view.addItem(view.name, view.id)
        known = self._schedule
        self.name.setText(known.name if known else "")
        self.name.setMaxLength(_LONGEST_NAME)
        self.to.setText(", ".join(known.to) if known else "")
        self.to.setPlaceholderText("name@example.org, name@example.org")
        self.view.setCurrentIndex(max(0, self.view.findData(known.view_id if known else "")))
        self.at.setTime(QTime(known.hour, known.minute) if known else QTime(7, 0))
        for day, box in enumerate(self.days):
            box.setChecked(known is None or day in known.weekdays)

    def _lay_out(self) -> None:
        form = QFormLayout()
        form.addRow("&Name", self.name)
        form.addRow("&Filters of", self.view)
        form.addRow("&To", self.to)
        form.addRow("On", side_by_side(*self.days, None))
        form.addRow("&At, local time", self.at)
        column = QVBoxLayout(self)
        column.addWidget(self.notice)
        column.addLayout(form)
        column.addWidget(self.buttons)
        self.buttons.accepted.connect(self.save)
        self.buttons.rejected.connect(self.reject)
        self.resize(560, 260)


def _fault_of(address: str) -> str:
    try:
        normalised(Channel.EMAIL, address)
    except NoAddress as problem:
        return f"{problem}."
    return ""
