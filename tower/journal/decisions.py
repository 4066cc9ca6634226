"""Versions of what is decided: the first decision against a version wins.

Carriers observe, people decide. Two people deciding about the same version of an exception or a
route are told apart here, inside the transaction, whatever each of them had on the screen.
"""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from msgspec.structs import replace
from sqlalchemy import Connection, select
from sqlalchemy.dialects.sqlite import insert

from tower.domain.events import (
    Event,
    ExceptionWorked,
    MessageCancelled,
    MessageProgressed,
    MessageQueued,
    OutreachPolicySet,
    PlaybooksSet,
    ReportingSet,
    RoutesSequenced,
    ThresholdsSet,
)
from tower.domain.rulebook import ROOM
from tower.domain.words import ExceptionState
from tower.journal.errors import VersionConflict
from tower.journal.schema import versions

EXCEPTION = "exception"
ROUTE = "route"
MESSAGE = "message"

_READ_AT_ONCE = 500


class Decision(NamedTuple):
    """One version an event gives to one thing."""

    kind: str
    id: str
    version: int


def decisions_of(event: Event) -> Iterator[Decision]:
    """The versions an event gives out; none for what was merely observed."""
    body = event.body
    if isinstance(body, ExceptionWorked):
        yield Decision(EXCEPTION, event.subject.exception_id, body.version)
    elif isinstance(body, RoutesSequenced):
        for sequence in body.routes:
            yield Decision(ROUTE, sequence.route_id, sequence.version)
    elif isinstance(body, MessageQueued):
        yield Decision(MESSAGE, event.subject.message_id, 1)
    elif isinstance(body, MessageProgressed | MessageCancelled) and body.version:
        yield Decision(MESSAGE, event.subject.message_id, body.version)
    elif isinstance(body, ThresholdsSet | PlaybooksSet | OutreachPolicySet | ReportingSet):
        yield Decision(event.type, ROOM, body.version)


class Ledger:
    """The newest versions as one append sees them: the database, then its own earlier events.

    Args:
        connection: to the database.
        batch: the events that are to be admitted; what is known of them is read at once.
    """

    def __init__(self, connection: Connection, batch: Iterable[Event] = ()) -> None:
        self._connection = connection
        self._given: dict[tuple[str, str], int] = {}
        self._read: dict[tuple[str, str], int] = {}
        self._foresee({(one.kind, one.id) for event in batch for one in decisions_of(event)})

    def admit(self, event: Event) -> Event:
        """The event, its versions checked and noted.

        A rule that found an exception's condition gone is right whatever version it looked at:
        it gets the next one. Everybody else must have looked at the newest.

        Raises:
            VersionConflict: something was decided about the same thing first.
        """
        event = self._rebased(event)
        decided = list(decisions_of(event))
        for decision in decided:
            known = self._known(decision.kind, decision.id)
            if decision.version <= known:
                raise VersionConflict(decision.kind, decision.id, known)
        for decision in decided:
            self._given[decision.kind, decision.id] = decision.version
        return event

    def rows(self) -> list[dict[str, object]]:
        """What changed, as rows of the versions table."""
        return [
            {"kind": kind, "id": id_, "version": version}
            for (kind, id_), version in self._given.items()
        ]

    def _rebased(self, event: Event) -> Event:
        body = event.body
        if not isinstance(body, ExceptionWorked) or not body.by_rule:
            return event
        known = self._known(EXCEPTION, event.subject.exception_id)
        if body.state is not ExceptionState.RESOLVED or body.version > known:
            return event
        return replace(event, body=replace(body, version=known + 1))

    def _known(self, kind: str, id_: str) -> int:
        given = self._given.get((kind, id_))
        return self._stored(kind, id_) if given is None else given

    def _foresee(self, things: set[tuple[str, str]]) -> None:
        self._read.update(dict.fromkeys(things, 0))
        for kind in {kind for kind, _ in things}:
            ids = [id_ for of, id_ in things if of == kind]
            for first in range(0, len(ids), _READ_AT_ONCE):
                some = ids[first : first + _READ_AT_ONCE]
                query = select(versions.c.id, versions.c.version)
                held = query.where(versions.c.kind == kind, versions.c.id.in_(some))
                rows = self._connection.execute(held)
                self._read.update({(kind, row.id): int(row.version) for row in rows})

    def _stored(self, kind: str, id_: str) -> int:
        if (kind, id_) in self._read:
            return self._read[kind, id_]
        query = select(versions.c.version).where(versions.c.kind == kind, versions.c.id == id_)
        return int(self._connection.execute(query).scalar() or 0)


def keep_versions(connection: Connection, rows: list[dict[str, object]]) -> None:
    """Write the versions an append gave out."""
    if rows:
        statement = insert(versions)
        newest = statement.on_conflict_do_update(
            index_elements=["kind", "id"], set_={"version": statement.excluded.version}
        )
        connection.execute(newest, rows)
