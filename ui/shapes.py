"""Route lines as the gateway sends them: encoded polylines with the place of each stop."""

from collections.abc import Mapping

import msgspec
import numpy as np
from numpy.typing import NDArray

_PRECISION = 1e-5


class ShapeError(ValueError):
    """The gateway sent a route line that cannot be read."""


class RouteShape(msgspec.Struct, frozen=True, eq=False):
    """The line of a route along the roads.

    Attributes:
        version: version of the route's sequence the line was made for.
        points: (n, 2) latitude and longitude, degrees, in driving order.
        stop_offsets: for each stop of the sequence the index of its point in `points`.
    """

    version: int
    points: NDArray[np.float64]
    stop_offsets: tuple[int, ...] = ()


class _WireShape(msgspec.Struct):
    version: int
    shape: str
    stop_offsets: tuple[int, ...] = ()


_DECODER = msgspec.json.Decoder(dict[str, _WireShape])


def decode_polyline(encoded: str) -> NDArray[np.float64]:
    """Decode an encoded polyline of precision 5 (Google's published algorithm).

    Args:
        encoded: ASCII text, five bits a character, zigzag deltas of latitude and longitude.

    Returns:
        (n, 2) latitude and longitude, degrees.

    Raises:
        ShapeError: the text ends within a number or has a character out of range.
    """
    data = np.frombuffer(encoded.encode("ascii", "replace"), np.uint8).astype(np.int64) - 63
    if data.size == 0:
        return np.empty((0, 2))
    ends = np.flatnonzero(data < 0x20)
    if data.min() < 0 or data.max() > 0x3F or not ends.size or ends[-1] != data.size - 1:
        raise ShapeError("the route line is cut off or garbled")
    if ends.size % 2:
        raise ShapeError("the route line has a latitude without a longitude")
    starts = np.concatenate(([0], ends[:-1] + 1))
    place = np.arange(data.size) - np.repeat(starts, ends - starts + 1)
    if place.max() > 6:
        raise ShapeError("the route line has a number out of range")
    values = np.add.reduceat((data & 0x1F) << (5 * place), starts)
    deltas = np.where(values & 1, ~(values >> 1), values >> 1)
    points: NDArray[np.float64] = np.cumsum(deltas.reshape(-1, 2), axis=0) * _PRECISION
    return points


def read_shapes(body: bytes) -> Mapping[str, RouteShape]:
    """Read the answer of `GET /v1/routes/shapes`.

    Raises:
        ShapeError: the answer is not what the gateway's own document describes.
    """
    try:
        wire = _DECODER.decode(body)
    except msgspec.MsgspecError as error:
        raise ShapeError(f"the gateway's route lines cannot be read: {error}") from error
    return {
        route_id: RouteShape(one.version, decode_polyline(one.shape), one.stop_offsets)
        for route_id, one in wire.items()
    }
