"""Reading what can be read of a damaged database, whatever its pages hold."""

import sqlite3
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from sqlalchemy import Connection, Table
from sqlalchemy.dialects.sqlite import insert

from tower.journal.checksums import is_sound
from tower.journal.reading import Stored

_CHUNK = 256
_GIVES_UP_AFTER = 400
"""Chunks without a single sound event after which nothing more is looked for."""


def connected(path: Path, patience_s: float = 5.0) -> sqlite3.Connection:
    """A damaged database, opened to be read; text that is none comes as bytes.

    Args:
        path: the file.
        patience_s: seconds to wait where another program holds it.
    """
    raw = sqlite3.connect(path, timeout=patience_s, isolation_level=None)
    raw.text_factory = _text_or_bytes
    return raw


def _text_or_bytes(data: bytes) -> str | bytes:
    """Text of a damaged page need not be text."""
    try:
        return data.decode()
    except UnicodeDecodeError:
        return data


def events_of(damaged: sqlite3.Connection) -> Iterator[Stored]:
    """The sound events of a damaged journal, in their sequence; what cannot be read is left out."""
    checksum = "checksum" if _has_checksums(damaged) else "NULL"
    stored = f"SELECT seq, body, {checksum} FROM events"  # noqa: S608 - our own words
    several, single = f"{stored} WHERE seq > ? ORDER BY seq LIMIT ?", f"{stored} WHERE seq = ?"
    after = misses = 0
    while misses < _GIVES_UP_AFTER:
        try:
            rows = damaged.execute(several, (after, _CHUNK)).fetchall()
        except sqlite3.DatabaseError:
            rows = _one_by_one(damaged, single, after)
        else:
            if not rows:
                return
        sound = [row for row in rows if _is_whole(*row)]
        yield from sound
        misses = 0 if sound else misses + 1
        after = sound[-1][0] if sound else after + _CHUNK


def _one_by_one(damaged: sqlite3.Connection, query: str, after: int) -> list[Stored]:
    found: list[Stored] = []
    for seq in range(after + 1, after + 1 + _CHUNK):
        with suppress(sqlite3.DatabaseError):
            found += damaged.execute(query, (seq,)).fetchall()
    return found


def _has_checksums(damaged: sqlite3.Connection) -> bool:
    try:
        damaged.execute("SELECT checksum FROM events LIMIT 0")
    except sqlite3.OperationalError:
        return False
    except sqlite3.DatabaseError:
        return True
    return True


def _is_whole(seq: object, body: object, checksum: object) -> bool:
    """A row of a damaged page may hold anything."""
    if not isinstance(seq, int) or not isinstance(body, bytes):
        return False
    return isinstance(checksum, int | None) and is_sound(seq, body, checksum)


def salvage(damaged: sqlite3.Connection, table: Table, connection: Connection) -> None:
    """Copy the rows of a table: from its beginning to the damage, and from its end back to it."""
    names = ", ".join(f'"{column.name}"' for column in table.columns)
    for way in ("ASC", "DESC"):
        order = ", ".join(f'"{column.name}" {way}' for column in table.primary_key)
        query = f'SELECT {names} FROM "{table.name}" ORDER BY {order}'  # noqa: S608 - our names
        if _copy_until_damage(damaged, query, table, connection):
            return


def _copy_until_damage(
    damaged: sqlite3.Connection, query: str, table: Table, connection: Connection
) -> bool:
    """True where every row could be read."""
    statement = insert(table).on_conflict_do_nothing()
    keys = [column.name for column in table.columns]
    try:
        cursor = damaged.execute(query)
        while rows := cursor.fetchmany(_CHUNK):
            good = [dict(zip(keys, row, strict=True)) for row in rows if _fits(table, row)]
            if good:
                connection.execute(statement, good)
    except sqlite3.DatabaseError:
        return False
    return True


def _fits(table: Table, row: tuple[object, ...]) -> bool:
    """A row of a damaged page may hold anything."""
    return all(
        (column.nullable if value is None else isinstance(value, _KINDS[column.type.python_type]))
        for column, value in zip(table.columns, row, strict=True)
    )


_KINDS: dict[type, tuple[type, ...]] = {
    int: (int,),
    float: (int, float),
    str: (str,),
    bytes: (bytes,),
}


def epoch_of(damaged: sqlite3.Connection) -> str:
    """Which journal it is; "" where it cannot be read."""
    with suppress(sqlite3.DatabaseError):
        row = damaged.execute("SELECT value FROM meta WHERE key = 'epoch'").fetchone()
        return str(row[0]) if row else ""
    return ""
