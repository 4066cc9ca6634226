"""Stops taken out of the timeline and put in elsewhere. Knows no widgets."""

from collections.abc import Sequence

from tower.routes.change import Move
from ui.draft.draft import Draft
from ui.session import Session
from ui.timeline.rows import Row, drafted_row, row_of
from ui.together import Together, alone


class Lifting:
    """One drag after the other.

    Places are judged by the rows as they lay when the stops were lifted, so that what is under
    the pointer does not run away from it.

    Args:
        session: the shift.
        draft: takes the gestures.
        together: the stops that move with one.
    """

    def __init__(self, session: Session, draft: Draft, together: Together = alone) -> None:
        self._session, self._draft, self._together = session, draft, together
        self._held: tuple[str, ...] = ()
        self._rows: dict[str, Row] = {}

    @property
    def held(self) -> tuple[str, ...]:
        """Ids of the stops in this hand; none once they were put back elsewhere."""
        return self._held if self._held == self._draft.lifted else ()

    def lift(self, stop_id: str) -> str:
        """Take a stop, with those that move with it.

        Returns:
            Why it stays where it is, or "".
        """
        why = self._draft.lift(self._together(stop_id))
        self._held = () if why else self._draft.lifted
        self._rows = {
            route_id: row for route_id in self._draft.routes for row in self._now(route_id)
        }
        return why

    def hover(self, route_id: str, moment: float) -> None:
        """Hold it over a row; no route, and one that is over, is over none.

        Args:
            route_id: whose row.
            moment: where on the clock, seconds since 1970.
        """
        if self.held:
            self._draft.hover(self._move(route_id, moment) if route_id else None)

    def put_down(self) -> None:
        """Leave it where it is held; over no row it goes back."""
        gesture = self._draft.hovering if self.held else None
        if gesture is not None:
            self._held = ()
            self._draft.drop(gesture)
        else:
            self.put_back()

    def put_back(self) -> None:
        """Leave it where it was."""
        if self.held:
            self._draft.cancel_lift()
        self._held = ()

    def _move(self, route_id: str, moment: float) -> Move | None:
        route = self._session.state.routes.get(route_id)
        if route is None or route.finished_at is not None:
            return None
        return Move(stops=self._held, route_id=route_id, before=self.before(route_id, moment))

    def before(self, route_id: str, moment: float) -> str:
        """The stop that comes next when something is put in at a moment, "" for the end."""
        if route_id not in self._rows:
            self._rows[route_id] = row_of(self._session, self._session.state.routes[route_id])
        middles = {block.stop_id: block.middle for block in self._rows[route_id].blocks}
        order = self._draft.arranged.get(route_id, ())
        left = (stop_id for stop_id in order if stop_id not in self._draft.lifted)
        return next((one for one in left if middles.get(one, moment) > moment), "")

    def _now(self, route_id: str) -> Sequence[Row]:
        """The row of a route as the draft has it now, where that can be said."""
        prospect = self._draft.prospects.get(route_id)
        route = self._session.state.routes.get(route_id)
        return [drafted_row(route, prospect)] if prospect is not None and route is not None else []
