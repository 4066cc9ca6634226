"""What the map shows, read off the session: vehicles in columns, and the scene.

Knows no widgets. Only what changed is made anew; unchanged records are handed over again.
"""

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from tower.domain.records import ExceptionRecord, Route, Stop, StopPlan
from tower.domain.state import Changed
from tower.domain.words import Punctuality, VehicleKind
from ui.etas import Eta, Etas
from ui.map.scene import (
    MapDepot,
    MapException,
    MapRoute,
    MapScene,
    MapStop,
    VehicleColumns,
    VehicleName,
    shape_bytes,
)
from ui.session import Session
from ui.shapes import RouteShape

_STOPS_AT_ONCE = 400
"""Stops made anew for one scene, so that no frame of the window takes long."""

_KIND_PLACES = {kind: place for place, kind in enumerate(VehicleKind)}


class _Line(NamedTuple):
    """A route's line with the metres (near enough) along it."""

    shape: RouteShape
    packed: bytes
    along: NDArray[np.float64]

    @property
    def works(self) -> tuple[float, float]:
        """Where the first and the last stop lie, as fractions of the length."""
        offsets = self.shape.stop_offsets
        if not offsets or not self.along[-1]:
            return 0.0, 1.0
        first, last = self.along[offsets[0]], self.along[offsets[-1]]
        return float(first / self.along[-1]), float(last / self.along[-1])

    @property
    def stops(self) -> tuple[float, ...]:
        """Where each stop lies, as fractions of the length."""
        if not self.along[-1]:
            return ()
        fractions = self.along[list(self.shape.stop_offsets)] / self.along[-1]
        return tuple(np.round(fractions, 6).tolist())


class MapFeed:
    """Keeps what the map shows up to date with a session.

    The owner calls `note_*` when the session says that something changed, and then asks for
    `vehicles()` and `scene()`.
    """

    def __init__(self, session: Session) -> None:
        self._session = session
        self._lines: dict[str, _Line] = {}
        self._stops: dict[str, MapStop] = {}
        self._stop_facts: dict[str, tuple[Stop, Eta | None]] = {}
        self._dirty_stops: dict[str, None] | None = None
        self._kinds: NDArray[np.uint8] = np.empty(0, np.uint8)
        self._shown: NDArray[np.bool_] = np.empty(0, np.bool_)
        self._names: dict[int, VehicleName] = {}
        self._named_next: NDArray[np.uint32] = np.empty(0, np.uint32)
        self._version = 0

    # What changed

    def note_everything(self) -> None:
        """Another state, another filter: make everything anew."""
        self._dirty_stops, self._stops, self._stop_facts = None, {}, {}
        self._named_next = np.empty(0, np.uint32)
        self._kinds = np.empty(0, np.uint8)

    def note_records(self, changed: Iterable[Changed]) -> None:
        """Records changed."""
        for one in changed:
            if one.table in {"routes", "vehicles", "shifts", "carriers"}:
                self.note_everything()
                return
            if one.table == "stops" and self._dirty_stops is not None:
                self._dirty_stops[one.id] = None

    def note_arrivals(self, stop_ids: Iterable[str]) -> None:
        """Predictions of stops changed; vehicles on their way there get another card."""
        if self._dirty_stops is not None:
            self._dirty_stops.update(dict.fromkeys(stop_ids))
        handles = [self._session.arrivals.handle_of(stop_id) for stop_id in stop_ids]
        named = np.isin(self._named_next, [handle for handle in handles if handle is not None])
        self._named_next[named] = np.iinfo(np.uint32).max - 1

    @property
    def is_behind(self) -> bool:
        """True while stops that changed are not in the scene yet; ask for another soon."""
        return bool(self._dirty_stops)

    # Vehicles

    def vehicles(self) -> VehicleColumns:
        """Every vehicle the filters show."""
        mirror = self._session.vehicles
        self._learn_vehicles()
        handles = mirror.present
        handles = handles[self._shown[handles]]
        columns = mirror.columns
        return VehicleColumns(
            handle=handles,
            lat=columns["lat"][handles],
            lon=columns["lon"][handles],
            speed=columns["speed"][handles],
            heading=columns["heading"][handles],
            at_ms=columns["at_ms"][handles].astype(np.float64),
            punctuality=columns["punctuality"][handles],
            kind=self._kinds[handles],
            names=self._names,
            now_ms=self._session.clock.time() * 1000,
        )

    def _learn_vehicles(self) -> None:
        ids = self._session.vehicles.ids
        if len(self._kinds) != len(ids):
            self._kinds = np.fromiter((self._kind(id_) for id_ in ids), np.uint8, len(ids))
            shown = (self._session.shows_vehicle(id_) for id_ in ids)
            self._shown = np.fromiter(shown, np.bool_, len(ids))
            self._named_next = np.empty(0, np.uint32)
        self._learn_names(ids)

    def _learn_names(self, ids: Iterable[str]) -> None:
        wanted: NDArray[np.uint32] = self._session.vehicles.columns["next_stop"]
        if len(self._named_next) != len(wanted):
            self._names = {handle: self._name(id_) for handle, id_ in enumerate(ids)}
            self._named_next = wanted.copy()
            return
        changed = np.flatnonzero(wanted != self._named_next)
        if not changed.size:
            return
        known = self._session.vehicles.ids
        fresh = {handle: self._name(known[handle]) for handle in changed.tolist()}
        self._names = {**self._names, **fresh}
        self._named_next[changed] = wanted[changed]

    def _kind(self, vehicle_id: str) -> int:
        entry = self._session.state.vehicles.get(vehicle_id)
        return _KIND_PLACES[entry.value.kind if entry else VehicleKind.VAN]

    def _name(self, vehicle_id: str) -> VehicleName:
        session = self._session
        entry = session.state.vehicles.get(vehicle_id)
        route_id = session.links.route_of_vehicle.get(vehicle_id, "")
        route = session.state.routes.get(route_id)
        carrier = session.state.carriers.get(entry.value.carrier_id) if entry else None
        now = session.vehicles.row(vehicle_id)
        next_stop = session.state.stops.get(now.next_stop_id) if now else None
        return VehicleName(
            id=vehicle_id,
            label=entry.value.label if entry else vehicle_id,
            route_id=route_id,
            driver=route.plan.driver_name if route and route.plan else "",
            carrier=carrier.value.name if carrier else "",
            next_stop=self._stop_words(next_stop) if next_stop else "",
            eta=self._eta_words(next_stop.id) if next_stop else "",
        )

    def _stop_words(self, stop: Stop) -> str:
        number = self._session.links.number_of_stop.get(stop.id, 0)
        customer = stop.plan.customer if stop.plan else stop.id
        return f"{number} · {customer}" if number else customer

    def _eta_words(self, stop_id: str) -> str:
        eta = Etas(self._session).of(stop_id)
        return eta.words if eta else ""

    # The scene

    def scene(self) -> MapScene:
        """Depots, routes, stops and exceptions the filters show."""
        self._version += 1
        self._learn_stops()
        state, session = self._session.state, self._session
        return MapScene(
            version=self._version,
            depots=tuple(
                MapDepot(entry.value.id, entry.value.lat, entry.value.lon, entry.value.name)
                for entry in state.depots.values()
                if entry.value.id not in session.hidden.depots
            ),
            routes=tuple(self._route(one) for one in state.routes.values() if session.shows(one)),
            stops=tuple(self._stops.values()),
            exceptions=tuple(self._exceptions()),
        )

    def _learn_stops(self) -> None:
        """Make the stops anew that changed in a way that shows, some at a time."""
        state = self._session.state
        if self._dirty_stops is None:
            self._dirty_stops = dict.fromkeys(state.stops)
        etas = Etas(self._session)
        for stop_id in list(islice(self._dirty_stops, _STOPS_AT_ONCE)):
            del self._dirty_stops[stop_id]
            stop = state.stops.get(stop_id)
            if stop is not None and stop.plan is not None and self._session.shows(stop):
                self._learn_stop(stop, stop.plan, None if stop.is_done else etas.of(stop_id))

    def _learn_stop(self, stop: Stop, plan: StopPlan, eta: Eta | None) -> None:
        known = self._stop_facts.get(stop.id)
        if known is None or known[0] is not stop or known[1] != eta:
            self._stop_facts[stop.id] = (stop, eta)
            self._stops[stop.id] = self._stop(stop, plan, eta)

    def _stop(self, stop: Stop, plan: StopPlan, eta: Eta | None) -> MapStop:
        session = self._session
        standing = eta.punctuality if eta else Punctuality.ON_TIME
        return MapStop(
            id=stop.id,
            route_id=stop.route_id,
            number=session.links.number_of_stop.get(stop.id, 0),
            lat=plan.lat,
            lon=plan.lon,
            state=stop.state,
            punctuality=Punctuality.DONE if stop.is_done else standing,
            label=plan.customer or plan.address or stop.id,
            detail=self._stop_detail(stop, plan, eta),
            kind=plan.kind,
            is_locked=stop.lock is not None and not stop.is_done,
        )

    def _stop_detail(self, stop: Stop, plan: StopPlan, eta: Eta | None) -> str:
        session = self._session
        parts = []
        if stop.finished_at is not None:
            parts.append(f"{stop.state.value} {session.clock_text(stop.finished_at)}")
        elif eta:
            parts.append(f"ETA {eta.words}")
        if plan.window_start and plan.window_end:
            window = (
                f"{session.clock_text(plan.window_start)}–{session.clock_text(plan.window_end)}"
            )
            parts.append(f"window {window}")
        return " · ".join(parts)

    def _route(self, route: Route) -> MapRoute:
        session, plan = self._session, route.plan
        vehicle_id = plan.vehicle_id if plan else ""
        now = session.vehicles.row(vehicle_id)
        line = self._line(route.id)
        standing = now.punctuality if now else Punctuality.IDLE
        works_from, works_to = line.works if line else (0.0, 1.0)
        is_of_order = line is not None and line.shape.version == route.version
        return MapRoute(
            id=route.id,
            name=route.name,
            colour=session.links.colour_of_route.get(route.id, 0),
            shape=line.packed if line else b"",
            done_fraction=self._done_fraction(route, line),
            works_from=works_from,
            works_to=works_to,
            punctuality=Punctuality.DONE if route.finished_at else standing,
            vehicle_id=vehicle_id,
            depot_id=plan.depot_id if plan else "",
            stop_at=line.stops if line and is_of_order else (),
            is_outdated=line is not None and not is_of_order and route.finished_at is None,
        )

    def _line(self, route_id: str) -> _Line | None:
        shape, known = self._session.shapes.get(route_id), self._lines.get(route_id)
        if shape is None or len(shape.points) < 2:
            return None
        if known is None or known.shape is not shape:
            known = _Line(shape, shape_bytes(shape.points), _along(shape.points))
            self._lines[route_id] = known
        return known

    def _done_fraction(self, route: Route, line: _Line | None) -> float:
        """How much of the line lies behind: up to the vehicle between its two stops."""
        if route.finished_at is not None:
            return 1.0
        if line is None or not line.along[-1]:
            return 0.0
        stops, offsets = self._session.state.stops, line.shape.stop_offsets
        done = [stop_id in stops and stops[stop_id].is_done for stop_id in route.sequence]
        if len(offsets) != len(done) or not any(done):
            return self._place(route, line, 0, offsets[0] if offsets else 0)
        last = len(done) - 1 - done[::-1].index(True)
        end = offsets[last + 1] if last + 1 < len(offsets) else len(line.along) - 1
        return self._place(route, line, offsets[last], end)

    def _place(self, route: Route, line: _Line, start: int, end: int) -> float:
        """The nearest point of the line to the vehicle from `start` to `end`, as a fraction."""
        now = self._session.vehicles.row(route.plan.vehicle_id) if route.plan else None
        stretch = line.shape.points[start : end + 1]
        nearest = start
        if now is not None and route.started_at is not None and len(stretch):
            away = (stretch - (now.lat, now.lon)) * (1.0, np.cos(np.radians(now.lat)))
            nearest += int(np.argmin(np.einsum("ij,ij->i", away, away)))
        return float(line.along[nearest] / line.along[-1])

    def _exceptions(self) -> Iterator[MapException]:
        for record in self._session.state.exceptions.values():
            if record.is_open and self._session.shows(record):
                mark = self._exception(record)
                if mark is not None:
                    yield mark

    def _exception(self, record: ExceptionRecord) -> MapException | None:
        finding = record.finding
        if finding is None:
            return None
        stop = self._session.state.stops.get(finding.subject.stop_id)
        vehicle = self._session.vehicles.row(finding.subject.vehicle_id)
        if stop is not None and stop.plan is not None:
            place, travels = stop.plan.position, ""
        elif vehicle is not None:
            place, travels = vehicle.position, vehicle.id
        else:
            return None
        return MapException(
            record.id,
            finding.severity,
            finding.kind,
            *place,
            finding.headline,
            vehicle_id=travels,
            stop_id=stop.id if stop is not None else "",
        )


def _along(points: NDArray[np.float64]) -> NDArray[np.float64]:
    """Length of the line up to each point, in degrees of latitude."""
    steps = np.diff(points, axis=0)
    steps[:, 1] *= np.cos(np.radians(points[:-1, 0]))
    along: NDArray[np.float64] = np.concatenate(
        ([0.0], np.cumsum(np.hypot(steps[:, 0], steps[:, 1])))
    )
    return along
