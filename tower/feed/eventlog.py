"""The newest events, encoded once for every desktop that is up to date."""

from collections import deque
from collections.abc import Sequence
from itertools import takewhile
from typing import NamedTuple
from weakref import WeakValueDictionary

import msgspec

from tower.domain.events import Event
from tower.domain.state import State
from tower.feed.clock import Clock
from tower.feed.codec import Codec
from tower.feed.filters import is_open, keeps, passes
from tower.feed.messages import LIMITS, SUBPROTOCOLS, EventFilter
from tower.feed.snapshots import SharedSnapshot

KEPT_EVENTS = 4_096
"""Events kept at hand; who is further behind is served from the journal."""

FRESH_EVENTS = 1_000
"""A snapshot under way is shared with newcomers until it is this many events old."""

_ENVELOPE_BYTES = 512


class Batch(NamedTuple):
    """A message with events, and the last sequence number it covers."""

    data: bytes
    upto: int


class _RawEvents(msgspec.Struct, frozen=True, kw_only=True, tag_field="type", tag="events"):
    """`tower.feed.messages.Events` with events that are encoded already."""

    after: int
    upto: int
    events: list[msgspec.Raw]


class EventLog:
    """What the events sockets serve: the journal's newest end, and snapshots of the state.

    Attributes:
        state: the gateway's state; read only.
        epoch: the journal's.
        head: the last sequence number published.
        first: the oldest sequence number the journal keeps.
    """

    def __init__(self, state: State, epoch: str, clock: Clock, first: int = 0) -> None:
        self.state, self.epoch, self.clock, self.first = state, epoch, clock, first
        self.head = state.seq
        self._recent: deque[Event] = deque(maxlen=KEPT_EVENTS)
        self._encoded: dict[tuple[str, int], msgspec.Raw] = {}
        self._batches: dict[tuple[str, int], Batch] = {}
        self._snapshots: WeakValueDictionary[str, SharedSnapshot] = WeakValueDictionary()

    def publish(self, events: Sequence[Event]) -> None:
        """Take events in that the journal has committed and the state holds, in order."""
        self._batches.clear()
        for event in events:
            if len(self._recent) == KEPT_EVENTS:
                self._forget(self._recent[0])
            self._recent.append(event)
            self.head = event.seq
        self._let_go_of_snapshots()

    def _let_go_of_snapshots(self) -> None:
        """One nobody else can share any more belongs to those still reading it."""
        old = [name for name, one in self._snapshots.items() if self.head - one.seq > FRESH_EVENTS]
        for name in old:
            del self._snapshots[name]

    def at_hand(self, after: int) -> bool:
        """True where the events after `after` need not be fetched from the journal."""
        return after >= self.head or bool(self._recent and self._recent[0].seq <= after + 1)

    def batch(self, codec: Codec, after: int, wanted: EventFilter | None) -> Batch:
        """The events after `after` that fit into one message; they must be at hand."""
        if not is_open(wanted):
            return self.pack(codec, after, self._after(after), wanted)
        key = (codec.name, after)
        batch = self._batches.get(key)
        if batch is None:
            batch = self._batches[key] = self.pack(codec, after, self._after(after), None)
        return batch

    def pack(
        self, codec: Codec, after: int, events: Sequence[Event], wanted: EventFilter | None
    ) -> Batch:
        """One message of as many of the events as fit, at least one."""
        room = LIMITS.server_frame_bytes - _ENVELOPE_BYTES
        raw: list[msgspec.Raw] = []
        upto = after
        for event in events:
            if wanted is None or passes(wanted, event, self.state):
                encoded = self._encode(codec, event)
                room -= len(bytes(encoded)) + 1
                if room < 0 and upto > after:
                    break
                raw.append(encoded)
            upto = event.seq
        return Batch(codec.encode(_RawEvents(after=after, upto=upto, events=raw)), upto)

    def snapshot(self, codec: Codec, wanted: EventFilter | None) -> SharedSnapshot:
        """A snapshot of now, or one begun shortly before for another desktop."""
        if wanted is not None and not is_open(wanted):
            return SharedSnapshot(codec, self.state, keeps(wanted, self.state))
        shared = self._snapshots.get(codec.name)
        if shared is None:
            shared = self._snapshots[codec.name] = SharedSnapshot(codec, self.state)
        return shared

    def _after(self, after: int) -> list[Event]:
        newest_first = takewhile(lambda event: event.seq > after, reversed(self._recent))
        return list(newest_first)[::-1]

    def _encode(self, codec: Codec, event: Event) -> msgspec.Raw:
        key = (codec.name, event.seq)
        encoded = self._encoded.get(key)
        if encoded is None:
            encoded = msgspec.Raw(codec.encode(event))
            if self._recent and event.seq >= self._recent[0].seq:
                self._encoded[key] = encoded
        return encoded

    def _forget(self, event: Event) -> None:
        for name in SUBPROTOCOLS:
            self._encoded.pop((name, event.seq), None)
