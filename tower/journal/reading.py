"""Reading a journal that another process may be writing: nothing is locked, nothing is changed."""

from collections.abc import Iterator
from pathlib import Path

import msgspec
from sqlalchemy import Engine, Select, null, select

from tower.domain.events import Event
from tower.journal.checksums import is_sound
from tower.journal.database import inspect, reading, reading_engine
from tower.journal.errors import JournalCorrupt, JournalUnavailable
from tower.journal.schema import WITHOUT_CHECKSUMS, events

_CHUNK = 5_000

Stored = tuple[int, bytes, int | None]
"""An event as it stands in a journal: its number, its body, its checksum where it has one."""


def read_events(path: Path) -> Iterator[Event]:
    """Every event of a journal, in its sequence, as far as it was written when it is reached.

    Args:
        path: the journal's file.

    Raises:
        JournalUnavailable: there is no journal there, or it cannot be read.
        JournalTooNew: a newer Tower wrote it.
        JournalCorrupt: it is not a journal, or damaged.
    """
    revision = inspect(path)
    if not revision:
        raise JournalUnavailable(f"There is no journal at {path}.")
    yield from _read(path, has_checksums=revision not in WITHOUT_CHECKSUMS)


def decoded(path: Path, seq: int, body: bytes, checksum: int | None) -> Event:
    """The event of a row.

    Raises:
        JournalCorrupt: the row is not as it was written.
    """
    if not is_sound(seq, body, checksum):
        raise JournalCorrupt(path, f"event {seq} is damaged")
    try:
        return _decoder.decode(body)
    except msgspec.MsgspecError as error:
        raise JournalCorrupt(path, f"event {seq} is damaged ({error})") from error


def _read(path: Path, *, has_checksums: bool) -> Iterator[Event]:
    engine = reading_engine(path)
    checksum = events.c.checksum if has_checksums else null()
    query = select(events.c.seq, events.c.body, checksum).order_by(events.c.seq).limit(_CHUNK)
    after = 0
    try:
        while chunk := _chunk(engine, path, query.where(events.c.seq > after)):
            after = chunk[-1][0]
            yield from (decoded(path, *row) for row in chunk)
    finally:
        engine.dispose()


def _chunk(engine: Engine, path: Path, query: Select[int, bytes, int | None]) -> list[Stored]:
    with reading(engine, path) as connection:
        rows = connection.execute(query)
        return [(seq, body, checksum) for seq, body, checksum in rows]


_decoder = msgspec.msgpack.Decoder(Event)
