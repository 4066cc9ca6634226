"""Folded states kept in the journal, so that opening folds only what came after."""

import hashlib
import logging
import zlib
from concurrent.futures import Future
from functools import cache

import msgspec
from sqlalchemy import Connection, delete, select
from sqlalchemy.dialects.sqlite import insert

from tower.domain.state import State
from tower.journal.errors import JournalError
from tower.journal.packing import packed, unpacked
from tower.journal.schema import snapshots
from tower.journal.writer import Job

_log = logging.getLogger(__name__)

FOLD_REVISION = 1
"""Raise it when `tower.domain.state` begins to mean something else by the same events."""

_KEPT = 2


@cache
def format_of_states() -> str:
    """Names the shape of a state and the meaning of the fold; older snapshots are passed over."""
    return f"{_format_of_whole_states()}-pieces"


@cache
def _format_of_whole_states() -> str:
    """Likewise of snapshots that were written all at once, as they used to be."""
    shape = msgspec.json.encode(msgspec.json.schema(State))
    return f"{FOLD_REVISION}-{hashlib.blake2b(shape, digest_size=8).hexdigest()}"


class KeepSnapshot(Job):
    """A state to keep, as a job of the writer.

    Args:
        state: packed here; nobody may fold into it meanwhile.
        future: told when it is kept.
    """

    def __init__(self, state: State, future: "Future[None] | None" = None) -> None:
        self._seq, self._data = state.seq, packed(state)
        self._future = future

    def write(self, connection: Connection) -> None:
        """Keep it and drop all but the newest two."""
        row = {
            "seq": self._seq,
            "format": format_of_states(),
            "checksum": zlib.crc32(self._data),
            "state": self._data,
        }
        statement = insert(snapshots)
        connection.execute(statement.on_conflict_do_update(index_elements=["seq"], set_=row), [row])
        newest = select(snapshots.c.seq).order_by(snapshots.c.seq.desc()).limit(_KEPT)
        connection.execute(delete(snapshots).where(snapshots.c.seq.not_in(newest)))

    def committed(self) -> None:
        """Tell whoever waits."""
        if self._future is not None:
            self._future.set_result(None)

    def failed(self, error: JournalError) -> None:
        """Tell whoever waits; opening will take longer, nothing is lost."""
        if self._future is not None:
            self._future.set_exception(error)


def newest_state(connection: Connection, seq: int) -> State:
    """The newest snapshot that can be believed, or an empty state.

    Args:
        connection: reads the journal.
        seq: the journal's last number; a snapshot beyond it is of another journal.
    """
    query = select(snapshots).where(snapshots.c.seq <= seq).order_by(snapshots.c.seq.desc())
    for row in connection.execute(query):
        state = _believed(row.format, row.checksum, row.state)
        if state is not None and state.seq == row.seq:
            return state
        _log.warning("The snapshot at %d cannot be used; folding from an older one", row.seq)
    return State()


def _believed(form: str, checksum: int, data: bytes) -> State | None:
    read = {format_of_states(): unpacked, _format_of_whole_states(): _whole_state}.get(form)
    if read is None or zlib.crc32(data) != checksum:
        return None
    try:
        return read(data)
    except (msgspec.MsgspecError, zlib.error):
        return None


def _whole_state(data: bytes) -> State:
    return msgspec.msgpack.decode(data, type=State)
