"""Cheapest paths between snapped places."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from tower.road.geometry import FloatArray
from tower.road.graph import ProfileGraph
from tower.road.network import Int32Array
from tower.road.orientation import Orientation
from tower.road.snap import Snap

_NEAR_SPEED_MS = 2.0
_NEAR_SLACK_S = 240.0


@dataclass(frozen=True, slots=True)
class Path:
    """A way through the network between two snapped places.

    Attributes:
        edges: Edges in the order travelled, the first and last only in part.
        start: Fraction of the first edge, in its direction, where the path starts.
        end: Fraction of the last edge where it ends.
        penalties_s: Seconds lost on entering each edge, ``(len(edges),)``; 0 for the first.
    """

    edges: Int32Array
    start: float
    end: float
    penalties_s: FloatArray


@dataclass(frozen=True, slots=True)
class _Departure:
    """Leaving the edge of a root by one of its ends."""

    cost: float
    rest: float
    edge: int
    fraction: float


@dataclass(frozen=True, slots=True)
class _Arrival:
    """Reaching an end by a state; `start` is set where no turn is needed."""

    cost: float
    state: int
    edge: int
    fraction: float
    start: float | None = None


@dataclass(frozen=True, slots=True)
class Tree:
    """Cheapest way from some roots to every state: ``(roots, states)`` each."""

    cost: FloatArray
    before: Int32Array


class Search:
    """Searches from roots to ends, both in the middle of roads.

    Each root becomes a state of its own whose arcs are the turns at the ends of
    its road, the rest of the road included; so a loop back to where one started is
    found like any other path.
    """

    def __init__(
        self,
        graph: ProfileGraph,
        roots: Sequence[Snap],
        ends: Sequence[Snap],
        *,
        against: bool = False,
    ) -> None:
        """Prepare a search from roots to ends.

        Args:
            graph: The roads as the profile sees them.
            roots: Where the search starts.
            ends: Where it may arrive.
            against: Search against the traffic: travel is then from ends to roots.
        """
        from scipy.sparse import csr_array  # noqa: PLC0415

        self._graph = graph
        self._roads = Orientation(graph, against=against)
        self._roots, self._ends = roots, ends
        self._departures = [self._leaving(place) for place in roots]
        turns = self._roads.turns
        targets = [state for row in self._departures for state in row]
        weights = [leaving.cost for row in self._departures for leaving in row.values()]
        after = turns.start[-1] + np.cumsum([len(row) for row in self._departures], dtype=np.int32)
        start = np.concatenate([turns.start, after]).astype(np.int32)
        target = np.concatenate([turns.target, np.array(targets, dtype=np.int32)])
        weight = np.concatenate([turns.weight, np.array(weights, dtype=np.float64)])
        size = graph.state_count + len(roots)
        self._matrix = csr_array((weight, target, start), shape=(size, size))

    def path(self, origin: int, destination: int, apart_m: float) -> Path | None:
        """Cheapest path from a root to an end, None where there is none.

        Args:
            origin: Index of the root.
            destination: Index of the end.
            apart_m: Straight distance between them; bounds the first attempt.
        """
        limit = _NEAR_SLACK_S + apart_m / _NEAR_SPEED_MS
        found = self._path_within(origin, destination, limit)
        return found or self._path_within(origin, destination, np.inf)

    def _leaving(self, place: Snap) -> dict[int, _Departure]:
        """First states after the place's road, each by its cheapest departure."""
        roads, turns = self._roads, self._roads.turns
        found: dict[int, _Departure] = {}
        for edge, fraction in roads.directed(place):
            rest = (1.0 - fraction) * float(self._graph.weight[edge])
            for leaving in roads.leaving(edge):
                for arc in range(turns.start[leaving], turns.start[leaving + 1]):
                    state, cost = int(turns.target[arc]), rest + float(turns.weight[arc])
                    if state not in found or cost < found[state].cost:
                        found[state] = _Departure(cost, rest, edge, fraction)
        return found

    def _grow(self, origins: Sequence[int], limit: float) -> Tree:
        from scipy.sparse.csgraph import dijkstra  # noqa: PLC0415

        cost, before = dijkstra(
            self._matrix,
            indices=[self._graph.state_count + origin for origin in origins],
            return_predecessors=True,
            limit=limit,
        )
        return Tree(cost, before)

    def _path_within(self, origin: int, destination: int, limit: float) -> Path | None:
        """The path if it costs no more than the limit."""
        tree = self._grow([origin], limit)
        best = self._arrive(origin, destination, tree.cost[0])
        last_road = float(self._graph.weight[best.edge]) if best else 0.0
        if best is None or (np.isfinite(limit) and best.cost > limit - last_road):
            return None
        if best.start is not None:
            edge = np.array([best.edge], dtype=np.int32)
            return Path(edge, best.start, best.fraction, np.zeros(1))
        return self._trace(origin, best, tree)

    def _arrive(self, origin: int, destination: int, cost: FloatArray) -> _Arrival | None:
        choices = self._straight_on(origin, destination)
        for edge, fraction in self._roads.directed(self._ends[destination]):
            left = (1.0 - fraction) * float(self._graph.weight[edge])
            choices += [
                _Arrival(float(cost[state]) - left, state, edge, fraction)
                for state in self._roads.arriving(edge)
                if np.isfinite(cost[state])
            ]
        return min(choices, key=lambda arrival: arrival.cost, default=None)

    def _straight_on(self, origin: int, destination: int) -> list[_Arrival]:
        """Ways along the root's own road, where the end lies ahead on it."""
        here, there = self._roots[origin], self._ends[destination]
        if here.segment != there.segment:
            return []
        ends = dict(self._roads.directed(there))
        return [
            _Arrival((ends[edge] - start) * self._graph.weight[edge], edge, edge, ends[edge], start)
            for edge, start in self._roads.directed(here)
            if ends[edge] >= start
        ]

    def _trace(self, origin: int, arrival: _Arrival, tree: Tree) -> Path:
        graph = self._graph
        before, root = tree.before[0], graph.state_count + origin
        steps = [arrival.state]
        while (previous := int(before[steps[-1]])) != root:
            steps.append(previous)
        states = np.array(steps[::-1], dtype=np.int32)
        first = self._departures[origin][int(states[0])]
        costs = np.concatenate(([first.rest], tree.cost[0][states]))
        penalties = np.maximum(np.diff(costs) - graph.weight[states], 0.0)
        edges = np.concatenate(([first.edge], graph.edges[states])).astype(np.int32)
        return Path(edges, first.fraction, arrival.fraction, np.concatenate(([0.0], penalties)))
