"""Commands asked twice are done once: the key, the request's hash and the answer."""

import logging
from collections.abc import Callable
from datetime import datetime, timedelta

import msgspec
from sqlalchemy import Connection, delete, insert, select

from tower.domain.events import Event
from tower.journal.errors import JournalError
from tower.journal.schema import answers
from tower.journal.times import from_micros, micros
from tower.journal.writer import Job

_log = logging.getLogger(__name__)


class IdempotencyRecord(msgspec.Struct, frozen=True, kw_only=True):
    """What an append keeps besides its events, in the same transaction.

    Attributes:
        key: the caller's key, made unique per caller (prefix it with the actor's id).
        request_hash: digest of the request; the same key with another hash is a mistake.
        status: the HTTP status of the answer.
        respond: makes the answer's bytes from the new events, seq set; called in the writer's
            thread before the commit, so it must be quick and touch nothing shared.
    """

    key: str
    request_hash: str
    status: int
    respond: Callable[[list[Event]], bytes]


class StoredAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """The answer a key was given."""

    key: str
    request_hash: str
    status: int
    response: bytes
    recorded_at: datetime


class KeyUsed(JournalError):
    """The key was answered before; nothing was recorded now.

    Attributes:
        stored: the answer of the first time. Where its `request_hash` is that of this request,
            give it again; otherwise the key was used for something else.
    """

    def __init__(self, stored: StoredAnswer) -> None:
        self.stored = stored
        super().__init__(f"The idempotency key {stored.key} was used before.")


ANSWERS_KEPT = timedelta(days=7)
"""A command is not sent again after so long; its answer may be forgotten."""


class ForgetAnswers(Job):
    """Drops the answers that are older than a week now, as a job of the writer."""

    urgent = False

    def __init__(self, now: datetime) -> None:
        self._oldest_us = micros(now - ANSWERS_KEPT)

    def write(self, connection: Connection) -> None:
        """Drop them."""
        connection.execute(delete(answers).where(answers.c.recorded_us < self._oldest_us))

    def failed(self, error: JournalError) -> None:
        """They stay until the next time."""
        _log.warning("Old answers of commands were not dropped: %s", error)


def find_answer(connection: Connection, key: str) -> StoredAnswer | None:
    """The stored answer of a key, or None."""
    row = connection.execute(select(answers).where(answers.c.key == key)).one_or_none()
    if row is None:
        return None
    return StoredAnswer(
        key=row.key,
        request_hash=row.request_hash,
        status=row.status,
        response=row.response,
        recorded_at=from_micros(row.recorded_us),
    )


def store_answer(
    connection: Connection, record: IdempotencyRecord, response: bytes, at: datetime
) -> None:
    """Keep the answer of a key."""
    connection.execute(
        insert(answers).values(
            key=record.key,
            request_hash=record.request_hash,
            status=record.status,
            response=response,
            recorded_us=micros(at),
        )
    )
