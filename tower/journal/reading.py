"""Reading a journal that another process may be writing: nothing is locked, nothing is changed."""

from collections.abc import Iterator
from pathlib import Path

import msgspec
from sqlalchemy import Engine, select

from tower.domain.events import Event
from tower.journal.database import inspect, reading, reading_engine
from tower.journal.errors import JournalCorrupt, JournalUnavailable
from tower.journal.schema import HEAD, events

_CHUNK = 5_000


def read_events(path: Path) -> Iterator[Event]:
    """Every event of a journal, in its sequence, as far as it was written when it is reached.

    Args:
        path: the journal's file.

    Raises:
        JournalUnavailable: there is no journal there, it cannot be read, or an older Tower wrote
            it and no gateway has brought it up to date yet.
        JournalTooNew: a newer Tower wrote it.
        JournalCorrupt: it is not a journal, or damaged.
    """
    revision = inspect(path)
    if not revision:
        raise JournalUnavailable(f"There is no journal at {path}.")
    if revision != HEAD:
        raise JournalUnavailable(
            f"{path} was written by an older Tower. Start its gateway once: it is brought up "
            "to date then."
        )
    yield from _read(path)


def _read(path: Path) -> Iterator[Event]:
    engine = reading_engine(path)
    after = 0
    try:
        while chunk := _chunk(engine, path, after):
            after = chunk[-1][0]
            yield from (_decoded(path, seq, body) for seq, body in chunk)
    finally:
        engine.dispose()


def _chunk(engine: Engine, path: Path, after: int) -> list[tuple[int, bytes]]:
    query = select(events.c.seq, events.c.body).where(events.c.seq > after)
    with reading(engine, path) as connection:
        rows = connection.execute(query.order_by(events.c.seq).limit(_CHUNK)).all()
    return [(row.seq, row.body) for row in rows]


def _decoded(path: Path, seq: int, body: bytes) -> Event:
    try:
        return _decoder.decode(body)
    except msgspec.MsgspecError as error:
        raise JournalCorrupt(path, f"event {seq} is damaged ({error})") from error


_decoder = msgspec.msgpack.Decoder(Event)
