"""Where dragged stops can be let go, and what that would mean."""

from collections.abc import Callable, Sequence
from typing import NamedTuple, Protocol

from PySide6.QtCore import QPoint
from PySide6.QtWidgets import QTabBar, QWidget

from tower.routes.change import UNASSIGNED, Gesture, Move
from ui.routes.stoplist import StopList
from ui.routes.stopmodels import SheetModel
from ui.widgets.rowlist import RowList


class Over(NamedTuple):
    """What the pointer is over.

    Attributes:
        gesture: what letting go here would do; None where it does nothing.
        linger: what staying here opens, by name; "" for nothing.
        why: why letting go here does nothing; "" where nothing needs to be said.
    """

    gesture: Gesture | None = None
    linger: str = ""
    why: str = ""


WhyNot = Callable[[str], str]
"""Why a route, by its id, takes no stops; "" where it does."""


class Target(Protocol):
    """A place stops can be let go at."""

    def over(self, at: QPoint, stops: Sequence[str]) -> Over | None:
        """What a pointer (global) is over; None where it is elsewhere."""
        ...

    def leave(self) -> None:
        """The pointer is elsewhere now."""
        ...

    def open(self, name: str) -> None:
        """The pointer stayed: open what that leads to."""
        ...


class SheetTarget:
    """Between the stops of the route that is shown."""

    def __init__(self, rows: StopList, model: SheetModel, why_not: WhyNot) -> None:
        self._rows, self._model, self._why_not = rows, model, why_not

    def over(self, at: QPoint, stops: Sequence[str]) -> Over | None:
        """Before the row the pointer is nearest to; never before what is settled."""
        if not holds(self._rows.viewport(), at) or not self._model.route_id:
            return None
        if why := self._why_not(self._model.route_id):
            return Over(why=why)
        gap = self._rows.gap_at(self._rows.viewport().mapFromGlobal(at).y())
        gap = max(gap, self._model.first_movable)
        self._rows.show_insertion(gap)
        before = next((id_ for id_ in self._model.ids[gap:] if id_ not in stops), "")
        return Over(Move(stops=tuple(stops), route_id=self._model.route_id, before=before))

    def leave(self) -> None:
        """No line of insertion."""
        self._rows.show_insertion(None)

    def open(self, name: str) -> None:
        """Nothing opens here."""


class RouteListTarget:
    """On a route of the list: to its end; staying there opens its sheet."""

    def __init__(
        self,
        rows: RowList,
        id_at: Callable[[int], str],
        show: Callable[[str], None],
        why_not: WhyNot,
    ) -> None:
        self._rows, self._id_at, self._show, self._why_not = rows, id_at, show, why_not

    def over(self, at: QPoint, stops: Sequence[str]) -> Over | None:
        """The end of the route under the pointer."""
        if not holds(self._rows.viewport(), at):
            return None
        index = self._rows.indexAt(self._rows.viewport().mapFromGlobal(at))
        if not index.isValid():
            return Over()
        route_id = self._id_at(index.row())
        if why := self._why_not(route_id):
            self.leave()
            return Over(why=why)
        self._rows.mark_target(index.row())
        return Over(Move(stops=tuple(stops), route_id=route_id), route_id)

    def leave(self) -> None:
        """No route is marked."""
        self._rows.mark_target(-1)

    def open(self, name: str) -> None:
        """Show the route's sheet."""
        self._show(name)


class LooseTarget:
    """On what is on no route."""

    def __init__(self, *widgets: QWidget) -> None:
        self._widgets = widgets

    def over(self, at: QPoint, stops: Sequence[str]) -> Over | None:
        """Off every route."""
        if not any(holds(widget, at) for widget in self._widgets):
            return None
        return Over(Move(stops=tuple(stops), route_id=UNASSIGNED))

    def leave(self) -> None:
        """Nothing is marked."""

    def open(self, name: str) -> None:
        """Nothing opens here."""


class TabTarget:
    """On the tabs: staying on one opens it; the last one takes stops off their routes."""

    def __init__(self, tabs: QTabBar, unassigned: int) -> None:
        self._tabs, self._unassigned = tabs, unassigned

    def over(self, at: QPoint, stops: Sequence[str]) -> Over | None:
        """What letting go on a tab does."""
        if not holds(self._tabs, at):
            return None
        tab = self._tabs.tabAt(self._tabs.mapFromGlobal(at))
        gesture = Move(stops=tuple(stops), route_id=UNASSIGNED) if tab == self._unassigned else None
        return Over(gesture, str(tab) if tab >= 0 and tab != self._tabs.currentIndex() else "")

    def leave(self) -> None:
        """Nothing is marked."""

    def open(self, name: str) -> None:
        """Show what the tab leads to."""
        self._tabs.setCurrentIndex(int(name))


def holds(widget: QWidget, at: QPoint) -> bool:
    """True where a widget is shown under a pointer (global)."""
    return widget.isVisible() and widget.rect().contains(widget.mapFromGlobal(at))
