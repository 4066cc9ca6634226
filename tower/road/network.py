"""The road network as arrays: what a pack stores and a graph runs on.

A *segment* is a road between two junctions. Each segment has two *edges*, one a
direction: edge ``2 s`` goes along segment ``s``, edge ``2 s + 1`` against it. A
*state* is an edge being travelled; the first states are the edges themselves,
later ones are copies that remember by which edge they were entered, which is how
a ban over a via way is kept. An *arc* is an allowed turn from state to state.
"""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any

import numpy as np
import numpy.typing as npt

Int32Array = npt.NDArray[np.int32]
Float32Array = npt.NDArray[np.float32]
AnyArray = npt.NDArray[Any]

COORDINATE_SCALE = 1e7
"""Coordinates are stored as whole ten-millionths of a degree (about 1 cm)."""


@dataclass(frozen=True, slots=True)
class Network:
    """Segments and turns of a region; S segments, M vertices, A arcs, X extra states.

    Attributes:
        vertices: ``(M, 2)`` int32 lat, lon in ten-millionths of a degree.
        offsets: ``(S + 1,)`` first vertex of each segment.
        lengths: ``(S,)`` metres.
        speeds: ``(profiles, 2, S)`` m/s along and against, 0 where forbidden.
        delays: ``(S,)`` seconds lost on the way at signals.
        factors: ``(S,)`` how much longer a segment feels when a route is chosen.
        snappable: ``(S,)`` 1 where a stop may be served.
        names: ``(S,)`` index of the street name, -1 where it has none.
        extra_edges: ``(X,)`` edge of each state beyond the edges.
        arc_from: ``(A,)`` state a turn leaves, never falling.
        arc_to: ``(A,)`` state a turn enters.
        arc_penalties: ``(A,)`` seconds a motor vehicle loses in the turn.
        arc_profiles: ``(A,)`` mask of the profiles that may turn.
    """

    vertices: Int32Array
    offsets: Int32Array
    lengths: Float32Array
    speeds: Float32Array
    delays: Float32Array
    factors: Float32Array
    snappable: npt.NDArray[np.uint8]
    names: Int32Array
    extra_edges: Int32Array
    arc_from: Int32Array
    arc_to: Int32Array
    arc_penalties: Float32Array
    arc_profiles: npt.NDArray[np.uint8]

    @property
    def segment_count(self) -> int:
        """How many segments there are."""
        return len(self.lengths)

    @property
    def state_count(self) -> int:
        """How many states there are: two a segment, and the extra ones."""
        return 2 * self.segment_count + len(self.extra_edges)

    def state_edges(self) -> Int32Array:
        """Edge of every state, ``(state_count,)``."""
        own = np.arange(2 * self.segment_count, dtype=np.int32)
        return np.concatenate([own, self.extra_edges])

    def to_arrays(self) -> dict[str, AnyArray]:
        """The arrays by name, for storing."""
        return {field.name: getattr(self, field.name) for field in fields(self)}

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, AnyArray]) -> "Network":
        """Build from what `to_arrays` gave.

        Raises:
            KeyError: An array is missing.
        """
        return cls(**{field.name: arrays[field.name] for field in fields(cls)})
