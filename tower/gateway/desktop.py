"""One websocket of one desktop: a thin driver between Starlette and a conversation of the feed."""

import asyncio
import logging
from collections import Counter
from collections.abc import Callable, Coroutine
from typing import NamedTuple

from starlette.websockets import WebSocket, WebSocketDisconnect

from tower.domain.events import Event
from tower.feed.codec import Codec
from tower.feed.conversation import Close, Conversation, Fetch, Send
from tower.gateway.live_protocol import ABORT
from tower.journal.errors import JournalError

LINGER_S = 2.0
"""How long a desktop may take to answer a close before the connection is cut, seconds."""

CLOSE_FAILED = 1011
"""The gateway itself is in trouble (RFC 6455)."""

_log = logging.getLogger(__name__)


class Means(NamedTuple):
    """What a desktop's tasks need of the room."""

    fetch: Callable[[int, int], Coroutine[None, None, list[Event]]]
    monotonic: Callable[[], float]
    closings: Counter[int]


class Desktop:
    """One websocket of one desktop: a task that reads and one that writes."""

    def __init__(
        self,
        websocket: WebSocket,
        conversation: Conversation,
        codec: Codec,
        token: str,
        means: Means,
    ) -> None:
        self.token = token
        self.closed: Close | None = None
        self._websocket, self._conversation = websocket, conversation
        self._codec, self._means, self._monotonic = codec, means, means.monotonic
        self._woken = asyncio.Event()
        self._writing = False
        self._tasks: set[asyncio.Task[None]] = set()

    async def run(self) -> None:
        """Until either side closes."""
        self._tasks = {asyncio.create_task(self._read()), asyncio.create_task(self._write())}
        try:
            done, _ = await asyncio.wait(self._tasks, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for task in self._tasks:
                task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        for task in done:
            if not task.cancelled():
                task.result()

    def wake(self) -> None:
        """There may be something to write."""
        self._woken.set()

    def end(self, code: int, reason: str) -> None:
        """Close the connection for a reason of the gateway's."""
        self._conversation.close(code, reason)
        self.wake()

    def tick(self, now: float, *, changed: bool) -> None:
        """Write what is new or due; cut off an overdue desktop that does not take what is sent."""
        if self._writing and (overdue := self._conversation.overdue(now)) is not None:
            self._note(overdue)
            self._abort()
            for task in self._tasks:
                task.cancel()
        elif changed or now >= self._conversation.due():
            self.wake()

    async def _read(self) -> None:
        try:
            while True:
                message = await self._websocket.receive()
                if message["type"] == "websocket.disconnect":
                    return
                data = message.get("bytes")
                self._conversation.receive(
                    message["text"] if data is None else data, self._monotonic()
                )
                self.wake()
        except WebSocketDisconnect:
            return

    async def _write(self) -> None:
        try:
            while self.closed is None:
                await self._step()
        except WebSocketDisconnect:
            return

    async def _step(self) -> None:
        action = self._conversation.next(self._monotonic())
        if action is None:
            self._woken.clear()
            await self._woken.wait()
        elif isinstance(action, Send):
            await self._send(action.data)
        elif isinstance(action, Fetch):
            await self._fetch(action)
        else:
            self._note(action)
            asyncio.get_running_loop().call_later(LINGER_S, self._abort)
            await self._websocket.close(action.code, action.reason)

    async def _fetch(self, wish: Fetch) -> None:
        try:
            events = await self._means.fetch(wish.after, wish.limit)
        except JournalError as problem:
            _log.error("a desktop could not be told what it missed: %s", problem)
            self._conversation.close(CLOSE_FAILED, str(problem))
            return
        self._conversation.fetched(events)

    async def _send(self, data: bytes) -> None:
        self._writing = True
        if self._codec.is_text:
            await self._websocket.send_text(data.decode())
        else:
            await self._websocket.send_bytes(data)
        self._writing = False

    def _note(self, close: Close) -> None:
        self.closed = close
        self._means.closings[close.code] += 1
        _log.info("a desktop was disconnected (%d): %s", close.code, close.reason)

    def _abort(self) -> None:
        """Cut the connection without waiting for what the desktop does not read."""
        abort = self._websocket.scope.get("extensions", {}).get(ABORT)
        if abort is not None:
            abort()
