"""What really happens on every route, as far as it is known now, and what was told of it."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from tower.demo.plan import DemoRoute, Report, in_order_sent


class Collision(NamedTuple):
    """A stop two vehicles are on their way to: the second to come finds it done.

    Attributes:
        at_s: when the first of them is there.
        route_id: whose vehicle can leave the stop out then.
    """

    at_s: float
    route_id: str
    stop_id: str


class Lives:
    """The lives of all routes; a held route says nothing until its new life is known.

    Args:
        routes: as the plan has them.
    """

    def __init__(self, routes: Iterable[DemoRoute]) -> None:
        self._routes = {route.id: route for route in routes}
        self._told_s = dict.fromkeys(self._routes, float("-inf"))
        self._held: set[str] = set()
        self._pending = {one.id: in_order_sent(one.life.reports) for one in self._routes.values()}
        self._collisions: list[Collision] = []

    def __iter__(self) -> Iterator[DemoRoute]:
        return iter(self._routes.values())

    def __contains__(self, route_id: object) -> bool:
        return route_id in self._routes

    def route(self, route_id: str) -> DemoRoute:
        """A route as it is lived."""
        return self._routes[route_id]

    def hold(self, route_id: str) -> None:
        """Tell nothing more of a route until its life is set."""
        self._held.add(route_id)

    def release(self, route_id: str) -> None:
        """Tell again what a held route reports."""
        self._held.discard(route_id)

    def is_held(self, route_id: str) -> bool:
        """True while a route's new life is being worked out."""
        return route_id in self._held

    def live(self, route: DemoRoute, now_s: float) -> None:
        """From now on a route is lived so; what was told of it stays told."""
        self._routes[route.id] = route
        self._await(route)
        self._collisions = sorted(_collisions(self._routes.values(), now_s), reverse=True)
        self.release(route.id)

    def forget_past(self, route_id: str, now_s: float) -> None:
        """What a route reported by now was told by an earlier gateway."""
        self._told_s[route_id] = now_s
        self._await(self._routes[route_id])

    def _await(self, route: DemoRoute) -> None:
        """What of a route's reports is still to be sent."""
        told_s = self._told_s[route.id]
        reports = in_order_sent(route.life.reports)
        self._pending[route.id] = [report for report in reports if report.sent_s > told_s]

    def due_reports(self, now_s: float) -> list[Report]:
        """Everything to be sent by now that was not sent yet, in order."""
        due: list[Report] = []
        for route_id, pending in self._pending.items():
            if route_id in self._held:
                continue
            count = sum(report.sent_s <= now_s for report in pending)
            due += pending[:count]
            del pending[:count]
            self._told_s[route_id] = now_s
        return in_order_sent(due)

    def due_collisions(self, now_s: float) -> Iterator[Collision]:
        """The stops that have been reached by one vehicle while another is on its way there.

        None while somebody's life is being worked out: it may be about just these stops.
        """
        while not self._held and self._collisions and self._collisions[-1].at_s <= now_s:
            yield self._collisions.pop()


def _collisions(routes: Iterable[DemoRoute], now_s: float) -> Iterator[Collision]:
    heading: dict[str, list[tuple[float, str]]] = defaultdict(list)
    for route in routes:
        for visit in route.life.visits:
            if visit.arrives_s > now_s:
                heading[visit.stop_id].append((visit.arrives_s, route.id))
    for stop_id, arrivals in heading.items():
        first_s = min(arrivals)[0]
        for _, route_id in sorted(arrivals)[1:]:
            yield Collision(first_s, route_id, stop_id)
