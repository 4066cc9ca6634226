"""A second copy of every event, in a file of its own: what a damaged page of the journal held.

It follows the journal by a second or two and is read only when a journal is mended. A copy that is
lost or damaged is simply made again; one of another journal is kept beside, as `.earlier`.
"""

import logging
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import closing, suppress
from pathlib import Path
from typing import Self

from tower.journal.checksums import checksum_of, is_sound
from tower.journal.journal import Journal
from tower.journal.lock import make_private
from tower.journal.reading import Stored

_log = logging.getLogger(__name__)

_CHUNK = 2_000
_REST_S = 1.0
_BETWEEN_CHUNKS_S = 0.02
_PATIENCE_S = 5.0

_TABLES = """
CREATE TABLE IF NOT EXISTS meta (key TEXT PRIMARY KEY, value TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS events (seq INTEGER PRIMARY KEY, body BLOB NOT NULL, checksum INTEGER);
"""
_NEXT = "SELECT seq, body, checksum FROM events WHERE seq > ? ORDER BY seq LIMIT ?"


def copy_of(journal: Path) -> Path:
    """Where the copy of a journal lies: `journal.copy.db` beside `journal.db`."""
    return journal.with_name(f"{journal.stem}.copy{journal.suffix}")


class EventsCopy:
    """Keeps the copy, in a thread of its own, for as long as the block lasts."""

    def __init__(self, journal: Journal) -> None:
        """Nothing is copied yet."""
        self._journal = journal
        self._path = copy_of(journal.path)
        self._woken, self._ended = threading.Event(), threading.Event()
        self._trouble = ""
        self._thread = threading.Thread(target=self._run, name="journal-copy", daemon=True)

    def __enter__(self) -> Self:
        self._unsubscribe = self._journal.subscribe(lambda _: self._woken.set())
        self._woken.set()
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._unsubscribe()
        self._ended.set()
        self._woken.set()
        self._thread.join()

    def _run(self) -> None:
        while not self._ended.is_set():
            self._woken.wait()
            self._woken.clear()
            self._try()
            self._ended.wait(_REST_S)
        self._try()

    def _try(self) -> None:
        try:
            self._follow()
        except (_JournalUnreadable, sqlite3.OperationalError, OSError) as error:
            self._say(error)
        except sqlite3.DatabaseError as error:
            self._say(error)
            self._path.unlink(missing_ok=True)  # damaged itself: it is made again
        else:
            self._trouble = ""

    def _say(self, error: Exception) -> None:
        """Once for each trouble."""
        if str(error) != self._trouble:
            _log.warning("The copy of the journal is behind (%s); it is tried again.", error)
        self._trouble = str(error)

    def _follow(self) -> None:
        """Copy what is new."""
        self._keep_earlier()
        make_private(self._path)
        with (
            closing(_connected(self._path)) as copy,
            closing(_connected(self._journal.path)) as own,
        ):
            after = self._begin(copy)
            while rows := _next_of(own, after):
                sound = [_with_checksum(*row) for row in rows if is_sound(*row)]
                with copy:
                    copy.executemany("INSERT OR REPLACE INTO events VALUES (?, ?, ?)", sound)
                after = rows[-1][0]
                self._ended.wait(_BETWEEN_CHUNKS_S)

    def _keep_earlier(self) -> None:
        """A copy of another journal, which may be all that is left of it, gets out of the way."""
        if copied_epoch(self._journal.path) not in {"", self._journal.epoch}:
            earlier = f"{self._path.name}.earlier"
            for ending in ("", "-wal", "-shm"):
                one = self._path.with_name(self._path.name + ending)
                if one.exists():
                    one.replace(one.with_name(earlier + ending))

    def _begin(self, copy: sqlite3.Connection) -> int:
        """How far the copy is."""
        copy.execute("PRAGMA journal_mode = WAL")
        copy.execute("PRAGMA synchronous = NORMAL")
        copy.executescript(_TABLES)
        with copy:
            values = ("epoch", self._journal.epoch)
            copy.execute("INSERT OR REPLACE INTO meta VALUES (?, ?)", values)
        return _last_in(copy)


class _JournalUnreadable(Exception):
    """The journal itself cannot be read, which is no fault of the copy's."""


def _next_of(own: sqlite3.Connection, after: int) -> list[Stored]:
    try:
        return own.execute(_NEXT, (after, _CHUNK)).fetchall()
    except sqlite3.Error as error:
        raise _JournalUnreadable(str(error)) from error


def copied_epoch(journal: Path) -> str:
    """The journal a copy was made of; "" where there is none that can be read."""
    path = copy_of(journal)
    if path.exists():
        with suppress(sqlite3.Error), closing(_connected(path)) as copy:
            return _epoch_in(copy)
    return ""


def copied_last(journal: Path) -> int:
    """The last event in a copy; 0 where there is none that can be read."""
    path = copy_of(journal)
    if path.exists():
        with suppress(sqlite3.Error), closing(_connected(path)) as copy:
            return _last_in(copy)
    return 0


def copied_events(journal: Path) -> Iterator[Stored]:
    """The events of a copy in their sequence, as far as they can be read."""
    path = copy_of(journal)
    if not path.exists():
        return
    after = 0
    with suppress(sqlite3.Error), closing(_connected(path)) as copy:
        while rows := copy.execute(_NEXT, (after, _CHUNK)).fetchall():
            yield from (row for row in rows if is_sound(*row))
            after = rows[-1][0]


def _connected(path: Path) -> sqlite3.Connection:
    return sqlite3.connect(path, timeout=_PATIENCE_S)


def _epoch_in(copy: sqlite3.Connection) -> str:
    row = copy.execute("SELECT value FROM meta WHERE key = 'epoch'").fetchone()
    return str(row[0]) if row else ""


def _last_in(copy: sqlite3.Connection) -> int:
    return int(copy.execute("SELECT max(seq) FROM events").fetchone()[0] or 0)


def _with_checksum(seq: int, body: bytes, checksum: int | None) -> Stored:
    return seq, body, checksum_of(seq, body) if checksum is None else checksum
