"""Appending: each event once, numbered, timed, indexed."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future
from datetime import datetime

import msgspec
from msgspec.structs import replace
from sqlalchemy import Connection, insert, select

from tower.domain.events import Event
from tower.domain.moments import Now
from tower.journal.checksums import checksum_of
from tower.journal.decisions import Ledger, keep_versions
from tower.journal.errors import EventUnfit, JournalError
from tower.journal.idempotency import IdempotencyRecord, KeyUsed, find_answer, store_answer
from tower.journal.schema import events, subjects
from tower.journal.subjects import subjects_of
from tower.journal.times import TICK, micros
from tower.journal.writer import Job

LARGEST_EVENT_BYTES = 128 * 1024
"""One event, encoded, may not be longer: it goes to every desktop in one message of the feed, which
has room for this much text several times over even where each letter has to be escaped."""

_IDS_A_QUERY = 500

Row = dict[str, object]


class Numbering:
    """The next sequence number and recording time; used by the writer's thread alone.

    Recording times grow by at least a microsecond an event, also where the clock stands still
    or goes back, so that they order events as the journal does.
    """

    def __init__(self, clock: Now, seq: int, recorded_at: datetime) -> None:
        self._clock = clock
        self.seq = seq
        self.recorded_at = recorded_at

    def number(self, event: Event) -> Event:
        """The event with its place and its recording time."""
        self.seq += 1
        self.recorded_at = max(self._clock.now(), self.recorded_at + TICK)
        return replace(event, seq=self.seq, recorded_at=self.recorded_at)

    def moment(self) -> datetime:
        """The present, and never before what is recorded."""
        return max(self._clock.now(), self.recorded_at)

    def reset(self, seq: int, recorded_at: datetime) -> None:
        """Start again from what the database holds."""
        self.seq, self.recorded_at = seq, recorded_at


class Append(Job):
    """One caller's events, as a job of the writer."""

    def __init__(
        self,
        batch: Sequence[Event],
        key: IdempotencyRecord | None,
        numbering: Numbering,
        publish: Callable[[list[Event]], None],
    ) -> None:
        self._batch = batch
        self._key = key
        self._numbering = numbering
        self._publish = publish
        self._new: list[Event] = []
        self._events: list[Row] = []
        self._subjects: list[Row] = []
        self._versions: list[Row] = []
        self._response = b""
        self.future: Future[list[Event]] = Future()
        # An append under way cannot be taken back: whoever cancels merely stops waiting for it.
        self.future.set_running_or_notify_cancel()

    def prepare(self, connection: Connection) -> None:
        """Drop what is known, check versions and key, number and encode the rest."""
        self._refuse_used_key(connection)
        seq, recorded_at = self._numbering.seq, self._numbering.recorded_at
        try:
            fresh = unseen(connection, self._batch)
            ledger = Ledger(connection, fresh)
            admitted = [ledger.admit(event) for event in fresh]
            self._new = [self._numbering.number(event) for event in admitted]
            self._versions = ledger.rows()
            self._encode()
        except JournalError:
            self._numbering.reset(seq, recorded_at)
            raise

    def _refuse_used_key(self, connection: Connection) -> None:
        stored = find_answer(connection, self._key.key) if self._key else None
        if stored is not None:
            raise KeyUsed(stored)

    def _encode(self) -> None:
        try:
            self._events = [event_row(event) for event in self._new]
            self._response = self._key.respond(self._new) if self._key else b""
        except (TypeError, ValueError, OverflowError, msgspec.MsgspecError) as error:
            raise EventUnfit(f"An event cannot be recorded: {error}") from error
        self._subjects = [row for event in self._new for row in subject_rows(event)]

    def write(self, connection: Connection) -> None:
        """Insert the prepared rows."""
        if self._events:
            connection.execute(insert(events), self._events)
        if self._subjects:
            connection.execute(insert(subjects), self._subjects)
        keep_versions(connection, self._versions)
        if self._key is not None:
            store_answer(connection, self._key, self._response, self._numbering.moment())

    def committed(self) -> None:
        """Tell the subscribers, then whoever waits for the append."""
        if self._new:
            self._publish(self._new)
        self.future.set_result(self._new)

    def failed(self, error: JournalError) -> None:
        """Tell whoever waits that nothing was recorded."""
        self.future.set_exception(error)


def unseen(connection: Connection, batch: Iterable[Event]) -> list[Event]:
    """The events of a batch the journal does not hold yet, each once."""
    by_id: dict[str, Event] = {}
    for event in batch:
        by_id.setdefault(event.id, event)
    known = set[str]()
    for ids in _chunks(list(by_id), _IDS_A_QUERY):
        known.update(connection.execute(select(events.c.id).where(events.c.id.in_(ids))).scalars())
    return [event for event in by_id.values() if event.id not in known]


def _chunks(ids: list[str], size: int) -> Iterator[list[str]]:
    for start in range(0, len(ids), size):
        yield ids[start : start + size]


_encoder = msgspec.msgpack.Encoder()


def event_row(event: Event) -> Row:
    """An event as the table keeps it.

    Raises:
        EventUnfit: it is too long.
    """
    body = _encoder.encode(event)
    if len(body) > LARGEST_EVENT_BYTES:
        raise EventUnfit(
            f"What is to be recorded as {event.type} has {len(body):,} bytes; "
            f"{LARGEST_EVENT_BYTES:,} is the limit. Shorten its texts or lists."
        )
    return {
        "seq": event.seq,
        "id": event.id,
        "type": event.type,
        "at_us": micros(event.at),
        "recorded_us": micros(event.recorded_at),
        "body": body,
        "checksum": checksum_of(event.seq, body),
    }


def subject_rows(event: Event) -> Iterator[Row]:
    """What an event is about, as the table keeps it."""
    for kind, id_ in subjects_of(event):
        yield {"kind": kind, "id": id_, "seq": event.seq}
