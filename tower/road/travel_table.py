"""Tables of travel between snapped places."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from tower.road.geometry import FloatArray
from tower.road.graph import ProfileGraph
from tower.road.search import Search, Tree
from tower.road.snap import Snap

_BLOCK = 64
"""Roots searched from at once."""


def travel_table(
    graph: ProfileGraph, origins: Sequence[Snap], destinations: Sequence[Snap]
) -> tuple[FloatArray, FloatArray]:
    """Seconds and metres from origins to destinations, ``(origins, destinations)`` each.

    The search starts from whichever are fewer, so one stop against 1,500 costs one
    search a direction. Infinite where there is no way.
    """
    if len(destinations) < len(origins):
        seconds, metres = TableSearch(graph, destinations, origins, against=True).table()
        return seconds.T, metres.T
    return TableSearch(graph, origins, destinations).table()


@dataclass(frozen=True, slots=True)
class _Entries:
    """One way to reach each of some ends: ``(k,)`` each.

    Attributes:
        end: Index of the end.
        state: State that reaches it.
        part: Part of the state's road that is not driven.
    """

    end: npt.NDArray[np.int64]
    state: npt.NDArray[np.int64]
    part: FloatArray


class TableSearch(Search):
    """Searches from all roots, and reads off the travel to all ends."""

    def table(self) -> tuple[FloatArray, FloatArray]:
        """Seconds and metres, ``(roots, ends)``; infinite where there is no way."""
        shape = (len(self._roots), len(self._ends))
        seconds, metres = np.zeros(shape), np.zeros(shape)
        for first in range(0, shape[0], _BLOCK):
            rows = range(first, min(first + _BLOCK, shape[0]))
            block = slice(rows.start, rows.stop)
            seconds[block], metres[block] = self._rows(rows)
        return seconds, metres

    @cached_property
    def _ends_on(self) -> defaultdict[int, list[int]]:
        """Indices of the ends on each segment."""
        found: defaultdict[int, list[int]] = defaultdict(list)
        for index, place in enumerate(self._ends):
            found[place.segment].append(index)
        return found

    def _rows(self, rows: range) -> tuple[FloatArray, FloatArray]:
        """Seconds and metres of some roots to all ends, ``(len(rows), ends)``."""
        tree = self._grow(rows, np.inf)
        cost, state, part = self._arrivals(tree)
        seconds, metres = self._measure(rows, cost, state, part, tree)
        for index, row in enumerate(rows):
            for column in self._ends_on[self._roots[row].segment]:
                for ahead in self._straight_on(row, column):
                    if ahead.start is not None and ahead.cost <= cost[index, column]:
                        share = ahead.fraction - ahead.start
                        cost[index, column] = ahead.cost
                        seconds[index, column] = share * self._graph.time[ahead.edge]
                        metres[index, column] = share * self._graph.length[ahead.edge]
        return seconds, metres

    def _arrivals(self, tree: Tree) -> tuple[FloatArray, npt.NDArray[np.int64], FloatArray]:
        """Cheapest arrival at each end: cost, state (-1: none), part of the road not driven."""
        shape = (len(tree.cost), len(self._ends))
        cost, part = np.full(shape, np.inf), np.zeros(shape)
        state = np.full(shape, -1, dtype=np.int64)
        for entries in self._entries:
            total = tree.cost[:, entries.state] - entries.part * self._graph.weight[entries.state]
            line, number = np.nonzero(total < cost[:, entries.end])
            column = entries.end[number]
            cost[line, column] = total[line, number]
            state[line, column] = entries.state[number]
            part[line, column] = entries.part[number]
        return cost, state, part

    @cached_property
    def _entries(self) -> list[_Entries]:
        """All ways to reach the ends, in as few sets as an end has ways."""
        ways = [self._ways_into(place) for place in self._ends]
        return [
            _Entries(
                np.array([end for end, way in enumerate(ways) if len(way) > rank], dtype=np.int64),
                np.array([way[rank][0] for way in ways if len(way) > rank], dtype=np.int64),
                np.array([way[rank][1] for way in ways if len(way) > rank], dtype=np.float64),
            )
            for rank in range(max(map(len, ways), default=0))
        ]

    def _ways_into(self, place: Snap) -> list[tuple[int, float]]:
        """States that reach a place, and the part of their road that is not driven."""
        return [
            (state, 1.0 - fraction)
            for edge, fraction in self._roads.directed(place)
            for state in self._roads.arriving(edge)
        ]

    def _measure(
        self,
        rows: range,
        cost: FloatArray,
        state: npt.NDArray[np.int64],
        part: FloatArray,
        tree: Tree,
    ) -> tuple[FloatArray, FloatArray]:
        """Walk all paths back to their roots at once, adding what they are long."""
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
