"""Stops taken out of the timeline and put in elsewhere. Knows no widgets."""

from ui.draft.draft import Draft
from ui.timeline.places import Places
from ui.together import Together


class Lifting:
    """One drag after the other.

    Args:
        draft: takes the gestures.
        places: what a point means.
        together: the stops that move with one.
    """

    def __init__(self, draft: Draft, places: Places, together: Together) -> None:
        self._draft, self._places, self._together = draft, places, together
        self._held: tuple[str, ...] = ()

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
        return why

    def hover(self, route_id: str, moment: float) -> bool:
        """Hold it over a row.

        Args:
            route_id: whose row, "" for none.
            moment: where on the clock, seconds since 1970.

        Returns:
            True where it can be put down.
        """
        if not self.held:
            return False
        move = self._places.move(self._held, route_id, moment)
        self._draft.hover(move)
        return move is not None

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
