"""The one thread that writes: jobs are taken in groups and committed together.

A group costs one flush of the disk however many wait, so throughput grows with the load while a
lone append still returns as soon as it is safe.
"""

import logging
import queue
import threading
import time
from collections.abc import Callable

from sqlalchemy import Connection, Engine
from sqlalchemy.dialects.sqlite import insert
from sqlalchemy.exc import SQLAlchemyError

from tower.journal.database import writing_error
from tower.journal.errors import JournalClosed, JournalError, JournalWriteFailed
from tower.journal.schema import meta

_log = logging.getLogger(__name__)

_GROUP = 256
_PATIENCE_S = 2.0
_PROBE_S = 3.0


Settled = Callable[[], None]
"""Told that what was handed over is on the disk or was given up; in the writer's thread or not."""


def nobody() -> None:
    """Nobody wants to be told."""


class Job:
    """Something to write in one transaction with whatever else waits.

    Attributes:
        urgent: False where it may wait up to two seconds for company.
    """

    urgent = True

    def prepare(self, connection: Connection) -> None:
        """Check and compute; write nothing. A JournalError refuses this job alone."""

    def write(self, connection: Connection) -> None:
        """Write what was prepared."""

    def committed(self) -> None:
        """The transaction is on the disk."""

    def failed(self, error: JournalError) -> None:
        """Nothing of this job is in the database."""
        raise NotImplementedError


class Flush(Job):
    """Writes nothing and waits its turn: when it is `done`, all before it is on the disk."""

    def __init__(self) -> None:
        self.done = threading.Event()

    def committed(self) -> None:
        """Everything before is on the disk."""
        self.done.set()

    def failed(self, error: JournalError) -> None:  # noqa: ARG002 - told to those it concerns
        """The jobs before have told their senders."""
        self.done.set()


class Probe(Job):
    """Tries whether the database can be written to again; nobody waits for it."""

    def write(self, connection: Connection) -> None:
        """Write a page or two, as an append would."""
        row = {"key": "probed", "value": str(time.time_ns())}
        connection.execute(
            insert(meta).on_conflict_do_update(index_elements=["key"], set_=row), row
        )

    def failed(self, error: JournalError) -> None:
        """It cannot yet; the writer says why."""


class Writer:
    """Runs jobs in the order given, in groups, until closed.

    After a write has failed it tries by itself, every three seconds, whether another one succeeds,
    so that its trouble is over when its cause is, also where nobody else has anything to write.

    Args:
        engine: the engine that may write.
        on_rollback: called in the writer's thread after a transaction failed, so that numbers
            kept in memory are read again.
    """

    def __init__(self, engine: Engine, on_rollback: Callable[[], None]) -> None:
        self._engine = engine
        self._on_rollback = on_rollback
        self._queue: queue.SimpleQueue[Job | None] = queue.SimpleQueue()
        self._held: list[Job] = []
        self._held_since = 0.0
        self._closing = threading.Lock()
        self._closed = False
        self.trouble: JournalWriteFailed | None = None
        """Why the last write failed; None once a write has succeeded again."""
        self._thread = threading.Thread(target=self._run, name="journal-writer", daemon=True)
        self._thread.start()

    def submit(self, job: Job) -> None:
        """Queue a job.

        Raises:
            JournalClosed: the writer was closed.
        """
        with self._closing:
            if self._closed:
                raise JournalClosed
            self._queue.put(job)

    def close(self) -> None:
        """Write everything that was submitted, then end the thread."""
        with self._closing:
            if not self._closed:
                self._closed = True
                self._queue.put(None)
        self._thread.join()

    def _run(self) -> None:
        running = True
        while running:
            group, running = self._take()
            if group:
                self._commit(group)
            elif self.trouble is not None and running:
                self._commit([Probe()])

    def _take(self) -> tuple[list[Job], bool]:
        """The next group, and whether there may be another one."""
        group, running = self._drain()
        if not running or any(job.urgent for job in group) or self._overdue():
            group, self._held = self._held + group, []
            return group, running
        if group and not self._held:
            self._held_since = time.monotonic()
        self._held += group
        return [], running

    def _drain(self) -> tuple[list[Job], bool]:
        group: list[Job] = []
        try:
            job = self._queue.get(timeout=self._wait_s())
            while job is not None:
                group.append(job)
                if len(group) >= _GROUP:
                    return group, True
                job = self._queue.get_nowait()
        except queue.Empty:
            return group, True
        return group, False

    def _wait_s(self) -> float | None:
        probe_s = _PROBE_S if self.trouble is not None else None
        if not self._held:
            return probe_s
        left_s = max(0.0, self._held_since + _PATIENCE_S - time.monotonic())
        return left_s if probe_s is None else min(left_s, probe_s)

    def _overdue(self) -> bool:
        return bool(self._held) and time.monotonic() >= self._held_since + _PATIENCE_S

    def _commit(self, group: list[Job]) -> None:
        waiting = list(group)
        try:
            with self._engine.begin() as connection:
                for job in group:
                    if not _run_job(job, connection):
                        waiting.remove(job)
        except SQLAlchemyError as error:
            self._roll_back(waiting, writing_error(error))
        except Exception as error:  # noqa: BLE001 - the thread must outlive any job
            _log.exception("A journal write failed in a way nobody foresaw; it was rolled back")
            self._roll_back(waiting, JournalWriteFailed(repr(error)))
        else:
            self.trouble = None
            for job in waiting:
                job.committed()

    def _roll_back(self, group: list[Job], why: JournalWriteFailed) -> None:
        if self.trouble is None or not all(isinstance(job, Probe) for job in group):
            _log.error("%s %d writes were given back to their senders.", why, len(group))
        self.trouble = why
        try:
            self._on_rollback()
        except JournalError:
            _log.exception("The journal cannot be read after a failed write")
        for job in group:
            job.failed(why)


def _run_job(job: Job, connection: Connection) -> bool:
    """False where the job was refused and told so."""
    try:
        job.prepare(connection)
    except JournalError as refused:
        job.failed(refused)
        return False
    job.write(connection)
    return True
