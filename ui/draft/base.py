"""The open orders of the shift, kept current change by change. Knows no widgets."""

from collections.abc import Container, Iterable

from tower.domain.records import Stop
from tower.domain.state import Changed, State
from tower.routes.change import UNASSIGNED, open_order, open_orders


class BaseOrders:
    """What `tower.routes.change.open_orders` says, without reading every stop each time.

    Attributes:
        orders: the open stops of every route, and under `UNASSIGNED` those on none.
    """

    def __init__(self, state: State) -> None:
        self._state = state
        self.orders = open_orders(state)

    def take(self, changed: Iterable[Changed]) -> bool:
        """Read again what changed.

        Returns:
            True where any order is another one now.
        """
        routes, stops = set[str](), set[str]()
        for table, id_ in changed:
            if table == "routes":
                routes.add(id_)
            elif table == "stops":
                stops.add(id_)
        routes.update(self._state.stops[id_].route_id for id_ in stops)
        known = self._state.routes
        fresh = {id_: open_order(self._state, known[id_]) for id_ in routes if id_ in known}
        others = {id_: order for id_, order in fresh.items() if self.orders.get(id_) != order}
        loose = self._loose(stops, fresh)
        if loose is not self.orders[UNASSIGNED]:
            others[UNASSIGNED] = loose
        if others:
            self.orders = {**self.orders, **others}
        return bool(others)

    def _loose(self, touched: set[str], fresh: Container[str]) -> tuple[str, ...]:
        """The stops on no route; the same object where they are the same."""
        known = set(self.orders[UNASSIGNED])
        came = {id_ for id_ in known | touched if self._is_loose(self._state.stops[id_], fresh)}
        return self.orders[UNASSIGNED] if came == known else tuple(sorted(came))

    def _is_loose(self, stop: Stop, fresh: Container[str]) -> bool:
        """Whether a stop is on no route; one may name a route nobody planned yet."""
        on_route = bool(stop.route_id) and (stop.route_id in self.orders or stop.route_id in fresh)
        return not on_route and not stop.is_done and stop.plan is not None
