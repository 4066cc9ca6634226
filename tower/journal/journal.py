"""The journal: everything that happened, once, in order, and still there after a power cut."""

import logging
import threading
from collections.abc import Callable, Collection, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Self

from sqlalchemy import Connection, func, select
from sqlalchemy.exc import DatabaseError

from tower.domain.events import Event
from tower.domain.fold import fold
from tower.domain.moments import Now
from tower.domain.sharing import share_equal
from tower.domain.state import State
from tower.journal.appending import Append, Numbering
from tower.journal.breadcrumbs import Breadcrumbs
from tower.journal.database import (
    bring_up,
    inspect,
    path_of,
    reading,
    reading_engine,
    reading_error,
    writing_engine,
)
from tower.journal.errors import (
    JournalClosed,
    JournalCorrupt,
    JournalUnavailable,
    JournalWriteFailed,
)
from tower.journal.idempotency import (
    ForgetAnswers,
    IdempotencyRecord,
    StoredAnswer,
    find_answer,
)
from tower.journal.lock import FileLock, make_private
from tower.journal.port import Between, Unsubscribe
from tower.journal.reading import decoded
from tower.journal.refusals import RefusedLog
from tower.journal.schema import events, snapshots, subjects
from tower.journal.snapshots import KeepSnapshot, newest_state
from tower.journal.times import from_micros, micros
from tower.journal.writer import Flush, Writer
from tower.lasting import no_search

_log = logging.getLogger(__name__)

_TAIL_CHUNK = 10_000
_PRIVATE_FOLDER = 0o700

Subscriber = Callable[[list[Event]], None]


class _Hold:
    """What this process holds of the file: the lock, and the ways in."""

    def __init__(self, path: Path) -> None:
        self._lock = FileLock(path)
        self._lock.acquire()
        try:
            _make_private(path)
        except JournalUnavailable:
            self._lock.release()
            raise
        self.engine = writing_engine(path)
        self.readers = reading_engine(path)

    def let_go(self) -> None:
        """Give everything back; harmless the second time."""
        self.readers.dispose()
        self.engine.dispose()
        self._lock.release()


class Journal:
    """One journal in one SQLite file, written by this process alone; any thread may use it.

    Attributes:
        epoch: random, made with the database: a desktop resumes only on the epoch it knew.
        refused: messages that were not believed.
        breadcrumbs: thinned positions for replay.
    """

    def __init__(self, path: Path, clock: Now, hold: _Hold, epoch: str) -> None:
        if not epoch:
            raise JournalCorrupt(path, "it does not say which journal it is")
        self.path = path
        self.epoch = epoch
        self._clock = clock
        self._hold = hold
        self._engine, self._readers = hold.engine, hold.readers
        with self._engine.begin() as connection:
            ForgetAnswers(clock.now()).write(connection)
        self._seq, recorded_at = self._last()
        self._numbering = Numbering(clock, self._seq, recorded_at)
        self._subscribers: tuple[Subscriber, ...] = ()
        self._subscribing = threading.Lock()
        self._writer = Writer(self._engine, self._read_numbers_again)
        self._packer = ThreadPoolExecutor(max_workers=1, thread_name_prefix="journal-snapshots")
        self.refused = RefusedLog(self._writer, self._readers, path)
        self.breadcrumbs = Breadcrumbs(self._writer, self._readers, path)

    @classmethod
    def open(cls, url_or_path: str | Path, clock: Now) -> Self:
        """Open a journal, making or migrating it where needed.

        Args:
            url_or_path: a file, or `sqlite:///` and a file; its folder is made where missing.
            clock: gives the recording times.

        Raises:
            JournalTooNew: a newer Tower wrote it; it was left as it is.
            JournalCorrupt: it is not a journal or is damaged; it was left as it is.
            JournalLocked: another gateway writes it.
            JournalUnavailable: the file cannot be made, read or written.
        """
        path = path_of(url_or_path)
        _make_folder(path.parent)
        hold = _Hold(path)
        try:
            return cls(path, clock, hold, bring_up(hold.engine, inspect(path)))
        except DatabaseError as error:
            hold.let_go()
            raise reading_error(path, error) from error
        except BaseException:
            hold.let_go()
            raise

    @property
    def seq(self) -> int:
        """The last sequence number committed; 0 while the journal is empty."""
        return self._seq

    @property
    def first_seq(self) -> int:
        """The oldest sequence number still kept; 0 while the journal is empty."""
        with self._reading() as connection:
            return int(connection.execute(select(func.min(events.c.seq))).scalar() or 0)

    @property
    def trouble(self) -> JournalWriteFailed | None:
        """Why the last write failed; None once one has succeeded again."""
        return self._writer.trouble

    def append(
        self, batch: Sequence[Event], *, key: IdempotencyRecord | None = None
    ) -> Future[list[Event]]:
        """Record events, all or none, in one transaction.

        Ids already known are skipped. `seq` and `recorded_at` are set here. Subscribers are
        called before the future resolves.

        Args:
            batch: the events; their own seq and recorded_at are ignored.
            key: kept with its answer in the same transaction; may come without events.

        Returns:
            A future of the events that were new. It fails with VersionConflict, KeyUsed,
            EventUnfit or JournalWriteFailed, and then nothing was recorded. It cannot be
            cancelled: the events may be on their way to the disk.

        Raises:
            JournalClosed: the journal was closed.
        """
        job = Append(batch, key, self._numbering, self._publish)
        self._writer.submit(job)
        return job.future

    def answer(self, key: str) -> StoredAnswer | None:
        """The answer an idempotency key was given before, or None."""
        with self._reading() as connection:
            return find_answer(connection, key)

    def subscribe(self, callback: Subscriber) -> Unsubscribe:
        """Have every batch handed over after its commit, in sequence, in the writer's thread.

        The callback must be quick; an error in it is logged and stops nobody else.
        """
        with self._subscribing:
            self._subscribers = (*self._subscribers, callback)

        def unsubscribe() -> None:
            with self._subscribing:
                kept = (known for known in self._subscribers if known is not callback)
                self._subscribers = tuple(kept)

        return unsubscribe

    def read(self, after: int, limit: int) -> list[Event]:
        """Events with seq > after, oldest first, at most `limit`."""
        query = select(*_STORED).where(events.c.seq > after)
        with self._reading() as connection:
            rows = connection.execute(query.order_by(events.c.seq).limit(limit)).all()
        return [decoded(self.path, *row) for row in rows]

    def about(
        self,
        subject_kind: str,
        id_: str,
        limit: int = 200,
        *,
        types: Collection[str] = (),
        between: Between | None = None,
    ) -> list[Event]:
        """The newest `limit` events about one thing, oldest first.

        Args:
            subject_kind: carrier, vehicle, route, stop, exception or depot.
            id_: its id.
            limit: at most so many.
            types: only events of these types; of none given, of all.
            between: only what happened then.
        """
        query = (
            select(*_STORED)
            .join(subjects, subjects.c.seq == events.c.seq)
            .where(subjects.c.kind == subject_kind, subjects.c.id == id_)
            .order_by(subjects.c.seq.desc())
            .limit(limit)
        )
        if types:
            query = query.where(events.c.type.in_(types))
        if between:
            first, last = between
            query = query.where(events.c.at_us.between(micros(first), micros(last)))
        with self._reading() as connection:
            rows = connection.execute(query).all()
        return [decoded(self.path, *row) for row in reversed(rows)]

    def load_state(self) -> State:
        """The state after every event: the newest snapshot, and the events after it.

        Raises:
            JournalCorrupt: an event cannot be read.
        """
        with self._reading() as connection, no_search():
            state = newest_state(connection, self._seq)
            while tail := self.read(state.seq, _TAIL_CHUNK):
                fold(tail, state)
            share_equal(state)
        return state

    def save_snapshot(self, state: State) -> Future[None]:
        """Keep a state, and drop answers nobody will ask for again.

        The state is made ready in a thread of its own; the caller may go on folding.

        Raises:
            JournalClosed: the journal was closed.
        """
        kept: Future[None] = Future()
        kept.set_running_or_notify_cancel()
        try:
            self._packer.submit(self._pack, state.copied(), kept)
        except RuntimeError as error:
            raise JournalClosed from error
        return kept

    def flush(self) -> None:
        """Wait until everything given so far, refusals and positions too, is on the disk."""
        job = Flush()
        self._writer.submit(job)
        job.done.wait()

    def close(self) -> None:
        """Write what waits, then let go of the file; closing twice does no harm."""
        self._packer.shutdown()
        self._writer.close()
        self._hold.let_go()

    def _pack(self, state: State, kept: Future[None]) -> None:
        """In the thread of the snapshots."""
        try:
            self._writer.submit(KeepSnapshot(state, kept))
            self._writer.submit(ForgetAnswers(self._clock.now()))
        except Exception as error:  # noqa: BLE001 - whoever waits is told
            kept.set_exception(error)

    def _publish(self, batch: list[Event]) -> None:
        self._seq = batch[-1].seq
        for subscriber in self._subscribers:
            try:
                subscriber(batch)
            except Exception:  # noqa: BLE001 - one listener must not stop the rest
                _log.exception("A listener failed on events up to %d; they are kept", self._seq)

    def _last(self) -> tuple[int, datetime]:
        query = select(events.c.seq, events.c.recorded_us).order_by(events.c.seq.desc()).limit(1)
        with self._reading() as connection:
            row = connection.execute(query).one_or_none()
            # Where a mended journal lacks its last events, the state kept with it still has them.
            kept = int(connection.execute(select(func.max(snapshots.c.seq))).scalar() or 0)
        if row is None:
            return kept, datetime(1970, 1, 1, tzinfo=UTC)
        return max(int(row.seq), kept), from_micros(row.recorded_us)

    def _read_numbers_again(self) -> None:
        self._numbering.reset(*self._last())

    @contextmanager
    def _reading(self) -> Iterator[Connection]:
        with reading(self._readers, self.path) as connection:
            yield connection


_STORED = (events.c.seq, events.c.body, events.c.checksum)


def _make_private(path: Path) -> None:
    """Names, doors and their codes are in it, and in the files SQLite keeps beside it."""
    try:
        make_private(path)
        for beside in path.parent.glob(f"{path.name}-*"):
            make_private(beside)
    except OSError as error:
        raise JournalUnavailable(f"{path} cannot be made: {error}") from error


def _make_folder(folder: Path) -> None:
    try:
        folder.mkdir(mode=_PRIVATE_FOLDER, parents=True, exist_ok=True)
    except OSError as error:
        raise JournalUnavailable(f"The folder {folder} cannot be made: {error}") from error
