"""Messages that were not believed: kept with their reason, counted a carrier, capped."""

import logging
from collections import Counter, defaultdict
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Protocol

import msgspec
from sqlalchemy import Connection, Engine, delete, select
from sqlalchemy import insert as plain_insert
from sqlalchemy.dialects.sqlite import insert

from tower.journal.database import reading
from tower.journal.errors import JournalError
from tower.journal.schema import refusal_counts, refusals
from tower.journal.times import from_micros, micros
from tower.journal.writer import Job, Settled, Writer, nobody

_log = logging.getLogger(__name__)

KEPT_A_CARRIER = 1_000
"""Refusals kept of each carrier; the newest stay, all are counted."""

EXCERPT_BYTES = 2_048
"""How much of a refused message is kept."""


class Refused(Protocol):
    """What the log asks of a refusal."""

    @property
    def carrier_id(self) -> str:
        """Whose message it was."""
        ...

    @property
    def adapter(self) -> str:
        """Which adapter read it."""
        ...

    @property
    def at(self) -> datetime:
        """When it was refused, UTC."""
        ...

    @property
    def reason(self) -> str:
        """Why, in words."""
        ...

    @property
    def excerpt(self) -> bytes:
        """The beginning of the message."""
        ...


class KeptRefusal(msgspec.Struct, frozen=True, kw_only=True):
    """A refusal as it is kept.

    Attributes:
        id: grows with time; read on from it.
    """

    id: int
    carrier_id: str
    adapter: str
    at: datetime
    reason: str
    excerpt: bytes


class RefusedLog:
    """The refused messages of every carrier; any thread may use it."""

    def __init__(self, writer: Writer, engine: Engine, path: Path) -> None:
        self._writer = writer
        self._engine = engine
        self._path = path

    def add(self, batch: Sequence[Refused], settled: Settled = nobody) -> None:
        """Keep refusals; they are on the disk within about two seconds.

        Args:
            batch: the refusals.
            settled: called once, in any thread, when they are on the disk or given up.

        Raises:
            JournalClosed: the journal was closed.
        """
        if batch:
            self._writer.submit(_KeepRefusals(batch, settled))
        else:
            settled()

    def read(self, carrier: str, after_id: int = 0, limit: int = 100) -> list[KeptRefusal]:
        """Refusals of a carrier ("" for all) with id > after_id, oldest first."""
        query = select(refusals).where(refusals.c.id > after_id)
        if carrier:
            query = query.where(refusals.c.carrier_id == carrier)
        with reading(self._engine, self._path) as connection:
            rows = connection.execute(query.order_by(refusals.c.id).limit(limit)).all()
        return [
            KeptRefusal(
                id=row.id,
                carrier_id=row.carrier_id,
                adapter=row.adapter,
                at=from_micros(row.at_us),
                reason=row.reason,
                excerpt=row.excerpt,
            )
            for row in rows
        ]

    def counts(self) -> dict[str, int]:
        """How many messages of each carrier were ever refused."""
        with reading(self._engine, self._path) as connection:
            rows = connection.execute(select(refusal_counts)).all()
        return {row.carrier_id: row.refused for row in rows}


class _KeepRefusals(Job):
    urgent = False

    def __init__(self, batch: Sequence[Refused], settled: Settled) -> None:
        self._settled = settled
        self._counts = Counter(refusal.carrier_id for refusal in batch)
        self._rows = _newest_rows(batch)

    def write(self, connection: Connection) -> None:
        connection.execute(plain_insert(refusals), self._rows)
        for carrier_id, refused in self._counts.items():
            _count(connection, carrier_id, refused)
            _trim(connection, carrier_id)

    def committed(self) -> None:
        self._settled()

    def failed(self, error: JournalError) -> None:
        total = self._counts.total()
        _log.error("%d refused messages were neither kept nor counted: %s", total, error)
        self._settled()


def _newest_rows(batch: Sequence[Refused]) -> list[dict[str, object]]:
    by_carrier: defaultdict[str, list[Refused]] = defaultdict(list)
    for refusal in batch:
        by_carrier[refusal.carrier_id].append(refusal)
    kept = (refusal for rows in by_carrier.values() for refusal in rows[-KEPT_A_CARRIER:])
    return [
        {
            "carrier_id": refusal.carrier_id,
            "adapter": refusal.adapter,
            "at_us": micros(refusal.at),
            "reason": refusal.reason,
            "excerpt": bytes(refusal.excerpt[:EXCERPT_BYTES]),
        }
        for refusal in kept
    ]


def _count(connection: Connection, carrier_id: str, refused: int) -> None:
    statement = insert(refusal_counts).values(carrier_id=carrier_id, refused=refused)
    connection.execute(
        statement.on_conflict_do_update(
            index_elements=["carrier_id"], set_={"refused": refusal_counts.c.refused + refused}
        )
    )


def _trim(connection: Connection, carrier_id: str) -> None:
    of_carrier = refusals.c.carrier_id == carrier_id
    newest = select(refusals.c.id).where(of_carrier).order_by(refusals.c.id.desc())
    oldest_kept = newest.offset(KEPT_A_CARRIER - 1).limit(1).scalar_subquery()
    connection.execute(delete(refusals).where(of_carrier, refusals.c.id < oldest_kept))
