"""A road graph with the speeds there are now."""

from datetime import datetime

from tower.road.geometry import FloatArray
from tower.road.graph import ProfileGraph, RoadGraph
from tower.road.live import SpeedMap
from tower.road.roads import Profile


class LiveRoads:
    """The graph by profile and departure; made once for a `SpeedMap`, safe between threads."""

    def __init__(self, graph: RoadGraph, speeds: SpeedMap | None = None) -> None:
        """Take a graph, and the speeds to drive by where they are known."""
        self.base = graph
        self._speeds = speeds
        self._factors: FloatArray | None = None
        self._graphs: dict[Profile, ProfileGraph] = {}

    def of(self, profile: Profile, departure: datetime | None) -> ProfileGraph:
        """The roads one profile drives on, leaving then."""
        if self._speeds is None or not self._speeds.concerns(profile, departure):
            return self.base.of(profile)
        if profile not in self._graphs:
            if self._factors is None:
                self._factors = self.base.edge_factors(self._speeds)
            self._graphs[profile] = self.base.of(profile).slowed(self._factors)
        return self._graphs[profile]
