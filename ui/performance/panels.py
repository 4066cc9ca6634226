"""The panels of the overview: each follows its own inquiry and says which cell was opened."""

from collections.abc import Callable
from typing import Any

from msgspec.structs import replace
from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QComboBox, QToolButton, QWidget

from tower.kpi.facts import Dimension
from tower.kpi.query import Ask, Behind
from ui.performance.asks import BEFORE, ERROR, FAILED, NOW
from ui.performance.bars import LyingBars, StandingBars
from ui.performance.chart import ChartView
from ui.performance.definitions import Definitions
from ui.performance.figures import TITLES, Figures
from ui.performance.figuretable import FigureTable
from ui.performance.frame import PanelFrame
from ui.performance.lines import TrendLine
from ui.performance.look import BREAKDOWNS, FIELDS, Step, chosen
from ui.performance.phrases import span_words
from ui.performance.pictures import Cell, Chart, Mark, Table
from ui.performance.plotting import Plotting
from ui.theme import Theme

_NOTHING = ("Nothing to count", "Nothing of the kind is recorded for this period.")
_FILTERED = ("Nothing to count", "Nothing of this period passes the filters.")
_COUNTING = ("Counting", "Not everything is in the figures yet; what is missing comes by itself.")


class Panels(QObject):
    """Makes the panels and keeps them up to date.

    Args:
        theme: colours and type.
        figures: their answers.
        definitions: of the measures.
        plotting: hands out pyqtgraph.

    Attributes:
        frames: the panels by name.
        behind_wanted: a `Behind` and words for it.
        about_wanted: key of the measure whose meaning is wanted, and the widget to open beside.
    """

    behind_wanted = Signal(object, str)
    about_wanted = Signal(str, object)

    def __init__(
        self,
        theme: Theme,
        figures: Figures,
        definitions: Definitions,
        plotting: Plotting,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._theme, self._figures, self._definitions = theme, figures, definitions
        self._plotting = plotting
        self.by, self.measure, self.step = QComboBox(), QComboBox(), QComboBox()
        self.about = QToolButton()
        self.frames: dict[str, PanelFrame] = {
            "hours": self._chart("hours", StandingBars),
            "trend": self._chart("trend", TrendLine, (self.step,)),
            "errors": self._chart("errors", StandingBars),
            "breakdown": self._table("breakdown", (self.by, self.measure, self.about)),
            "reasons": self._chart("reasons", LyingBars),
            "exceptions": self._table("exceptions"),
            "quality": self._table("quality"),
            "feedback": self._table("feedback"),
        }
        self._fill_choices()
        figures.look_changed.connect(self._show_look)
        for name in self.frames:
            figures.inquiries[name].answered.connect(lambda name=name: self.refresh(name))
            self.refresh(name)
        self._show_look()

    # Making

    def _chart(
        self, name: str, kind: Callable[..., ChartView], tools: tuple[QWidget, ...] = ()
    ) -> PanelFrame:
        chart = kind(self._theme, self._plotting, TITLES[name])
        chart.mark_opened.connect(lambda mark: self.open_mark(name, mark))
        return self._frame(name, chart, tools)

    def _table(self, name: str, tools: tuple[QWidget, ...] = ()) -> PanelFrame:
        table = FigureTable(self._theme, TITLES[name])
        table.cell_opened.connect(lambda row, cell: self.open_cell(name, row, cell))
        return self._frame(name, table, tools)

    def _frame(self, name: str, body: QWidget, tools: tuple[QWidget, ...]) -> PanelFrame:
        frame = PanelFrame(self._theme, TITLES[name], body, tools)
        frame.show_words("Asking for figures…")
        return frame

    def _fill_choices(self) -> None:
        for dimension, words in BREAKDOWNS.items():
            self.by.addItem(f"by {words.lower()}", dimension)
        for key, definition in self._definitions.known.items():
            self.measure.addItem(definition.title, key)
        for step in Step:
            self.step.addItem("Auto" if step is Step.AUTO else f"By {step}", step)
        named = ((self.by, "Taken apart by"), (self.measure, "Measure"), (self.step, "Step"))
        for box, words in named:
            box.setAccessibleName(words)
            box.setToolTip(words)
        self.measure.setMaximumWidth(190)
        self.by.activated.connect(lambda _n: self._choose(by=Dimension(self.by.currentData())))
        self.measure.activated.connect(lambda _n: self._choose(measure=self.measure.currentData()))
        self.step.activated.connect(lambda _n: self._choose(step=Step(self.step.currentData())))
        self.about.setText("i")
        self.about.setAutoRaise(True)
        self.about.setAccessibleName("What the measure means")
        self.about.setToolTip("What the measure means, how it is computed, its target")
        self.about.clicked.connect(
            lambda: self.about_wanted.emit(self._figures.look.measure, self.about)
        )

    def _choose(self, **what: Any) -> None:  # noqa: ANN401 - fields of the look
        self._figures.show(replace(self._figures.look, **what))

    # Showing

    def _show_look(self) -> None:
        look = self._figures.look
        for box, value in (
            (self.by, look.by),
            (self.measure, look.measure),
            (self.step, look.step),
        ):
            box.setCurrentIndex(max(0, box.findData(value)))
        title = self._definitions.known[look.measure].title
        self.frames["hours"].set_title(f"{title} by hour")
        self.frames["trend"].set_title(f"{title}, trend")

    def refresh(self, name: str) -> None:
        """Show what a panel's inquiry has come to."""
        inquiry, frame = self._figures.inquiries[name], self.frames[name]
        picture = inquiry.picture
        if inquiry.trouble:
            frame.show_words("No figures", inquiry.trouble)
        elif isinstance(picture, Chart):
            self._show_chart(name, frame, picture)
        elif isinstance(picture, Table) and isinstance(frame.body, FigureTable):
            frame.body.show_table(picture)
            frame.set_note(picture.note)
            if picture.rows:
                frame.show_body()
            else:
                frame.show_words(*self._nothing)

    @property
    def _nothing(self) -> tuple[str, str]:
        """What is said where there is nothing to draw."""
        if self._definitions.is_catching_up:
            return _COUNTING
        filters = self._figures.look.filters
        return _FILTERED if any(chosen(filters, one) for one in FIELDS) else _NOTHING

    def _show_chart(self, name: str, frame: PanelFrame, chart: Chart) -> None:
        if isinstance(frame.body, ChartView) and chart.drawn:
            frame.body.show_chart(chart)
            frame.show_body()
        else:
            frame.show_words(*self._nothing)
        answer = self._figures.inquiries[name].answers.get(NOW)
        days = span_words(answer.since, answer.until) if name == "trend" and answer else ""
        target = f"target {chart.target_text}" if chart.target_text else ""
        is_cut = isinstance(frame.body, StandingBars) and chart.floor > 0
        begins = f"bars begin at {chart.floor:.0f} %" if is_cut else ""
        frame.set_note(" · ".join(filter(None, (chart.note, target, begins, days))))

    # Opening

    def open_mark(self, name: str, mark: Mark) -> None:
        """Open the stops behind a bar or a point."""
        asks = self._figures.inquiries[name].asks
        if NOW in asks:
            measure = {"errors": ERROR, "reasons": FAILED}.get(name, self._figures.look.measure)
            self._open(asks[NOW], measure, mark.key, f"{mark.name}, {mark.text}")

    def open_cell(self, name: str, row_id: str, cell: Cell) -> None:
        """Open the stops behind a cell of a table."""
        asks = self._figures.inquiries[name].asks
        ask = asks.get(BEFORE if cell.before else NOW)
        frame = self.frames[name]
        if ask is None or not isinstance(frame.body, FigureTable):
            return
        row = frame.body.figures.record_of(row_id)
        key = row_id if ask.by else ""
        where = f"{row.name}, " if row is not None and ask.by else ""
        when = "before: " if cell.before else ""
        self._open(ask, cell.measure, key, f"{where}{when}{cell.text}")

    def _open(self, ask: Ask, measure: str, key: str, words: str) -> None:
        at = {ask.by[0]: key} if ask.by else {}
        wanted = Behind(measure=measure, at=at, filters=ask.filters, shift_days=ask.shift_days)
        self.behind_wanted.emit(wanted, f"{self._definitions.known[measure].title}: {words}")
