"""The desktop's side of the events socket, without any socket."""

from collections.abc import Iterator

import msgspec

from tower.domain.events import Event
from tower.domain.sharing import Sharing, share_stop_ids
from tower.domain.state import TABLES, State
from tower.feed.codec import Codec
from tower.feed.messages import (
    EventFilter,
    Events,
    EventsHeartbeat,
    EventsHello,
    EventsResume,
    EventsWelcome,
    Snapshot,
)
from tower.feed.sections import FeedError
from tower.feed.talker import Talker, Told


class Replaced(msgspec.Struct, frozen=True, kw_only=True):
    """The whole state, to put in the place of whatever there was."""

    state: State
    epoch: str


class Arrived(msgspec.Struct, frozen=True, kw_only=True):
    """Events that are new here, in the order of the journal."""

    events: list[Event]


class EventsClient(Talker):
    """Remembers how far it came, over any number of connections, and continues from there.

    Attributes:
        epoch: of the journal followed, "" before the first.
        seq: the last sequence number taken in.
    """

    def __init__(self, codec: Codec, wanted: EventFilter | None = None) -> None:
        """Takes the subprotocol and what to hear of (None: everything)."""
        super().__init__(codec)
        self.epoch, self.seq = "", 0
        self._filter = wanted
        self._welcome: EventsWelcome | None = None
        self._partial: State | None = None
        self._sharing = Sharing()
        self._next_part = 0

    def hello(self) -> bytes:
        """Begin a new connection with this message."""
        self._welcome = self._partial = None
        self._next_part = self.frames = 0
        resume = EventsResume(epoch=self.epoch, seq=self.seq) if self.epoch else None
        return self._codec.encode(EventsHello(resume=resume, filter=self._filter))

    def receive(self, data: bytes | str) -> Iterator[Told | Replaced | Arrived]:
        """What a message of the gateway means.

        Raises:
            FeedError: it makes no sense; reconnect. Where events were missing the place is
                forgotten, so that the next hello asks for everything.
        """
        message = self._codec.events_from_server(data)
        if isinstance(message, EventsWelcome):
            self._on_welcome(message)
            yield Told(now=message.now, rate=message.rate)
        elif self._welcome is None:
            raise FeedError("the gateway sent data before its welcome")
        elif isinstance(message, EventsHeartbeat):
            yield Told(now=message.now, rate=message.rate)
        elif isinstance(message, Snapshot):
            yield from self._on_snapshot(message)
        else:
            yield from self._on_events(message)

    def forget(self) -> None:
        """Give up the place; the next hello asks for everything."""
        self.epoch, self.seq = "", 0

    def _on_welcome(self, welcome: EventsWelcome) -> None:
        if welcome.resumed and welcome.epoch != self.epoch:
            self.forget()
            raise FeedError("the gateway continued a journal that was not asked for")
        self._welcome = welcome
        self._partial = None if welcome.resumed else State()

    def _on_snapshot(self, message: Snapshot) -> Iterator[Replaced]:
        state, welcome = self._partial, self._welcome
        if state is None or welcome is None or message.part != self._next_part:
            self.forget()
            raise FeedError("a part of the snapshot is missing")
        self.frames += 1
        self._next_part += 1
        for table in TABLES:
            records, share = getattr(message.state, table), self._sharing.share
            getattr(state, table).update((share(id_), share(one)) for id_, one in records.items())
        if message.last:
            share_stop_ids(state)
            self._partial, self._sharing = None, Sharing()
            state.seq = message.seq
            self.epoch, self.seq = welcome.epoch, message.seq
            yield Replaced(state=state, epoch=self.epoch)

    def _on_events(self, message: Events) -> Iterator[Arrived]:
        if self._partial is not None or message.after > self.seq:
            self.forget()
            raise FeedError("events are missing")
        self.frames += 1
        new = [event for event in message.events if event.seq > self.seq]
        self.seq = max(self.seq, message.upto)
        if new:
            yield Arrived(events=new)
