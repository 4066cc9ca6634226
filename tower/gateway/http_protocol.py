"""uvicorn's HTTP protocol for clients that are slow, broken or ill-willed: none keeps a place."""

import asyncio
import logging

import h11
from uvicorn.protocols.http.h11_impl import H11Protocol, RequestResponseCycle

HEAD_S = 10.0
"""Seconds a connection may stand without a whole request on it: before the first one, or between
two."""

READ_S = 30.0
"""Seconds a client may leave an answer unread."""

MOST_CONNECTIONS = 800
"""Connections at once, websockets included; files for the journal remain below the usual 1,024."""

_log = logging.getLogger(__name__)


class HttpProtocol(H11Protocol):
    """Give this to uvicorn as `http`.

    uvicorn waits for ever for the rest of a request, and for an answer to be read; here both have
    an end. Where all places are taken, the connection that waited longest without asking for
    anything gives way, so that who holds connections open keeps nobody else out.

    Attributes:
        waits_since: loop time since when no request is under way, None while one is.
    """

    waits_since: float | None = None
    _deadline: asyncio.TimerHandle | None = None
    _unread: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """A client is there; it has to ask for something soon."""
        super().connection_made(transport)
        self._look()
        if len(self.connections) > MOST_CONNECTIONS:
            self._make_room()

    def connection_lost(self, exc: Exception | None) -> None:
        """The client is gone."""
        self._stop_waiting()
        self._stop_unread()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Take in a piece of a request."""
        super().data_received(data)
        self._look()

    def on_response_complete(self) -> None:
        """Go on to the next request, which has to come soon."""
        super().on_response_complete()
        self._look()

    def handle_websocket_upgrade(self, event: h11.Request) -> None:
        """Hand the connection over; its own protocol watches it from now on."""
        self._stop_waiting()
        super().handle_websocket_upgrade(event)

    def send_400_response(self, msg: str) -> None:
        """Refuse what is no HTTP, whether or not a request was begun before it."""
        if self._is_busy:
            # What the application still wants to say has nowhere to go.
            self.cycle.disconnected = True
            self.cycle.message_event.set()
        if self.conn.our_state in (h11.IDLE, h11.SEND_RESPONSE):
            super().send_400_response(msg)
        else:
            self.transport.close()

    def pause_writing(self) -> None:
        """The client does not read what it asked for."""
        super().pause_writing()
        if self._unread is None:
            self._unread = self.loop.call_later(READ_S, self.transport.abort)

    def resume_writing(self) -> None:
        """It reads again."""
        self._stop_unread()
        super().resume_writing()

    def _look(self) -> None:
        """Begin or end waiting for a request."""
        if self.transport.get_protocol() is not self or self._is_busy:
            self._stop_waiting()
        elif self._deadline is None:
            self.waits_since = self.loop.time()
            self._deadline = self.loop.call_later(HEAD_S, self._on_nothing_asked)

    @property
    def _is_busy(self) -> bool:
        cycle = self._newest_request()
        return cycle is not None and not cycle.response_complete

    def _newest_request(self) -> RequestResponseCycle | None:
        """None before the first; uvicorn's own annotation leaves that out."""
        return self.cycle

    def _stop_waiting(self) -> None:
        self.waits_since = None
        if self._deadline is not None:
            self._deadline.cancel()
            self._deadline = None

    def _stop_unread(self) -> None:
        if self._unread is not None:
            self._unread.cancel()
            self._unread = None

    def _on_nothing_asked(self) -> None:
        self.give_way()

    def _make_room(self) -> None:
        waiting = [
            (one.waits_since, one)
            for one in self.connections
            if isinstance(one, HttpProtocol) and one.waits_since is not None
        ]
        _log.warning("%d connections are open, the most there may be", MOST_CONNECTIONS)
        min(waiting, key=lambda pair: pair[0])[1].give_way()

    def give_way(self) -> None:
        """Leave the place to somebody else."""
        self._stop_waiting()
        self.transport.abort()
