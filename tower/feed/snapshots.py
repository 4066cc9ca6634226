"""A snapshot of the state in parts, encoded as they are asked for and shared between desktops.

The state goes on changing while parts are taken. That does no harm: the snapshot stands for the
sequence number it began at, a record in it may be newer than that, and folding the events after
that number over it gives the same state again, because the fold is idempotent.
"""

from collections.abc import Iterator

import msgspec

from tower.domain.state import TABLES, State
from tower.feed.codec import Codec
from tower.feed.filters import Keeps
from tower.feed.messages import LIMITS

_ENVELOPE_BYTES = 1_024


class _RawSnapshot(msgspec.Struct, frozen=True, kw_only=True, tag_field="type", tag="snapshot"):
    """`tower.feed.messages.Snapshot` with records that are encoded already."""

    part: int
    last: bool
    seq: int
    state: dict[str, dict[str, msgspec.Raw]]


class SharedSnapshot:
    """The parts of one snapshot; made once, whoever asks first.

    Attributes:
        seq: the sequence number the snapshot stands for.
    """

    def __init__(
        self,
        codec: Codec,
        state: State,
        keeps: Keeps | None = None,
        *,
        records: int = LIMITS.chunk_records,
        limit_bytes: int = LIMITS.server_frame_bytes,
    ) -> None:
        """Begins a snapshot of the state as it is now.

        Args:
            codec: the subprotocol the parts are for.
            state: read again at each part.
            keeps: which records are wanted; None for all.
            records: most records in a part.
            limit_bytes: most bytes of a part.
        """
        self.seq = state.seq
        self._codec = codec
        self._limits = records, limit_bytes - _ENVELOPE_BYTES
        self._records = _encoded(codec, state, keeps)
        self._held: tuple[str, str, bytes] | None = next(self._records, None)
        self._parts: list[bytes] = []
        self._complete = False

    def part(self, number: int) -> bytes | None:
        """The message with part `number`, None past the last."""
        while len(self._parts) <= number and not self._complete:
            self._parts.append(self._make())
        return self._parts[number] if number < len(self._parts) else None

    def _make(self) -> bytes:
        tables: dict[str, dict[str, msgspec.Raw]] = {}
        for table, id_, record in self._fitting():
            tables.setdefault(table, {})[id_] = msgspec.Raw(record)
        self._complete = self._held is None
        return self._codec.encode(
            _RawSnapshot(part=len(self._parts), last=self._complete, seq=self.seq, state=tables)
        )

    def _fitting(self) -> Iterator[tuple[str, str, bytes]]:
        most, room = self._limits
        taken = 0
        while self._held is not None:
            _, id_, record = self._held
            room -= len(record) + 4 * len(id_) + 8
            if taken and (room < 0 or taken == most):
                return
            taken += 1
            yield self._held
            self._held = next(self._records, None)


def _encoded(codec: Codec, state: State, keeps: Keeps | None) -> Iterator[tuple[str, str, bytes]]:
    known = [(table, id_) for table in TABLES for id_ in getattr(state, table)]
    for table, id_ in known:
        record = getattr(state, table).get(id_)
        if record is not None and (keeps is None or keeps(table, record)):
            yield table, id_, codec.encode(record)
