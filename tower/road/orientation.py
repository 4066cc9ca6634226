"""A graph as a search sees it: along the traffic, or against it.

A search against the traffic starts where travel ends. It runs on the turns
turned round, measures each road from its other end, and treats copies of a
state (which remember how a road was entered) the other way: travel starts in
the plain state of a road and may end in any.
"""

from tower.road.graph import ProfileGraph, Turns
from tower.road.snap import Snap


class Orientation:
    """What a search needs to know of the roads in the direction it runs.

    Attributes:
        turns: From each state to the next in the direction of the search.
    """

    def __init__(self, graph: ProfileGraph, *, against: bool) -> None:
        """See a graph along the traffic or against it."""
        self._graph = graph
        self._against = against
        self.turns: Turns = graph.turns_back if against else graph.turns

    def directed(self, snap: Snap) -> list[tuple[int, float]]:
        """Edges of a place, with the part of each that lies behind the search there."""
        edges = self._graph.directed(snap)
        return [(edge, 1.0 - fraction) for edge, fraction in edges] if self._against else edges

    def leaving(self, edge: int) -> list[int]:
        """States a search that starts on an edge goes on from."""
        return self._graph.states(edge) if self._against else [edge]

    def arriving(self, edge: int) -> list[int]:
        """States by which a search may reach a place on an edge."""
        return [edge] if self._against else self._graph.states(edge)
