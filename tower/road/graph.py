"""Fastest paths over a turn-aware road network.

The nodes of the search are states (a road being travelled in one direction), its
arcs are allowed turns, so bans, one-ways and turn costs need no special case.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from tower.road.geometry import FloatArray
from tower.road.network import Int32Array, Network
from tower.road.roads import Profile
from tower.road.snap import RoadFinder, Snap

_BICYCLE_TURN_SHARE = 0.4
"""A bicycle loses less in a turn than a car (OSRM ``bicycle.lua`` has 6 s to 7.5 s, halved
where it need not stop)."""
_NO_STATE = -9999
_SLOWEST_MS = 2.0
_LIMIT_SLACK_S = 240.0
_BLOCK = 64


@dataclass(frozen=True, slots=True)
class Path:
    """A way through the network between two snapped places.

    Attributes:
        edges: Edges in the order travelled, the first and last only in part.
        start: Fraction of the first edge, in its direction, where the path starts.
        end: Fraction of the last edge where it ends.
        penalties_s: Seconds lost on entering each edge; 0 for the first.
    """

    edges: list[int]
    start: float
    end: float
    penalties_s: list[float]


@dataclass(frozen=True, slots=True)
class _Costs:
    """Arcs of one profile in compressed rows, and what each state costs."""

    start: Int32Array
    target: Int32Array
    weight: FloatArray
    penalty: FloatArray
    state_weight: FloatArray
    state_time: FloatArray
    state_length: FloatArray


class RoadGraph:
    """A road network one profile can be routed over; made by `RegionPack.graph`.

    Not for use by two threads at the same time.
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

    def street(self, segment: int) -> str:
        """Name of the street of a segment, empty where it has none."""
        name = int(self.network.names[segment])
        return self.names[name] if name >= 0 else ""


class ProfileGraph:
    """Paths and costs for one profile."""

    def __init__(self, network: Network, edges: Int32Array, profile: Profile) -> None:
        self._network = network
        self._edges = edges
        self._profile = profile
        self._speed = network.speeds[profile.row].T.reshape(-1).astype(np.float64)
        self._costs = _profile_costs(network, edges, profile, self._speed)
        self._copies = _copies(network)

    @cached_property
    def finder(self) -> RoadFinder:
        """Finds roads in the part of the network from where all of it can be reached."""
        from scipy.sparse import csr_array  # noqa: PLC0415
        from scipy.sparse.csgraph import connected_components  # noqa: PLC0415

        count = self._network.state_count
        matrix = csr_array(
            (self._costs.weight, self._costs.target, self._costs.start), shape=(count, count)
        )
        _, component = connected_components(matrix, directed=True, connection="strong")
        usable = self._speed[self._edges] > 0
        main = np.bincount(component[usable]).argmax() if usable.any() else -1
        member = np.zeros(self._network.segment_count, dtype=bool)
        member[self._edges[usable & (component == main)] >> 1] = True
        return RoadFinder(self._network, member & (self._network.snappable > 0))

    def edge_times(self) -> FloatArray:
        """Free-flow seconds to travel each edge, infinite where forbidden."""
        return self._costs.state_time[: 2 * self._network.segment_count]

    def path(self, origin: Snap, destination: Snap, near_m: float) -> Path | None:
        """Cheapest path, or None where there is none.

        Args:
            origin: Where it starts.
            destination: Where it ends.
            near_m: Straight distance between them; bounds the first search.
        """
        search = _Search(self, [origin])
        limit = _LIMIT_SLACK_S + near_m / _SLOWEST_MS
        return search.path(0, destination, limit) or search.path(0, destination, np.inf)

    def table(self, snaps: Sequence[Snap]) -> tuple[FloatArray, FloatArray]:
        """Seconds and metres between all pairs, ``(n, n)``; infinite where unreachable."""
        seconds = np.zeros((len(snaps), len(snaps)))
        metres = np.zeros_like(seconds)
        search = _Search(self, snaps)
        for first in range(0, len(snaps), _BLOCK):
            rows = range(first, min(first + _BLOCK, len(snaps)))
            seconds[rows.start : rows.stop], metres[rows.start : rows.stop] = search.rows(rows)
        np.fill_diagonal(seconds, 0.0)
        np.fill_diagonal(metres, 0.0)
        return seconds, metres

    def directed(self, snap: Snap) -> list[tuple[int, float]]:
        """Edges a snapped place lies on that the profile may travel, with the fraction of each."""
        both = ((2 * snap.segment, snap.fraction), (2 * snap.segment + 1, 1.0 - snap.fraction))
        return [(edge, fraction) for edge, fraction in both if self._speed[edge] > 0]

    def states(self, edge: int) -> list[int]:
        """All states of an edge."""
        return [edge, *self._copies.get(edge, ())]

    @property
    def costs(self) -> _Costs:
        """Arcs and state costs."""
        return self._costs

    def edge_of(self, state: int) -> int:
        """Edge of a state."""
        return int(self._edges[state])

    @property
    def state_count(self) -> int:
        """How many states there are."""
        return self._network.state_count


@dataclass(frozen=True, slots=True)
class _Arrival:
    """A way to reach a destination: by the end of a state, or along one edge directly."""

    cost: float
    state: int
    edge: int
    fraction: float
    started: tuple[int, float] | None = None


class _Search:
    """Searches from places in the middle of edges.

    Each origin becomes a state of its own whose arcs are the turns at the ends of
    its segment, the rest of the segment included; so a loop back to where one
    started is found like any other path.
    """

    def __init__(self, graph: ProfileGraph, origins: Sequence[Snap]) -> None:
        from scipy.sparse import csr_array  # noqa: PLC0415

        self._graph = graph
        self._origins = origins
        self._first: list[dict[int, tuple[float, int, float, float]]] = [
            self._departures(origin) for origin in origins
        ]
        costs, count = graph.costs, graph.state_count
        extra_target = [state for row in self._first for state in row]
        extra_weight = [leaving[0] for row in self._first for leaving in row.values()]
        lengths = np.cumsum([len(row) for row in self._first], dtype=np.int32)
        start = np.concatenate([costs.start, costs.start[-1] + lengths]).astype(np.int32)
        target = np.concatenate([costs.target, extra_target]).astype(np.int32)
        weight = np.concatenate([costs.weight, extra_weight])
        size = count + len(origins)
        self._matrix = csr_array((weight, target, start), shape=(size, size))

    def _departures(self, origin: Snap) -> dict[int, tuple[float, int, float, float]]:
        """First states after the origin's edge: cost, edge left, its fraction, turn seconds."""
        costs = self._graph.costs
        found: dict[int, tuple[float, int, float, float]] = {}
        for edge, fraction in self._graph.directed(origin):
            rest = (1.0 - fraction) * costs.state_weight[edge]
            for arc in range(costs.start[edge], costs.start[edge + 1]):
                state, cost = int(costs.target[arc]), rest + float(costs.weight[arc])
                if state not in found or cost < found[state][0]:
                    found[state] = (cost, edge, fraction, float(costs.penalty[arc]))
        return found

    def path(self, row: int, destination: Snap, limit: float) -> Path | None:
        """Cheapest path from an origin costing no more than the limit, else None."""
        from scipy.sparse.csgraph import dijkstra  # noqa: PLC0415

        distances, befores = dijkstra(
            self._matrix,
            indices=[self._graph.state_count + row],
            return_predecessors=True,
            limit=limit,
        )
        distance, previous = distances[0], befores[0]
        best = self._arrival(row, destination, distance)
        if best is None or best.cost > limit:
            return None
        if best.started is not None:
            edge, fraction = best.started
            return Path([edge], fraction, best.fraction, [0.0])
        return self._trace(row, best, previous)

    def _arrival(self, row: int, destination: Snap, distance: FloatArray) -> _Arrival | None:
        weights = self._graph.costs.state_weight
        choices = self._direct(row, destination)
        for edge, fraction in self._graph.directed(destination):
            left = (1.0 - fraction) * weights[edge]
            for state in self._graph.states(edge):
                if np.isfinite(distance[state]):
                    cost = float(distance[state] - left)
                    choices.append(_Arrival(cost, state, edge, fraction))
        return min(choices, key=lambda arrival: arrival.cost, default=None)

    def _direct(self, row: int, destination: Snap) -> list[_Arrival]:
        origin = self._origins[row]
        if origin.segment != destination.segment:
            return []
        weights = self._graph.costs.state_weight
        return [
            _Arrival(float((end - start) * weights[edge]), edge, edge, end, (edge, start))
            for (edge, start), (_, end) in zip(
                self._graph.directed(origin), self._graph.directed(destination), strict=True
            )
            if end >= start
        ]

    def _trace(self, row: int, arrival: _Arrival, previous: Int32Array) -> Path:
        source = self._graph.state_count + row
        states = [arrival.state]
        while int(previous[states[-1]]) != source:
            states.append(int(previous[states[-1]]))
        states.reverse()
        _, first_edge, start, penalty = self._first[row][states[0]]
        penalties = [0.0, penalty]
        penalties += [self._penalty(a, b) for a, b in pairwise(states)]
        edges = [first_edge, *(self._graph.edge_of(state) for state in states)]
        return Path(edges, start, arrival.fraction, penalties)

    def _penalty(self, state: int, following: int) -> float:
        costs = self._graph.costs
        row = slice(int(costs.start[state]), int(costs.start[state + 1]))
        arc = int(np.flatnonzero(costs.target[row] == following)[0])
        return float(costs.penalty[row][arc])

    def rows(self, rows: range) -> tuple[FloatArray, FloatArray]:
        """Seconds and metres from some origins to all, ``(len(rows), n)``."""
        from scipy.sparse.csgraph import dijkstra  # noqa: PLC0415

        distance, previous = dijkstra(
            self._matrix,
            indices=[self._graph.state_count + row for row in rows],
            return_predecessors=True,
        )
        shape = (len(rows), len(self._origins))
        cost, state = np.full(shape, np.inf), np.full(shape, _NO_STATE)
        part: npt.NDArray[np.float64] = np.zeros(shape)
        for column, destination in enumerate(self._origins):
            for edge, fraction in self._graph.directed(destination):
                for arriving in self._graph.states(edge):
                    rest = (1.0 - fraction) * self._graph.costs.state_weight[edge]
                    total = distance[:, arriving] - rest
                    better = total < cost[:, column]
                    cost[better, column] = total[better]
                    state[better, column] = arriving
                    part[better, column] = 1.0 - fraction
        seconds, metres = self._accumulate(rows, cost, state, part, previous)
        self._put_direct(rows, cost, seconds, metres)
        return seconds, metres

    def _accumulate(
        self,
        rows: range,
        cost: FloatArray,
        state: npt.NDArray[np.int64],
        part: FloatArray,
        previous: Int32Array,
    ) -> tuple[FloatArray, FloatArray]:
        """Walk every path back to its origin at once, adding lengths."""
        costs = self._graph.costs
        extra = costs.state_weight - costs.state_time
        known = state >= 0
        current = np.where(known, state, 0)
        metres = np.where(known, -part * costs.state_length[current], np.inf)
        felt = np.where(known, -part * extra[current], 0.0)
        line = np.broadcast_to(np.arange(len(rows))[:, None], state.shape)
        active = known.copy()
        last = current.copy()
        while active.any():
            metres[active] += costs.state_length[current[active]]
            felt[active] += extra[current[active]]
            last[active] = current[active]
            before = previous[line[active], current[active]]
            current[active] = np.where(before < self._graph.state_count, before, -1)
            active &= current >= 0
        for index, row in enumerate(rows):
            self._add_departures(row, known[index], last[index], metres[index], felt[index])
        return np.where(known, cost - felt, np.inf), metres

    def _add_departures(
        self,
        row: int,
        known: npt.NDArray[np.bool_],
        last: npt.NDArray[np.int64],
        metres: FloatArray,
        felt: FloatArray,
    ) -> None:
        costs = self._graph.costs
        for column in np.flatnonzero(known):
            _, edge, fraction, _ = self._first[row][int(last[column])]
            metres[column] += (1.0 - fraction) * costs.state_length[edge]
            felt[column] += (1.0 - fraction) * (costs.state_weight[edge] - costs.state_time[edge])

    def _put_direct(
        self, rows: range, cost: FloatArray, seconds: FloatArray, metres: FloatArray
    ) -> None:
        costs = self._graph.costs
        by_segment: dict[int, list[int]] = {}
        for column, snap in enumerate(self._origins):
            by_segment.setdefault(snap.segment, []).append(column)
        for index, row in enumerate(rows):
            for column in by_segment[self._origins[row].segment]:
                for arrival in self._direct(row, self._origins[column]):
                    if arrival.cost < cost[index, column] and arrival.started is not None:
                        cost[index, column] = arrival.cost
                        share = arrival.fraction - arrival.started[1]
                        seconds[index, column] = share * costs.state_time[arrival.edge]
                        metres[index, column] = share * costs.state_length[arrival.edge]


def _profile_costs(
    network: Network, edges: Int32Array, profile: Profile, speed: FloatArray
) -> _Costs:
    segment = edges >> 1
    length = network.lengths[segment].astype(np.float64)
    with np.errstate(divide="ignore"):
        time = length / speed[edges] + network.delays[segment]
    weight = time * network.factors[segment]
    open_arc = (
        ((network.arc_profiles & profile.bit) > 0)
        & np.isfinite(weight[network.arc_from])
        & np.isfinite(weight[network.arc_to])
    )
    source, target = network.arc_from[open_arc], network.arc_to[open_arc]
    share = _BICYCLE_TURN_SHARE if profile is Profile.BICYCLE else 1.0
    penalty = network.arc_penalties[open_arc].astype(np.float64) * share
    rows = np.bincount(source, minlength=network.state_count)
    start = np.concatenate(([0], np.cumsum(rows))).astype(np.int32)
    return _Costs(start, target, penalty + weight[target], penalty, weight, time, length)


def _copies(network: Network) -> dict[int, list[int]]:
    copies: dict[int, list[int]] = {}
    for number, edge in enumerate(network.extra_edges.tolist()):
        copies.setdefault(edge, []).append(2 * network.segment_count + number)
    return copies
