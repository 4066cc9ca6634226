"""The versions of a conflict, stop by stop: theirs, mine, and both together. Knows no widgets."""

from collections.abc import Callable, Iterator, Mapping
from enum import StrEnum
from typing import NamedTuple

from tower.domain.records import Stop
from tower.domain.words import Punctuality
from tower.eta.schedule import Arrival
from tower.routes.change import UNASSIGNED, Orders, whole_order
from tower.routes.impact import Impact
from ui.draft.outcome import Conflict
from ui.draft.words import route_words
from ui.proposals.compare import moved_stops
from ui.session import Session


class Choice(StrEnum):
    """Which version is to become the draft."""

    THEIRS = "theirs"
    MINE = "mine"
    MERGED = "merged"


class VersionRow(NamedTuple):
    """A stop of one version, or the heading of a route.

    Attributes:
        id: of the row.
        stop_id: "" for a heading.
        name: the customer, or the route.
        number: its number on the route, 0 on none.
        was: its number where both started from, 0 where it had none there.
        time: when it is reached, as people read it; of a heading when the route ends.
        moved: it is not where it was.
        note: where it comes from or goes to.
    """

    id: str
    stop_id: str
    name: str
    number: int = 0
    was: int = 0
    time: str = ""
    punctuality: Punctuality = Punctuality.IDLE
    moved: bool = False
    note: str = ""

    @property
    def words(self) -> str:
        """The row in a line."""
        if not self.stop_id:
            return " · ".join(filter(None, (self.name, self.time and f"ends {self.time}")))
        number = f"stop {self.number}" if self.number else "no route"
        was = f"was {self.was}" if self.moved and self.was and self.was != self.number else ""
        return " · ".join(filter(None, (number, was, self.name, self.time, self.note)))


class Version(NamedTuple):
    """One of the three.

    Attributes:
        orders: all orders of the shift.
        impact: what it does against where both started from.
    """

    choice: Choice
    orders: Orders
    impact: Impact


def versions(conflict: Conflict) -> tuple[Version, Version, Version]:
    """Theirs, mine, merged."""
    return (
        Version(Choice.THEIRS, conflict.theirs, conflict.impact_of_theirs),
        Version(Choice.MINE, conflict.mine, conflict.impact_of_mine),
        Version(Choice.MERGED, conflict.merged, conflict.impact_of_merged),
    )


def version_rows(
    session: Session, conflict: Conflict, version: Version, stop: Callable[[str], Stop | None]
) -> tuple[VersionRow, ...]:
    """The stops of every route of a conflict as one version has them.

    Args:
        session: the shift.
        conflict: what both changed.
        version: one of the three.
        stop: finds a stop by its id, those a draft adds included.
    """
    return tuple(_Rows(session, conflict, version, stop).all())


class _Rows:
    def __init__(
        self,
        session: Session,
        conflict: Conflict,
        version: Version,
        stop: Callable[[str], Stop | None],
    ) -> None:
        self._session, self._conflict, self._version, self._stop = session, conflict, version, stop
        self._was = _numbers(session, conflict.before, conflict)
        self._is = _numbers(session, version.orders, conflict)
        self._home = _homes(conflict.before)
        self._arrivals = _arrivals(version.impact)

    def all(self) -> Iterator[VersionRow]:
        for route_id in self._conflict.routes:
            yield self._heading(route_id)
            yield from self._stops_of(route_id)
        taken = [one for one in self._version.orders[UNASSIGNED] if self._home.get(one, "")]
        if taken:
            yield VersionRow(id="route:", stop_id="", name="On no route")
            yield from (self._row(stop_id, UNASSIGNED, moved=True) for stop_id in taken)

    def _heading(self, route_id: str) -> VersionRow:
        ends = {one.route_id: one.after.ends_at for one in self._version.impact.routes}
        time = self._session.clock_text(ends[route_id]) if route_id in ends else ""
        name = route_words(self._session, route_id)
        return VersionRow(id=f"route:{route_id}", stop_id="", name=name, time=time)

    def _stops_of(self, route_id: str) -> Iterator[VersionRow]:
        before = self._conflict.before.get(route_id, ())
        order = self._version.orders.get(route_id, ())
        moved = moved_stops(before, order)
        for stop_id in order:
            yield self._row(stop_id, route_id, moved=stop_id in moved)

    def _row(self, stop_id: str, route_id: str, *, moved: bool) -> VersionRow:
        arrival = self._arrivals.get(stop_id)
        return VersionRow(
            id=stop_id,
            stop_id=stop_id,
            name=_customer(self._stop(stop_id), stop_id),
            number=self._is.get(stop_id, 0),
            was=self._was.get(stop_id, 0) if self._home.get(stop_id) == route_id else 0,
            time=self._session.clock_text(arrival.p50) if arrival else "",
            punctuality=arrival.punctuality if arrival else Punctuality.IDLE,
            moved=moved,
            note=self._note(stop_id, route_id),
        )

    def _note(self, stop_id: str, route_id: str) -> str:
        came_from = self._home.get(stop_id)
        if came_from == route_id:
            return ""
        if came_from is None:
            return "new visit"
        return f"from {route_words(self._session, came_from)}" if came_from else "from no route"


def _numbers(session: Session, orders: Orders, conflict: Conflict) -> dict[str, int]:
    found: dict[str, int] = {}
    for route_id in conflict.routes:
        whole = whole_order(session.state, session.state.routes[route_id], orders.get(route_id, ()))
        found.update((stop_id, number) for number, stop_id in enumerate(whole, start=1))
    return found


def _homes(orders: Orders) -> Mapping[str, str]:
    return {stop_id: route_id for route_id, stops in orders.items() for stop_id in stops}


def _arrivals(impact: Impact) -> Mapping[str, Arrival]:
    return {arrival.stop_id: arrival for route in impact.routes for arrival in route.after.arrivals}


def _customer(stop: Stop | None, stop_id: str) -> str:
    plan = stop.plan if stop else None
    return (plan.customer or plan.reference if plan else "") or stop_id
