"""What both live sockets have in common on the gateway's side, without any socket.

A driver hands in what was received and asks for the next thing to do. All times are seconds of a
monotonic clock the driver chooses.
"""

from collections import deque
from collections.abc import Sequence
from typing import Any, NamedTuple

from tower.domain.events import Event
from tower.feed.codec import Codec
from tower.feed.messages import (
    CLOSE_HELLO,
    CLOSE_SLOW,
    LIMITS,
    Ack,
    ClientHeartbeat,
    EventsFromClient,
    VehiclesFromClient,
)
from tower.feed.sections import FeedError

REASON_BYTES = 123
"""Longest reason a close can carry (RFC 6455, 5.5)."""


class Send(NamedTuple):
    """Write this message to the desktop."""

    data: bytes


class Close(NamedTuple):
    """Close the connection with this code and reason; nothing comes after."""

    code: int
    reason: str


class Fetch(NamedTuple):
    """Read events from the journal and hand them in as `fetched`."""

    after: int
    limit: int


Action = Send | Close | Fetch


class Conversation:
    """One desktop on one socket: hello, credit, heartbeat, and how it ends.

    Subclasses read their own messages in `_read` and produce data in `_data`.

    Attributes:
        greeted: True once the hello was taken.
    """

    def __init__(self, codec: Codec, *, now: float, credit: int, heartbeat_s: float) -> None:
        """Starts when the connection was accepted, at `now`.

        Args:
            codec: the subprotocol agreed on.
            now: monotonic seconds.
            credit: data messages that may be unacknowledged.
            heartbeat_s: seconds of quiet after which the desktop is told we are alive.
        """
        self.greeted = False
        self._codec = codec
        self._credit = credit
        self._heartbeat_s = heartbeat_s
        self._opened = self._heard = self._spoke = self._progressed = now
        self._outbox: deque[bytes] = deque()
        self._sent = self._acknowledged = 0
        self._closing: Close | None = None
        self._closed = False

    def receive(self, data: bytes | str, now: float) -> None:
        """Take in one message of the desktop; nonsense ends the conversation."""
        self._heard = now
        if self._closing is not None:
            return
        if len(data) > LIMITS.client_frame_bytes:
            self.close(CLOSE_HELLO, "a message may have 64 KiB at most")
            return
        try:
            self._understand(data, now)
        except FeedError as problem:
            self.close(CLOSE_HELLO, str(problem))

    def fetched(self, events: Sequence[Event]) -> None:
        """Hand in what a `Fetch` asked for."""
        raise NotImplementedError

    def close(self, code: int, reason: str) -> None:
        """End the conversation; the first reason given counts."""
        if self._closing is None:
            short = reason.encode(errors="replace")[:REASON_BYTES].decode(errors="ignore")
            self._closing = Close(code, short)

    def next(self, now: float) -> Action | None:
        """The next thing to do, or None until something is received, new, or due."""
        if self._closed:
            return None
        if overdue := self.overdue(now):
            self._closed = True
            return overdue
        return self._next_message(now)

    def due(self) -> float:
        """When `next` must be asked again at the latest, though nothing happened."""
        if not self.greeted:
            return self._opened + LIMITS.hello_s
        return min(self._spoke + self._heartbeat_s, self._silent_at(), self._stalled_at())

    def overdue(self, now: float) -> Close | None:
        """Why the conversation must end now, or None."""
        if self._closing is not None:
            return self._closing
        if not self.greeted and now >= self._opened + LIMITS.hello_s:
            return Close(CLOSE_HELLO, f"no hello within {LIMITS.hello_s:.0f} s")
        if self.greeted and now >= self._silent_at():
            return Close(CLOSE_SLOW, f"nothing heard for {LIMITS.dead_after_s:.0f} s")
        if now >= self._stalled_at():
            return Close(CLOSE_SLOW, f"no progress for {LIMITS.slow_after_s:.0f} s")
        return None

    def _read(self, data: bytes | str) -> EventsFromClient | VehiclesFromClient:
        """What the desktop said; raises FeedError where it cannot be read."""
        raise NotImplementedError

    def _greet(self, hello: Any) -> None:  # noqa: ANN401 - the hello of its own socket
        """Welcome the desktop and find the place it continues from."""
        raise NotImplementedError

    def _data(self) -> bytes | Fetch | None:
        """The next data message for which there is credit, or None."""
        raise NotImplementedError

    def _heartbeat(self) -> bytes:
        """The message that says we are alive."""
        raise NotImplementedError

    def _understand(self, data: bytes | str, now: float) -> None:
        message = self._read(data)
        if not isinstance(message, Ack | ClientHeartbeat):
            if self.greeted:
                raise FeedError("there was a hello already")
            self.greeted = True
            self._greet(message)
        elif not self.greeted:
            raise FeedError("the first message must be a hello")
        elif isinstance(message, Ack):
            self._acknowledge(message, now)

    def _acknowledge(self, ack: Ack, now: float) -> None:
        if not self._acknowledged <= ack.frames <= self._sent:
            raise FeedError(
                f"acknowledged {ack.frames} messages of {self._sent} sent, "
                f"after {self._acknowledged} before"
            )
        if ack.frames > self._acknowledged:
            self._progressed = now
        self._acknowledged = ack.frames

    @property
    def _outstanding(self) -> int:
        return self._sent - self._acknowledged

    def _next_message(self, now: float) -> Action | None:
        if self._outbox:
            return self._said(self._outbox.popleft(), now)
        if not self.greeted:
            return None
        data = self._data() if self._outstanding < self._credit else None
        if isinstance(data, Fetch):
            return data
        if data is not None:
            if self._outstanding == 0:
                self._progressed = now
            self._sent += 1
            return self._said(data, now)
        if now >= self._spoke + self._heartbeat_s:
            return self._said(self._heartbeat(), now)
        return None

    def _said(self, data: bytes, now: float) -> Send:
        self._spoke = now
        return Send(data)

    def _silent_at(self) -> float:
        return self._heard + LIMITS.dead_after_s

    def _stalled_at(self) -> float:
        return self._progressed + LIMITS.slow_after_s if self._outstanding else float("inf")
