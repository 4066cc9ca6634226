"""Events and states as bytes, in pieces: no piece holds up other threads while it is read."""

from collections.abc import Iterator, Sequence
from itertools import islice
from typing import Any

import msgspec

from tower.domain.events import Event
from tower.domain.state import TABLES, State
from tower.replay.errors import RecordingError

_PIECE = 500


class _Wire(msgspec.Struct, frozen=True):
    """A state in a file: pieces of its tables, each the MessagePack of a table of a few records."""

    seq: int
    tables: dict[str, list[bytes]]


def pack_events(events: Sequence[bytes]) -> bytes:
    """Events, each in MessagePack already, as one array of pieces of a few hundred."""
    pieces = [_array(events[first : first + _PIECE]) for first in range(0, len(events), _PIECE)]
    return msgspec.msgpack.encode(pieces)


def unpack_events(data: bytes) -> list[Event]:
    """The events of `pack_events`.

    Raises:
        RecordingError: the bytes are no events.
    """
    try:
        pieces = msgspec.msgpack.decode(data, type=list[bytes])
        return [event for piece in pieces for event in _events.decode(piece)]
    except (msgspec.MsgspecError, RecursionError, OverflowError) as error:
        raise RecordingError(f"its events cannot be read ({error})") from error


def pack_state(state: State) -> bytes:
    """A state as bytes."""
    encode = msgspec.msgpack.Encoder().encode
    tables = {name: [encode(piece) for piece in _pieces(getattr(state, name))] for name in TABLES}
    return encode(_Wire(state.seq, tables))


def unpack_state(data: bytes) -> State:
    """The state of `pack_state`.

    Raises:
        RecordingError: the bytes are no state.
    """
    try:
        wire = msgspec.msgpack.decode(data, type=_Wire)
        tables = {name: _table(name, pieces) for name, pieces in wire.tables.items()}
    except (msgspec.MsgspecError, RecursionError, OverflowError, KeyError) as error:
        raise RecordingError(f"its state cannot be read ({error})") from error
    return State(seq=wire.seq, **tables)


def _pieces(table: dict[str, object]) -> Iterator[dict[str, object]]:
    rows = iter(table.items())
    while piece := dict(islice(rows, _PIECE)):
        yield piece


def _table(name: str, pieces: list[bytes]) -> dict[str, Any]:
    read = _tables[name]
    return {key: record for piece in pieces for key, record in read.decode(piece).items()}


def _array(items: Sequence[bytes]) -> bytes:
    """MessagePack of an array of at most 65,535 items that are MessagePack already."""
    return b"".join((b"\xdc", len(items).to_bytes(2, "big"), *items))


_events = msgspec.msgpack.Decoder(list[Event])
_tables = {
    one.name: msgspec.msgpack.Decoder(one.type)
    for one in msgspec.structs.fields(State)
    if one.name in TABLES
}
