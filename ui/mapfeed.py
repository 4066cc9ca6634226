"""What the map shows, read off the session: vehicles in columns, and the scene.

Knows no widgets. Only what changed is made anew, and of a large shift a share at a time;
unchanged records, and tuples of which nothing changed, are handed over again.
"""

import time
from collections import deque
from collections.abc import Iterable

from tower.domain.state import Changed
from ui.map.scene import MapDepot, MapScene, VehicleColumns
from ui.maproutes import RouteFeed
from ui.mapstops import ExceptionFeed, StopFeed
from ui.mapvehicles import VehicleFeed
from ui.session import Session

SHARE_S = 0.010
"""Processor time of the window's thread for what changed, in one turn of the event loop, seconds:
so that a machine that is busy otherwise does not keep the map waiting for long."""


class MapFeed:
    """Keeps what the map shows up to date with a session.

    The owner calls `note_*` when the session says that something changed, and then asks for
    `vehicles()` and `scene()`.
    """

    def __init__(self, session: Session) -> None:
        self._session = session
        self._vehicles = VehicleFeed(session)
        self._routes = RouteFeed(session)
        self._stops = StopFeed(session)
        self._exceptions = ExceptionFeed(session)
        self._works = deque((self._advance_routes, self._stops.advance, self._exceptions.advance))
        self._depots: tuple[MapDepot, ...] = ()
        self._version = 0

    # What changed

    def note_everything(self) -> None:
        """Another state, another filter: make everything anew."""
        for one in (self._vehicles, self._routes, self._stops, self._exceptions):
            one.note_everything()

    def note_records(self, changed: Iterable[Changed]) -> None:
        """Records changed."""
        ids: dict[str, list[str]] = {}
        for one in changed:
            ids.setdefault(one.table, []).append(one.id)
        if ids.keys() & {"vehicles", "shifts", "carriers"}:
            self.note_everything()
            return
        self._exceptions.note(ids.get("exceptions", ()))
        self._note_routes(ids.get("routes", ()))
        self._note_stops(ids.get("stops", ()))

    def _note_routes(self, route_ids: Iterable[str]) -> None:
        """Routes changed, and with them the numbers of their stops and their vehicles' cards."""
        for route_id in route_ids:
            route = self._session.state.routes.get(route_id)
            if route is None or not self._routes.knows(route_id):
                self.note_everything()  # another colour for all
                return
            self._stops.note(route.sequence)
            self._vehicles.note_names([route.plan.vehicle_id] if route.plan else ())
        self._routes.note(route_ids)

    def _note_stops(self, stop_ids: Iterable[str]) -> None:
        stops = self._session.state.stops
        self._stops.note(stop_ids)
        self._routes.note(stops[id_].route_id for id_ in stop_ids if id_ in stops)

    def note_arrivals(self, stop_ids: Iterable[str]) -> None:
        """Predictions of stops changed."""
        self._stops.note(stop_ids)
        self._vehicles.note_arrivals(stop_ids)

    def note_shapes(self) -> None:
        """Lines of routes arrived."""
        self._routes.note(self._session.state.routes)

    @property
    def is_behind(self) -> bool:
        """True while something that changed is not in the scene yet; ask for another soon."""
        return any(one.is_behind for one in (self._stops, self._routes, self._exceptions))

    def advance(self) -> None:
        """Make a share of what changed anew: a few milliseconds, whatever the size of the shift.

        What comes first has most of the time; each time that is something else.
        """
        ends = time.thread_time() + SHARE_S
        for work in self._works:
            work(ends)
        self._works.rotate()

    def _advance_routes(self, ends: float) -> None:
        self._routes.advance(ends, in_turn=not self._stops.is_behind)

    # What is shown

    def vehicles(self) -> VehicleColumns:
        """Every vehicle the filters show."""
        return self._vehicles.vehicles()

    def scene(self, *, advance: bool = True) -> MapScene:
        """Depots, routes, stops and exceptions the filters show.

        Args:
            advance: make a share of what changed anew before.
        """
        if advance:
            self.advance()
        self._version += 1
        depots = tuple(
            MapDepot(entry.value.id, entry.value.lat, entry.value.lon, entry.value.name)
            for entry in self._session.state.depots.values()
            if entry.value.id not in self._session.hidden.depots
        )
        if depots != self._depots:
            self._depots = depots
        return MapScene(
            version=self._version,
            depots=self._depots,
            routes=self._routes.routes(),
            stops=self._stops.stops(),
            exceptions=self._exceptions.exceptions(),
        )
