"""Encoded polylines, precision 5 (Google's published algorithm): a line as short ASCII text."""

import numpy as np
from numpy.typing import NDArray

_PRECISION = 1e5


def encode_polyline(points: NDArray[np.float64]) -> str:
    """Write a line as text, to about a metre.

    Args:
        points: (n, 2) latitude and longitude, degrees.
    """
    steps = np.rint(np.asarray(points).reshape(-1, 2) * _PRECISION).astype(np.int64)
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
