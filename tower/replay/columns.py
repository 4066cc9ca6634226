"""Positions as bytes: each column as the differences of its numbers, which pack well."""

from typing import Any

import msgspec
import numpy as np
from numpy.typing import NDArray

from tower.replay.errors import RecordingError
from tower.replay.positions import COLUMNS, Positions

MOST_POSITIONS = 50_000_000
"""Positions a recording may hold."""


class _Wire(msgspec.Struct, frozen=True):
    """Positions in a file: ids of the vehicles, and the bytes of each column (little-endian)."""

    ids: tuple[str, ...]
    count: int
    columns: dict[str, bytes]


def pack_positions(positions: Positions) -> bytes:
    """The bytes of positions."""
    columns = {name: _differences(positions.columns[name]) for name in COLUMNS}
    return msgspec.msgpack.encode(_Wire(positions.ids, len(positions), columns))


def unpack_positions(data: bytes) -> Positions:
    """The positions of `pack_positions`.

    Raises:
        RecordingError: the bytes are no positions.
    """
    try:
        wire = msgspec.msgpack.decode(data, type=_Wire)
    except (msgspec.MsgspecError, RecursionError) as error:
        raise RecordingError(f"its positions cannot be read ({error})") from error
    if not 0 <= wire.count <= MOST_POSITIONS or wire.columns.keys() != COLUMNS.keys():
        raise RecordingError("its positions have another form")
    columns = {
        name: _summed(wire.columns[name], kind, wire.count) for name, kind in COLUMNS.items()
    }
    if wire.count and int(columns["vehicle"].max()) >= len(wire.ids):
        raise RecordingError("it has positions of a vehicle it does not name")
    return Positions(wire.ids, columns)


def _differences(column: NDArray[Any]) -> bytes:
    """The first number and what each adds to the one before, wrapping around within the type."""
    differences = column.copy()
    differences[1:] -= column[:-1]
    return differences.tobytes()


def _summed(data: bytes, kind: np.dtype[Any], count: int) -> NDArray[Any]:
    if len(data) != count * kind.itemsize:
        raise RecordingError("a column of its positions is cut off")
    return np.cumsum(np.frombuffer(data, kind), dtype=kind)
