"""How long the legs of the routes take as they are expected to be driven.

A line tells free flow. Here the hour at which each leg is driven is added, and the speeds there
really are now, which matter less the later a leg comes.
"""

from array import array
from collections.abc import Mapping, Sequence
from math import nan
from typing import NamedTuple, Protocol

import numpy as np
from msgspec.structs import replace

from tower.domain.records import Route, Stop
from tower.domain.state import State
from tower.feed.clock import Clock
from tower.gateway.line import RouteLine
from tower.road.cells import CellsAlong, KeptCells, cells_along
from tower.road.geometry import FloatArray
from tower.road.live import SpeedMap, faded
from tower.road.polyline import decode_polyline
from tower.road.roads import Profile
from tower.road.traffic import traffic_factor, traffic_factors
from tower.routes.legs import Legs

_KEPT_S = 60.0
"""Seconds for which the hour counts as the same."""


class Lines(Protocol):
    """Where the lines of the routes are; see `RouteLines`."""

    @property
    def tag(self) -> str:
        """Changes whenever any line does."""
        ...

    def all(self) -> Mapping[str, tuple[int, RouteLine]]:
        """Every route's line with the version of the sequence it belongs to."""
        ...


class _Kept(NamedTuple):
    key: str
    cells: KeptCells | None
    stamp: tuple[int, SpeedMap | None]
    legs: Legs
    live_factor: float


class LegTimes:
    """The expected legs of every route. Lives on the event loop."""

    def __init__(self, state: State, lines: Lines, clock: Clock) -> None:
        self._state, self._lines, self._clock = state, lines, clock
        self._speeds: SpeedMap | None = None
        self._kept: dict[str, _Kept] = {}

    @property
    def tag(self) -> str:
        """Changes each minute, and whenever any line does: speeds of now may be as old as that."""
        return f"{self._lines.tag}-{int(self._clock.time() // _KEPT_S)}"

    def heed(self, speeds: SpeedMap) -> None:
        """Expect these speeds from now on."""
        self._speeds = speeds

    def of(self, route: Route) -> Legs | None:
        """The legs of a route, None while its line does not fit its stops.

        To a stop that is done they stay as they were expected when it was driven to.
        """
        version, line = self._lines.all().get(route.id, (0, None))
        stops = self._state.stops_of(route)
        if line is None or len(line.durations_s) != len(stops):
            return None
        kept, stamp = self._kept.get(route.id), self._stamp()
        is_same = kept is not None and kept.key == line.key
        is_over = route.finished_at is not None
        if kept is not None and is_same and (kept.stamp == stamp or is_over):
            return replace(kept.legs, version=version)
        cells = kept.cells if kept is not None and is_same else None
        if cells is None and self._tells_of_places and line.profile is not Profile.BICYCLE:
            cells = KeptCells(_cells_of(line))
        before = kept.legs.durations_s if kept is not None and is_same else ()
        seconds = self._expected(line, cells, stops, before)
        legs = Legs(
            version=version,
            durations_s=array("d", seconds[:-1]),
            distances_m=line.distances_m,
            home_s=seconds[-1],
            home_m=line.home_m,
        )
        factor = _factor(seconds, line.durations_s, stops)
        self._kept[route.id] = _Kept(line.key, cells, stamp, legs, factor)
        return legs

    def live_factor(self, route: Route) -> float:
        """Expected driving of the legs left over free flow, nan where it is not known."""
        kept = self._kept.get(route.id)
        return kept.live_factor if kept is not None else nan

    @property
    def _tells_of_places(self) -> bool:
        """Before vehicles have shown how fast they drive, one word holds everywhere."""
        return self._speeds is not None and len(self._speeds.keys) > 0

    def _stamp(self) -> tuple[int, SpeedMap | None]:
        return int(self._clock.time() // _KEPT_S), self._speeds

    def _expected(
        self,
        line: RouteLine,
        cells: KeptCells | None,
        stops: Sequence[Stop],
        before: Sequence[float],
    ) -> list[float]:
        """Driving seconds of every leg, the way home last."""
        free = np.array([*line.durations_s, line.home_s])
        ahead = _ahead_s(free, stops)
        now, zone = self._clock.now(), self._state.zone
        expected = free * traffic_factors(now, ahead, zone, line.profile)
        speeds = self._speeds
        if speeds is not None and line.profile is not Profile.BICYCLE:
            expected *= faded(_slowed(speeds, cells, len(free)), ahead)
        seconds: list[float] = expected.tolist()
        for place, stop in enumerate(stops):
            if not stop.is_done:
                continue
            if before:
                seconds[place] = before[place]
            else:
                driven_at = stop.finished_at or now
                then = free[place] * traffic_factor(driven_at, zone, line.profile)
                seconds[place] = float(then)
        return seconds


def _slowed(speeds: SpeedMap, cells: KeptCells | None, legs: int) -> FloatArray:
    """How much longer than expected each leg takes at the speeds of now."""
    return np.full(legs, speeds.general) if cells is None else speeds.along(cells.cells())


def _ahead_s(free: FloatArray, stops: Sequence[Stop]) -> FloatArray:
    """Seconds from now until each leg is begun, roughly; 0 for those that are over."""
    takes = [
        0.0 if stop.is_done else leg + (stop.plan.service_s if stop.plan else 0.0)
        for stop, leg in zip(stops, free.tolist(), strict=False)
    ]
    return np.concatenate(([0.0], np.cumsum(takes)))


def _factor(expected: Sequence[float], free: Sequence[float], stops: Sequence[Stop]) -> float:
    """How much longer the legs to the stops not done take than in free flow; nan for none."""
    legs = zip(expected, free, stops, strict=False)
    left = [(leg_s, free_s) for leg_s, free_s, stop in legs if not stop.is_done]
    free_s = sum(seconds for _, seconds in left)
    return sum(seconds for seconds, _ in left) / free_s if free_s > 0.0 else nan


def _cells_of(line: RouteLine) -> CellsAlong:
    """The cells of every leg of a line, the way home last."""
    points, clock = decode_polyline(line.shape), line.clock_s
    pieces = np.arange(len(points) - 1)
    owner = np.searchsorted(np.array(line.stop_offsets), pieces, side="right").astype(np.int64)
    return cells_along(points, np.diff(clock), owner, len(line.stop_offsets) + 1)
