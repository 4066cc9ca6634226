"""What the page is sent: vehicle frames as bytes, scenes as the difference to the last one."""

import struct
from collections.abc import Iterable, Mapping
from typing import Any, Protocol, TypeVar

import msgspec

from ui.map.scene import (
    MapDepot,
    MapException,
    MapRoute,
    MapScene,
    MapStop,
    VehicleColumns,
    VehicleName,
)

FRAME_MAGIC = 0x31465654
"""``TVF1``: the first four bytes of a vehicle frame, little-endian."""

_HEADER = struct.Struct("<IIdd")


def encode_frame(version: int, frame: VehicleColumns, now_ms: float) -> bytes:
    """Lay the columns of a frame end to end, as the page reads them.

    Args:
        version: What the page will ask to be told beyond.
        frame: The fleet.
        now_ms: The clock ages are measured against, milliseconds since 1970 UTC.

    Returns:
        A 24-byte header (magic, count, version, clock) and 26 bytes a vehicle, little-endian.
    """
    columns = (
        frame.at_ms.astype("<f8", copy=False),
        frame.handle.astype("<u4", copy=False),
        frame.lat.astype("<i4", copy=False),
        frame.lon.astype("<i4", copy=False),
        frame.speed.astype("<u2", copy=False),
        frame.heading.astype("<u2", copy=False),
        frame.punctuality.astype("<u1", copy=False),
        frame.kind.astype("<u1", copy=False),
    )
    head = _HEADER.pack(FRAME_MAGIC, len(frame), float(version), now_ms)
    return head + b"".join(column.tobytes() for column in columns)


class _Identified(Protocol):
    @property
    def id(self) -> str: ...


_Record = TypeVar("_Record", bound=_Identified)


class SceneState:
    """The scene and the names as last told to the page, to tell only what changed next."""

    def __init__(self) -> None:
        self._forget()

    def _forget(self) -> None:
        self.version = 0
        self._depots: dict[str, MapDepot] = {}
        self._routes: dict[str, MapRoute] = {}
        self._stops: dict[str, MapStop] = {}
        self._exceptions: dict[str, MapException] = {}
        self._names: dict[int, VehicleName] = {}

    def answer(
        self, since: int, version: int, scene: MapScene, names: Mapping[int, VehicleName]
    ) -> bytes:
        """Make the JSON that brings the page from ``since`` to ``version``.

        Where ``since`` is not the version told last, everything is told again.
        """
        if since != self.version:
            self._forget()
        body = {
            "version": version,
            "base": self.version,
            "depots": _difference(self._depots, scene.depots),
            "routes": self._route_difference(scene.routes),
            "stops": _difference(self._stops, scene.stops),
            "exceptions": _difference(self._exceptions, scene.exceptions),
            "names": self._name_difference(names),
        }
        self._remember(version, scene, names)
        return msgspec.json.encode(body)

    def _route_difference(self, routes: Iterable[MapRoute]) -> dict[str, Any]:
        change = _difference(self._routes, routes)
        change["set"] = [self._without_known_line(route) for route in change["set"]]
        return change

    def _without_known_line(self, route: MapRoute) -> dict[str, Any]:
        record = msgspec.structs.asdict(route)
        old = self._routes.get(route.id)
        if old is not None and (old.shape is route.shape or old.shape == route.shape):
            del record["shape"]
        if old is not None and old.stop_at == route.stop_at:
            del record["stop_at"]
        return record

    def _name_difference(self, names: Mapping[int, VehicleName]) -> dict[str, Any]:
        changed = [
            (handle, name) for handle, name in names.items() if self._names.get(handle) != name
        ]
        return {"set": changed, "gone": [handle for handle in self._names if handle not in names]}

    def _remember(self, version: int, scene: MapScene, names: Mapping[int, VehicleName]) -> None:
        self.version = version
        self._depots = {depot.id: depot for depot in scene.depots}
        self._routes = {route.id: route for route in scene.routes}
        self._stops = {stop.id: stop for stop in scene.stops}
        self._exceptions = {exception.id: exception for exception in scene.exceptions}
        self._names = dict(names)


def _difference(old: Mapping[str, _Record], new: Iterable[_Record]) -> dict[str, Any]:
    ids = set()
    changed = []
    for record in new:
        ids.add(record.id)
        known = old.get(record.id)
        if known is not record and known != record:
            changed.append(record)
    return {"set": changed, "gone": [key for key in old if key not in ids]}
