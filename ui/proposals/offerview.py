"""A proposal beside the present order: its figures, the routes it changes, their two orders."""

from collections.abc import Mapping

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QSplitter, QStackedWidget, QVBoxLayout, QWidget

from tower.routes.impact import Impact, StopImpact
from ui.proposals.beside import BesideHeader, BesideList
from ui.proposals.changedroutes import (
    NO_PLACE,
    ChangedDelegate,
    ChangedModel,
    LeftOverDelegate,
    LeftOverModel,
    changed_rows,
)
from ui.proposals.compare import Beside, beside, pairs_of
from ui.proposals.figures import FigureStrip
from ui.proposals.totals import figures
from ui.session import Session
from ui.widgets.rowlist import RowList

_ORDERS, _LEFT_OVER = 0, 1
_ROUTES_PX = 216


class OfferView(QWidget):
    """What a proposal does.

    Args:
        session: gives names, times and the theme; a stop that is picked is selected everywhere.

    Attributes:
        figures: the totals.
        routes: the routes it changes.
        orders: present and proposed order of the picked route.
        left_over: the stops it finds no place for.
        route_chosen: id of the route the user picked.
    """

    route_chosen = Signal(str)

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._shown: str | None = None
        self._is_picked = self._is_better = False
        self._orders: dict[str, Beside] = {}
        self._reasons: Mapping[str, str] = {}
        self._stops: Mapping[str, StopImpact] = {}
        self.figures = FigureStrip(session.theme)
        self.routes, self._changed = RowList(session.theme, "Changed routes"), ChangedModel(self)
        self.routes.show_model(self._changed, ChangedDelegate(session, self.routes))
        self.orders = BesideList(session)
        self.header = BesideHeader(session.theme, self.orders)
        self.left_over = RowList(session.theme, "Stops without a place")
        self._without = LeftOverModel(session, self)
        self.left_over.show_model(self._without, LeftOverDelegate(session.theme, self.left_over))
        self._layers = QStackedWidget()
        self._lay_out()
        self.routes.chosen.connect(self._on_route_chosen)
        self.orders.stop_chosen.connect(lambda stop_id: session.select("stop", stop_id))
        self.figures.stop_wanted.connect(lambda stop_id: session.select("stop", stop_id))
        self.left_over.chosen.connect(lambda stop_id: session.select("stop", stop_id))

    def _lay_out(self) -> None:
        both = QWidget()
        column = QVBoxLayout(both)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.header)
        column.addWidget(self.orders, 1)
        self._layers.addWidget(both)
        self._layers.addWidget(self.left_over)
        split = QSplitter(Qt.Orientation.Horizontal)
        split.setChildrenCollapsible(False)
        split.setHandleWidth(1)
        split.addWidget(self.routes)
        split.addWidget(self._layers)
        split.setStretchFactor(1, 1)
        split.setSizes([_ROUTES_PX, 4 * _ROUTES_PX])
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.setSpacing(8)
        outer.addWidget(self.figures)
        outer.addWidget(split, 1)

    def show_offer(self, impact: Impact, reasons: Mapping[str, str]) -> None:
        """Show a proposal, as it is judged now: the route that is shown stays.

        Args:
            impact: what it does.
            reasons: stop id to why it finds no place.
        """
        orders = beside(self._session, impact)
        self._orders, self._reasons = {one.route_id: one for one in orders}, reasons
        self._stops = {one.stop_id: one for one in impact.stops}
        rows = changed_rows(orders, reasons)
        self.figures.show_figures(figures(self._session, impact, orders))
        self._changed.arrange(rows)
        self.routes.setVisible(len(rows) > 1)
        first = next(iter(self._orders), NO_PLACE)
        is_new = self._shown not in rows or (self._is_better and self._shown != first)
        self._is_better = False
        if is_new:
            self._shown = first
        self._show()
        if is_new:
            self.orders.show_first_moved()

    def expect_better(self) -> None:
        """A better one comes; unless a route was picked, the one it changes most is shown."""
        self._is_better = not self._is_picked

    def forget(self) -> None:
        """Another search begins: nothing is picked any more."""
        self._shown = None
        self._is_picked = self._is_better = False

    def _on_route_chosen(self, route_id: str) -> None:
        self._shown, self._is_picked = route_id, True
        self._show()
        self.orders.show_first_moved()
        if route_id:
            self.route_chosen.emit(route_id)

    def _show(self) -> None:
        chosen = self._orders.get(self._shown or NO_PLACE)
        self.routes.show_current(self._shown or NO_PLACE)
        self._layers.setCurrentIndex(_ORDERS if chosen is not None else _LEFT_OVER)
        self.orders.rows.show(pairs_of(self._session, chosen, self._stops) if chosen else ())
        self.header.show_route(chosen)
        self._without.show(self._reasons)
