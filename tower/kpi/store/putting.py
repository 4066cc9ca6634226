"""Writing: facts change, and the sums change by the difference; both in one transaction."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import TYPE_CHECKING

import msgspec

from tower.kpi.facts import COLUMNS
from tower.kpi.recount.changes import Changes
from tower.kpi.store.frames import (
    Frame,
    Row,
    amounts_in,
    framed,
    held_row,
    readable,
    row_of,
    selected,
)
from tower.kpi.store.layout import FACTS, KEYS, PARTS, SUMS, Sums

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

_AT_A_TIME = 500
"""Names and registrations taken in by one statement: some milliseconds."""


def put(connection: "DuckDBPyConnection", changes: Changes, seq: int) -> int:
    """Replace the facts of the things that changed; returns how many rows of sums that added."""
    _name(connection, changes)
    _register(connection, changes)
    _say(connection, "seq", str(seq))
    if changes.newest is not None:
        _say(connection, "newest", changes.newest.isoformat())
    coming = {
        fact.id: row_of(subject, fact) for subject, some in changes.facts.items() for fact in some
    }
    held = _held(connection, changes)
    gone = [row for id_, row in held.items() if coming.get(id_) != row and not _stays(row, changes)]
    new = [row for id_, row in coming.items() if held.get(id_) != row]
    if not gone and not new:
        return 0
    _delete(connection, changes, gone)
    return _add(connection, framed(gone, new), scale=1)


def load(connection: "DuckDBPyConnection", frame: Frame) -> None:
    """Add facts that were not there before, many at once."""
    _add(connection, readable(frame), scale=PARTS)


def _add(connection: "DuckDBPyConnection", frame: Frame, scale: int) -> int:
    """Add rows to the facts where they come, and to the sums whether they come or go."""
    sign = "sign" if "sign" in frame else "1"
    amounts = amounts_in(frame.keys())
    connection.register("frame", frame)
    read = f"{sign} AS sign, {selected(frame.keys(), scale)}"
    connection.execute(f"CREATE OR REPLACE TEMP TABLE moved AS SELECT {read} FROM frame")  # noqa: S608 - names
    connection.unregister("frame")
    columns = _names((*KEYS, *amounts))
    connection.execute(
        f"INSERT INTO {FACTS} ({columns}) SELECT {columns} FROM temp.moved WHERE sign = 1"  # noqa: S608 - names
    )
    added = [connection.execute(_summed(sums, amounts)).fetchone() for sums in SUMS]
    connection.execute("DROP TABLE temp.moved")
    return sum(int(row[0]) for row in added if row)


def _summed(sums: Sums, amounts: Sequence[str]) -> str:
    """Add rows with their sign to a table of sums."""
    keys = _names(sums.by)
    signed = "".join(f', sum(sign * "{name}")::BIGINT' for name in amounts)
    return (
        f"INSERT INTO {sums.table} ({_names((*sums.by, 'n', *amounts))})"  # noqa: S608 - names
        f" SELECT {keys}, sum(sign)::BIGINT{signed} FROM temp.moved GROUP BY {keys}"
    )


def _held(connection: "DuckDBPyConnection", changes: Changes) -> dict[str, Row]:
    """What is kept of the things that changed."""
    found = connection.execute(
        f"SELECT * FROM {FACTS} WHERE subject IN (SELECT unnest(?::VARCHAR[]))"  # noqa: S608 - names
        " AND day BETWEEN ? AND ?",
        [list(changes.facts), changes.since, changes.until],
    )
    names = [column[0] for column in found.description or ()]
    rows = (held_row(names, values) for values in found.fetchall())
    return {row["id"]: row for row in rows}


def _stays(row: Row, changes: Changes) -> bool:
    """True of what is kept of a thing from before the days that are told of it."""
    is_before: bool = row["day"] < changes.floors.get(row["subject"], date.min)
    return is_before


def _delete(connection: "DuckDBPyConnection", changes: Changes, gone: Sequence[Row]) -> None:
    if gone:
        connection.execute(
            f"DELETE FROM {FACTS} WHERE id IN (SELECT unnest(?::VARCHAR[]))"  # noqa: S608 - names
            " AND day BETWEEN ? AND ?",
            [[row["id"] for row in gone], changes.since, changes.until],
        )


def merge(connection: "DuckDBPyConnection", days: Iterable[date]) -> None:
    """Make one row again of the rows of sums that differ in nothing but what they add."""
    some = sorted(days)
    for sums in SUMS:
        keys, amounts = _names(sums.by), _sums(COLUMNS)
        of_days = f"FROM {sums.table} WHERE day IN (SELECT unnest(?::DATE[]))"
        connection.execute(
            f"CREATE OR REPLACE TEMP TABLE merged AS SELECT {keys}, sum(n)::BIGINT AS n, {amounts}"
            f" {of_days} GROUP BY {keys} HAVING sum(n) > 0",
            [some],
        )
        connection.execute(f"DELETE {of_days}", [some])
        connection.execute(f"INSERT INTO {sums.table} SELECT * FROM temp.merged")  # noqa: S608
    connection.execute("DROP TABLE IF EXISTS temp.merged")


def _say(connection: "DuckDBPyConnection", key: str, value: str) -> None:
    connection.execute("INSERT OR REPLACE INTO about VALUES (?, ?)", [key, value])


def _names(names: Sequence[str]) -> str:
    return ", ".join(f'"{name}"' for name in names)


def _sums(names: Sequence[str]) -> str:
    return ", ".join(f'sum("{name}")::BIGINT AS "{name}"' for name in names)


def _name(connection: "DuckDBPyConnection", changes: Changes) -> None:
    rows = [(str(dimension), key, name) for (dimension, key), name in changes.names.items()]
    for columns in _portions(rows):
        connection.execute(
            "INSERT OR REPLACE INTO names"
            " SELECT unnest(?::VARCHAR[]), unnest(?::VARCHAR[]), unnest(?::VARCHAR[])",
            columns,
        )


def _register(connection: "DuckDBPyConnection", changes: Changes) -> None:
    bodies = {event.id: msgspec.msgpack.encode(event) for event in changes.registrations}
    for columns in _portions(list(bodies.items())):
        connection.execute(
            "INSERT OR REPLACE INTO registrations SELECT unnest(?::VARCHAR[]), unnest(?::BLOB[])",
            columns,
        )


def _portions(rows: Sequence[Sequence[object]]) -> Iterator[list[list[object]]]:
    """Rows as columns, some at a time: one a statement is slow, all would hold up other threads."""
    for first in range(0, len(rows), _AT_A_TIME):
        some = rows[first : first + _AT_A_TIME]
        yield [list(column) for column in zip(*some, strict=True)]
