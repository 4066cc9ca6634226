"""Encoded polylines (Google's published algorithm): a line as short ASCII text."""

import numpy as np

from tower.road.geometry import FloatArray

_LONGEST_NUMBER = 7
"""Letters of the largest delta there is: 180 degrees at precision 6."""


class PolylineError(ValueError):
    """A text is no encoded polyline."""


def encode_polyline(points: FloatArray, precision: int = 5) -> str:
    """Write a line as text, to about a metre at precision 5.

    Args:
        points: ``(n, 2)`` lat, lon, degrees.
        precision: Decimal places kept.
    """
    steps = np.rint(np.asarray(points).reshape(-1, 2) * 10.0**precision).astype(np.int64)
    deltas = np.diff(steps, axis=0, prepend=np.zeros((1, 2), np.int64)).ravel()
    zigzag = np.where(deltas < 0, ~(deltas << 1), deltas << 1)
    return "".join(_number(value) for value in zigzag.tolist())


def _number(value: int) -> str:
    letters = []
    while value >= 0x20:
        letters.append(chr((0x20 | value & 0x1F) + 63))
        value >>= 5
    letters.append(chr(value + 63))
    return "".join(letters)


def decode_polyline(encoded: str, precision: int = 5) -> FloatArray:
    """Read a line.

    Args:
        encoded: Five bits a character, zigzag deltas of latitude and longitude.
        precision: Decimal places it was written with.

    Returns:
        ``(n, 2)`` lat, lon, degrees.

    Raises:
        PolylineError: The text ends within a number or has a character out of range.
    """
    data = np.frombuffer(encoded.encode("ascii", "replace"), np.uint8).astype(np.int64) - 63
    if data.size == 0:
        return np.empty((0, 2))
    ends = np.flatnonzero(data < 0x20)
    if data.min() < 0 or data.max() > 0x3F or not ends.size or ends[-1] != data.size - 1:
        raise PolylineError("the line is cut off or garbled")
    if ends.size % 2:
        raise PolylineError("the line has a latitude without a longitude")
    starts = np.concatenate(([0], ends[:-1] + 1))
    place = np.arange(data.size) - np.repeat(starts, ends - starts + 1)
    if place.max() >= _LONGEST_NUMBER:
        raise PolylineError("the line has a number out of range")
    values = np.add.reduceat((data & 0x1F) << (5 * place), starts)
    deltas = np.where(values & 1, ~(values >> 1), values >> 1)
    points: FloatArray = np.cumsum(deltas.reshape(-1, 2), axis=0) / 10.0**precision
    return points
