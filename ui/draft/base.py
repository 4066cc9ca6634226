"""The open orders of the shift, kept current change by change. Knows no widgets."""

from collections.abc import Iterable

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
        fresh = {
            route_id: open_order(self._state, self._state.routes[route_id])
            for route_id in routes
            if route_id in self._state.routes
        }
        # A stop may name a route nobody planned yet: until then it is on none.
        orders = {**self.orders, **fresh}
        orders[UNASSIGNED] = self._loose(stops, orders)
        is_other = orders != self.orders
        self.orders = orders
        return is_other

    def _loose(self, touched: set[str], routes: dict[str, tuple[str, ...]]) -> tuple[str, ...]:
        known = set(self.orders[UNASSIGNED])
        came = {id_ for id_ in known | touched if self._is_loose(self._state.stops[id_], routes)}
        return self.orders[UNASSIGNED] if came == known else tuple(sorted(came))

    @staticmethod
    def _is_loose(stop: Stop, routes: dict[str, tuple[str, ...]]) -> bool:
        on_route = bool(stop.route_id) and stop.route_id in routes
        return not on_route and not stop.is_done and stop.plan is not None
