"""Route lines as the gateway sends them: encoded polylines with the place of each stop."""

from array import array
from collections.abc import Mapping, Sequence

import msgspec
import numpy as np
from numpy.typing import NDArray

from tower.replay.shapes import Shape
from tower.road.polyline import PolylineError, decode_polyline
from tower.routes.legs import Legs
from ui.map.scene import DEGREE_UNITS, shape_bytes

_POINT_BYTES = 8


class ShapeError(ValueError):
    """The gateway sent a route line that cannot be read."""


class RouteShape(msgspec.Struct, frozen=True, eq=False):
    """The line of a route along the roads, packed: there are ten thousand of them.

    Attributes:
        version: version of the route's sequence the line was made for.
        packed: its points as `ui.map.scene.shape_bytes` packs them, in driving order.
        stop_offsets: for each stop of the sequence the index of its point in `points`.
        durations_s: driving seconds to each stop from the place before it; empty where the
            gateway does not tell them.
        distances_m: metres, likewise.
        home_s: driving seconds from the last stop back to the depot; `home_m` metres, likewise.
    """

    version: int
    packed: bytes
    stop_offsets: tuple[int, ...] = ()
    durations_s: Sequence[float] = ()
    distances_m: Sequence[float] = ()
    home_s: float = 0.0
    home_m: float = 0.0

    @classmethod
    def of(
        cls,
        version: int,
        points: NDArray[np.float64],
        stop_offsets: tuple[int, ...] = (),
        durations_s: Sequence[float] = (),
        distances_m: Sequence[float] = (),
        home_s: float = 0.0,
        home_m: float = 0.0,
    ) -> "RouteShape":
        """A line of `(n, 2)` points, latitude and longitude in degrees."""
        legs = (array("d", durations_s), array("d", distances_m))
        return cls(version, shape_bytes(points), stop_offsets, *legs, home_s, home_m)

    @property
    def count(self) -> int:
        """How many points it has."""
        return len(self.packed) // _POINT_BYTES

    @property
    def points(self) -> NDArray[np.float64]:
        """`(n, 2)` latitude and longitude, degrees, in driving order; unpacked each time."""
        return self.stretch(0, self.count - 1)

    def stretch(self, start: int, end: int) -> NDArray[np.float64]:
        """Its points from one to another, both included."""
        units = np.frombuffer(self.packed, "<i4")[2 * start : 2 * (end + 1)]
        return units.reshape(-1, 2) / DEGREE_UNITS

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
    return RouteShape.of(
        shape.version,
        points,
        shape.stop_offsets,
        shape.durations_s,
        shape.distances_m,
        shape.home_s,
        shape.home_m,
    )
