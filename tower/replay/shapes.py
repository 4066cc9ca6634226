"""The routes' lines, as a recording keeps them."""

import msgspec
import numpy as np
from msgspec.structs import replace

from tower.road.polyline import decode_polyline, encode_polyline


class Shape(msgspec.Struct, frozen=True, kw_only=True):
    """A route's line along the roads, as `GET /v1/routes/shapes` answers it.

    Attributes:
        version: version of the route's sequence the line belongs to.
        shape: encoded polyline, precision 5.
        stop_offsets: for each stop of the sequence the index of its point in the line.
        durations_s: driving seconds to each stop from the place before it.
        distances_m: driven metres, likewise.
        home_s: driving seconds from the last stop back to the depot; `home_m`: metres.
    """

    version: int
    shape: str
    stop_offsets: tuple[int, ...] = ()
    durations_s: tuple[float, ...] = ()
    distances_m: tuple[float, ...] = ()
    home_s: float = 0.0
    home_m: float = 0.0


def without_stops(shape: Shape) -> Shape:
    """The same line without the points that are stops; each stop is at the point before it."""
    points = decode_polyline(shape.shape)
    is_kept = np.ones(len(points), dtype=bool)
    is_kept[[place for place in shape.stop_offsets if 0 < place < len(points) - 1]] = False
    places = np.maximum(np.cumsum(is_kept) - 1, 0)
    return replace(
        shape,
        shape=encode_polyline(points[is_kept]),
        stop_offsets=tuple(places[list(shape.stop_offsets)].tolist()),
    )
