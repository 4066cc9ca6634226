"""A damaged journal is set aside, and what can be read of it is put into a new one.

Events are taken from the journal where they are as they were written, else from the second copy
(`copying`). Indexes and versions are made again from them; the folded states, which have checksums
of their own, are kept, so that the picture of the shift holds even what is missing from its past.
"""

import heapq
import logging
import shutil
import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing, suppress
from pathlib import Path
from typing import NamedTuple

import msgspec
from sqlalchemy import Connection, func, insert, select, update

from tower.domain.events import Event
from tower.domain.moments import Now
from tower.domain.state import State
from tower.journal import schema
from tower.journal.appending import event_row, subject_rows
from tower.journal.copying import copied_epoch, copied_events, copied_last
from tower.journal.database import bring_up, inspect, writing_engine
from tower.journal.decisions import decisions_of, keep_versions
from tower.journal.errors import JournalCorrupt, JournalTooNew, JournalUnavailable
from tower.journal.journal import Journal
from tower.journal.lock import FileLock
from tower.journal.reading import Stored
from tower.journal.salvaging import connected, epoch_of, events_of, salvage
from tower.journal.scrubbing import whole_fault
from tower.journal.snapshots import KeepSnapshot

_log = logging.getLogger(__name__)

CHECKED_BYTES = 32 * 1024 * 1024
"""Journals up to this size are looked through before they are opened, larger ones in use."""

KEPT_ASIDE = 3
"""Damaged files that are kept; a disk that goes on failing must not be filled with them."""

_CHUNK = 256
_COPIED_TABLES = (
    schema.answers,
    schema.refusals,
    schema.refusal_counts,
    schema.breadcrumbs,
    schema.snapshots,
)


class Mended(NamedTuple):
    """What became of a damaged journal.

    Attributes:
        why: what was damaged.
        aside: where the damaged file is kept.
        events: how many are in the new one.
        from_copy: how many of these came from the second copy.
        missing: how many could be read in neither.
    """

    why: str
    aside: Path
    events: int
    from_copy: int
    missing: int

    @property
    def words(self) -> str:
        """For people."""
        lost = f"{self.missing:,} could not be read" if self.missing else "none is missing"
        copied = f", {self.from_copy:,} of them from its second copy" if self.from_copy else ""
        return (
            f"The journal was damaged ({self.why}) and has been mended: {self.events:,} events "
            f"were kept{copied}; {lost}. The damaged file is kept as {self.aside.name}."
        )


def open_sound(
    path: Path, clock: Now, known: State | None = None, fault: str = ""
) -> tuple[Journal, Mended | None]:
    """Open a journal; one that is damaged is mended first.

    Args:
        path: the journal's file.
        clock: gives the recording times.
        known: the state folded from it so far, where a gateway had it open.
        fault: what is known to be damaged.

    Returns:
        The journal, and what was mended, None where it was sound.

    Raises:
        JournalError: as `Journal.open`; JournalCorrupt only where it is no journal of Tower's.
    """
    fault = fault or _fault_of(path)
    if not fault:
        try:
            return Journal.open(path, clock), None
        except JournalCorrupt as error:
            if not _is_ours(path):
                raise
            fault = error.what
    mended = mend(path, fault, known)
    return Journal.open(path, clock), mended


def mend(path: Path, why: str, known: State | None = None) -> Mended:
    """Set a damaged journal aside and put what can be read into a new one in its place.

    Args:
        path: the journal's file; nobody has it open.
        why: what is damaged, in words.
        known: the state folded from it, where a gateway had it open; kept with the new one.

    Raises:
        JournalLocked: a gateway has it open.
        JournalUnavailable: there is no room beside it, or the folder cannot be written.
    """
    lock = FileLock(path)
    lock.acquire()
    try:
        mended = _mended(path, why, known)
    except (OSError, sqlite3.OperationalError) as error:
        raise JournalUnavailable(
            f"{path} is damaged ({why}) and cannot be mended: {error}. Is the disk full? It needs "
            "room for two more files of its size."
        ) from error
    finally:
        lock.release()
    _log.error("%s", mended.words)
    return mended


def _mended(path: Path, why: str, known: State | None) -> Mended:
    aside, fresh = _set_aside(path), path.with_name(f"{path.name}.mending")
    _remove(fresh)
    engine = writing_engine(fresh)
    try:
        bring_up(engine, "")
        with closing(connected(path)) as damaged, engine.begin() as connection:
            told = _Telling(connection)
            told.take(events_of(damaged), copied_events(path))
            for table in _COPIED_TABLES:
                salvage(damaged, table, connection)
            if known is not None:
                KeepSnapshot(known).write(connection)
            missing = told.missing(connection)
            if not missing:
                _keep_epoch(connection, epoch_of(damaged) or copied_epoch(path))
    finally:
        engine.dispose()
    with closing(sqlite3.connect(fresh)) as whole:
        whole.execute("PRAGMA journal_mode = DELETE")  # all of it in one file
    _put_in_place(fresh, path)
    return Mended(why, aside, told.count, told.from_copy, missing)


def _fault_of(path: Path) -> str:
    """What is known to be damaged in a journal before it is opened; "" for nothing."""
    if not path.exists() or path.stat().st_size == 0:
        return ""
    with suppress(JournalCorrupt, JournalTooNew, OSError, sqlite3.OperationalError):
        revision = inspect(path)
        gone = _gone(path, revision)
        if gone or revision != schema.HEAD or path.stat().st_size > CHECKED_BYTES:
            return gone
        return whole_fault(path)
    return ""


def _gone(path: Path, revision: str) -> str:
    """What its second copy still has of a journal that has lost its end, or all of itself.

    SQLite takes a damaged write-ahead log for one that ends there, and says nothing.
    """
    copied = copied_last(path)
    if not revision:
        return f"it is empty, but its second copy has {copied:,} events" if copied else ""
    with closing(connected(path)) as raw:
        own = raw.execute("SELECT max(seq) FROM events").fetchone()[0] or 0
        is_same = epoch_of(raw) == copied_epoch(path)
    return f"its last {copied - own:,} events are gone" if is_same and own < copied else ""


def _is_ours(path: Path) -> bool:
    """True for a journal, however damaged; a file of somebody else's is left alone."""
    if copied_epoch(path):
        return True
    try:
        return bool(inspect(path))
    except JournalCorrupt:
        return False


class _Telling:
    """Tells the new journal its events again."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._versions: dict[tuple[str, str], int] = {}
        self.count = self.from_copy = 0
        self._first = self._last = 0

    def take(self, own: Iterator[Stored], copied: Iterator[Stored]) -> None:
        """Every event once, the journal's own before the copy's."""
        marked = heapq.merge(
            ((row, False) for row in own),
            ((row, True) for row in copied),
            key=lambda one: (one[0][0], one[1]),
        )
        batch: list[Event] = []
        for (seq, body, _), is_copied in marked:
            event = _decoded(body)
            if event is None or seq <= self._last:
                continue
            self._first, self._last = self._first or seq, seq
            self.count, self.from_copy = self.count + 1, self.from_copy + is_copied
            batch.append(event)
            if len(batch) == _CHUNK:
                self._write(batch)
                batch = []
        self._write(batch)
        rows = [{"kind": k, "id": i, "version": v} for (k, i), v in self._versions.items()]
        keep_versions(self._connection, rows)

    def missing(self, connection: Connection) -> int:
        """How many numbers up to the newest state have no event."""
        newest = connection.execute(select(func.max(schema.snapshots.c.seq))).scalar() or 0
        last = max(self._last, int(newest))
        return last - max(self._first, 1) + 1 - self.count if last else 0

    def _write(self, batch: list[Event]) -> None:
        if not batch:
            return
        self._connection.execute(insert(schema.events), [event_row(event) for event in batch])
        rows = [row for event in batch for row in subject_rows(event)]
        if rows:
            self._connection.execute(insert(schema.subjects), rows)
        for event in batch:
            for decision in decisions_of(event):
                about = decision.kind, decision.id
                newest = max(self._versions.get(about, 0), decision.version)
                self._versions[about] = newest


def _decoded(body: bytes) -> Event | None:
    try:
        return _decoder.decode(body)
    except msgspec.MsgspecError:
        return None


def _keep_epoch(connection: Connection, epoch: str) -> None:
    """The same journal, nothing missing: desktops go on where they were."""
    if epoch:
        is_epoch = schema.meta.c.key == "epoch"
        connection.execute(update(schema.meta).where(is_epoch).values(value=epoch))


def _set_aside(path: Path) -> Path:
    """Copy a damaged journal, and what SQLite keeps beside it, under a name nobody opens."""
    stamp = time.strftime("%Y%m%d-%H%M%S", time.gmtime())
    aside = path.with_name(f"{path.name}.damaged-{stamp}")
    shutil.copy2(path, aside)
    beside = path.with_name(f"{path.name}-wal")
    if beside.exists():
        shutil.copy2(beside, aside.with_name(f"{aside.name}-wal"))
    for old in _kept_aside(path)[:-KEPT_ASIDE]:
        _remove(old)
    return aside


def _kept_aside(path: Path) -> list[Path]:
    """The damaged files kept so far, oldest first."""
    found = path.parent.glob(f"{path.name}.damaged-*")
    return sorted(one for one in found if not one.name.endswith(("-wal", "-shm")))


def _put_in_place(fresh: Path, path: Path) -> None:
    """The new file takes the place of the damaged one, whose log must not be read into it."""
    for beside in (f"{path.name}-wal", f"{path.name}-shm"):
        path.with_name(beside).unlink(missing_ok=True)
    fresh.replace(path)


def _remove(file: Path) -> None:
    for name in (file.name, f"{file.name}-wal", f"{file.name}-shm"):
        file.with_name(name).unlink(missing_ok=True)


_decoder = msgspec.msgpack.Decoder(Event)
