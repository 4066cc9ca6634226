"""The line of one route along the roads, with the driving time of every leg."""

import hashlib
from array import array
from collections.abc import Sequence

import msgspec
import numpy as np

from tower.domain.events import RouteSequence
from tower.domain.geometry import LatLon
from tower.domain.records import Route, Stop
from tower.domain.state import State
from tower.road.engine import Leg, RoutingEngine
from tower.road.geometry import FloatArray, kept_vertices
from tower.road.polyline import encode_polyline
from tower.road.roads import Profile
from tower.routes.case import profile_of

_FORMAT = 3
_TOLERANCE_M = 2.0
_CLOCK = np.dtype("<f4")


class RouteLine(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """How a route is driven in the order of its sequence.

    Numbers are packed: ten thousand lines are held, and a number alone takes five times as much.

    Attributes:
        key: digest of the places and the profile it was computed for.
        profile: how the vehicle travels.
        shape: encoded polyline, precision 5, from the depot through all stops and back.
        clock: driving seconds from the start at each point of the shape, 32-bit floats.
        stop_offsets: for each stop of the sequence the index of its point in the shape.
        durations: driving seconds to each stop from the place before it where traffic flows
            freely, 64-bit floats; the first is from the depot (0 where there is none).
        distances: driven metres, likewise.
        home_s: driving seconds from the last stop back to the depot.
        home_m: driven metres, likewise.
    """

    key: str
    profile: Profile
    shape: str
    clock: bytes
    stop_offsets: tuple[int, ...]
    durations: bytes
    distances: bytes
    home_s: float = 0.0
    home_m: float = 0.0

    @property
    def durations_s(self) -> Sequence[float]:
        """Driving seconds to each stop from the place before it."""
        return array("d", self.durations)

    @property
    def distances_m(self) -> Sequence[float]:
        """Driven metres, likewise."""
        return array("d", self.distances)

    @property
    def clock_s(self) -> FloatArray:
        """Driving seconds from the start at each point of the shape."""
        return np.frombuffer(self.clock, _CLOCK).astype(np.float64)


class LineWish(msgspec.Struct, frozen=True, kw_only=True, gc=False):
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
    return _wish(state, route, route.version, state.stops_of(route)) if route.plan else None


def earlier_line_wish(state: State, sequence: RouteSequence) -> LineWish | None:
    """What was computed for an earlier order of a route; None where a stop of it has no place."""
    route = state.routes.get(sequence.route_id)
    stops = [state.stops.get(stop_id) for stop_id in sequence.stops]
    return _wish(state, route, sequence.version, stops) if route else None


def _wish(
    state: State, route: Route, version: int, stops: Sequence[Stop | None]
) -> LineWish | None:
    plans = [stop.plan for stop in stops if stop and stop.plan]
    if not plans or len(plans) != len(stops):
        return None
    return LineWish(
        route_id=route.id,
        version=version,
        depot=state.depot_of(route),
        stops=tuple(plan.position for plan in plans),
        profile=profile_of(state, route),
    )


def compute_line(wish: LineWish, engine: RoutingEngine, roads: str) -> RouteLine:
    """Drive a route once with the engine."""
    places = wish.places
    legs = engine.legs(places, wish.profile) if len(places) > 1 else []
    kept = [kept_vertices(leg.shape, _TOLERANCE_M) for leg in legs]
    lines = [leg.shape[keep] for leg, keep in zip(legs, kept, strict=True)]
    shape = _joined(lines) if lines else np.array(places, dtype=np.float64)
    clocks = [leg.shape_times_s[keep] for leg, keep in zip(legs, kept, strict=True)]
    ends = np.cumsum([0, *(len(line) - 1 for line in lines)]).tolist()
    first = 1 if wish.depot else 0
    reached: list[Leg | None] = [*([] if wish.depot else [None]), *legs]
    count = len(wish.stops)
    home = reached[count] if wish.depot and len(reached) > count else None
    return RouteLine(
        key=wish.key(roads),
        profile=wish.profile,
        shape=encode_polyline(shape),
        clock=_laid_end_to_end(clocks).astype(_CLOCK).tobytes(),
        stop_offsets=tuple(ends[first : first + count]),
        durations=packed_legs([leg.duration_s if leg else 0.0 for leg in reached[:count]]),
        distances=packed_legs([leg.distance_m if leg else 0.0 for leg in reached[:count]]),
        home_s=home.duration_s if home else 0.0,
        home_m=home.distance_m if home else 0.0,
    )


def packed_legs(numbers: Sequence[float]) -> bytes:
    """Numbers of the legs of a line, packed as a `RouteLine` holds them."""
    return array("d", numbers).tobytes()


def _joined(lines: Sequence[FloatArray]) -> FloatArray:
    """One line; the last point of each is taken over by the first of the next."""
    return np.concatenate([*(line[:-1] for line in lines[:-1]), lines[-1]])


def _laid_end_to_end(clocks: Sequence[FloatArray]) -> FloatArray:
    """One clock for the joined line; each leg goes on where the one before ended."""
    starts = np.cumsum([0.0, *(clock[-1] for clock in clocks)])
    moved = [start + clock[1:] for start, clock in zip(starts, clocks, strict=False)]
    return np.concatenate([np.zeros(1), *moved])
