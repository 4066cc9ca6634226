"""Charts of bars: standing ones along an axis, lying ones with their names at the left."""

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QColor

from tower.kpi.measure import Mood
from ui.performance.chart import ChartView
from ui.performance.pictures import Mark
from ui.theme import SMALL_PX
from ui.widgets.text import width_of

WIDTH = 0.68
_BETWEEN_PX = 6
"""Figures stand above the bars where so much is left between them."""

_HEADROOM = 0.18
_NAMES_PX = 150

MOODS = {
    Mood.GOOD: "marks.on_time",
    Mood.WATCH: "marks.at_risk",
    Mood.BAD: "marks.late",
    Mood.NEUTRAL: "marks.minor",
}
"""Names of the colours of bars and points."""


class _BarsBase(ChartView):
    """Bars, the weeks before as an outline, and their figures.

    Attributes:
        anchor: the corner of a figure that stands at its place.
    """

    anchor: tuple[float, float] = (0.5, 1.0)

    def make_items(self) -> None:
        """The bars and the outlines."""
        self._bars = self._bar_item()
        self._before = self._bar_item()
        self._figures: list[Any] = []
        for item in (self._bars, self._before):
            self.plot.addItem(item)

    def _bar_item(self) -> Any:  # noqa: ANN401 - untyped library
        return self.library.BarGraphItem(x=[], height=[], width=WIDTH)

    def dress(self) -> None:
        """Colours are given with each drawing."""

    def _brush(self, mark: Mark) -> Any:  # noqa: ANN401 - untyped library
        return self.library.mkBrush(self.theme.faded(MOODS[mark.mood], 0.75))

    def _pens(self) -> list[Any]:
        """A frame around the bar the keyboard stands on."""
        cursor = self.cursor_mark
        frame = self.library.mkPen(self.theme.color("text"), width=2)
        none = self.library.mkPen(None)
        return [frame if mark is cursor else none for mark in self.chart.marks]

    def _outline(self) -> Any:  # noqa: ANN401 - untyped library
        return self.library.mkPen(self.theme.color("text_secondary"), width=1.2)

    def _write(self, figures: Sequence[tuple[str, float, float]]) -> None:
        """Write texts at places of the plot; those written before are used again."""
        while len(self._figures) < len(figures):
            self._figures.append(self.library.TextItem(anchor=self.anchor))
            self.plot.addItem(self._figures[-1])
        colour, ground = self.theme.color("text"), self.theme.color("panel")
        for figure, (text, x, y) in zip(self._figures, figures, strict=False):
            if figure.toPlainText() != text or figure.color != colour:
                figure.setText(text, colour)
                figure.setFont(self.theme.font(SMALL_PX))
                figure.fill = self.library.mkBrush(ground)
            figure.setPos(x, y)
        for place, figure in enumerate(self._figures):
            figure.setVisible(place < len(figures))


class StandingBars(_BarsBase):
    """Bars side by side, and the target as a dashed line."""

    def make_items(self) -> None:
        """The bars and the target."""
        super().make_items()
        self._target = self.library.InfiniteLine(0, angle=0)
        self.plot.addItem(self._target)
        self.plot.hideAxis("left")

    def dress(self) -> None:
        """The target's colour."""
        dash = Qt.PenStyle.DashLine
        self._target.setPen(self.library.mkPen(self.theme.color("at_risk"), width=1, style=dash))

    def draw(self) -> None:
        """Draw the bars."""
        chart, floor = self.chart, self.chart.floor
        places = range(len(chart.marks))
        self._bars.setOpts(
            x=list(places),
            y0=floor,
            height=[
                (mark.value if mark.value is not None else floor) - floor for mark in chart.marks
            ],
            width=WIDTH,
            brushes=[self._brush(mark) for mark in chart.marks],
            pens=self._pens(),
        )
        earlier = self.chart.earlier
        self._before.setOpts(
            x=[place for place, _ in earlier],
            y0=floor,
            height=[value - floor for _, value in earlier],
            width=WIDTH + 0.16,
            brush=QColor(0, 0, 0, 0),
            pen=self._outline(),
        )
        self._target.setVisible(chart.target is not None)
        self._target.setValue(chart.target or 0.0)
        self._fit()

    def _fit(self) -> None:
        chart = self.chart
        drawn = chart.drawn
        top = max(drawn, default=1.0)
        span = max(top - chart.floor, 1e-9)
        self.plot.setYRange(chart.floor, top + _HEADROOM * span, padding=0)
        self.plot.setXRange(-0.6, max(1, len(chart.marks)) - 0.4, padding=0)
        widest = max((width_of(_short(mark), SMALL_PX) for mark in chart.marks), default=0.0)
        has_room = len(chart.marks) * (widest + _BETWEEN_PX) <= self.plot.vb.width()
        figures = [
            (_short(mark), float(place), max(mark.value, mark.before or mark.value))
            for place, mark in enumerate(chart.marks)
            if has_room and mark.value is not None
        ]
        self._write(figures)


class LyingBars(_BarsBase):
    """Bars below each other, the first on top."""

    anchor = (0.0, 0.5)

    @property
    def axis(self) -> str:
        """The names stand at the left."""
        return "left"

    def place_of(self, at: QPointF) -> float:
        """Along the axis of names."""
        return at.y()

    def make_items(self) -> None:
        """The bars; no axis of values, their figures stand beside them."""
        super().make_items()
        self.plot.hideAxis("bottom")
        self.plot.invertY(True)
        self.plot.getAxis("left").setWidth(_NAMES_PX)

    def _bar_item(self) -> Any:  # noqa: ANN401 - untyped library
        return self.library.BarGraphItem(x0=[], y=[], width=[], height=WIDTH)

    def draw(self) -> None:
        """Draw the bars."""
        marks = self.chart.marks
        self._bars.setOpts(
            x0=0,
            y=list(range(len(marks))),
            width=[mark.value or 0.0 for mark in marks],
            height=WIDTH,
            brushes=[self._brush(mark) for mark in marks],
            pens=self._pens(),
        )
        earlier = self.chart.earlier
        self._before.setOpts(
            x0=0,
            y=[place for place, _ in earlier],
            width=[value for _, value in earlier],
            height=WIDTH + 0.16,
            brush=QColor(0, 0, 0, 0),
            pen=self._outline(),
        )
        most = max((max(mark.value or 0.0, mark.before or 0.0) for mark in marks), default=1.0)
        self.plot.setXRange(0, max(most, 1e-9) * (1 + _HEADROOM), padding=0)
        self.plot.setYRange(-0.6, max(1, len(marks)) - 0.4, padding=0)
        self._write(
            [
                (mark.text, max(mark.value or 0.0, mark.before or 0.0), float(place))
                for place, mark in enumerate(marks)
            ]
        )


def _short(mark: Mark) -> str:
    """The figure above a bar: its number without the unit."""
    return mark.text.split(" ", maxsplit=1)[0]
