"""The narrow doors of the journal: what the rest of Tower may ask of it.

SQLite is behind them today; a shared database and a bus between gateways fit the same doors.
"""

from collections.abc import Callable, Collection, Sequence
from concurrent.futures import Future
from datetime import datetime
from typing import Protocol

from tower.domain.events import Event
from tower.domain.state import State
from tower.domain.telemetry import Fix
from tower.journal.idempotency import IdempotencyRecord, StoredAnswer

Between = tuple[datetime, datetime]
"""The first and the last moment of a span, both in it, UTC."""

Unsubscribe = Callable[[], None]
"""Ends a subscription; calling it twice does no harm."""


class Appender(Protocol):
    """Where events go in."""

    def append(
        self, events: Sequence[Event], *, key: IdempotencyRecord | None = None
    ) -> Future[list[Event]]:
        """Record events; resolves after the commit with those that were new."""
        ...

    def answer(self, key: str) -> StoredAnswer | None:
        """The answer given to an idempotency key before, or None."""
        ...


class About(Protocol):
    """What happened to one thing."""

    def about(
        self,
        subject_kind: str,
        id_: str,
        limit: int,
        *,
        types: Collection[str] = (),
        between: Between | None = None,
    ) -> list[Event]:
        """The newest `limit` events about one thing, oldest first; of some types or times only."""
        ...


class Reader(About, Protocol):
    """Where events come out, in order and without gaps."""

    @property
    def epoch(self) -> str:
        """Names this journal; another one has another epoch."""
        ...

    @property
    def seq(self) -> int:
        """The last sequence number committed; 0 while the journal is empty."""
        ...

    @property
    def first_seq(self) -> int:
        """The oldest sequence number still kept; 0 while the journal is empty."""
        ...

    def read(self, after: int, limit: int) -> list[Event]:
        """Events with seq > after, oldest first, at most `limit`."""
        ...

    def subscribe(self, callback: Callable[[list[Event]], None]) -> Unsubscribe:
        """Be handed every batch after its commit, in sequence."""
        ...


class Snapshots(Protocol):
    """Where the folded state is kept, so that opening is quick."""

    def load_state(self) -> State:
        """The state after every event of the journal."""
        ...

    def save_snapshot(self, state: State) -> Future[None]:
        """Keep a state; the two newest are held."""
        ...


class Trails(Protocol):
    """Where positions are kept, thinned, for replay."""

    def add(self, fixes: Sequence[Fix]) -> int:
        """Offer fixes; returns how many are kept."""
        ...

    def trail(self, vehicle_id: str, since: datetime, until: datetime) -> list[Fix]:
        """Where a vehicle was in [since, until], oldest first."""
        ...
