"""Growing columns of fixed-point numbers: the shape in which live values are kept and sent."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import DTypeLike, NDArray

U8, U16, U32 = np.dtype("<u1"), np.dtype("<u2"), np.dtype("<u4")
I16, I32, I64 = np.dtype("<i2"), np.dtype("<i4"), np.dtype("<i8")

NO_U8, NO_U16, NO_U32 = 255, 65_535, 4_294_967_295
NO_I16, NO_I32 = -32_768, -2_147_483_648
"""What stands for "unknown" in a column; the least or greatest number its type holds."""

DEGREE = 1e7
"""Units of a coordinate in one degree."""

_EXACT = 2**53
"""Whole numbers up to here are exact as floating point."""


class ColumnStore:
    """Named columns that grow together; a new row holds each column's default.

    Attributes:
        size: rows in use.
    """

    def __init__(self, columns: Mapping[str, tuple[np.dtype[Any], int]]) -> None:
        """Takes the type and the default of each column."""
        self._declared = dict(columns)
        self.size = 0
        self._arrays = {name: _filled(0, *kind) for name, kind in self._declared.items()}

    def __getitem__(self, name: str) -> NDArray[Any]:
        """The rows in use of one column; a view, good until the store grows."""
        return self._arrays[name][: self.size]

    def grow(self, size: int) -> None:
        """Have at least `size` rows."""
        capacity = len(next(iter(self._arrays.values())))
        if size > capacity:
            self._reserve(max(size, 2 * capacity, 64))
        self.size = max(self.size, size)

    def clear(self) -> None:
        """Have no rows."""
        self.size = 0
        self._arrays = {name: _filled(0, *kind) for name, kind in self._declared.items()}

    def take(self, rows: NDArray[Any], names: Iterable[str]) -> dict[str, NDArray[Any]]:
        """Copies of some rows of some columns."""
        return {name: self._arrays[name][rows] for name in names}

    def _reserve(self, capacity: int) -> None:
        for name, kind in self._declared.items():
            bigger = _filled(capacity, *kind)
            bigger[: self.size] = self._arrays[name][: self.size]
            self._arrays[name] = bigger


def scaled(
    values: Sequence[float | None] | NDArray[np.float64],
    scale: float,
    dtype: np.dtype[Any],
    unknown: int,
) -> NDArray[Any]:
    """Values as fixed-point integers: rounded, held within the type, None and NaN as `unknown`."""
    if isinstance(values, list) and values.count(None) == len(values):
        return np.full(len(values), unknown, dtype)  # what no device of these tells
    numbers = np.array(values, dtype=np.float64)
    limits = np.iinfo(dtype)
    low = max(limits.min + 1 if unknown == limits.min else limits.min, -_EXACT)
    high = min(limits.max - 1 if unknown == limits.max else limits.max, _EXACT)
    held = np.clip(np.rint(numbers * scale), low, high)
    return np.where(np.isnan(held), unknown, held).astype(np.int64).astype(dtype)


def unscaled(value: int, scale: float, unknown: int) -> float | None:
    """The number a fixed-point integer stands for, None where it is unknown."""
    return None if value == unknown else value / scale


def column(values: Iterable[int] | NDArray[Any], dtype: DTypeLike) -> NDArray[Any]:
    """An array of a column's type."""
    return np.asarray(values if isinstance(values, np.ndarray) else list(values), dtype=dtype)


def _filled(size: int, dtype: np.dtype[Any], default: int) -> NDArray[Any]:
    return np.full(size, default, dtype=dtype)
