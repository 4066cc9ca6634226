"""Route lines as the gateway sends them: encoded polylines with the place of each stop."""

from collections.abc import Mapping

import msgspec
import numpy as np
from numpy.typing import NDArray

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


class _WireShape(msgspec.Struct):
    version: int
    shape: str
    stop_offsets: tuple[int, ...] = ()
    durations_s: tuple[float, ...] = ()
    distances_m: tuple[float, ...] = ()
    home_s: float = 0.0
    home_m: float = 0.0


_DECODER = msgspec.json.Decoder(dict[str, _WireShape])


def read_shapes(body: bytes) -> Mapping[str, RouteShape]:
    """Read the answer of `GET /v1/routes/shapes`.

    Raises:
        ShapeError: the answer is not what the gateway's own document describes.
    """
    try:
        wire = _DECODER.decode(body)
        return {route_id: _shape(one) for route_id, one in wire.items()}
    except (msgspec.MsgspecError, PolylineError) as error:
        raise ShapeError(f"the gateway's route lines cannot be read: {error}") from error


def _shape(wire: _WireShape) -> RouteShape:
    return RouteShape(
        version=wire.version,
        points=decode_polyline(wire.shape),
        stop_offsets=wire.stop_offsets,
        durations_s=wire.durations_s,
        distances_m=wire.distances_m,
        home_s=wire.home_s,
        home_m=wire.home_m,
    )
