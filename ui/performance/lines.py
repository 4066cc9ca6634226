"""A measure over time: a line with its points, the weeks before, and the target."""

from typing import Any

from PySide6.QtCore import Qt

from ui.performance.bars import MOODS
from ui.performance.chart import ChartView
from ui.performance.pictures import Mark

_POINT_PX, _CURSOR_PX = 7, 12
_ROOM = 0.12
_AXIS_PX = 44


class TrendLine(ChartView):
    """Points at equal steps, joined where neighbours have values."""

    def make_items(self) -> None:
        """The lines and the points."""
        library = self.library
        self._before = library.PlotDataItem(connect="finite")
        self._line = library.PlotDataItem(connect="finite")
        self._points = library.ScatterPlotItem(pxMode=True)
        self._target = library.InfiniteLine(0, angle=0)
        for item in (self._target, self._before, self._line, self._points):
            self.plot.addItem(item)
        self.plot.getAxis("left").setWidth(_AXIS_PX)
        self.plot.showGrid(y=True, alpha=0.15)

    def dress(self) -> None:
        """The lines' colours."""
        theme, pen = self.theme, self.library.mkPen
        self._line.setPen(pen(theme.color("marks.minor"), width=2))
        dots = Qt.PenStyle.DotLine
        self._before.setPen(pen(theme.color("text_secondary"), width=1.4, style=dots))
        self._target.setPen(pen(theme.color("at_risk"), width=1, style=Qt.PenStyle.DashLine))

    def draw(self) -> None:
        """Draw the lines."""
        marks = self.chart.marks
        places = list(range(len(marks)))
        gap = float("nan")
        values = [gap if mark.value is None else mark.value for mark in marks]
        self._line.setData(places, values)
        self._before.setData(places, [gap if one.before is None else one.before for one in marks])
        self._points.setData(self._spots(marks))
        self._target.setVisible(self.chart.target is not None)
        self._target.setValue(self.chart.target or 0.0)
        self._fit()

    def _spots(self, marks: tuple[Mark, ...]) -> list[dict[str, Any]]:
        cursor, theme = self.cursor_mark, self.theme
        return [
            {
                "pos": (place, mark.value),
                "size": _CURSOR_PX if mark is cursor else _POINT_PX,
                "brush": theme.color(MOODS[mark.mood]),
                "pen": theme.color("text" if mark is cursor else "panel"),
            }
            for place, mark in enumerate(marks)
            if mark.value is not None
        ]

    def _fit(self) -> None:
        chart = self.chart
        drawn = chart.drawn
        low, high = min(drawn, default=0.0), max(drawn, default=1.0)
        room = max((high - low) * _ROOM, abs(high) * 0.01, 1e-6)
        self.plot.setYRange(low - room, high + room, padding=0)
        self.plot.setXRange(-0.4, max(1, len(chart.marks)) - 0.6, padding=0)
