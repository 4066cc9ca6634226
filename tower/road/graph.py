"""A turn-aware road network as each profile sees it.

The nodes of a search are states (a road being travelled in one direction), its
arcs are allowed turns, so bans, one-ways and turn costs need no special case.
"""

import copy
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from tower.road.cells import CellsAlong, cells_of_pieces
from tower.road.geometry import FloatArray, piece_lengths_m
from tower.road.live import SpeedMap
from tower.road.network import COORDINATE_SCALE, Int32Array, Network
from tower.road.roads import Profile
from tower.road.snap import RoadFinder, Snap

BICYCLE_TURN_SHARE = 0.8
"""Turn penalty of OSRM's ``bicycle.lua`` (6 s) over that of its ``car.lua`` (7.5 s)."""


class RoadGraph:
    """A road network that can be routed over; made by `RegionPack.graph`.

    Attributes:
        network: The arrays it stands on.
        names: Street names the network points to.
    """

    def __init__(self, network: Network, names: Sequence[str] = ()) -> None:
        self.network = network
        self.names = names
        self._edges = network.state_edges()
        self._views: dict[Profile, ProfileGraph] = {}

    def of(self, profile: Profile) -> "ProfileGraph":
        """The graph as one profile sees it, made on first use."""
        if profile not in self._views:
            self._views[profile] = ProfileGraph(self.network, self._edges, profile)
        return self._views[profile]

    @cached_property
    def edge_cells(self) -> tuple[CellsAlong, CellsAlong]:
        """The cells every segment goes through, along it and against it; metres as seconds."""
        network = self.network
        degrees = network.vertices / COORDINATE_SCALE
        segment = np.repeat(np.arange(network.segment_count), np.diff(network.offsets))
        inside = np.flatnonzero(np.diff(segment) == 0)
        ends = degrees[inside], degrees[inside + 1]
        metres = piece_lengths_m(degrees)[inside]
        owner, count = segment[inside], network.segment_count
        return (
            cells_of_pieces(ends, metres, owner, count),
            cells_of_pieces(ends[::-1], metres, owner, count),
        )

    def edge_factors(self, speeds: SpeedMap) -> FloatArray:
        """How much longer than expected each edge takes now, ``(2 * segments,)``."""
        along, against = (speeds.along(cells) for cells in self.edge_cells)
        return np.stack([along, against], axis=1).reshape(-1)

    def street(self, segment: int) -> str:
        """Name of the street of a segment, empty where it has none."""
        name = int(self.network.names[segment])
        return self.names[name] if name >= 0 else ""


@dataclass(frozen=True, slots=True)
class Turns:
    """Allowed turns in compressed rows: those of state i are ``start[i]:start[i + 1]``.

    Attributes:
        start: ``(states + 1,)``.
        target: State entered.
        weight: What entering it costs when a route is chosen, seconds: the turn and
            the whole of the entered road.
    """

    start: Int32Array
    target: Int32Array
    weight: FloatArray


class ProfileGraph:
    """What the roads cost one profile.

    Attributes:
        network: The arrays it stands on.
        edges: Edge of each state, ``(states,)``.
        time: Free-flow seconds to travel each state, infinite where forbidden.
        length: Metres of each state.
        extra: Seconds each state feels longer than it is when a route is chosen.
        weight: ``time + extra``.
        turns: The allowed turns.
    """

    def __init__(self, network: Network, edges: Int32Array, profile: Profile) -> None:
        self.network = network
        self.edges = edges
        self._speed = network.speeds[profile.row].T.reshape(-1).astype(np.float64)
        segment = edges >> 1
        self.length: FloatArray = network.lengths[segment].astype(np.float64)
        with np.errstate(divide="ignore"):
            self.time: FloatArray = self.length / self._speed[edges] + network.delays[segment]
        self._open: npt.NDArray[np.bool_] = np.isfinite(self.time)
        self.extra: FloatArray = np.zeros(len(edges))
        feels = network.factors[segment[self._open]].astype(np.float64) - 1.0
        self.extra[self._open] = self.time[self._open] * feels
        self.weight: FloatArray = self.time + self.extra
        self._penalties, self.turns = self._allowed_turns(profile)
        self._copies = _copies(network)

    @property
    def state_count(self) -> int:
        """How many states there are."""
        return len(self.edges)

    def slowed(self, factors: FloatArray) -> "ProfileGraph":
        """The same roads, each edge taking so many times as long; turns cost what they did.

        Args:
            factors: ``(2 * segments,)``, over 0.
        """
        other = copy.copy(self)
        other.__dict__.pop("turns_back", None)
        by_state = factors[self.edges]
        other.time, other.extra = self.time * by_state, self.extra * by_state
        other.weight = other.time + other.extra
        turns = self.turns
        weight = self._penalties + other.weight[turns.target]
        other.turns = Turns(turns.start, turns.target, weight)
        return other

    @cached_property
    def finder(self) -> RoadFinder:
        """Finds roads in the part of the network where all of it can be reached from all."""
        member = np.zeros(self.network.segment_count, dtype=bool)
        member[self.edges[self._main_part()] >> 1] = True
        return RoadFinder(self.network, member & (self.network.snappable > 0))

    @cached_property
    def turns_back(self) -> Turns:
        """The allowed turns turned round: from each state to those it is entered from.

        A weight holds the turn and the whole of the road turned back to.
        """
        turns = self.turns
        source = np.repeat(np.arange(self.state_count, dtype=np.int32), np.diff(turns.start))
        weight = turns.weight - self.weight[turns.target] + self.weight[source]
        order = np.argsort(turns.target, kind="stable")
        rows = np.bincount(turns.target, minlength=self.state_count)
        return Turns(_row_starts(rows), source[order], weight[order])

    def directed(self, snap: Snap) -> list[tuple[int, float]]:
        """Edges of a snapped place the profile may travel, with the fraction along each."""
        both = ((2 * snap.segment, snap.fraction), (2 * snap.segment + 1, 1.0 - snap.fraction))
        return [(edge, fraction) for edge, fraction in both if self._speed[edge] > 0]

    def states(self, edge: int) -> list[int]:
        """All states of an edge."""
        return [edge, *self._copies.get(edge, ())]

    def _main_part(self) -> npt.NDArray[np.bool_]:
        """States of the largest strongly connected part."""
        from scipy.sparse import csr_array  # noqa: PLC0415
        from scipy.sparse.csgraph import connected_components  # noqa: PLC0415

        if not self._open.any():
            return self._open
        shape = (self.state_count, self.state_count)
        turns = csr_array((self.turns.weight, self.turns.target, self.turns.start), shape=shape)
        _, part = connected_components(turns, directed=True, connection="strong")
        largest = np.bincount(part[self._open]).argmax()
        main: npt.NDArray[np.bool_] = np.logical_and(self._open, part == largest)
        return main

    def _allowed_turns(self, profile: Profile) -> tuple[FloatArray, Turns]:
        """The allowed turns, and what each costs by itself."""
        network = self.network
        allowed = (network.arc_profiles & profile.bit) > 0
        allowed &= self._open[network.arc_from] & self._open[network.arc_to]
        source, target = network.arc_from[allowed], network.arc_to[allowed]
        share = BICYCLE_TURN_SHARE if profile is Profile.BICYCLE else 1.0
        penalties = network.arc_penalties[allowed].astype(np.float64) * share
        rows = np.bincount(source, minlength=self.state_count)
        return penalties, Turns(_row_starts(rows), target, penalties + self.weight[target])


def _row_starts(rows: npt.NDArray[np.int64]) -> Int32Array:
    return np.concatenate(([0], np.cumsum(rows))).astype(np.int32)


def _copies(network: Network) -> dict[int, list[int]]:
    copies: dict[int, list[int]] = {}
    for number, edge in enumerate(network.extra_edges.tolist()):
        copies.setdefault(edge, []).append(2 * network.segment_count + number)
    return copies
