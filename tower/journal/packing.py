"""A state as bytes and back, a piece at a time.

All of it at once is 60 MB at a hundred thousand stops, and a third of a second in which no other
thread has its turn.
"""

import zlib
from collections.abc import Iterator
from functools import cache
from itertools import islice
from typing import Any, NamedTuple, get_type_hints

import msgspec

from tower.domain.state import TABLES, State

_RECORDS = 500
"""Records in a piece: a millisecond to encode."""

_LEVEL = 1
"""A tenth of the bytes at a hundred megabytes a second; more would take longer than the disk."""


class _Piece(NamedTuple):
    table: str
    packed: bytes


class _Packed(msgspec.Struct):
    seq: int
    pieces: list[_Piece]


def packed(state: State) -> bytes:
    """A state as bytes; takes a second for a large one, of which others get most.

    Args:
        state: nobody may fold into it meanwhile.
    """
    return msgspec.msgpack.encode(_Packed(state.seq, list(_pieces(state))))


def unpacked(data: bytes) -> State:
    """The state of `packed`.

    Raises:
        msgspec.MsgspecError: the bytes are no state.
        zlib.error: likewise.
    """
    whole = msgspec.msgpack.decode(data, type=_Packed)
    state, decoders = State(seq=whole.seq), _decoders()
    for piece in whole.pieces:
        decoder = decoders.get(piece.table)
        if decoder is None:
            raise msgspec.ValidationError(f"a state has no table {piece.table!r}")
        getattr(state, piece.table).update(decoder.decode(zlib.decompress(piece.packed)))
    return state


def _pieces(state: State) -> Iterator[_Piece]:
    encoder = msgspec.msgpack.Encoder()
    for table in TABLES:
        rows = iter(getattr(state, table).items())
        while some := dict(islice(rows, _RECORDS)):
            yield _Piece(table, zlib.compress(encoder.encode(some), _LEVEL))


@cache
def _decoders() -> dict[str, msgspec.msgpack.Decoder[dict[str, Any]]]:
    types = get_type_hints(State)
    return {table: msgspec.msgpack.Decoder(types[table]) for table in TABLES}
