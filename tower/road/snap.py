"""Finding the road a stop is on."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from tower.domain.geometry import LatLon
from tower.road.geometry import FloatArray, LocalPlane
from tower.road.network import COORDINATE_SCALE, Network

SNAP_LIMIT_M = 500.0
"""A place further than this from every road is not covered."""


@dataclass(frozen=True, slots=True)
class Snap:
    """A place on the network.

    Attributes:
        segment: Index of the segment.
        fraction: How far along the segment, 0 at its start, 1 at its end.
        offset_m: Distance from the place asked for, metres.
    """

    segment: int
    fraction: float
    offset_m: float


class RoadFinder:
    """Nearest road to a point, among chosen segments."""

    def __init__(self, network: Network, chosen: npt.NDArray[np.bool_]) -> None:
        """Index the chosen segments.

        Args:
            network: The network.
            chosen: ``(segment_count,)`` true for each segment that counts.
        """
        import shapely  # noqa: PLC0415

        degrees = network.vertices / COORDINATE_SCALE
        self._plane = LocalPlane(LatLon(*np.mean(degrees, axis=0)))
        self._segments = np.flatnonzero(chosen)
        owner = np.repeat(np.arange(network.segment_count), np.diff(network.offsets))
        wanted = chosen[owner]
        numbers = np.cumsum(chosen) - 1
        metres = self._plane.to_metres(degrees[wanted])
        lines = shapely.linestrings(metres, indices=numbers[owner[wanted]])
        self._lines: npt.NDArray[np.object_] = np.asarray(lines, dtype=object)
        self._tree = shapely.STRtree(self._lines)

    def find(self, points: FloatArray, limit_m: float = SNAP_LIMIT_M) -> list[Snap | None]:
        """The nearest road of each point, None where none is within the limit.

        Args:
            points: Degrees, ``(n, 2)`` lat, lon.
            limit_m: Furthest distance, metres.
        """
        import shapely  # noqa: PLC0415

        found: list[Snap | None] = [None] * len(points)
        if not len(self._lines) or not len(points):
            return found
        places = np.asarray(shapely.points(self._plane.to_metres(points)), dtype=object)
        (which, line), distance = self._tree.query_nearest(
            places, max_distance=limit_m, return_distance=True, all_matches=False
        )
        fractions = shapely.line_locate_point(self._lines[line], places[which], normalized=True)
        segments = self._segments[line]
        for number, index in enumerate(which.tolist()):
            found[index] = Snap(
                int(segments[number]), float(fractions[number]), float(distance[number])
            )
        return found
