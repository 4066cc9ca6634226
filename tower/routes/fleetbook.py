"""What one route has to know of all of them, kept up record by record."""

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from tower.domain.records import Route, Stop
from tower.domain.state import Changed, State
from tower.domain.words import StopState


class Fleet(NamedTuple):
    """What one route has to know of all of them.

    Attributes:
        departed: ids of the routes that have left their depot with what they loaded there.
        carriers: route id to carrier id.
        collected: id of each stop whose parcels were collected on the way, and the route that
            has them aboard since; of several that collected them the one with the greatest id.
    """

    departed: frozenset[str]
    carriers: Mapping[str, str]
    collected: Mapping[str, str] = {}


def fleet_of(state: State) -> Fleet:
    """What is known of all routes of a shift."""
    return FleetBook(state).fleet


class FleetBook:
    """What is known of all routes of a shift, without a look at all records for each change.

    Args:
        state: the shift; `take` has to be told of every record that changes in it.
    """

    def __init__(self, state: State) -> None:
        self._state = state
        self._departed: frozenset[str] | None = None
        self._carriers_now: Mapping[str, str] | None = None
        self._collected: Mapping[str, str] | None = None
        self._read()

    @property
    def fleet(self) -> Fleet:
        """What is known now; later changes leave it as it is."""
        if self._is_outdated:
            self._read()
        if self._departed is None:
            self._departed = frozenset(self._begun.union(self._served.values()))
        if self._carriers_now is None:
            self._carriers_now = dict(self._carriers)
        if self._collected is None:
            self._collected = self._collect()
        return Fleet(self._departed, self._carriers_now, self._collected)

    def take(self, changed: Iterable[Changed]) -> None:
        """These records of the shift changed."""
        for table, id_ in changed:
            if self._is_outdated:
                return
            if table == "routes":
                self._take_route(id_)
            elif table == "stops":
                self._take_stop(id_)

    def _read(self) -> None:
        self._is_outdated = False
        self._begun = {route.id for route in self._state.routes.values() if _has_begun(route)}
        self._carriers = {
            route.id: route.plan.carrier_id for route in self._state.routes.values() if route.plan
        }
        self._served, self._collecting = dict[str, str](), set[str]()
        for stop in self._state.stops.values():
            if route_id := self._route_served(stop):
                self._served[stop.id] = route_id
            if _collects(stop):
                self._collecting.add(stop.id)
        self._departed = self._carriers_now = self._collected = None

    def _take_route(self, route_id: str) -> None:
        route = self._state.routes.get(route_id)
        if route is None or (route_id in self._begun and not _has_begun(route)):
            self._is_outdated = True
            return
        if _has_begun(route) and route_id not in self._begun:
            self._begun.add(route_id)
            self._departed = None
        carrier_id = route.plan.carrier_id if route.plan else None
        if carrier_id is not None and self._carriers.get(route_id) != carrier_id:
            self._carriers[route_id] = carrier_id
            self._carriers_now = None

    def _take_stop(self, stop_id: str) -> None:
        stop = self._state.stops.get(stop_id)
        if stop is None:
            self._is_outdated = True
            return
        route_id = self._route_served(stop)
        if self._served.pop(stop_id, "") != route_id:
            self._departed = None
        if route_id:
            self._served[stop_id] = route_id
        if _collects(stop):
            self._collecting.add(stop_id)
        if stop_id in self._collecting:
            self._collected = None

    def _route_served(self, stop: Stop) -> str:
        """The route that was at a stop, where nothing else says that it has left; "" for none."""
        return stop.route_id if stop.route_id not in self._begun and _was_there(stop) else ""

    def _collect(self) -> dict[str, str]:
        collecting = (self._state.stops[stop_id] for stop_id in sorted(self._collecting))
        return {
            stop_id: stop.route_id
            for stop in collecting
            if stop.plan is not None and stop.state is StopState.COLLECTED
            for stop_id in stop.plan.collects
        }


def _has_begun(route: Route) -> bool:
    return route.started_at is not None


def _collects(stop: Stop) -> bool:
    return stop.plan is not None and bool(stop.plan.collects)


def _was_there(stop: Stop) -> bool:
    return stop.is_done and stop.state is not StopState.CANCELLED
