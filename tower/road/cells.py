"""Small cells of the map, each once for every direction one drives in.

A cell is about `CELL_M` high and wide everywhere on Earth. Its key holds the row, the column and
the quarter of the compass, so that the two sides of a street are told apart.
"""

from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
import numpy.typing as npt

from tower.road.geometry import METRES_PER_DEGREE, FloatArray, IntArray

CELL_M = 400.0
"""Height and width of a cell, metres."""

STEP_M = 150.0
"""A line is looked at every so many metres."""

_HEIGHT = CELL_M / METRES_PER_DEGREE
_COLUMN_BITS, _QUARTERS = 20, 4
_ROWS_SOUTH, _COLUMNS_WEST = 1 << 17, 1 << (_COLUMN_BITS - 1)


@dataclass(frozen=True, slots=True, eq=False)
class CellsAlong:
    """The cells some legs go through, and the seconds expected in each.

    Attributes:
        keys: ``(n,)``.
        owner: ``(n,)`` which leg each belongs to, never falling.
        seconds: ``(n,)`` seconds of the leg spent there.
        count: How many legs there are.
    """

    keys: IntArray
    owner: IntArray
    seconds: npt.NDArray[np.floating[Any]]
    count: int

    def scaled(self, factor: float) -> "CellsAlong":
        """The same cells with so many times the seconds."""
        return CellsAlong(self.keys, self.owner, self.seconds * factor, self.count)


class KeptCells:
    """Cells along some legs in two fifths of the memory: ten thousand routes have them.

    Seconds are held in 32 bits, and of each key by how much it is greater than the least.
    """

    __slots__ = ("_count", "_least", "_rows")

    def __init__(self, cells: CellsAlong) -> None:
        """Pack cells."""
        keys = cells.keys
        self._least, most = (int(keys.min()), int(keys.max())) if len(keys) else (0, 0)
        self._count = cells.count
        kinds = np.min_scalar_type(most - self._least), np.min_scalar_type(cells.count)
        self._rows = np.empty(len(keys), _row_of(*kinds))
        self._rows["key"] = keys - self._least
        self._rows["owner"], self._rows["seconds"] = cells.owner, cells.seconds

    def cells(self) -> CellsAlong:
        """The cells again."""
        rows = self._rows
        keys = rows["key"].astype(np.int64) + self._least
        return CellsAlong(keys, rows["owner"].astype(np.int64), rows["seconds"], self._count)


@cache
def _row_of(key: np.dtype[Any], owner: np.dtype[Any]) -> np.dtype[np.void]:
    return np.dtype([("key", key), ("owner", owner), ("seconds", np.float32)])


def cell_keys(lat_lon: FloatArray, heading_deg: FloatArray) -> IntArray:
    """The cell of each place in the direction driven, ``(n,)``.

    Args:
        lat_lon: ``(n, 2)`` degrees.
        heading_deg: ``(n,)`` degrees clockwise from north.
    """
    row = np.floor(lat_lon[:, 0] / _HEIGHT)
    width = _HEIGHT / np.maximum(np.cos(np.radians((row + 0.5) * _HEIGHT)), 1e-3)
    column = np.floor(lat_lon[:, 1] / width).astype(np.int64) + _COLUMNS_WEST
    quarter = np.floor((heading_deg % 360.0 + 45.0) / 90.0).astype(np.int64) % _QUARTERS
    line = (row.astype(np.int64) + _ROWS_SOUTH) << _COLUMN_BITS | column
    keys: IntArray = line * _QUARTERS + quarter
    return keys


def cells_along(
    lat_lon: FloatArray, seconds: FloatArray, owner: IntArray, count: int
) -> CellsAlong:
    """The cells a line goes through.

    Args:
        lat_lon: ``(n, 2)`` vertices, degrees.
        seconds: ``(n - 1,)`` seconds spent on each piece.
        owner: ``(n - 1,)`` leg of each piece, never falling.
        count: How many legs there are.
    """
    return cells_of_pieces((lat_lon[:-1], lat_lon[1:]), seconds, owner, count)


def cells_of_pieces(
    ends: tuple[FloatArray, FloatArray], seconds: FloatArray, owner: IntArray, count: int
) -> CellsAlong:
    """The cells some straight pieces go through, neighbours in one cell put together.

    Args:
        ends: Where the pieces start and where they end, ``(n, 2)`` degrees each.
        seconds: ``(n,)`` seconds spent on each.
        owner: ``(n,)`` leg of each, never falling.
        count: How many legs there are.
    """
    starts, step = ends[0], ends[1] - ends[0]
    east = step[:, 1] * np.cos(np.radians(starts[:, 0]))
    metres = np.hypot(step[:, 0], east) * METRES_PER_DEGREE
    heading = np.degrees(np.arctan2(east, step[:, 0]))
    parts = np.maximum(np.ceil(metres / STEP_M), 1.0).astype(np.int64)
    piece = np.repeat(np.arange(len(metres)), parts)
    first = np.repeat(np.cumsum(parts) - parts, parts)
    share = (np.arange(len(piece)) - first + 0.5) / parts[piece]
    keys = cell_keys(starts[piece] + share[:, None] * step[piece], heading[piece])
    return _together(keys, owner[piece], (seconds / parts)[piece], count)


def _together(keys: IntArray, owner: IntArray, seconds: FloatArray, count: int) -> CellsAlong:
    if not len(keys):
        return CellsAlong(keys, owner, seconds, count)
    changes = np.flatnonzero(np.diff(keys) | np.diff(owner)) + 1
    starts = np.concatenate(([0], changes))
    return CellsAlong(keys[starts], owner[starts], np.add.reduceat(seconds, starts), count)
