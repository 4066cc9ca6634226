"""Writing: facts change, and the sums change by the difference; both in one transaction."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import TYPE_CHECKING

import msgspec

from tower.kpi.facts import COLUMNS
from tower.kpi.recount.changes import Changes
from tower.kpi.store.frames import Frame, framed, selected
from tower.kpi.store.layout import FACTS, SUMS, Sums

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection


def put(connection: "DuckDBPyConnection", changes: Changes, seq: int) -> int:
    """Replace the facts of the things that changed; returns how many rows of sums that added."""
    _name(connection, changes)
    _register(connection, changes)
    _say(connection, "seq", str(seq))
    if changes.newest is not None:
        _say(connection, "newest", changes.newest.isoformat())
    if not changes.facts:
        return 0
    _stage(connection, changes)
    added = _differ(connection, changes)
    for table in ("coming", "going", "gone", "new"):
        connection.execute(f"DROP TABLE temp.{table}")
    return added


def load(connection: "DuckDBPyConnection", frame: Frame) -> None:
    """Add facts that were not there before, many at once."""
    columns = selected(frame.keys(), at_in_ticks=False)
    connection.register("frame", frame)
    connection.execute(
        f"CREATE OR REPLACE TEMP TABLE new AS SELECT {columns} FROM frame"  # noqa: S608 - names
    )
    connection.unregister("frame")
    connection.execute(f"INSERT INTO {FACTS} SELECT * FROM temp.new")  # noqa: S608 - names
    for sums in SUMS:
        connection.execute(_added(sums, "SELECT 1 AS sign, * FROM temp.new"))
    connection.execute("DROP TABLE temp.new")


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


def _stage(connection: "DuckDBPyConnection", changes: Changes) -> None:
    """What is coming, and what is held of the same things."""
    frame = framed(changes.facts)
    columns = selected(frame.keys(), at_in_ticks=True)
    connection.register("frame", frame)
    connection.execute(
        f"CREATE OR REPLACE TEMP TABLE coming AS SELECT {columns} FROM frame"  # noqa: S608
    )
    connection.unregister("frame")
    connection.execute(
        f"CREATE OR REPLACE TEMP TABLE going AS SELECT * FROM {FACTS}"  # noqa: S608 - names
        " WHERE subject IN (SELECT unnest(?::VARCHAR[])) AND day BETWEEN ? AND ?",
        [list(changes.facts), changes.since, changes.until],
    )


def _differ(connection: "DuckDBPyConnection", changes: Changes) -> int:
    connection.execute("CREATE OR REPLACE TEMP TABLE gone AS FROM going EXCEPT FROM coming")
    connection.execute("CREATE OR REPLACE TEMP TABLE new AS FROM coming EXCEPT FROM going")
    connection.execute(
        f"DELETE FROM {FACTS} WHERE id IN (SELECT id FROM temp.gone)"  # noqa: S608 - names
        " AND subject IN (SELECT unnest(?::VARCHAR[])) AND day BETWEEN ? AND ?",
        [list(changes.facts), changes.since, changes.until],
    )
    connection.execute(f"INSERT INTO {FACTS} SELECT * FROM temp.new")  # noqa: S608 - names
    rows = "SELECT -1 AS sign, * FROM temp.gone UNION ALL SELECT 1, * FROM temp.new"
    added = [connection.execute(_added(sums, rows)).fetchone() for sums in SUMS]
    return sum(int(row[0]) for row in added if row)


def _added(sums: Sums, rows: str) -> str:
    """Add rows with their sign to a table of sums, summed up."""
    keys = _names(sums.by)
    amounts = ", ".join(f'sum(sign * "{name}")::BIGINT' for name in COLUMNS)
    return (
        f"INSERT INTO {sums.table} SELECT {keys}, sum(sign)::BIGINT, {amounts}"  # noqa: S608
        f" FROM ({rows}) GROUP BY {keys}"
    )


def _names(names: Sequence[str]) -> str:
    return ", ".join(f'"{name}"' for name in names)


def _sums(names: Sequence[str]) -> str:
    return ", ".join(f'sum("{name}")::BIGINT AS "{name}"' for name in names)


def _name(connection: "DuckDBPyConnection", changes: Changes) -> None:
    for (dimension, key), name in changes.names.items():
        connection.execute(
            "INSERT OR REPLACE INTO names VALUES (?, ?, ?)", [str(dimension), key, name]
        )


def _register(connection: "DuckDBPyConnection", changes: Changes) -> None:
    for event in changes.registrations:
        body = msgspec.msgpack.encode(event)
        connection.execute("INSERT OR REPLACE INTO registrations VALUES (?, ?)", [event.id, body])
