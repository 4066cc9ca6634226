"""Cheapest paths and tables of travel between snapped places."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from tower.road.geometry import FloatArray
from tower.road.graph import ProfileGraph
from tower.road.network import Int32Array
from tower.road.snap import Snap

_NEAR_SPEED_MS = 2.0
_NEAR_SLACK_S = 240.0
_BLOCK = 64


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
    """Leaving the edge of an origin by one of its ends."""

    cost: float
    rest: float
    edge: int
    fraction: float


@dataclass(frozen=True, slots=True)
class _Arrival:
    """Reaching a destination by a state; `start` is set where no turn is needed."""

    cost: float
    state: int
    edge: int
    fraction: float
    start: float | None = None


@dataclass(frozen=True, slots=True)
class _Tree:
    """Cheapest way from some origins to every state: ``(origins, states)`` each."""

    cost: FloatArray
    before: Int32Array


class Search:
    """Searches from places in the middle of roads.

    Each origin becomes a state of its own whose arcs are the turns at the ends of
    its road, the rest of the road included; so a loop back to where one started is
    found like any other path.
    """

    def __init__(self, graph: ProfileGraph, places: Sequence[Snap]) -> None:
        """Prepare a search among places.

        Args:
            graph: The roads as the profile sees them.
            places: Where paths start and end.
        """
        from scipy.sparse import csr_array  # noqa: PLC0415

        self._graph = graph
        self._places = places
        self._departures = [self._leaving(place) for place in places]
        self._by_segment: defaultdict[int, list[int]] = defaultdict(list)
        for index, place in enumerate(places):
            self._by_segment[place.segment].append(index)
        turns = graph.turns
        targets = [state for row in self._departures for state in row]
        weights = [leaving.cost for row in self._departures for leaving in row.values()]
        ends = turns.start[-1] + np.cumsum([len(row) for row in self._departures], dtype=np.int32)
        start = np.concatenate([turns.start, ends]).astype(np.int32)
        target = np.concatenate([turns.target, np.array(targets, dtype=np.int32)])
        weight = np.concatenate([turns.weight, np.array(weights, dtype=np.float64)])
        size = graph.state_count + len(places)
        self._matrix = csr_array((weight, target, start), shape=(size, size))

    def path(self, origin: int, destination: int, apart_m: float) -> Path | None:
        """Cheapest path between two of the places, None where there is none.

        Args:
            origin: Index of the place where it starts.
            destination: Index of the place where it ends.
            apart_m: Straight distance between them; bounds the first attempt.
        """
        limit = _NEAR_SLACK_S + apart_m / _NEAR_SPEED_MS
        found = self._path_within(origin, destination, limit)
        return found or self._path_within(origin, destination, np.inf)

    def table(self) -> tuple[FloatArray, FloatArray]:
        """Seconds and metres between all places, ``(n, n)``; infinite where unreachable."""
        count = len(self._places)
        seconds, metres = np.zeros((count, count)), np.zeros((count, count))
        for first in range(0, count, _BLOCK):
            rows = range(first, min(first + _BLOCK, count))
            block = slice(rows.start, rows.stop)
            seconds[block], metres[block] = self._rows(rows)
        np.fill_diagonal(seconds, 0.0)
        np.fill_diagonal(metres, 0.0)
        return seconds, metres

    def _leaving(self, place: Snap) -> dict[int, _Departure]:
        """First states after the place's road, each by its cheapest departure."""
        graph, turns = self._graph, self._graph.turns
        found: dict[int, _Departure] = {}
        for edge, fraction in graph.directed(place):
            rest = (1.0 - fraction) * float(graph.weight[edge])
            for arc in range(turns.start[edge], turns.start[edge + 1]):
                state, cost = int(turns.target[arc]), rest + float(turns.weight[arc])
                if state not in found or cost < found[state].cost:
                    found[state] = _Departure(cost, rest, edge, fraction)
        return found

    def _grow(self, origins: Sequence[int], limit: float) -> _Tree:
        from scipy.sparse.csgraph import dijkstra  # noqa: PLC0415

        cost, before = dijkstra(
            self._matrix,
            indices=[self._graph.state_count + origin for origin in origins],
            return_predecessors=True,
            limit=limit,
        )
        return _Tree(cost, before)

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
        graph = self._graph
        choices = self._straight_on(origin, destination)
        for edge, fraction in graph.directed(self._places[destination]):
            left = (1.0 - fraction) * float(graph.weight[edge])
            choices += [
                _Arrival(float(cost[state]) - left, state, edge, fraction)
                for state in graph.states(edge)
                if np.isfinite(cost[state])
            ]
        return min(choices, key=lambda arrival: arrival.cost, default=None)

    def _straight_on(self, origin: int, destination: int) -> list[_Arrival]:
        """Ways along the origin's own road, where the destination lies ahead on it."""
        here, there = self._places[origin], self._places[destination]
        if here.segment != there.segment:
            return []
        ends = dict(self._graph.directed(there))
        return [
            _Arrival((ends[edge] - start) * self._graph.weight[edge], edge, edge, ends[edge], start)
            for edge, start in self._graph.directed(here)
            if ends[edge] >= start
        ]

    def _trace(self, origin: int, arrival: _Arrival, tree: _Tree) -> Path:
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

    def _rows(self, rows: range) -> tuple[FloatArray, FloatArray]:
        """Seconds and metres from some places to all, ``(len(rows), n)``."""
        tree = self._grow(rows, np.inf)
        cost, state, part = self._arrivals(tree)
        seconds, metres = self._measure(rows, cost, state, part, tree)
        for index, row in enumerate(rows):
            for column in self._by_segment[self._places[row].segment]:
                for ahead in self._straight_on(row, column):
                    if ahead.start is not None and ahead.cost <= cost[index, column]:
                        share = ahead.fraction - ahead.start
                        cost[index, column] = ahead.cost
                        seconds[index, column] = share * self._graph.time[ahead.edge]
                        metres[index, column] = share * self._graph.length[ahead.edge]
        return seconds, metres

    def _arrivals(self, tree: _Tree) -> tuple[FloatArray, npt.NDArray[np.int64], FloatArray]:
        """Cheapest arrival at each place: cost, state (-1: none), part of the road not driven."""
        graph = self._graph
        shape = (len(tree.cost), len(self._places))
        cost, part = np.full(shape, np.inf), np.zeros(shape)
        state = np.full(shape, -1, dtype=np.int64)
        for column, place in enumerate(self._places):
            for edge, fraction in graph.directed(place):
                left = (1.0 - fraction) * graph.weight[edge]
                for arriving in graph.states(edge):
                    total = tree.cost[:, arriving] - left
                    better = total < cost[:, column]
                    cost[better, column] = total[better]
                    state[better, column] = arriving
                    part[better, column] = 1.0 - fraction
        return cost, state, part

    def _measure(
        self,
        rows: range,
        cost: FloatArray,
        state: npt.NDArray[np.int64],
        part: FloatArray,
        tree: _Tree,
    ) -> tuple[FloatArray, FloatArray]:
        """Walk all paths back to their origins at once, adding what they are long."""
        graph = self._graph
        line, column = np.nonzero(state >= 0)
        current = state[line, column]
        metres = -part[line, column] * graph.length[current]
        extra = -part[line, column] * graph.extra[current]
        first = current.copy()
        walking = np.arange(len(current))
        while len(walking):
            here = current[walking]
            metres[walking] += graph.length[here]
            extra[walking] += graph.extra[here]
            first[walking] = here
            current[walking] = tree.before[line[walking], here]
            walking = walking[current[walking] < graph.state_count]
        bounds = np.searchsorted(line, np.arange(len(rows) + 1))
        for index, row in enumerate(rows):
            mine = np.arange(bounds[index], bounds[index + 1])
            for entered, leaving in self._departures[row].items():
                those = mine[first[mine] == entered]
                metres[those] += (1.0 - leaving.fraction) * graph.length[leaving.edge]
                extra[those] += (1.0 - leaving.fraction) * graph.extra[leaving.edge]
        all_seconds, all_metres = np.full(state.shape, np.inf), np.full(state.shape, np.inf)
        all_seconds[line, column] = cost[line, column] - extra
        all_metres[line, column] = metres
        return all_seconds, all_metres
