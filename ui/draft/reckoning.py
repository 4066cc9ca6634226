"""What orders come to against the present ones. Knows no widgets."""

from collections.abc import Callable, Iterable, Mapping
from typing import NamedTuple

from tower.domain.records import Stop
from tower.routes.change import UNASSIGNED, Orders, changed_routes
from tower.routes.evaluate import Prospect
from tower.routes.impact import Impact, impact
from ui.draft.cases import Cases


class Picture(NamedTuple):
    """Orders and all that follows from them.

    Attributes:
        orders: of every route.
        routes: ids of the routes whose order is another.
        numbers: the number each stop of those routes would have; 0 for those taken off.
        prospects: what each of those routes comes to.
        impact: what the change does; None where nothing changes.
    """

    orders: Orders
    routes: frozenset[str]
    numbers: Mapping[str, int]
    prospects: Mapping[str, Prospect]
    impact: Impact | None


class Reckoner:
    """Works pictures out.

    Args:
        cases: the routes as they stand.
        stop: finds a stop by its id, those a draft adds included.
    """

    def __init__(self, cases: Cases, stop: Callable[[str], Stop | None]) -> None:
        self._cases, self._stop = cases, stop

    def picture(self, base: Orders, orders: Orders) -> Picture:
        """Compare orders with the present ones."""
        routes = frozenset(changed_routes(base, orders))
        if not routes:
            return Picture(orders, routes, {}, {}, None)
        before = {route_id: self._cases.present(route_id) for route_id in sorted(routes)}
        after = self._prospects(orders, routes)
        known = {route_id: one for route_id, one in before.items() if one and route_id in after}
        found = impact(
            known, {route_id: after[route_id] for route_id in known}, self._taken(base, orders)
        )
        numbers = self._numbers(base, orders, routes)
        return Picture(orders, routes, numbers, after, found if known else None)

    def between(self, before: Orders, after: Orders, routes: Iterable[str]) -> Impact:
        """What one set of orders does against another, on these routes."""
        ids = sorted(routes)
        was, would = self._prospects(before, ids), self._prospects(after, ids)
        return impact(was, would, self._taken(before, after))

    def stops(self, ids: Iterable[str]) -> list[Stop]:
        """The stops of these ids that have a place."""
        found = map(self._stop, ids)
        return [stop for stop in found if stop is not None and stop.plan is not None]

    def _prospects(self, orders: Orders, routes: Iterable[str]) -> dict[str, Prospect]:
        found = {}
        for route_id in sorted(routes):
            case = self._cases.case(route_id)
            if case is None:
                continue
            settled = {stop.id for stop in case.settled}
            order = [one for one in self.stops(orders.get(route_id, ())) if one.id not in settled]
            prospect = self._cases.prospect(route_id, order)
            if prospect is not None:
                found[route_id] = prospect
        return found

    def _numbers(self, base: Orders, orders: Orders, routes: Iterable[str]) -> dict[str, int]:
        """Settled stops keep the places before all others, as a command sets them."""
        numbers = {stop_id: 0 for route_id in routes for stop_id in base.get(route_id, ())}
        for route_id in routes:
            case = self._cases.case(route_id)
            settled = [stop.id for stop in case.settled] if case else []
            whole = (*settled, *orders[route_id])
            numbers.update((stop_id, number) for number, stop_id in enumerate(whole, start=1))
        return numbers

    def _taken(self, before: Orders, after: Orders) -> list[Stop]:
        """The stops that would be on no route any more."""
        loose = set(before[UNASSIGNED])
        return self.stops(stop_id for stop_id in after[UNASSIGNED] if stop_id not in loose)
