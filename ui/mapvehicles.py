"""The vehicles as the map shows them: the columns of the feed, and what to call each."""

import time
from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

from tower.domain.records import Stop
from tower.domain.words import VehicleKind
from tower.feed.columns import NO_U32
from ui.etas import Etas
from ui.map.scene import VehicleColumns, VehicleName
from ui.session import Session

NAMED_AT_ONCE = 200
"""Names made anew for one frame."""

LARGE = 500
"""From so many vehicles on new names are handed over at most every `NAMES_EVERY_S`."""

NAMES_EVERY_S = 0.5

_KIND_PLACES = {kind: place for place, kind in enumerate(VehicleKind)}
_STALE = NO_U32 - 1
"""The next stop of a vehicle whose name has to be made anew; no handle is so great."""


class VehicleFeed:
    """Keeps the vehicles of the map up to date with a session."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._kinds: NDArray[np.uint8] = np.empty(0, np.uint8)
        self._shown: NDArray[np.bool_] = np.empty(0, np.bool_)
        self._names: dict[int, VehicleName] = {}
        self._fresh: dict[int, VehicleName] = {}
        self._named_next: NDArray[np.uint32] = np.empty(0, np.uint32)
        self._named_at = 0.0

    def note_everything(self) -> None:
        """Another state, another filter."""
        self._kinds = np.empty(0, np.uint8)

    def note_names(self, vehicle_ids: Iterable[str]) -> None:
        """Something changed that a vehicle's card says."""
        for vehicle_id in vehicle_ids:
            handle = self._session.vehicles.handle_of(vehicle_id)
            if handle is not None and handle < len(self._named_next):
                self._named_next[handle] = _STALE
                self._shown[handle] = self._session.shows_vehicle(vehicle_id)

    def note_arrivals(self, stop_ids: Iterable[str]) -> None:
        """Predictions of stops changed; vehicles on their way there get another card."""
        arrivals = self._session.arrivals
        handles = [arrivals.handle_of(stop_id) for stop_id in stop_ids]
        changed = np.zeros(len(arrivals.ids) + 1, np.bool_)
        changed[[handle for handle in handles if handle is not None]] = True
        within = np.minimum(self._named_next, len(arrivals.ids))
        self._named_next[changed[within]] = _STALE

    def vehicles(self) -> VehicleColumns:
        """Every vehicle the filters show."""
        mirror = self._session.vehicles
        self._learn()
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

    def _learn(self) -> None:
        ids = self._session.vehicles.ids
        if len(self._kinds) != len(ids):
            self._kinds = np.fromiter((self._kind(id_) for id_ in ids), np.uint8, len(ids))
            shown = (self._session.shows_vehicle(id_) for id_ in ids)
            self._shown = np.fromiter(shown, np.bool_, len(ids))
            self._named_next = np.full(len(ids), _STALE, np.uint32)
            self._forget_others(ids)
        self._learn_names(ids)

    def _forget_others(self, ids: Sequence[str]) -> None:
        """Handles of another feed may name other vehicles: none goes by another's name."""
        for names in (self._names, self._fresh):
            for handle in [h for h, one in names.items() if h >= len(ids) or ids[h] != one.id]:
                del names[handle]
        self._names = dict(self._names)

    def _learn_names(self, ids: Sequence[str]) -> None:
        wanted: NDArray[np.uint32] = self._session.vehicles.columns["next_stop"][: len(ids)]
        changed = np.flatnonzero(wanted != self._named_next)[:NAMED_AT_ONCE]
        for handle in changed.tolist():
            name = self._name(ids[handle])
            if name != self._names.get(handle):
                self._fresh[handle] = name
        self._named_next[changed] = wanted[changed]
        if self._fresh and self._may_hand_over(len(ids)):
            self._names = {**self._names, **self._fresh}
            self._fresh, self._named_at = {}, time.monotonic()

    def _may_hand_over(self, count: int) -> bool:
        """Names travel with the scene; that of a large fleet is not sent with every frame."""
        return count < LARGE or time.monotonic() - self._named_at >= NAMES_EVERY_S

    def _kind(self, vehicle_id: str) -> int:
        entry = self._session.state.vehicles.get(vehicle_id)
        return _KIND_PLACES[entry.value.kind if entry else VehicleKind.VAN]

    def _name(self, vehicle_id: str) -> VehicleName:
        session = self._session
        entry = session.state.vehicles.get(vehicle_id)
        route_id = session.links.route_of_vehicle.get(vehicle_id, "")
        route = session.state.routes.get(route_id)
        carrier = session.state.carriers.get(entry.value.carrier_id) if entry else None
        next_stop = session.state.stops.get(self._next_stop_id(vehicle_id))
        return VehicleName(
            id=vehicle_id,
            label=entry.value.label if entry else vehicle_id,
            route_id=route_id,
            driver=route.plan.driver_name if route and route.plan else "",
            carrier=carrier.value.name if carrier else "",
            next_stop=self._stop_words(next_stop) if next_stop else "",
            eta=self._eta_words(next_stop.id) if next_stop else "",
        )

    def _next_stop_id(self, vehicle_id: str) -> str:
        vehicles = self._session.vehicles
        handle = vehicles.handle_of(vehicle_id)
        if handle is None:
            return ""
        return self._session.arrivals.id_of(int(vehicles.columns["next_stop"][handle]))

    def _stop_words(self, stop: Stop) -> str:
        number = self._session.links.number_of_stop.get(stop.id, 0)
        customer = stop.plan.customer if stop.plan else stop.id
        return f"{number} · {customer}" if number else customer

    def _eta_words(self, stop_id: str) -> str:
        eta = Etas(self._session).of(stop_id)
        return eta.words if eta else ""
