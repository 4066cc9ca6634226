"""The speed of a vehicle around a moment, as a small strip with the moment marked."""

from datetime import datetime
from typing import Any, NamedTuple

import numpy as np
from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QVBoxLayout, QWidget

from tower.road.geometry import FloatArray
from ui.performance.plotting import Plotting
from ui.session import Session
from ui.theme import SMALL_PX
from ui.trails.standing import Standing
from ui.trails.trail import Trail

_LEAST_KMH = 30.0
_ROOM = 1.1
_TICK_S = 300
_SIZE = QSize(460, 130)
_AXIS_PX = 34
_SHADE = 0.22


class Curve(NamedTuple):
    """A speed over time, broken where nothing was heard.

    Attributes:
        at_s: seconds since 1970.
        kmh: km/h; nan breaks the line.
    """

    at_s: FloatArray
    kmh: FloatArray


class Strip(NamedTuple):
    """What the strip shows.

    Attributes:
        since, until: the span of the axis.
        moment: what is marked.
        stays: where it stood.
    """

    trail: Trail
    stays: tuple[Standing, ...]
    since: datetime
    until: datetime
    moment: datetime


def curve_of(trail: Trail) -> Curve:
    """The speed over time; a gap in the signal is a gap in the line."""
    behind = np.flatnonzero(trail.gaps) + 1 if len(trail) > 1 else np.empty(0, dtype=np.int64)
    at_s = np.insert(trail.at_s, behind, trail.at_s[behind])
    return Curve(at_s, np.insert(trail.told_kmh, behind, np.nan))


class SpeedStrip(QWidget):
    """Draws a `Strip`.

    Args:
        session: theme and clock.
        plotting: hands out the library.
    """

    def __init__(self, session: Session, plotting: Plotting, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._strip: Strip | None = None
        self._library: Any = None
        self._plot: Any = None
        self._widget: Any = None
        self.setMinimumHeight(_SIZE.height())
        self.setAccessibleName("Speed around the moment, km/h")
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        session.theme.theme_changed.connect(self._draw)
        plotting.when_ready(self._build)

    def sizeHint(self) -> QSize:
        """Wide enough for twenty minutes."""
        return _SIZE

    def show_strip(self, strip: Strip | None) -> None:
        """Show another strip, or none."""
        self._strip = strip
        self._draw()

    @property
    def is_drawn(self) -> bool:
        """Whether the line of a strip is on the screen."""
        return self._plot is not None and bool(self._plot.listDataItems())

    def _build(self, library: Any) -> None:  # noqa: ANN401 - untyped library
        self._library = library
        self._widget = library.PlotWidget(parent=self)
        self._widget.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._plot = self._widget.getPlotItem()
        self._plot.setMouseEnabled(x=False, y=False)
        self._plot.setMenuEnabled(False)
        self._plot.hideButtons()
        self._plot.getAxis("left").setWidth(_AXIS_PX)
        self._plot.showGrid(y=True, alpha=0.15)
        self._column.addWidget(self._widget)
        self._draw()

    def _draw(self) -> None:
        if self._plot is None:
            return
        self._plot.clear()
        self._dress()
        if self._strip is not None:
            self._draw_strip(self._strip)

    def _dress(self) -> None:
        theme = self._session.theme
        self._widget.setBackground(theme.color("panel_raised"))
        for name in ("left", "bottom"):
            axis = self._plot.getAxis(name)
            axis.setPen(theme.color("line_strong"))
            axis.setTextPen(theme.color("text_secondary"))
            axis.setTickFont(theme.font(SMALL_PX))

    def _draw_strip(self, strip: Strip) -> None:
        library, theme, plot = self._library, self._session.theme, self._plot
        for stay in strip.stays:
            stood = [max(stay.since, strip.since).timestamp(), stay.until.timestamp()]
            shade = theme.faded("muted", _SHADE)
            edge = library.mkPen(None)
            region = library.LinearRegionItem(stood, movable=False, brush=shade, pen=edge)
            plot.addItem(region)
        curve = curve_of(strip.trail)
        pen = library.mkPen(theme.color("accent"), width=2)
        plot.plot(curve.at_s, curve.kmh, pen=pen, connect="finite")
        mark = library.mkPen(theme.color("late"), width=2, style=Qt.PenStyle.DashLine)
        plot.addItem(library.InfiniteLine(strip.moment.timestamp(), angle=90, pen=mark))
        plot.setXRange(strip.since.timestamp(), strip.until.timestamp(), padding=0.01)
        heard = curve.kmh[~np.isnan(curve.kmh)]
        top = max(_LEAST_KMH, float(heard.max()) if heard.size else 0.0)
        plot.setYRange(0.0, top * _ROOM, padding=0)
        plot.getAxis("bottom").setTicks([self._ticks(strip)])

    def _ticks(self, strip: Strip) -> list[tuple[float, str]]:
        first = int(-(-strip.since.timestamp() // _TICK_S)) * _TICK_S
        wanted = range(first, int(strip.until.timestamp()) + 1, _TICK_S)
        return [(float(at), self._session.clock_text(float(at))) for at in wanted]
