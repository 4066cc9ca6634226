"""The line of each route along the roads, with the driving time of every leg.

Computed in one worker thread and kept on disk by content, so that the second start of the same
shift has its lines at once.
"""

import asyncio
import hashlib
import logging
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import msgspec
import numpy as np

from tower.domain.geometry import LatLon
from tower.domain.records import Route
from tower.domain.state import State
from tower.domain.words import VehicleKind
from tower.gateway.polyline import encode_polyline
from tower.gateway.regions import Roads
from tower.road.engine import Leg, RoutingEngine
from tower.road.geometry import simplify
from tower.road.pack import RegionPackError
from tower.road.roads import Profile

_log = logging.getLogger(__name__)

_FORMAT = 1
_TOLERANCE_M = 2.0


class RouteLine(msgspec.Struct, frozen=True, kw_only=True):
    """How a route is driven in the order of its sequence.

    Attributes:
        key: digest of the places and the profile it was computed for.
        shape: encoded polyline, precision 5, from the depot through all stops and back.
        stop_offsets: for each stop of the sequence the index of its point in the shape.
        durations_s: driving seconds to each stop from the place before it; the first is from
            the depot (0 where there is none).
        distances_m: driven metres, likewise.
        home_s: driving seconds from the last stop back to the depot.
        home_m: driven metres, likewise.
    """

    key: str
    shape: str
    stop_offsets: tuple[int, ...]
    durations_s: tuple[float, ...]
    distances_m: tuple[float, ...]
    home_s: float = 0.0
    home_m: float = 0.0


class LineWish(msgspec.Struct, frozen=True, kw_only=True):
    """What a line is to be computed for.

    Attributes:
        depot: where the route starts and ends, or None.
        stops: places of the stops in driving order.
    """

    route_id: str
    version: int
    depot: LatLon | None
    stops: tuple[LatLon, ...]
    profile: Profile

    @property
    def places(self) -> list[LatLon]:
        """Depot, stops, depot."""
        ends = [self.depot] if self.depot else []
        return [*ends, *self.stops, *ends]

    def key(self, roads: str) -> str:
        """Digest of everything the line depends on; `roads` names the road data."""
        text = repr((_FORMAT, roads, self.profile.value, self.depot, self.stops))
        return hashlib.blake2b(text.encode(), digest_size=16).hexdigest()


def line_wish(state: State, route: Route) -> LineWish | None:
    """What to compute for a route, or None while it has no stops with a place."""
    stops = state.stops_of(route)
    plans = [stop.plan for stop in stops if stop.plan is not None]
    if route.plan is None or not plans or len(plans) != len(stops):
        return None
    depot = state.depots.get(route.plan.depot_id)
    vehicle = state.vehicles.get(route.plan.vehicle_id)
    kind = vehicle.value.kind if vehicle else VehicleKind.VAN
    return LineWish(
        route_id=route.id,
        version=route.version,
        depot=depot.value.position if depot else None,
        stops=tuple(plan.position for plan in plans),
        profile=Profile.of_vehicle(kind),
    )


def compute_line(wish: LineWish, engine: RoutingEngine, roads: str) -> RouteLine:
    """Drive a route once with the engine."""
    places = wish.places
    legs = engine.legs(places, wish.profile) if len(places) > 1 else []
    lines = [simplify(leg.shape, _TOLERANCE_M) for leg in legs]
    shape = _joined(lines) if lines else np.array(places, dtype=np.float64)
    ends = np.cumsum([0, *(len(line) - 1 for line in lines)]).tolist()
    first = 1 if wish.depot else 0
    reached: list[Leg | None] = [*([] if wish.depot else [None]), *legs]
    count = len(wish.stops)
    home = reached[count] if wish.depot and len(reached) > count else None
    return RouteLine(
        key=wish.key(roads),
        shape=encode_polyline(shape),
        stop_offsets=tuple(ends[first : first + count]),
        durations_s=tuple(leg.duration_s if leg else 0.0 for leg in reached[:count]),
        distances_m=tuple(leg.distance_m if leg else 0.0 for leg in reached[:count]),
        home_s=home.duration_s if home else 0.0,
        home_m=home.distance_m if home else 0.0,
    )


def _joined(
    lines: Sequence[np.ndarray[tuple[int, ...], np.dtype[np.float64]]],
) -> np.ndarray[tuple[int, ...], np.dtype[np.float64]]:
    """One line; the last point of each is taken over by the first of the next."""
    return np.concatenate([*(line[:-1] for line in lines[:-1]), lines[-1]])


class LineShelf:
    """Computed lines on disk, one small file each."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._decoder = msgspec.msgpack.Decoder(RouteLine)

    def find(self, key: str) -> RouteLine | None:
        """The line with this key, or None; an unreadable file counts as none."""
        try:
            return self._decoder.decode(self._path(key).read_bytes())
        except FileNotFoundError:
            return None
        except (OSError, msgspec.MsgspecError) as error:
            _log.warning("cached route line %s is unreadable (%s); computing it again", key, error)
            return None

    def keep(self, line: RouteLine) -> None:
        """Write a line; a full disk costs the cache, not the line."""
        path = self._path(line.key)
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            draft = path.with_suffix(".part")
            draft.write_bytes(msgspec.msgpack.encode(line))
            draft.replace(path)
        except OSError as error:
            _log.warning("route line %s cannot be kept on disk: %s", line.key, error)

    def _path(self, key: str) -> Path:
        return self._folder / f"{key}.line"


class RouteLines:
    """The lines of all routes, always on their way to the newest sequence.

    Lives on the event loop; only the computing leaves it.
    """

    def __init__(
        self,
        roads: Roads,
        shelf: LineShelf,
        changed: Callable[[str], None],
    ) -> None:
        """Make it.

        Args:
            roads: where travel times come from; opened in the worker thread when first needed.
            shelf: lines on disk.
            changed: told the id of each route whose line is new.
        """
        self._roads = roads
        self._engine: tuple[Roads, RoutingEngine] | None = None
        self._shelf = shelf
        self._changed = changed
        self._worker = ThreadPoolExecutor(max_workers=1, thread_name_prefix="route-lines")
        self._lines: dict[str, tuple[int, RouteLine]] = {}
        self._wanted: dict[str, LineWish] = {}
        self._task: asyncio.Task[None] | None = None

    def line(self, route_id: str) -> RouteLine | None:
        """The newest line there is for a route."""
        known = self._lines.get(route_id)
        return known[1] if known else None

    def all(self) -> dict[str, tuple[int, RouteLine]]:
        """Every route's line with the version of the sequence it belongs to."""
        return self._lines

    @property
    def tag(self) -> str:
        """Changes whenever any line does, and is the same after a restart."""
        parts = sorted(f"{i}:{version}:{line.key}" for i, (version, line) in self._lines.items())
        return hashlib.blake2b("\n".join(parts).encode(), digest_size=12).hexdigest()

    def use(self, roads: Roads) -> None:
        """Take travel times from elsewhere; lines wanted from now on come from there."""
        self._roads = roads

    def want(self, wish: LineWish) -> None:
        """Ask for a line; a newer wish for the same route takes the place of an older one."""
        version, line = self._lines.get(wish.route_id, (-1, None))
        if line is not None and version == wish.version and line.key == wish.key(self._roads.name):
            return
        self._wanted[wish.route_id] = wish
        if self._task is None or self._task.done():
            self._task = asyncio.get_running_loop().create_task(self._compute_all())

    async def settled(self) -> None:
        """Wait until no line is being computed."""
        if self._task is not None:
            await self._task

    async def close(self) -> None:
        """Stop computing."""
        self._wanted.clear()
        await self.settled()
        self._worker.shutdown(wait=False, cancel_futures=True)

    async def _compute_all(self) -> None:
        loop = asyncio.get_running_loop()
        while self._wanted:
            route_id = next(iter(self._wanted))
            wish = self._wanted.pop(route_id)
            try:
                line = await loop.run_in_executor(self._worker, self._find_or_compute, wish)
            except Exception:  # noqa: BLE001 - an engine may fail in any way; other routes go on
                _log.exception(
                    "no line for route %s: its times and its drawing are missing", route_id
                )
                continue
            self._lines[route_id] = (wish.version, line)
            self._changed(route_id)

    def _find_or_compute(self, wish: LineWish) -> RouteLine:
        roads = self._roads
        found = self._shelf.find(wish.key(roads.name))
        if found is not None:
            return found
        try:
            engine = self._engine_of(roads)
        except RegionPackError as error:
            _log.error("%s Until then travel times are estimates.", error)
            self._do_without(roads)
            return self._find_or_compute(wish)
        line = compute_line(wish, engine, roads.name)
        self._shelf.keep(line)
        return line

    def _do_without(self, damaged: Roads) -> None:
        """Straight lines from now on, unless other roads were named meanwhile."""
        if self._roads == damaged:
            self._roads = Roads()

    def _engine_of(self, roads: Roads) -> RoutingEngine:
        if self._engine is None or self._engine[0] != roads:
            self._engine = (roads, roads.open())
        return self._engine[1]
