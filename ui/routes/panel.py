"""The routes panel: the list by risk, what is on no route, and the sheet of one route."""

from collections.abc import Mapping
from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtGui import QAction, QUndoStack
from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget

from ui.draft.draft import Draft
from ui.draft.words import why_closed
from ui.exchange import Selection
from ui.routes.dragtip import DragTip
from ui.routes.gestures import StopGestures
from ui.routes.lifting import Lifting
from ui.routes.model import RouteModel
from ui.routes.routedelegate import RouteDelegate
from ui.routes.sheet import StopSheet
from ui.routes.sheettip import SheetTip
from ui.routes.span import span_of
from ui.routes.stopdelegate import StopDelegate
from ui.routes.stoplist import StopList
from ui.routes.stopmodels import UnassignedModel
from ui.routes.targets import LooseTarget, RouteListTarget, SheetTarget, TabTarget, Target
from ui.session import Session
from ui.subjects import route_id_of
from ui.widgets.empty import EmptyState
from ui.widgets.filterbox import FilterBox
from ui.widgets.rowlist import RowList
from ui.widgets.split import Split
from ui.widgets.tabs import TabHeader

_ROUTES, _UNASSIGNED = 0, 1
_FILTER_PX = (96, 168)
_LEAST_PX = 300

OPENING_TICKS = 6
"""Seconds after a shift was opened in which the sheet follows the riskiest route, unasked."""


class RoutesPanel(QWidget):
    """Every route by risk and the stops of the selected one.

    Attributes:
        header: stands in the dock's title.
        sheet: the stops of one route.
        gestures: what is done with the selected stops.
        fit_wanted: id of the route to be seen whole on the map.
    """

    fit_wanted = Signal(str)

    def __init__(self, session: Session, draft: Draft, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session, self._draft = session, draft
        self._opening_ticks = OPENING_TICKS
        self.routes = RouteModel(session, self)
        self.unassigned = UnassignedModel(session, draft, self)
        self.header = TabHeader(session.theme, ("Routes", "Unassigned (0)"), "Routes panel")
        self.filter_box = self._make_filter()
        self.header.add_widget(self.filter_box)
        self.list = self._make_list()
        self.loose_list = self._make_loose_list()
        self.sheet = StopSheet(session, self.routes, draft)
        self._layers = QStackedWidget()
        self._none_loose = EmptyState(
            session.theme, "Every stop has a route", "Stops taken off a route appear here."
        )
        self._no_route = EmptyState(session.theme, "No routes", "")
        for layer in (self.list, self.loose_list, self._none_loose, self._no_route):
            self._layers.addWidget(layer)
        self.setMinimumWidth(_LEAST_PX)
        self._assemble()
        self._listen()
        self._lifting = self._make_lifting()
        self.gestures = StopGestures(session, draft, (self.sheet.list, self.loose_list), self)
        self._show_layer()
        self._show_counts()

    # Assembling

    def _make_filter(self) -> FilterBox:
        box = FilterBox(self._session.theme, "Filter routes and stops")
        box.setMinimumWidth(_FILTER_PX[0])
        box.setMaximumWidth(_FILTER_PX[1])
        box.setToolTip("Show only the routes (or stops) in which these words stand")
        box.textChanged.connect(self._on_filter_changed)
        box.list_wanted.connect(self._on_list_wanted)
        return box

    def _make_list(self) -> RowList:
        found = RowList(self._session.theme, "Routes by risk")
        found.show_model(self.routes, RouteDelegate(self._session, self.routes, found))
        found.chosen.connect(lambda route_id: self._session.select("route", route_id))
        found.opened.connect(self.fit_wanted)
        found.pointer_left.connect(self.routes.settle)
        self.routes.anchor = partial(self._anchor, found)
        return found

    def _anchor(self, rows: RowList) -> str | None:
        """The route that must not move now; while stops are held none may, wherever they are."""
        return "" if self._draft.lifted else rows.anchor()

    def _make_loose_list(self) -> StopList:
        found = StopList(self._session.theme, "Stops on no route")
        self._loose_delegate = StopDelegate(self._session, found)
        found.show_model(self.unassigned, self._loose_delegate)
        found.chosen.connect(lambda stop_id: self._session.select("stop", stop_id))
        return found

    def add_target(self, target: Target) -> None:
        """A place beside this panel where dragged stops can be let go, such as the map."""
        self._lifting.add_target(target)

    def _assemble(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(Split(self._session.theme, self._layers, self.sheet, (3, 8)))

    def _make_lifting(self) -> Lifting:
        """Stops can be dragged from both lists to the sheet, the routes, and off every route."""
        lifting = Lifting(self._session, self._draft, self.sheet.model.look_at, self)
        lifting.add_list(self.sheet.list, self.sheet.delegate)
        lifting.add_list(self.loose_list, self._loose_delegate)
        lifting.add_scrolled(self.list)
        why_not = partial(why_closed, self._session)
        lifting.add_target(SheetTarget(self.sheet.list, self.sheet.model, why_not))
        show = partial(self._session.select, "route")
        lifting.add_target(RouteListTarget(self.list, self.routes.id_at, show, why_not))
        lifting.add_target(LooseTarget(self.loose_list, self._none_loose))
        lifting.add_target(TabTarget(self.header.tabs, _UNASSIGNED))
        tip = SheetTip(DragTip(self._session, self._draft, self), self._draft, self.sheet, self)
        lifting.held.connect(tip.follow)
        return lifting

    def _listen(self) -> None:
        session = self._session
        self.header.tab_chosen.connect(self._show_layer)
        self.routes.counted.connect(self._show_counts)
        self.unassigned.refreshed.connect(self._show_counts)
        self.sheet.route_opened.connect(self.fit_wanted)
        session.selection_changed.connect(self._on_selection_changed)
        session.state_replaced.connect(self._on_state_replaced)
        session.ticked.connect(self._on_ticked)
        self._on_state_replaced()

    # What menus ask

    @property
    def is_behind(self) -> bool:
        """True while routes that changed are not shown yet."""
        return self.routes.standings.is_behind

    def walk(self, step: int) -> None:
        """Select the route `step` rows further down."""
        if route_id := self.list.walk(step):
            self._session.select("route", route_id)

    def show_actions(self, actions: Mapping[str, QAction], stack: QUndoStack) -> None:
        """Let the buttons of the stop sheet do what these actions do."""
        self.sheet.header.show_actions(actions, stack)

    # Showing

    def _show_layer(self) -> None:
        if self.header.tabs.currentIndex() == _UNASSIGNED:
            layer: QWidget = self.loose_list if self.unassigned.rowCount() else self._none_loose
        else:
            layer = self.list if self.routes.rowCount() else self._no_route
        self._layers.setCurrentWidget(layer)

    def _show_counts(self) -> None:
        total, shown = self.routes.total, self.routes.rowCount()
        self.header.set_title(_UNASSIGNED, f"Unassigned ({self.unassigned.total})")
        words = f"{total} routes · by risk" if total != 1 else "1 route"
        self.filter_box.setPlaceholderText(words)
        if total and not shown:
            self._no_route.set_words("No such route", "Clear the filter to see every route.")
        elif self._session.past is None:
            self._no_route.set_words("No routes in this shift", "Import them with File, Import.")
        else:
            self._no_route.set_words("No routes yet", "At this moment none were known.")
        loose = [self.unassigned.record(row) for row in range(self.unassigned.rowCount())]
        self._loose_delegate.span = span_of(loose, self._session.clock.time())
        self._show_layer()
        if self._opening_ticks or not self.sheet.route_id:
            self.sheet.show_route(self.routes.id_at(0))

    def _on_filter_changed(self, words: str) -> None:
        self.routes.filter(words)
        self.unassigned.filter(words)

    def _on_list_wanted(self) -> None:
        """From the filter into what it found; the first row where none is marked."""
        rows = self._layers.currentWidget()
        if not isinstance(rows, RowList):
            return
        rows.setFocus()
        if not rows.current and (first := rows.walk(0)):
            rows.chosen.emit(first)

    def _on_selection_changed(self, selection: Selection) -> None:
        route_id = route_id_of(self._session, selection)
        self.list.show_current(route_id)
        stop_id = self._stop_of(selection)
        self.loose_list.show_current(stop_id)
        if route_id:
            self._opening_ticks = 0
            self.sheet.show_route(route_id, stop_id)
        elif not selection.kind:
            self.sheet.list.show_current("")

    def _stop_of(self, selection: Selection) -> str:
        if selection.kind == "stop":
            return selection.id
        record = self._session.state.exceptions.get(selection.id)
        is_found = selection.kind == "exception" and record is not None and record.finding
        return record.finding.subject.stop_id if is_found and record and record.finding else ""

    def _on_state_replaced(self) -> None:
        if self.sheet.route_id not in self._session.state.routes:
            self.sheet.show_route("")
        self._on_selection_changed(self._session.selection)
        self._show_counts()

    def _on_ticked(self) -> None:
        if self.routes.total:
            self._opening_ticks = max(0, self._opening_ticks - 1)
