"""What the Route menu asks for: optimise, best place, broken down. Owns the windows."""

from collections.abc import Sequence

from PySide6.QtCore import QObject, QSettings, Signal
from PySide6.QtWidgets import QWidget

from tower.routes.change import open_order
from ui.draft.draft import Draft
from ui.proposals.picker import RoutePicker
from ui.proposals.places import BestPlaceWindow
from ui.proposals.scope import (
    Scope,
    breakdown,
    late_routes,
    name_of,
    rest_of_route,
    selected_stops,
    several_routes,
)
from ui.proposals.window import ProposalWindow
from ui.routes.stoplist import StopList
from ui.session import Session
from ui.subjects import route_id_of

_FEWEST = 2
"""So many stops have to be selected for the selection to be optimised rather than the route."""


class ProposalDesk(QObject):
    """Opens what a dispatcher asks for, about what is selected.

    Args:
        session: the shift.
        draft: takes what is proposed.
        lists: the lists whose rows are stops; several can be marked.
        settings: keeps the weights.
        window: the windows lie over it.

    Attributes:
        said: words for the status bar: why nothing was opened, or what became the draft.
        window: the proposal's window.
        places: the best places' window.
    """

    said = Signal(str)

    def __init__(
        self,
        session: Session,
        draft: Draft,
        lists: Sequence[StopList],
        settings: QSettings | None,
        window: QWidget,
    ) -> None:
        super().__init__(window)
        self._session, self._draft, self._lists = session, draft, lists
        self._over = window
        self.window = ProposalWindow(session, draft, settings, window)
        self.places = BestPlaceWindow(session, draft, window)
        self.window.several_wanted.connect(self.optimise_several)
        self.window.used.connect(
            lambda words: self.said.emit(f"{words} is your draft now; commit sends it.")
        )

    # What the menus ask

    def optimise(self) -> None:
        """Search a better order for the selected stops, else for the rest of the route."""
        stops = self._open_selection()
        if len(stops) >= _FEWEST:
            self._search(selected_stops(self._session, stops))
            return
        route_id = route_id_of(self._session, self._session.selection)
        if not route_id:
            self.optimise_several()
        elif not self._open_stops(route_id):
            name = name_of(self._session, route_id)
            self.said.emit(f"{name} has no stops left whose order could change.")
        else:
            self._search(rest_of_route(self._session, route_id))

    def optimise_several(self) -> None:
        """Pick routes to be optimised together; the late ones are checked at first."""
        scope = self.window.search.scope
        known = scope.routes if scope is not None and not scope.is_breakdown else ()
        checked = known if len(known) > 1 else late_routes(self._session)
        picker = RoutePicker(self._session, checked, self._over)
        picker.picked.connect(self._on_picked)
        picker.open()

    def best_place(self) -> None:
        """Show where the selected stops fit best."""
        stops = self._open_selection()
        if stops:
            self.places.open_stops(stops)
        else:
            self.said.emit("Select a stop that is not done yet to see where it fits best.")

    def broke_down(self) -> None:
        """Spread the stops of the selected vehicle or route over the others."""
        self.spread(route_id_of(self._session, self._session.selection))

    def spread(self, route_id: str) -> None:
        """Spread the stops of a route over the others."""
        route = self._session.state.routes.get(route_id)
        if route is None:
            self.said.emit("Select the route or the vehicle that broke down.")
        elif route.finished_at is not None or not self._open_stops(route_id):
            self.said.emit(f"{name_of(self._session, route_id)} has no stops left to take over.")
        else:
            self._search(breakdown(self._session, route_id))

    # Parts

    def _search(self, scope: Scope) -> None:
        self.places.close()
        self.window.open_scope(scope)

    def _on_picked(self, route_ids: Sequence[str]) -> None:
        self._search(several_routes(self._session, route_ids))

    def _open_selection(self) -> list[str]:
        """The stops marked together with the selected one that are not done."""
        chosen, stops = self._session.selection, self._session.state.stops
        if chosen.kind != "stop":
            return []
        marked = (rows.picked for rows in self._lists if chosen.id in rows.picked)
        wanted = next(marked, (chosen.id,))
        return [one for one in wanted if one in stops and not stops[one].is_done]

    def _open_stops(self, route_id: str) -> tuple[str, ...]:
        route = self._session.state.routes.get(route_id)
        return open_order(self._session.state, route) if route is not None else ()
