"""Route lines as the gateway sends them: encoded polylines with the place of each stop."""

from collections.abc import Mapping

import msgspec
import numpy as np
from numpy.typing import NDArray

from tower.replay.shapes import Shape
from tower.road.polyline import PolylineError, decode_polyline
from tower.routes.legs import Legs


class ShapeError(ValueError):
    """The gateway sent a route line that cannot be read."""


class RouteShape(msgspec.Struct, frozen=True, eq=False):
    """The line of a route along the roads.

    Attributes:
        version: version of the route's sequence the line was made for.
        points: (n, 2) latitude and longitude, degrees, in driving order.
        stop_offsets: for each stop of the sequence the index of its point in `points`.
        durations_s: driving seconds to each stop from the place before it; empty where the
            gateway does not tell them.
        distances_m: metres, likewise.
        home_s: driving seconds from the last stop back to the depot; `home_m` metres, likewise.
    """

    version: int
    points: NDArray[np.float64]
    stop_offsets: tuple[int, ...] = ()
    durations_s: tuple[float, ...] = ()
    distances_m: tuple[float, ...] = ()
    home_s: float = 0.0
    home_m: float = 0.0

    @property
    def legs(self) -> Legs | None:
        """Driving along it, None where seconds and metres are not told for the same legs."""
        if len(self.durations_s) != len(self.distances_m):
            return None
        return Legs(
            version=self.version,
            durations_s=self.durations_s,
            distances_m=self.distances_m,
            home_s=self.home_s,
            home_m=self.home_m,
        )


_UNREADABLE = "the gateway's route lines cannot be read: {}"
_DECODER = msgspec.json.Decoder(dict[str, Shape])


def read_shapes(body: bytes) -> Mapping[str, RouteShape]:
    """Read the answer of `GET /v1/routes/shapes`.

    Raises:
        ShapeError: the answer is not what the gateway's own document describes.
    """
    try:
        shapes = _DECODER.decode(body)
    except msgspec.MsgspecError as error:
        raise ShapeError(_UNREADABLE.format(error)) from error
    return {route_id: unpacked(shape) for route_id, shape in shapes.items()}


def unpacked(shape: Shape) -> RouteShape:
    """A route's line as the map draws it.

    Raises:
        ShapeError: its points cannot be read.
    """
    try:
        points = decode_polyline(shape.shape)
    except PolylineError as error:
        raise ShapeError(_UNREADABLE.format(error)) from error
    return RouteShape(
        version=shape.version,
        points=points,
        stop_offsets=shape.stop_offsets,
        durations_s=shape.durations_s,
        distances_m=shape.distances_m,
        home_s=shape.home_s,
        home_m=shape.home_m,
    )
