"""What a point of the timeline means for stops that are dragged over it. Knows no widgets."""

from collections.abc import Sequence

from tower.routes.change import Move
from ui.draft.draft import Draft
from ui.session import Session
from ui.timeline.rows import Row, drafted_row, row_of


class Places:
    """Places by the rows as they lay when the stops were lifted.

    So what is under the pointer does not run away from it.
    """

    def __init__(self, session: Session, draft: Draft) -> None:
        self._session, self._draft = session, draft
        self._lifted: tuple[str, ...] = ()
        self._rows: dict[str, Row] = {}

    def note_draft(self) -> None:
        """Remember the rows when something is lifted."""
        draft = self._draft
        if draft.lifted != self._lifted and draft.hovering is None:
            self._lifted = draft.lifted
            routes, prospects = self._session.state.routes, draft.prospects
            known = (route_id for route_id in prospects if route_id in routes)
            self._rows = {one: drafted_row(routes[one], prospects[one]) for one in known}

    def move(self, stops: Sequence[str], route_id: str, moment: float) -> Move | None:
        """Put stops into a route so that they are driven at a moment.

        Args:
            stops: ids of what is dragged.
            route_id: whose row; "" for none.
            moment: where on the clock, seconds since 1970.

        Returns:
            None where there is no row, or its route is over.
        """
        route = self._session.state.routes.get(route_id)
        if route is None or route.finished_at is not None:
            return None
        if route_id not in self._rows:
            self._rows[route_id] = row_of(self._session, route)
        before = self._before(self._rows[route_id], stops, moment)
        return Move(stops=tuple(stops), route_id=route_id, before=before)

    def _before(self, row: Row, stops: Sequence[str], moment: float) -> str:
        """The stop that comes next at a moment, "" for the end."""
        middles = {block.stop_id: block.middle for block in row.blocks}
        order = self._draft.arranged.get(row.route_id, ())
        left = (stop_id for stop_id in order if stop_id not in stops)
        return next((one for one in left if middles.get(one, moment) > moment), "")
