"""What the actions about trails do: on the map, in windows, to files."""

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial

from PySide6.QtCore import QObject, QPoint, QSettings, Qt, Signal
from PySide6.QtWidgets import QWidget

from tower.domain.records import ExceptionRecord
from ui.exchange import Selection
from ui.menus import Handlers
from ui.performance.plotting import Plotting
from ui.session import Session
from ui.subjects import route_id_of, vehicle_id_of
from ui.trails.chosen import SPAN_WORDS, ChosenTrails, Span, label_of
from ui.trails.comparewindow import CompareWindow
from ui.trails.exportdialog import ExportDialog
from ui.trails.momentwindow import MomentWindow
from ui.trails.show import TrailMap, TrailShow
from ui.trails.source import TrailSource, Travel
from ui.widgets.beside import move_beside

_CORNER_PX = 34
_AT_ONCE = timedelta(seconds=1)
"""What a rule finds is in the journal by then."""

SPANS: dict[str, Span] = {f"trail_span_{span.value}": span for span in Span}
"""The actions that choose a span, by their ids."""


class TrailDesk(QObject):
    """Trails, planned against driven, the moment of an exception, export.

    Args:
        session: the shift, or a moment of it.
        travel: goes to moments, and gives the recording.
        on_map: the map.
        settings: keep the folder of files.
        exception_shown: id of the exception whose card is shown, "" for none.
        window: what the windows lie over.

    Attributes:
        show: the trails on the map.
        chosen: the vehicles whose trails were asked for.
        said: what was done, or why not, for the status bar.
    """

    said = Signal(str)

    def __init__(
        self,
        session: Session,
        travel: Travel,
        on_map: TrailMap,
        settings: QSettings,
        exception_shown: Callable[[], str],
        window: QWidget,
    ) -> None:
        super().__init__(window)
        self._exception_shown = exception_shown
        self._session, self._travel, self._settings = session, travel, settings
        self._window = window
        self.show, self._source = TrailShow(on_map, self), TrailSource(session, travel)
        self.chosen = ChosenTrails(session, self._source, self.show, self)
        self.chosen.said.connect(self.said)
        self._plotting = Plotting(session, self)
        self._compared: CompareWindow | None = None
        self._moment: MomentWindow | None = None
        self._awaited = ""
        session.past_changed.connect(self._on_past_changed, Qt.ConnectionType.QueuedConnection)

    def table(self) -> Handlers:
        """The handlers by their actions' ids."""
        spans = {name: partial(self.set_span, span) for name, span in SPANS.items()}
        return {
            **spans,
            "trail_toggle": self.toggle,
            "trails_clear": self.clear,
            "route_driven": self.compare,
            "exception_moment": self.show_moment,
            "export_recording": self.export,
        }

    # Trails

    def toggle(self) -> None:
        """Show the trail of the selected vehicle, or no longer."""
        vehicle_id = vehicle_id_of(self._session, self._session.selection)
        if not vehicle_id:
            self.said.emit("Select a vehicle, or a route or stop of one, first.")
        elif not self.chosen.toggle(vehicle_id):
            label = label_of(self._session.state, vehicle_id)
            self.said.emit(f"The trail of {label} is off the map.")

    def clear(self) -> None:
        """Show no trails any more."""
        self.chosen.clear()
        self.show.take_all_off()

    def set_span(self, span: Span) -> None:
        """Show trails over another span; of the selected vehicle where none is shown yet."""
        self.chosen.set_span(span)
        if not self.chosen.vehicles and vehicle_id_of(self._session, self._session.selection):
            self.toggle()
        else:
            self.said.emit(f"Trails show the {SPAN_WORDS[span]}.")

    # Windows

    def compare(self) -> None:
        """Set the selected route as driven beside the route as planned."""
        route_id = route_id_of(self._session, self._session.selection)
        if not route_id:
            self.said.emit("Select a route, or a stop or vehicle of one, first.")
            return
        if self._compared is None:
            self._compared = CompareWindow(
                self._session, self._source, self.show, self._settings, self._window
            )
            self._compared.said.connect(self.said)
            self._compared.destroyed.connect(self._on_compared_gone)
        self._open(self._compared)
        self._compared.show_route(route_id)
        self._compared.raise_()

    def show_moment(self, exception_id: str = "") -> None:
        """Go to when an exception was raised, and say what its vehicle was doing.

        Args:
            exception_id: which; "" for the one whose card is shown.
        """
        record = self._wanted(exception_id)
        if record is None:
            self.said.emit("Select an exception first.")
            return
        if self._moment is None:
            self._moment = MomentWindow(
                self._session, self._source, self.show, self._plotting, self._window
            )
            self._moment.destroyed.connect(self._on_moment_gone)
        self._open(self._moment)
        self._moment.show_exception(record)
        self._moment.raise_()
        self._go_to(record)

    def _go_to(self, record: ExceptionRecord) -> None:
        """Go to when the room learnt of an exception; what is reported late is found there."""
        learnt = self._learnt_at(record.id)
        if learnt is None and record.raised_at is not None:
            learnt = record.raised_at + _AT_ONCE
        if learnt is not None:
            self._awaited = record.id
            self._travel.go_to(learnt, Selection("exception", record.id))

    def _learnt_at(self, exception_id: str) -> datetime | None:
        recording = self._travel.recording
        marks = recording.marks() if recording is not None else ()
        return next((one.at for one in marks if one.exception_id == exception_id), None)

    def _on_past_changed(self) -> None:
        """The first moment shown may be before the room knew: go on to when it did."""
        awaited, self._awaited = self._awaited, ""
        if self._session.past is None or not awaited:
            return
        learnt = self._learnt_at(awaited)
        if awaited not in self._session.state.exceptions and learnt is not None:
            self._travel.go_to(learnt, Selection("exception", awaited))

    def _open(self, opened: QWidget) -> None:
        """Show a window in the lower left corner, where it hides the map least."""
        if opened.isVisible():
            return
        opened.resize(opened.sizeHint())
        height = self._window.height() - opened.height()
        move_beside(opened, self._window, QPoint(_CORNER_PX, height - _CORNER_PX))
        opened.show()

    def _wanted(self, exception_id: str) -> ExceptionRecord | None:
        return self._session.state.exceptions.get(exception_id or self._exception_shown())

    def export(self) -> None:
        """Ask what is to be exported, and write it."""
        dialog = ExportDialog(self._session, self._travel, self._settings, self._window)
        dialog.said.connect(self.said)
        dialog.show()

    def _on_compared_gone(self) -> None:
        self._compared = None

    def _on_moment_gone(self) -> None:
        self._moment = None
