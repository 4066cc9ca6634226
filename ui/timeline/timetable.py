"""The timeline's rows in order, kept current with shift and draft. Knows no widgets."""

from collections.abc import Callable, Iterable

from tower.domain.state import Changed
from ui.draft.draft import Draft
from ui.routes.standings import Standings
from ui.session import Session
from ui.timeline.rows import Row, drafted_row, row_of


class Timetable:
    """Every route's row, made anew only when it changed and is asked for.

    Args:
        session: what is shown.
        draft: what is tried out.
        standings: how the routes stand.

    Attributes:
        order: ids of the routes that are shown, from the top.
    """

    def __init__(self, session: Session, draft: Draft, standings: Standings) -> None:
        self._session, self._draft, self._standings = session, draft, standings
        self.order: list[str] = []
        self._rows: dict[str, Row] = {}
        self._drafted: dict[str, Row] = {}
        self._routes = 0

    def row(self, route_id: str) -> Row | None:
        """A route as the draft has it, else as it stands; None where it is unknown."""
        route = self._session.state.routes.get(route_id)
        if route is None:
            return None
        prospect = self._draft.prospects.get(route_id)
        if prospect is None:
            return self._kept(self._rows, route_id, lambda: row_of(self._session, route))
        return self._kept(self._drafted, route_id, lambda: drafted_row(route, prospect))

    @staticmethod
    def _kept(rows: dict[str, Row], route_id: str, make: Callable[[], Row]) -> Row:
        if route_id not in rows:
            rows[route_id] = make()
        return rows[route_id]

    def sort(self) -> None:
        """Put the routes in the greatest trouble first."""
        self._standings.refresh()
        self._routes = len(self._standings.rows)
        self.order = self._standings.by_risk()

    @property
    def lacks_routes(self) -> bool:
        """True while there are routes that were never sorted in."""
        return self._routes != len(self._standings.rows)

    # What is out of date

    def renew(self) -> None:
        """Another state, or another filter."""
        self._rows.clear()
        self._drafted.clear()
        self.sort()

    def renew_draft(self) -> None:
        """The draft is another one."""
        self._drafted.clear()

    def renew_records(self, changed: Iterable[Changed]) -> None:
        """Records changed."""
        for table, id_ in changed:
            if table == "routes":
                self._rows.pop(id_, None)
            elif table == "stops":
                self._renew_stop(id_)

    def renew_arrivals(self, stop_ids: Iterable[str]) -> None:
        """Predictions changed."""
        for stop_id in stop_ids:
            self._renew_stop(stop_id)

    def _renew_stop(self, stop_id: str) -> None:
        stop = self._session.state.stops.get(stop_id)
        if stop is not None:
            self._rows.pop(stop.route_id, None)
