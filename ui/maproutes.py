"""The routes as the map shows them, a share at a time: lines, how far they are done, standing."""

from collections.abc import Iterable, Iterator
from itertools import chain
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from tower.domain.records import Route
from tower.domain.words import Punctuality
from tower.feed.columns import DEGREE
from ui.map.blocks import BlockedRecords, Blocks
from ui.map.scene import MapRoute
from ui.session import Session
from ui.shapes import RouteShape
from ui.shares import share_of, without

AT_LEAST = 64
"""Routes looked at again for each scene, whatever it takes: all of an ordinary shift."""

_BETWEEN_CLOCKS = 16


class Line(NamedTuple):
    """A route's line with the metres (near enough) along it."""

    shape: RouteShape
    along: NDArray[np.float32]
    works: tuple[float, float]
    stops: tuple[float, ...]

    @classmethod
    def of(cls, shape: RouteShape) -> "Line":
        """A line of at least two points.

        `works` is where its first and last stop lie, `stops` where each lies, as fractions of the
        length.
        """
        along = along_line(shape.points)
        offsets = shape.stop_offsets
        if not offsets or not along[-1]:
            return cls(shape, along.astype(np.float32), (0.0, 1.0), ())
        fractions = (along[list(offsets)] / along[-1]).tolist()
        stops = tuple(round(one, 6) for one in fractions)
        works = fractions[0], fractions[-1]
        return cls(shape, along.astype(np.float32), works, stops)


class RouteFeed:
    """Keeps the routes of the map up to date with a session.

    Where a vehicle is on its line is looked at in turn, so that the window's thread is never held
    by a large fleet: an ordinary shift is looked at whole each time, of ten thousand routes a few
    hundred, and first those that are known to have changed.
    """

    def __init__(self, session: Session) -> None:
        self._session = session
        self._lines: dict[str, Line] = {}
        self._routes = BlockedRecords[MapRoute]()
        self._dirty: dict[str, None] = {}
        self._seen: set[str] = set()
        self._turn: list[str] = []
        self._standing: NDArray[np.uint8] = np.empty(0, np.uint8)

    def note_everything(self) -> None:
        """Another state, another filter: make all anew."""
        self._routes, self._seen, self._turn = BlockedRecords(), set(), []
        self._dirty = dict.fromkeys(self._session.state.routes)
        self._standing = np.empty(0, np.uint8)

    def note(self, route_ids: Iterable[str]) -> None:
        """These routes changed."""
        for route_id in route_ids:
            if route_id in self._session.state.routes:
                self._dirty[route_id] = None

    def knows(self, route_id: str) -> bool:
        """True where a route was looked at before, shown or not."""
        return route_id in self._seen

    @property
    def is_behind(self) -> bool:
        """True while routes that changed were not looked at yet."""
        return bool(self._dirty)

    def advance(self, ends: float, *, in_turn: bool = True) -> None:
        """Look at a share of what changed, and of where the vehicles are.

        Args:
            ends: no further ones after this time of `time.thread_time`.
            in_turn: look also at routes of which nothing is said, one after the other.
        """
        known = self._session.state.routes
        self._note_standings()
        self._note_selected()
        if len(self._seen) + len(self._dirty) < len(known):
            self.note(known.keys() - self._seen)
        self._look(ends, in_turn=in_turn)

    def routes(self) -> Blocks[MapRoute]:
        """The routes the filters show; the same object while none of them changed."""
        return self._routes.shown()

    def _look(self, ends: float, *, in_turn: bool) -> None:
        """Look at what changed and at the next in turn, for as long as there is time."""
        looked = list[str]()
        others = self._in_turn() if in_turn else ()
        for route_id in share_of(
            chain(self._dirty, others), ends, at_least=AT_LEAST, between_clocks=_BETWEEN_CLOCKS
        ):
            looked.append(route_id)
            self._renew(route_id)
        self._dirty = without(self._dirty, looked)

    def _in_turn(self) -> Iterator[str]:
        """The routes that are not finished, each once."""
        if not self._turn:
            routes = self._session.state.routes
            self._turn = [id_ for id_, one in routes.items() if one.finished_at is None]
        while self._turn:
            yield self._turn.pop()

    def _renew(self, route_id: str) -> None:
        self._seen.add(route_id)
        route = self._session.state.routes.get(route_id)
        if route is None or not self._session.shows(route):
            self._routes.drop(route_id)
            return
        fresh = self._route(route)
        if fresh != self._routes.get(route_id):
            self._routes.put(fresh)

    def _note_standings(self) -> None:
        """Routes whose vehicle stands otherwise than it did."""
        standing: NDArray[np.uint8] = self._session.vehicles.columns["punctuality"]
        known, route_of = self._standing, self._session.links.route_of_vehicle
        size = min(len(known), len(standing))
        for handle in np.flatnonzero(standing[:size] != known[:size]).tolist():
            self.note([route_of.get(self._session.vehicles.id_of(handle), "")])
        self._standing = standing.copy()

    def _note_selected(self) -> None:
        selected = self._session.selection
        if selected.kind == "route":
            self.note([selected.id])
        elif selected.kind == "vehicle":
            self.note([self._session.links.route_of_vehicle.get(selected.id, "")])

    def _route(self, route: Route) -> MapRoute:
        session, plan = self._session, route.plan
        vehicle_id = plan.vehicle_id if plan else ""
        line = self._line(route.id)
        is_of_order = line is not None and line.shape.version == route.version
        return MapRoute(
            id=route.id,
            name=route.name,
            colour=session.links.colour_of_route.get(route.id, 0),
            shape=line.shape.packed if line else b"",
            done_fraction=self._done_fraction(route, line),
            works_from=line.works[0] if line else 0.0,
            works_to=line.works[1] if line else 1.0,
            punctuality=Punctuality.DONE if route.finished_at else self._stands(vehicle_id),
            vehicle_id=vehicle_id,
            depot_id=plan.depot_id if plan else "",
            stop_at=line.stops if line and is_of_order else (),
            is_outdated=line is not None and not is_of_order and route.finished_at is None,
        )

    def _stands(self, vehicle_id: str) -> Punctuality:
        stands = self._session.vehicles.punctuality(vehicle_id)
        return Punctuality.IDLE if stands is None else stands

    def _line(self, route_id: str) -> Line | None:
        shape, known = self._session.shapes.get(route_id), self._lines.get(route_id)
        if shape is None or shape.count < 2:
            return None
        if known is None or known.shape is not shape:
            known = self._lines[route_id] = Line.of(shape)
        return known

    def _done_fraction(self, route: Route, line: Line | None) -> float:
        """How much of the line lies behind: up to the vehicle between its two stops."""
        if route.finished_at is not None:
            return 1.0
        if line is None or not line.along[-1]:
            return 0.0
        stops, offsets = self._session.state.stops, line.shape.stop_offsets
        places = range(len(route.sequence) - 1, -1, -1)
        known = ((place, stops.get(route.sequence[place])) for place in places)
        last = next((place for place, stop in known if stop is not None and stop.is_done), None)
        if len(offsets) != len(route.sequence) or last is None:
            return self._place(route, line, 0, offsets[0] if offsets else 0)
        end = offsets[last + 1] if last + 1 < len(offsets) else len(line.along) - 1
        return self._place(route, line, offsets[last], end)

    def _place(self, route: Route, line: Line, start: int, end: int) -> float:
        """The nearest point of the line to the vehicle from `start` to `end`, as a fraction."""
        vehicles, nearest = self._session.vehicles, start
        handle = vehicles.handle_of(route.plan.vehicle_id) if route.plan else None
        stretch = line.shape.stretch(start, end)
        if handle is not None and route.started_at is not None and len(stretch):
            lat, lon = (vehicles.columns[name][handle] / DEGREE for name in ("lat", "lon"))
            away = (stretch - (lat, lon)) * (1.0, np.cos(np.radians(lat)))
            nearest += int(np.argmin(np.einsum("ij,ij->i", away, away)))
        return float(line.along[nearest] / line.along[-1])


def along_line(points: NDArray[np.float64]) -> NDArray[np.float64]:
    """Length of a line up to each of its `(n, 2)` points, in degrees of latitude."""
    steps = points[1:] - points[:-1]
    steps[:, 1] *= np.cos(np.radians(points[:-1, 0]))
    along = np.zeros(len(points))
    np.cumsum(np.hypot(steps[:, 0], steps[:, 1]), out=along[1:])
    return along
