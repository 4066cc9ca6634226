"""Opening the database: look before touching, make or migrate the tables, set it up.

Nothing here knows what an event means.
"""

import sqlite3
import uuid
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any, Protocol

from sqlalchemy import URL, Connection, Engine, create_engine, event, insert, select, text
from sqlalchemy.exc import DatabaseError, SQLAlchemyError

from tower.journal.errors import (
    JournalCorrupt,
    JournalError,
    JournalTooNew,
    JournalUnavailable,
    JournalWriteFailed,
)
from tower.journal.schema import HEAD, REVISIONS, meta, metadata

_MAGIC = b"SQLite format 3\x00"
_VERSION_TABLE = "CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL, CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num))"  # noqa: E501
_BUSY_MS = 5_000


class _RawConnection(Protocol):
    """The part of a database driver's connection that is set up here."""

    isolation_level: str | None

    def execute(self, sql: str, /) -> Any:  # noqa: ANN401
        """Run one statement."""
        ...


def path_of(url_or_path: str | Path) -> Path:
    """The file a journal address means: a path, or `sqlite:///path`.

    Raises:
        JournalUnavailable: the address names a database Tower cannot use yet.
    """
    address = str(url_or_path)
    scheme, separator, rest = address.partition(":///")
    if not separator:
        if "://" in address:
            raise JournalUnavailable(f"{address}: only SQLite journals are supported (a path).")
        return Path(address)
    if scheme not in {"sqlite", "sqlite+pysqlite"}:
        raise JournalUnavailable(f"{address}: only SQLite journals are supported (a path).")
    return Path(rest)


def inspect(path: Path) -> str:
    """The schema revision of the file, without changing a byte of it; "" where it is new.

    Raises:
        JournalTooNew: a newer Tower wrote it.
        JournalCorrupt: it is not a journal, or damaged.
        JournalUnavailable: it cannot be read.
    """
    if not _has_content(path):
        return ""
    try:
        with closing(sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True)) as raw:
            revision = _revision(path, raw)
    except sqlite3.OperationalError as error:
        raise JournalUnavailable(f"{path} cannot be opened: {_in_words(error)}") from error
    except sqlite3.DatabaseError as error:
        raise JournalCorrupt(path, str(error)) from error
    if revision and revision not in REVISIONS:
        raise JournalTooNew(path, revision, HEAD)
    return revision


def _has_content(path: Path) -> bool:
    try:
        with path.open("rb") as file:
            head = file.read(len(_MAGIC))
    except FileNotFoundError:
        return False
    except OSError as error:
        raise JournalUnavailable(f"{path} cannot be read: {error}") from error
    if head and head != _MAGIC:
        raise JournalCorrupt(path, "it is not an SQLite database")
    return bool(head)


def _revision(path: Path, raw: sqlite3.Connection) -> str:
    names = {row[0] for row in raw.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    if not names:
        return ""
    if "alembic_version" not in names:
        raise JournalCorrupt(path, "it is a database, but not one of Tower's")
    row = raw.execute("SELECT version_num FROM alembic_version").fetchone()
    if row is None:
        raise JournalCorrupt(path, "it does not say its revision")
    if str(row[0]) == HEAD:
        raw.execute("SELECT min(seq), max(seq) FROM events").fetchone()
    return str(row[0])


def writing_engine(path: Path) -> Engine:
    """An engine whose one connection may write; used by the writer's thread alone."""
    engine = _engine(path, pool_size=1, max_overflow=0)

    @event.listens_for(engine, "connect")
    def _set_up(raw: _RawConnection, _record: object) -> None:
        raw.isolation_level = None  # the BEGIN below is ours
        raw.execute("PRAGMA journal_mode = WAL")
        raw.execute("PRAGMA synchronous = FULL")
        raw.execute("PRAGMA wal_autocheckpoint = 4000")

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        connection.exec_driver_sql("BEGIN IMMEDIATE")

    return engine


def reading_engine(path: Path) -> Engine:
    """An engine for any thread that cannot change anything."""
    engine = _engine(path, pool_size=4, max_overflow=12)

    @event.listens_for(engine, "connect")
    def _set_up(raw: _RawConnection, _record: object) -> None:
        raw.isolation_level = None
        raw.execute("PRAGMA query_only = ON")

    return engine


def _engine(path: Path, **pool: int) -> Engine:
    return create_engine(
        URL.create("sqlite+pysqlite", database=str(path)),
        connect_args={"check_same_thread": False, "timeout": _BUSY_MS / 1000},
        **pool,
    )


def bring_up(engine: Engine, revision: str) -> str:
    """Make the tables of a new file, or migrate those of an older one.

    Args:
        engine: may write.
        revision: what `inspect` found.

    Returns:
        The journal's epoch, "" where it does not say.
    """
    with engine.begin() as connection:
        if not revision:
            _create(connection)
        elif revision != HEAD:
            migrate(connection)
        epoch = select(meta.c.value).where(meta.c.key == "epoch")
        return str(connection.execute(epoch).scalar() or "")


def _create(connection: Connection) -> None:
    metadata.create_all(connection, checkfirst=False)
    connection.execute(text(_VERSION_TABLE))
    connection.execute(text("INSERT INTO alembic_version VALUES (:head)"), {"head": HEAD})
    connection.execute(insert(meta).values(key="epoch", value=uuid.uuid4().hex))


def migrate(connection: Connection) -> None:
    """Run every migration the database lacks, in the connection's transaction."""
    # Costs 0.2 s; only a database that is not current pays it.
    from alembic import command  # noqa: PLC0415
    from alembic.config import Config  # noqa: PLC0415

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).with_name("migrations")))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    command.upgrade(config, "head")


@contextmanager
def reading(engine: Engine, path: Path) -> Iterator[Connection]:
    """A connection to read with; damage found on the way is told as such.

    Raises:
        JournalCorrupt: the database is damaged where it was read.
        JournalUnavailable: the database could not be read now.
    """
    try:
        with engine.connect() as connection:
            yield connection
    except DatabaseError as error:
        raise reading_error(path, error) from error


def reading_error(path: Path, error: DatabaseError) -> JournalError:
    """What a failed read means to a person."""
    if isinstance(error.orig, sqlite3.OperationalError):
        return JournalUnavailable(f"{path} cannot be used now: {_in_words(error.orig)}")
    return JournalCorrupt(path, str(error.orig))


def _in_words(error: sqlite3.OperationalError) -> str:
    """SQLite's words, with what to do about them."""
    said = str(error)
    if "lock" in said:
        return f"{said}. Another program has it open; close that one first."
    if "I/O" in said or "full" in said:
        return f"{said}. Is the disk full, or the folder not writable?"
    return said


def writing_error(error: SQLAlchemyError) -> JournalWriteFailed:
    """What a failed write means to a person."""
    return JournalWriteFailed(str(getattr(error, "orig", None) or error))
