"""Which days: so many up to today, or from one day to another."""

from datetime import date

from msgspec.structs import replace
from PySide6.QtCore import QDate, Signal
from PySide6.QtWidgets import QDateEdit, QFormLayout, QMenu, QPushButton, QWidget

from tower.domain.reporting import Filters
from ui.performance.figures import Figures
from ui.performance.look import PERIODS
from ui.performance.phrases import span_words
from ui.performance.popover import Popover
from ui.theme import Theme
from ui.widgets.pill import Pill, Run


class DaysPopover(Popover):
    """Two days to choose.

    Args:
        since: the first day at first; until: the last one.
        today: nothing later can be chosen.
        parent: what it opens beside.

    Attributes:
        first: the first day's field; last: the other's.
        picked: the first and the last day.
    """

    picked = Signal(object, object)

    def __init__(self, since: date, until: date, today: date, parent: QWidget) -> None:
        super().__init__(parent)
        self.first, self.last = QDateEdit(), QDateEdit()
        form = QFormLayout()
        for edit, day, words in ((self.first, since, "&From"), (self.last, until, "&To")):
            edit.setCalendarPopup(True)
            edit.setDisplayFormat("ddd d MMM yyyy")
            edit.setMaximumDate(QDate(today.year, today.month, today.day))
            edit.setDate(QDate(day.year, day.month, day.day))
            form.addRow(words, edit)
        self.done_button = QPushButton("&Show these days")
        self.done_button.setProperty("primary", "true")
        self.column.addLayout(form)
        self.column.addWidget(self.done_button)
        self.done_button.clicked.connect(self._on_done)

    def _on_done(self) -> None:
        first, last = (_day(edit) for edit in (self.first, self.last))
        self.picked.emit(min(first, last), max(first, last))
        self.close()


def _day(edit: QDateEdit) -> date:
    chosen = edit.date()
    return date(chosen.year(), chosen.month(), chosen.day())


class PeriodPill(Pill):
    """Says which days are looked at, and lets others be chosen."""

    def __init__(self, theme: Theme, figures: Figures, parent: QWidget | None = None) -> None:
        super().__init__(theme, "Period", parent)
        self._figures = figures
        self._menu_of_days = QMenu(self)
        for period in PERIODS:
            action = self._menu_of_days.addAction(period.words)
            action.triggered.connect(lambda _on=False, days=period.days: self._choose_days(days))
        self._menu_of_days.addSeparator()
        self._menu_of_days.addAction("From – to…").triggered.connect(self.open_days)
        self.set_menu(self._menu_of_days)
        figures.look_changed.connect(self._show)
        self._show()

    def open_days(self) -> DaysPopover:
        """Let two days be chosen."""
        filters, today = self._figures.look.filters, self._figures.today
        since = date.fromisoformat(filters.since) if filters.since else today
        until = date.fromisoformat(filters.until) if filters.until else today
        popover = DaysPopover(since, until, today, self)
        popover.picked.connect(self._choose_span)
        popover.open_below(self)
        popover.first.setFocus()
        return popover

    def _choose_days(self, days: int) -> None:
        self._set(replace(self._figures.look.filters, days=days, since="", until=""))

    def _choose_span(self, since: date, until: date) -> None:
        filters = self._figures.look.filters
        self._set(replace(filters, since=since.isoformat(), until=until.isoformat()))

    def _set(self, filters: Filters) -> None:
        self._figures.show(replace(self._figures.look, filters=filters))

    def _show(self) -> None:
        words = period_words(self._figures.look.filters, self._figures.today)
        self.set_runs([Run("Period ", "muted"), Run(words, bold=True), Run(" ▾", "muted")])


def period_words(filters: Filters, today: date) -> str:
    """Which days filters take."""
    if filters.since:
        until = date.fromisoformat(filters.until) if filters.until else today
        return span_words(date.fromisoformat(filters.since), until)
    named = {period.days: period.words for period in PERIODS}
    return named.get(filters.days, f"{filters.days} days")
