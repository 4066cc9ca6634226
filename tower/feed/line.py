"""One of the two websockets of a desktop: it connects, listens, and comes back when lost."""

import asyncio
import logging
import time
from collections.abc import Callable
from http import HTTPStatus
from typing import NamedTuple
from urllib.parse import urlsplit

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import (
    ConnectionClosed,
    InvalidHandshake,
    InvalidStatus,
    InvalidURI,
    NegotiationError,
)
from websockets.typing import Subprotocol

from tower.domain.moments import utc
from tower.feed.backoff import full_jitter
from tower.feed.codec import Codec
from tower.feed.link import Link, Status
from tower.feed.messages import CLOSE_RESYNC, CLOSE_TOKEN, EVENTS_HEARTBEAT_S, LIMITS
from tower.feed.sections import FeedError
from tower.feed.talker import Talker

LASTED_S = 5.0
"""A connection that stood for so long was a success: the back-off starts anew."""

REFUSED_RETRY_S = 15.0
"""A gateway that does not let us in is not asked again before so many seconds."""

OPEN_TIMEOUT_S = 5.0

PING_EVERY_S = 2.0
"""How often the way to the gateway and back is measured, seconds."""

_NOT_LET_IN = (HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN)
_LOOPBACK = ("localhost", "127.0.0.1", "::1")

_log = logging.getLogger(__name__)


class Address(NamedTuple):
    """Where a socket is and how to be let in.

    Attributes:
        url: the whole address of this socket, `ws` or `wss`.
        token: the bearer token.
        stale_after_s: seconds of quiet after which what we have counts as stale.
    """

    url: str
    token: str
    stale_after_s: float


class Failure(NamedTuple):
    """Why a connection ended or never came to be."""

    status: Status
    reason: str


class Line:
    """Keeps one socket connected until cancelled.

    Attributes:
        link: how this socket stands.
        round_trip_s: seconds to the gateway and back, measured last; None before it was.
    """

    def __init__(
        self,
        address: Address,
        codec: Codec,
        talker: Talker,
        *,
        take: Callable[[bytes | str], None],
        changed: Callable[[], None],
        chance: Callable[[], float],
    ) -> None:
        """Takes what to do with a message (`take`) and whom to tell that `link` changed."""
        self.link = Link(status="connecting")
        self.round_trip_s: float | None = None
        self._pong: asyncio.Future[float] | None = None
        self._pinged = float("-inf")
        self._address, self._codec, self._talker = address, codec, talker
        self._take, self._changed, self._chance = take, changed, chance
        self._again = asyncio.Event()

    async def run(self) -> None:
        """Connect, listen, and start over; until cancelled."""
        attempt = 0
        while True:
            began = time.monotonic()
            failure = await self._connection()
            attempt = 0 if time.monotonic() - began > LASTED_S else attempt + 1
            wait_s = full_jitter(attempt, self._chance)
            if failure.status == "refused":
                wait_s = REFUSED_RETRY_S * (1 + self._chance())
            self._stand(failure.status, failure.reason, retry_in_s=wait_s)
            await self._pause(wait_s)

    def retry_now(self) -> None:
        """Wait no longer for the next try."""
        self._again.set()

    async def _pause(self, seconds: float) -> None:
        self._again.clear()
        try:
            async with asyncio.timeout(seconds):
                await self._again.wait()
        except TimeoutError:
            return

    async def _connection(self) -> Failure:
        """One connection from the upgrade to its end."""
        try:
            async with self._connect() as websocket:
                await self._converse(websocket)
        except (OSError, InvalidHandshake, InvalidURI) as problem:
            return _refusal(problem)
        except ConnectionClosed as closed:
            return self._on_closed(closed)
        except FeedError as problem:
            _log.warning("the feed is not usable and is asked for anew: %s", problem)
            self._talker.forget()
            return Failure("lost", "the gateway sent something unreadable")
        return Failure("lost", f"nothing heard for {LIMITS.dead_after_s:.0f} s")

    def _connect(self) -> connect:
        host = urlsplit(self._address.url).hostname
        return connect(
            self._address.url,
            subprotocols=[Subprotocol(self._codec.name)],
            additional_headers={"Authorization": f"Bearer {self._address.token}"},
            compression=None,
            proxy=None if host in _LOOPBACK else True,
            open_timeout=OPEN_TIMEOUT_S,
            ping_interval=None,
            close_timeout=1,
            max_size=LIMITS.server_frame_bytes,
            max_queue=4,
        )

    async def _converse(self, websocket: ClientConnection) -> None:
        """Listen until the connection closes or nothing is heard any more."""
        await self._say(websocket, self._talker.hello())
        heard = spoke = time.monotonic()
        acknowledged = 0
        self._pong, self._pinged = None, float("-inf")
        while (now := time.monotonic()) < heard + LIMITS.dead_after_s:
            message = await self._listen(websocket, self._next_due(now, heard, spoke))
            now = time.monotonic()
            await self._ping(websocket, now)
            if message is not None:
                heard = now
                self._take(message)
                self._stand("live")
            elif now >= heard + self._address.stale_after_s:
                self._stand("stale", "the gateway is quiet")
            if self._talker.frames > acknowledged:
                acknowledged, spoke = self._talker.frames, now
                await self._say(websocket, self._talker.ack())
            elif now >= spoke + EVENTS_HEARTBEAT_S:
                spoke = now
                await self._say(websocket, self._talker.heartbeat())

    def _next_due(self, now: float, heard: float, spoke: float) -> float:
        """Seconds until something must be done though nothing is heard."""
        stale = heard + self._address.stale_after_s
        quiet = stale if self.link.status == "live" and stale > now else heard + LIMITS.dead_after_s
        return max(0.0, min(quiet, spoke + EVENTS_HEARTBEAT_S) - now)

    async def _listen(self, websocket: ClientConnection, seconds: float) -> bytes | str | None:
        try:
            async with asyncio.timeout(seconds):
                return await websocket.recv()
        except TimeoutError:
            return None

    async def _ping(self, websocket: ClientConnection, now: float) -> None:
        """Have the way there and back measured now and then; the answer is not waited for."""
        if self._pong is not None or now < self._pinged + PING_EVERY_S:
            return
        self._pinged = now
        pong = asyncio.ensure_future(await websocket.ping())
        self._pong = pong
        pong.add_done_callback(self._on_pong)

    def _on_pong(self, pong: "asyncio.Future[float]") -> None:
        if not pong.cancelled() and pong.exception() is None:
            self.round_trip_s = pong.result()
        if pong is self._pong:
            self._pong = None

    async def _say(self, websocket: ClientConnection, data: bytes) -> None:
        await websocket.send(data, text=self._codec.is_text)

    def _on_closed(self, closed: ConnectionClosed) -> Failure:
        received = closed.rcvd
        if received is None:
            return Failure("lost", "the connection broke")
        if received.code == CLOSE_RESYNC:
            self._talker.forget()
        if received.code == CLOSE_TOKEN:
            return Failure("refused", "the token is no longer good")
        return Failure("lost", received.reason or "the gateway closed the connection")

    def _stand(self, status: Status, reason: str = "", retry_in_s: float | None = None) -> None:
        if self.link.status == status == "live":
            return
        self.link = Link(
            status=status, reason=reason, since=utc(time.time()), retry_in_s=retry_in_s
        )
        self._changed()


def _refusal(problem: Exception) -> Failure:
    if isinstance(problem, InvalidStatus) and problem.response.status_code in _NOT_LET_IN:
        return Failure("refused", "the gateway does not accept the token")
    if isinstance(problem, InvalidStatus):
        return Failure("lost", f"the gateway answered {problem.response.status_code}")
    if isinstance(problem, NegotiationError):
        return Failure("refused", "the gateway speaks another version of the feed")
    if isinstance(problem, TimeoutError):
        return Failure("lost", "the gateway does not answer")
    if isinstance(problem, OSError):
        return Failure("lost", "the gateway cannot be reached")
    return Failure("lost", f"no live connection: {problem}")
