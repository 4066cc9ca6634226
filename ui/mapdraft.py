"""The draft on the map: what the page shows of it, and what a hand on the page does to it.

Knows no widgets.
"""

from collections.abc import Iterator, Sequence

from tower.domain.records import Stop
from tower.domain.words import Punctuality
from tower.routes.change import UNASSIGNED, Move
from tower.routes.impact import Impact
from ui.draft.consequences import Line, brief, consequences
from ui.draft.draft import Draft
from ui.map.drafting import (
    Cancel,
    DraftRoute,
    DraftStop,
    DragStep,
    Drop,
    Hover,
    Lift,
    MapDraft,
    Target,
)
from ui.map.scene import MapStop
from ui.session import Session
from ui.together import Together, alone

_MOST_LINES = 8
"""The box beside the pointer is no longer than this; the sheet says all."""


class MapDrafting:
    """Reads the draft for the map, and carries out what is dragged there.

    Args:
        session: the shift.
        draft: what is tried out.
        together: the stops that move with one.
    """

    def __init__(self, session: Session, draft: Draft, together: Together = alone) -> None:
        self._session, self._draft, self._together = session, draft, together
        self._held: tuple[str, ...] = ()
        self._carrying: tuple[str, ...] = ()
        self._carried: Move | None = None

    # What the page shows

    def picture(self) -> MapDraft:
        """The draft as it stands, with what is hovered."""
        draft = self._draft
        routes = sorted(draft.routes)
        if not routes and not draft.lifted:
            return MapDraft()
        return MapDraft(
            routes=tuple(self._route(route_id) for route_id in routes),
            stops=tuple(self._stops()),
            added=tuple(self._added()),
            lifted=draft.lifted,
            title=draft.headline,
            lines=self._lines(draft.impact),
        )

    def _route(self, route_id: str) -> DraftRoute:
        placed = self._draft.arranged.get(route_id, ())
        is_as_it_was = placed == self._draft.base.get(route_id, ())
        return DraftRoute(route_id, self._draft.orders[route_id], None if is_as_it_was else placed)

    def _stops(self) -> Iterator[DraftStop]:
        """The open stops of the changed routes, and those taken off them."""
        draft = self._draft
        routes = {
            stop_id: route_id for route_id in draft.routes for stop_id in draft.orders[route_id]
        }
        before = [one for route_id in draft.routes for one in draft.base.get(route_id, ())]
        standing = self._standing()
        for stop_id in dict.fromkeys([*routes, *before]):
            was, would = draft.numbers(stop_id)
            yield DraftStop(
                stop_id,
                routes.get(stop_id, UNASSIGNED),
                was,
                would,
                standing.get(stop_id, Punctuality.ON_TIME),
            )

    def _lines(self, found: Impact | None) -> tuple[Line, ...]:
        if found is None:
            return ()
        return brief(consequences(self._session, found))[:_MOST_LINES]

    def _standing(self) -> dict[str, Punctuality]:
        """How the stops of the changed routes would stand against their windows."""
        return {
            stop.id: arrival.punctuality
            for prospect in self._draft.prospects.values()
            for stop, arrival in zip(prospect.remaining, prospect.arrivals, strict=True)
        }

    def _added(self) -> Iterator[MapStop]:
        for route_id in sorted(self._draft.routes):
            for stop_id in self._draft.orders[route_id]:
                stop = self._draft.stop(stop_id)
                if stop_id not in self._session.state.stops and stop is not None:
                    yield from _placed(stop)

    # What a hand does

    def step(self, step: DragStep) -> str:
        """Do a step of a drag on the map.

        Returns:
            Why the stop cannot be lifted, or "".
        """
        if isinstance(step, Lift):
            return self._lift(step.stop_id)
        if self._carrying and isinstance(step, Hover):
            self._carry_over(step.target)
        if not self._is_holding:
            return ""
        match step:
            case Hover(target=None):
                self._draft.hover(None)
            case Hover(target=Target() as target):
                self._draft.hover(self._move(self._held, target))
            case Drop(target=target) if move := self._move(self._held, target):
                self._held = ()
                self._draft.drop(move)
            case Drop() | Cancel():
                self._held = ()
                self._draft.cancel_lift()
        return ""

    def carry(self, stops: Sequence[str]) -> Move | None:
        """Stops from beside the map are held over it.

        Returns:
            What letting go would do, as far as the page has said yet.
        """
        self._carrying = tuple(stops)
        return self._carried

    def carry_end(self) -> bool:
        """They are elsewhere; True where they were over the map before."""
        was, self._carrying, self._carried = self._carrying, (), None
        return bool(was)

    def _carry_over(self, target: Target | None) -> None:
        stops = self._carrying
        self._carried = self._move(stops, target) if target is not None else None
        self._draft.hover(self._carried)

    def tell(self, why: str) -> None:
        """Let the rest of the window know why a stop stays where it is."""
        self._draft.notice.emit(why)

    def let_go(self) -> None:
        """The page is gone, and with it the hand."""
        if self._is_holding:
            self._draft.cancel_lift()

    @property
    def _is_holding(self) -> bool:
        """False once somebody took it out of the hand, such as with Esc in the sheet."""
        return bool(self._held) and self._held == self._draft.lifted

    def _lift(self, stop_id: str) -> str:
        why = self._draft.lift(self._together(stop_id))
        self._held = () if why else self._draft.lifted
        return why

    def _move(self, stops: tuple[str, ...], target: Target) -> Move | None:
        """What a place means; None on a route that is over, or that nobody knows."""
        route = self._session.state.routes.get(target.route_id)
        if target.route_id != UNASSIGNED and (route is None or route.finished_at is not None):
            return None
        return Move(stops=stops, route_id=target.route_id, before=target.before)


def _placed(stop: Stop) -> Iterator[MapStop]:
    """A stop that is only there with the draft."""
    if stop.plan is not None:
        plan = stop.plan
        yield MapStop(stop.id, "", 0, plan.lat, plan.lon, label=plan.customer, kind=plan.kind)
