"""The gateway's side of one desktop's events socket, without any socket."""

from collections import deque
from collections.abc import Sequence

from tower.domain.events import Event
from tower.feed.codec import Codec
from tower.feed.conversation import Close, Conversation, Fetch
from tower.feed.eventlog import Batch, EventLog
from tower.feed.messages import (
    CLOSE_RESYNC,
    CLOSE_SLOW,
    EVENTS_HEARTBEAT_S,
    LIMITS,
    Ack,
    EventFilter,
    EventsFromClient,
    EventsHeartbeat,
    EventsHello,
    EventsWelcome,
)
from tower.feed.snapshots import SharedSnapshot

FETCH_EVENTS = 2_000
"""Events read from the journal at a time for a desktop that was away."""

PATIENCE_S = 2.0
"""A desktop too many events behind is closed only if it made no progress for so long: a burst
that is still on its way is not its fault."""


class EventsServer(Conversation):
    """Welcome, then a snapshot or the gap, then every event in order."""

    def __init__(self, codec: Codec, log: EventLog, now: float) -> None:
        """Starts when the connection was accepted, at `now` (monotonic seconds)."""
        super().__init__(codec, now=now, credit=LIMITS.event_frames, heartbeat_s=EVENTS_HEARTBEAT_S)
        self._log = log
        self._filter: EventFilter | None = None
        self._snapshot: SharedSnapshot | None = None
        self._part = 0
        self._cursor = 0
        self._ends: deque[int] = deque()
        self._reached = 0
        self._caught_up = False
        self._fetching = False
        self._fetched: Batch | None = None

    def fetched(self, events: Sequence[Event]) -> None:
        """Hand in what a `Fetch` asked for."""
        self._fetching = False
        if not events or events[0].seq != self._cursor + 1:
            self.close(CLOSE_RESYNC, "the journal no longer keeps what comes next")
            return
        self._fetched = self._log.pack(self._codec, self._cursor, events, self._filter)

    def overdue(self, now: float) -> Close | None:
        """Why the conversation must end now, or None."""
        behind = self._log.head - self._reached
        if (
            self._caught_up
            and behind > LIMITS.events_behind
            and self._outstanding
            and now >= self._progressed + PATIENCE_S
        ):
            self.close(CLOSE_SLOW, f"{behind} events behind")
        return super().overdue(now)

    def _read(self, data: bytes | str) -> EventsFromClient:
        return self._codec.events_from_client(data)

    def _acknowledge(self, ack: Ack, now: float) -> None:
        before = self._acknowledged
        super()._acknowledge(ack, now)
        for _ in range(self._acknowledged - before):
            self._reached = self._ends.popleft()

    def _greet(self, hello: EventsHello) -> None:
        log, resume = self._log, hello.resume
        self._filter = hello.filter
        resumed = (
            resume is not None
            and resume.epoch == log.epoch
            and log.first - 1 <= resume.seq <= log.head
            and resume.seq >= 0
        )
        if resume is not None and resumed:
            self._cursor = self._reached = resume.seq
        else:
            self._snapshot = log.snapshot(self._codec, self._filter)
            self._cursor = self._reached = self._snapshot.seq
        welcome = EventsWelcome(
            epoch=log.epoch,
            resumed=resumed,
            seq=log.head,
            now=log.clock.time(),
            rate=log.clock.rate,
        )
        self._outbox.append(self._codec.encode(welcome))

    def _data(self) -> bytes | Fetch | None:
        if self._snapshot is not None:
            part = self._snapshot.part(self._part)
            if part is not None:
                self._part += 1
                self._ends.append(self._cursor)
                return part
            self._snapshot = None
        return self._events()

    def _events(self) -> bytes | Fetch | None:
        log = self._log
        if self._fetching:
            return None
        if self._fetched is not None:
            batch, self._fetched = self._fetched, None
        elif self._cursor >= log.head:
            self._caught_up = True
            return None
        elif not log.at_hand(self._cursor):
            self._fetching = True
            return Fetch(self._cursor, FETCH_EVENTS)
        else:
            batch = log.batch(self._codec, self._cursor, self._filter)
        self._cursor = batch.upto
        self._ends.append(batch.upto)
        return batch.data

    def _heartbeat(self) -> bytes:
        log = self._log
        return self._codec.encode(
            EventsHeartbeat(now=log.clock.time(), rate=log.clock.rate, seq=log.head)
        )
