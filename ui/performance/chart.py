"""What every chart of the performance window does alike: axes, pointer, keyboard, screen reader."""

from typing import Any

from PySide6.QtCore import QEvent, QPointF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent
from PySide6.QtWidgets import QToolTip, QVBoxLayout, QWidget

from ui.performance.pictures import Chart, Mark
from ui.performance.plotting import Plotting
from ui.theme import SMALL_PX, Theme
from ui.tips import plain_tip
from ui.widgets.ownkeys import ENTERS, claims
from ui.widgets.text import width_of

_TICK_GAP_PX = 10
_LEAST = QSize(220, 120)
_STEPS = {
    Qt.Key.Key_Left: -1,
    Qt.Key.Key_Up: -1,
    Qt.Key.Key_Right: 1,
    Qt.Key.Key_Down: 1,
}
_OWN_KEYS = frozenset({*_STEPS, Qt.Key.Key_Home, Qt.Key.Key_End, *ENTERS})


class ChartView(QWidget):
    """Shows a `Chart`; the marks stand at 0, 1, 2 … along its axis.

    Args:
        theme: colours and type.
        plotting: hands out the library.
        name: what a screen reader calls the chart.

    Attributes:
        chart: what is shown.
        mark_opened: the user wants to see what stands behind this `Mark`.
    """

    mark_opened = Signal(object)

    def __init__(
        self, theme: Theme, plotting: Plotting, name: str, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.theme, self._plotting, self._name = theme, plotting, name
        self.chart = Chart(())
        self.library: Any = None
        self.plot: Any = None
        self._widget: Any = None
        self._cursor = -1
        self._is_asked = False
        self._settling = QTimer(self)
        self._settling.setSingleShot(True)
        self._settling.timeout.connect(self._redraw)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName(name)
        theme.theme_changed.connect(self._on_theme_changed)

    # What a subclass says

    def make_items(self) -> None:
        """Add what is drawn to `plot`."""
        raise NotImplementedError

    def dress(self) -> None:
        """Take on the colours in force."""
        raise NotImplementedError

    def draw(self) -> None:
        """Draw `chart`, the mark under the keyboard's cursor apart from the others."""
        raise NotImplementedError

    def place_of(self, at: QPointF) -> float:
        """Where on the axis of marks a point of the plot lies."""
        return at.x()

    @property
    def axis(self) -> str:
        """The axis along which the marks stand."""
        return "bottom"

    # What is asked of it

    @property
    def cursor_mark(self) -> Mark | None:
        """The mark the keyboard stands on."""
        inside = 0 <= self._cursor < len(self.chart.marks)
        return self.chart.marks[self._cursor] if inside else None

    def show_chart(self, chart: Chart) -> None:
        """Show another chart; the keyboard stays on the mark with the same key."""
        kept = self.cursor_mark
        if chart == self.chart and self.plot is not None:
            return
        self.chart = chart
        keys = [mark.key for mark in chart.marks]
        self._cursor = keys.index(kept.key) if kept is not None and kept.key in keys else -1
        self._describe()
        if self.plot is not None:
            self._redraw()
        elif not self._is_asked:
            self._is_asked = True
            self._plotting.when_ready(self._build)

    def minimumSizeHint(self) -> QSize:
        """Large enough to be read."""
        return _LEAST

    # Within

    def _build(self, library: Any) -> None:  # noqa: ANN401 - untyped library
        self.library = library
        self._widget = library.PlotWidget(parent=self)
        self._widget.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._widget.setCursor(Qt.CursorShape.PointingHandCursor)
        self._widget.setMinimumSize(0, 0)
        self.plot = self._widget.getPlotItem()
        self.plot.setMouseEnabled(x=False, y=False)
        self.plot.setMenuEnabled(False)
        self.plot.hideButtons()
        self.make_items()
        self._column.addWidget(self._widget)
        self.plot.scene().sigMouseClicked.connect(self._on_clicked)
        self.plot.scene().sigMouseMoved.connect(self._on_moved)
        self.plot.vb.sigResized.connect(self._on_resized)
        self._on_theme_changed()

    def _redraw(self) -> None:
        self.draw()
        self._write_ticks()

    def _write_ticks(self) -> None:
        """As many names below the axis as there is room for."""
        marks, vertical = self.chart.marks, self.axis == "left"
        room = self.plot.vb.height() if vertical else self.plot.vb.width()
        widest = max((width_of(mark.tick, SMALL_PX) for mark in marks), default=1.0)
        needed = 1.0 if vertical else widest + _TICK_GAP_PX
        every = max(1, -int(-len(marks) * needed // max(1.0, room)))
        ticks = [(place, marks[place].tick) for place in range(0, len(marks), every)]
        self.plot.getAxis(self.axis).setTicks([ticks])

    def _describe(self) -> None:
        mark = self.cursor_mark
        said = (
            mark.words
            if mark is not None
            else ". ".join(
                filter(None, (self.chart.note, *(one.words for one in self.chart.marks[:40])))
            )
        )
        self.setAccessibleDescription(said)

    def _on_theme_changed(self) -> None:
        if self.plot is None:
            return
        self._widget.setBackground(self.theme.color("panel"))
        for name in ("bottom", "left"):
            axis = self.plot.getAxis(name)
            axis.setPen(self.theme.color("line"))
            axis.setTextPen(self.theme.color("muted"))
            axis.setStyle(tickFont=self.theme.font(SMALL_PX), tickLength=0)
        self.dress()
        self._redraw()

    def _on_resized(self) -> None:
        """Where many charts are resized at once, each is drawn in a turn of its own."""
        self._settling.start(0)

    def _mark_at(self, scene_pos: QPointF) -> int:
        if not self.plot.vb.sceneBoundingRect().contains(scene_pos):
            return -1
        place = round(self.place_of(self.plot.vb.mapSceneToView(scene_pos)))
        return place if 0 <= place < len(self.chart.marks) else -1

    def _on_clicked(self, event: Any) -> None:  # noqa: ANN401 - untyped library
        place = self._mark_at(event.scenePos())
        if place >= 0:
            self.setFocus(Qt.FocusReason.MouseFocusReason)
            self._set_cursor(place)
            self.mark_opened.emit(self.chart.marks[place])

    def _on_moved(self, scene_pos: QPointF) -> None:
        place = self._mark_at(scene_pos)
        words = self.chart.marks[place].words if place >= 0 else ""
        at = self._widget.mapToGlobal(self._widget.mapFromScene(scene_pos))
        QToolTip.showText(at, plain_tip(words), self)

    def _set_cursor(self, place: int) -> None:
        self._cursor = max(0, min(place, len(self.chart.marks) - 1)) if self.chart.marks else -1
        self._describe()
        if self.plot is not None:
            self.draw()

    # Keyboard

    def event(self, event: QEvent) -> bool:
        """Arrows and Enter belong to the chart while it has the focus."""
        return claims(event, _OWN_KEYS) or super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Arrows walk along the marks, Enter opens one."""
        key = event.key()
        if key in _STEPS:
            self._set_cursor(self._cursor + _STEPS[Qt.Key(key)])
        elif key in (Qt.Key.Key_Home, Qt.Key.Key_End):
            self._set_cursor(0 if key == Qt.Key.Key_Home else len(self.chart.marks) - 1)
        elif key in ENTERS and (mark := self.cursor_mark) is not None:
            self.mark_opened.emit(mark)
        else:
            super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Whoever comes by keyboard stands on the first mark."""
        super().focusInEvent(event)
        if self._cursor < 0 and event.reason() != Qt.FocusReason.MouseFocusReason:
            self._set_cursor(0)
