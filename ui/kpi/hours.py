"""On time by hour: a bar an hour against the target, drawn with pyqtgraph."""

import importlib
from typing import Any

from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtWidgets import QStackedLayout, QWidget

from tower.kpi.breakdown import HourOnTime
from tower.kpi.measures.catalogue import targets_in_force
from tower.kpi.measures.service import ON_TIME
from ui.kpi.board import Board
from ui.kpi.stops import show_stops
from ui.session import Session
from ui.theme import SMALL_PX
from ui.widgets.empty import EmptyState

CLOSE_PCT = 5.0
"""Below the target a bar is amber, this far below it red."""

BAR_WIDTH = 0.66

HEADROOM_PX = 22
"""Room above the highest bar for its figure."""


class OnTimePanel(QWidget):
    """Punctuality of each hour of the day; a click lists the stops of the hour.

    pyqtgraph takes 0.4 s to import, so a worker does that after the window is up.
    """

    def __init__(self, session: Session, board: Board, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session, self._board = session, board
        self._chart: _Chart | None = None
        self._asked = False
        self._layout = QStackedLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._empty = EmptyState(
            session.theme, "No stop with a window is done yet", "The first hour appears here."
        )
        self._layout.addWidget(self._empty)
        board.hours_measured.connect(self._on_hours_measured)
        session.theme.theme_changed.connect(self._on_theme_changed)

    def _on_hours_measured(self) -> None:
        if self._chart is not None:
            self._chart.follow(self._board.hours)
        elif self._board.hours and not self._asked:
            self._asked = True
            self._session.compute(_import_pyqtgraph, self._on_pyqtgraph_imported)
        shown = self._chart.widget if self._chart and self._board.hours else self._empty
        self._layout.setCurrentWidget(shown)

    def _on_pyqtgraph_imported(self, pyqtgraph: Any) -> None:  # noqa: ANN401 - untyped library
        self._chart = _Chart(pyqtgraph, self._session, self)
        self._layout.addWidget(self._chart.widget)
        self._on_hours_measured()

    def _on_theme_changed(self) -> None:
        if self._chart is not None:
            self._chart.dress()
            self._chart.show_hours(self._board.hours)

    def open_hour(self, hour: HourOnTime, at: QPoint) -> None:
        """List the stops of an hour, those that missed their window first."""
        missed = set(hour.missed)
        kept = [stop_id for stop_id in hour.stops if stop_id not in missed]
        title = f"{hour.hour}:00, {hour.percent:.0f} % on time, {len(missed)} missed"
        show_stops(self._session, title, [*hour.missed, *kept], self, at)


def _import_pyqtgraph() -> Any:  # noqa: ANN401 - untyped library
    return importlib.import_module("pyqtgraph")


class _Chart:
    """The bars, their figures, and the target."""

    def __init__(self, pyqtgraph: Any, session: Session, panel: OnTimePanel) -> None:  # noqa: ANN401
        self._pg, self._session, self._panel = pyqtgraph, session, panel
        self._hours: list[HourOnTime] = []
        self.widget = pyqtgraph.PlotWidget(parent=panel)
        self._plot = self.widget.getPlotItem()
        self._bars = pyqtgraph.BarGraphItem(x=[], height=[], width=BAR_WIDTH)
        self._target = pyqtgraph.InfiniteLine(0.0, angle=0)
        self._figures: list[Any] = []
        self._plot.addItem(self._bars)
        self._plot.addItem(self._target)
        self._plot.setMouseEnabled(x=False, y=False)
        self._plot.setMenuEnabled(False)
        self._plot.hideButtons()
        self._plot.hideAxis("left")
        self._plot.getAxis("bottom").setStyle(tickLength=0)
        self.widget.setCursor(Qt.CursorShape.PointingHandCursor)
        self.widget.setAccessibleName("On time by hour")
        self._plot.vb.sigResized.connect(self._leave_headroom)
        self._plot.scene().sigMouseClicked.connect(self._on_scene_clicked)
        self.dress()

    def dress(self) -> None:
        """Take on the theme in force."""
        theme = self._session.theme
        self.widget.setBackground(theme.color("panel"))
        axis = self._plot.getAxis("bottom")
        axis.setPen(theme.color("line"))
        axis.setTextPen(theme.color("muted"))
        axis.setStyle(tickFont=theme.font(SMALL_PX))
        pen = self._pg.mkPen(theme.color("at_risk"), width=1, style=Qt.PenStyle.DashLine)
        self._target.setPen(pen)

    def follow(self, hours: list[HourOnTime]) -> None:
        """Draw these hours where they differ from those on the screen; drawing takes a while."""
        if hours != self._hours or self._target.value() != self._aim:
            self.show_hours(hours)

    @property
    def _aim(self) -> float:
        """The target in force."""
        return targets_in_force(self._session.state.room_reporting.reporting)[ON_TIME.key]

    def show_hours(self, hours: list[HourOnTime]) -> None:
        """Show these hours; the axis begins where the worst bar still has a body."""
        self._hours = hours
        self._target.setValue(self._aim)
        if not hours:
            return
        floor = self._floor
        brushes = [self._colour(hour) for hour in hours]
        self._bars.setOpts(
            x=[hour.hour for hour in hours],
            y0=floor,
            height=[hour.percent - floor for hour in hours],
            width=BAR_WIDTH,
            brushes=brushes,
            pen=None,
        )
        self._leave_headroom()
        self._plot.setXRange(hours[0].hour - 0.6, hours[-1].hour + 0.6, padding=0)
        ticks = [(hour.hour, str(hour.hour)) for hour in hours]
        self._plot.getAxis("bottom").setTicks([ticks])
        self._write_figures(hours)

    @property
    def _floor(self) -> float:
        return min(60.0, min((hour.percent for hour in self._hours), default=68.0) - 8.0)

    def _leave_headroom(self) -> None:
        """However low the panel is, the figure of a full bar can be read."""
        floor, height = self._floor, max(self._plot.vb.height(), 2.0 * HEADROOM_PX)
        top = floor + (100.0 - floor) * height / (height - HEADROOM_PX)
        self._plot.setYRange(floor, top, padding=0)

    def _colour(self, hour: HourOnTime) -> Any:  # noqa: ANN401 - a brush of the library's
        word = "on_time" if hour.percent >= self._aim else "at_risk"
        word = "late" if hour.percent < self._aim - CLOSE_PCT else word
        return self._pg.mkBrush(self._session.theme.faded(f"marks.{word}", 0.7))

    def _write_figures(self, hours: list[HourOnTime]) -> None:
        for figure in self._figures:
            self._plot.removeItem(figure)
        self._figures = []
        for hour in hours:
            figure = self._pg.TextItem(
                f"{hour.percent:.0f}",
                color=self._session.theme.color("text"),
                fill=self._session.theme.color("panel"),
                anchor=(0.5, 1.0),
            )
            figure.setFont(self._session.theme.font(SMALL_PX))
            figure.setPos(hour.hour, hour.percent)
            self._plot.addItem(figure)
            self._figures.append(figure)

    def _on_scene_clicked(self, event: Any) -> None:  # noqa: ANN401 - untyped library
        place: QPointF = self._plot.vb.mapSceneToView(event.scenePos())
        for hour in self._hours:
            if abs(place.x() - hour.hour) <= BAR_WIDTH / 2:
                at = self.widget.mapFromScene(event.scenePos())
                self._panel.open_hour(hour, QPoint(at.x(), at.y()))
                return
