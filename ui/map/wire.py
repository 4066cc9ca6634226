"""What the page is sent: vehicle frames as bytes, scenes as the difference to the last one."""

import struct
from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import compress, count, islice, zip_longest
from operator import is_not
from typing import Any, Generic, TypeVar

import msgspec

from ui.map.blocks import Record, blocks_of
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


_Key = TypeVar("_Key", str, int)
_Value = TypeVar("_Value")

PART = 2_000
"""How much one answer tells at most, in stops: about half a megabyte."""

_LINE_BYTES_AS_A_STOP = 200
_PARTS_FROM = 2**40
"""Versions of answers that are only a part are counted from here, beyond those of scenes."""


class _Pending(Generic[_Key, _Value]):
    """What the page has yet to be told of one kind: the newest of each record, and who is gone."""

    def __init__(self) -> None:
        self.set: dict[_Key, _Value] = {}
        self.gone: dict[_Key, None] = {}

    def note(self, changed: Mapping[_Key, _Value], gone: Iterable[_Key]) -> None:
        """Note records that are set, and after them keys of which none is."""
        for key in self.gone.keys() & changed.keys():
            del self.gone[key]
        self.set.update(changed)
        for key in gone:
            self.set.pop(key, None)
            self.gone[key] = None

    def take(self, room: int, size: Callable[[_Value], int]) -> tuple[list[_Value], int]:
        """Take what there is room for out of what is set; and the room left."""
        taken = []
        for key in list(islice(self.set, max(0, room))):
            if room <= 0:
                break
            value = self.set.pop(key)
            taken.append(value)
            room -= size(value)
        if not self.set:
            self.set = {}  # one that was emptied bit by bit keeps its size
        return taken, room

    def take_gone(self) -> list[_Key]:
        gone, self.gone = list(self.gone), {}
        return gone


class SceneState:
    """The scene and the names as last told to the page, to tell only what changed next.

    What changed is found by comparing identities first, so a scene of a hundred thousand stops
    that hands over unchanged records again costs a few milliseconds. A great change is told in
    parts: an answer that says ``more`` has a version of its own, and the page asks on from there.

    Args:
        part: How much one answer tells at most, counted in stops.
    """

    def __init__(self, part: int = PART) -> None:
        self._part = part
        self._parts = count(_PARTS_FROM)
        self._forget()

    def _forget(self) -> None:
        self.version = 0
        self._scene = MapScene(0)
        self._names: Mapping[int, VehicleName] = {}
        self._lines: dict[str, tuple[bytes, tuple[float, ...]]] = {}
        self._depots = _Pending[str, MapDepot]()
        self._exceptions = _Pending[str, MapException]()
        self._routes = _Pending[str, MapRoute]()
        self._stops = _Pending[str, MapStop]()
        self._named = _Pending[int, tuple[int, VehicleName]]()

    def answer(
        self, since: int, version: int, scene: MapScene, names: Mapping[int, VehicleName]
    ) -> bytes:
        """Make the JSON that brings the page from ``since`` to ``version``, or a part of the way.

        Where ``since`` is not the version told last, everything is told again.
        """
        if since != self.version:
            self._forget()
        base = self.version
        self._take_in(scene, names)
        body = self._next_part()
        more = any(pending.set for pending in (self._routes, self._stops, self._named))
        self.version = next(self._parts) if more else version
        return msgspec.json.encode({"version": self.version, "base": base, "more": more, **body})

    def _take_in(self, scene: MapScene, names: Mapping[int, VehicleName]) -> None:
        """Note what is otherwise than in the scene and the names taken in last."""
        old, self._scene = self._scene, scene
        _note(self._depots, old.depots, scene.depots)
        _note(self._exceptions, old.exceptions, scene.exceptions)
        _note(self._routes, old.routes, scene.routes)
        _note(self._stops, old.stops, scene.stops)
        known, self._names = self._names, names
        if known is not names:
            changed = {
                handle: (handle, name)
                for handle, name in names.items()
                if (told := known.get(handle)) is not name and told != name
            }
            self._named.note(changed, [handle for handle in known if handle not in names])

    def _next_part(self) -> dict[str, Any]:
        """As much of what is pending as one answer holds: exceptions first, lines last."""
        depots, _ = self._depots.take(len(self._depots.set), _one)
        exceptions, _ = self._exceptions.take(len(self._exceptions.set), _one)
        named, room = self._named.take(self._part, _one)
        stops, room = self._stops.take(room, _one)
        routes, _ = self._routes.take(room, _size_of_route)
        return {
            "depots": {"set": depots, "gone": self._depots.take_gone()},
            "routes": {"set": [*map(self._told_route, routes)], "gone": self._gone_routes()},
            "stops": {"set": stops, "gone": self._stops.take_gone()},
            "exceptions": {"set": exceptions, "gone": self._exceptions.take_gone()},
            "names": {"set": named, "gone": self._named.take_gone()},
        }

    def _told_route(self, route: MapRoute) -> dict[str, Any]:
        """A route without what the page knows of its line."""
        record = msgspec.structs.asdict(route)
        old = self._lines.get(route.id)
        if old is not None and (old[0] is route.shape or old[0] == route.shape):
            del record["shape"]
        if old is not None and old[1] == route.stop_at:
            del record["stop_at"]
        self._lines[route.id] = (route.shape, route.stop_at)
        return record

    def _gone_routes(self) -> list[str]:
        gone = self._routes.take_gone()
        for route_id in gone:
            self._lines.pop(route_id, None)
        return gone


def _one(_record: object) -> int:
    return 1


def _size_of_route(route: MapRoute) -> int:
    return 1 + len(route.shape) // _LINE_BYTES_AS_A_STOP


def _note(pending: _Pending[str, Record], old: Sequence[Record], new: Sequence[Record]) -> None:
    """Note the records of ``new`` that are otherwise than in ``old``, and those that are gone."""
    if old is new:
        return
    changed, gone = dict[str, Record](), list[str]()
    for before, after in zip_longest(blocks_of(old), blocks_of(new), fillvalue=()):
        if before is not after:
            others, left = _difference(before, after)
            changed.update((record.id, record) for record in others)
            gone += left
    pending.note(changed, [key for key in gone if key not in changed])


def _difference(old: Sequence[Record], new: Sequence[Record]) -> tuple[list[Record], list[str]]:
    """The records of ``new`` that are otherwise than in ``old``, and the ids that are gone."""
    before, after = _between_what_is_the_same(old, new)
    pairs = list(compress(zip(before, after, strict=False), map(is_not, before, after)))
    if all(one.id == other.id for one, other in pairs):
        changed = [other for one, other in pairs if one != other]
        return [*changed, *after[len(before) :]], [one.id for one in before[len(after) :]]
    known = {record.id: record for record in before}
    fresh = {record.id for record in after}
    changed = [record for record in after if known.get(record.id) != record]
    return changed, [key for key in known if key not in fresh]


def _between_what_is_the_same(
    old: Sequence[Record], new: Sequence[Record]
) -> tuple[Sequence[Record], Sequence[Record]]:
    """What lies between the same records at the begin of both and the same at their end."""
    start = next(compress(count(), map(is_not, old, new)), min(len(old), len(new)))
    before, after = old[start:], new[start:]
    shorter = min(len(before), len(after))
    end = next(compress(count(), map(is_not, reversed(before), reversed(after))), shorter)
    return before[: len(before) - end], after[: len(after) - end]
