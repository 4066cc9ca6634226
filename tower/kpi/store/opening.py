"""Opening the file, or making it again: figures are made of the journal, so nothing is lost."""

import logging
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from tower.kpi.measures.catalogue import DEFINITIONS_VERSION
from tower.kpi.store.errors import StoreFailed, StoreLocked
from tower.kpi.store.layout import LAYOUT_VERSION, statements

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

_log = logging.getLogger(__name__)

_VERSION = f"{LAYOUT_VERSION}.{DEFINITIONS_VERSION}"

_CONFIG: dict[str, str | bool | int | float | list[str]] = {
    "memory_limit": "512MB",
    "threads": "2",
    # Else what a put leaves free stays with it: 30 MB that come and go.
    "allocator_bulk_deallocation_flush_threshold": "1MB",
    "autoinstall_known_extensions": "false",
    "autoload_known_extensions": "false",
}


_DAMAGE = ("Corrupt database file", "Could not read enough bytes")
"""How the database says that what it read is not what it wrote."""


class Opened(NamedTuple):
    """A database with its tables.

    Attributes:
        told: what was done about an older or damaged file, in words; "" where nothing was.
    """

    connection: "DuckDBPyConnection"
    told: str


def opened(path: Path, epoch: str) -> Opened:
    """The database in a file; made where it is missing, made again where it is of no use.

    Args:
        path: the file; its folder exists.
        epoch: the journal the figures are made of.

    Raises:
        StoreLocked: another process has it open.
        StoreFailed: the file cannot be made or written.
    """
    import duckdb

    unfit = ""
    if path.exists():
        try:
            connection = _connected(path)
        except duckdb.Error as error:
            unfit = f"it could not be read ({error})"
        else:
            unfit = _unfitness(connection, path, epoch)
            if not unfit:
                return Opened(connection, "")
            connection.close()
    told = _set_aside(path, unfit) if unfit else ""
    return Opened(_made(path, epoch), told)


def _connected(path: Path) -> "DuckDBPyConnection":
    import duckdb

    try:
        return duckdb.connect(str(path), config=_CONFIG)
    except duckdb.IOException as error:
        if "lock" in str(error).lower():
            raise StoreLocked(path) from error
        raise


def note_damage(path: Path, error: Exception) -> None:
    """Where an error says that the file is damaged, have it made again when it is opened next."""
    if any(words in str(error) for words in _DAMAGE):
        _log.error("%s is damaged: %s", path, error)
        with suppress(OSError):
            _mark(path).touch()


def _mark(path: Path) -> Path:
    return path.with_name(path.name + ".damaged")


def _unfitness(connection: "DuckDBPyConnection", path: Path, epoch: str) -> str:
    """Why the file cannot be gone on with, "" where it can."""
    import duckdb

    try:
        if _mark(path).exists():
            return "it is damaged"
        about = dict(connection.execute("SELECT key, value FROM about").fetchall())
    except duckdb.Error as error:
        return f"it does not hold figures ({error})"
    if about.get("version") != _VERSION:
        return "another version of Tower laid it out, or counted otherwise"
    if about.get("epoch") != epoch:
        return "it is of another journal"
    return ""


def _set_aside(path: Path, why: str) -> str:
    aside = path.with_name(path.name + ".aside")
    told = f"The figures are made again from the journal: {why}; the old file is {aside.name}"
    _log.warning("%s", told)
    try:
        path.replace(aside)
        path.with_name(path.name + ".wal").unlink(missing_ok=True)
        _mark(path).unlink(missing_ok=True)
    except OSError as error:
        raise StoreFailed(f"{path} cannot be set aside: {error}") from error
    return told


def _made(path: Path, epoch: str) -> "DuckDBPyConnection":
    import duckdb

    try:
        connection = _connected(path)
        connection.begin()
        for statement in statements():
            connection.execute(statement)
        about = {"version": _VERSION, "epoch": epoch, "seq": "0"}
        connection.executemany(
            "INSERT INTO about VALUES (?, ?)", [list(row) for row in about.items()]
        )
        connection.commit()
    except duckdb.Error as error:
        raise StoreFailed(f"{path} cannot be made: {error}") from error
    path.chmod(0o600)
    return connection
