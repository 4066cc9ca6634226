"""The two live websockets: thin drivers between Starlette and the conversations of the feed."""

import asyncio
import logging
import time
from collections import Counter
from collections.abc import Callable, Coroutine, Sequence
from typing import NamedTuple, Protocol
from uuid import uuid4

from starlette.responses import JSONResponse
from starlette.routing import WebSocketRoute
from starlette.websockets import WebSocket, WebSocketDisconnect

from tower.domain.events import Event
from tower.domain.records import Actor
from tower.domain.state import State
from tower.feed.arrivals import ArrivalTable
from tower.feed.clock import Clock
from tower.feed.codec import Codec, negotiate
from tower.feed.conversation import Close, Conversation, Fetch, Send
from tower.feed.eventlog import EventLog
from tower.feed.events_server import EventsServer
from tower.feed.fleetlog import FleetLog
from tower.feed.messages import CLOSE_TOKEN, SUBPROTOCOLS, CarrierHealth
from tower.feed.vehicles import VehicleTable
from tower.feed.vehicles_server import VehiclesServer
from tower.gateway.live_protocol import ABORT
from tower.gateway.presence import Presence
from tower.journal.errors import JournalError

EVENTS_PATH = "/v1/live/events"
VEHICLES_PATH = "/v1/live/vehicles"

TICK_S = 0.25
"""How often the live tables are cut into a frame, seconds."""

TOKEN_CHECK_S = 5.0
"""How often the tokens of connected desktops are looked at again, seconds."""

LINGER_S = 2.0
"""How long a desktop may take to answer a close before the connection is cut, seconds."""

CLOSE_FAILED = 1011
"""The gateway itself is in trouble (RFC 6455)."""

_log = logging.getLogger(__name__)


class EventReader(Protocol):
    """The part of the journal the events socket reads."""

    @property
    def epoch(self) -> str:
        """Names this journal."""
        ...

    @property
    def first_seq(self) -> int:
        """The oldest sequence number still kept; 0 while the journal is empty."""
        ...

    def read(self, after: int, limit: int) -> list[Event]:
        """Events with seq > after, oldest first; called in a worker thread."""
        ...


class GatewayView(Protocol):
    """What the live websockets see of the gateway; everything but the journal on its loop."""

    @property
    def state(self) -> State:
        """The folded state."""
        ...

    @property
    def journal(self) -> EventReader:
        """Where older events are read."""
        ...

    @property
    def vehicle_table(self) -> VehicleTable:
        """Where every vehicle is now."""
        ...

    @property
    def arrival_table(self) -> ArrivalTable:
        """When each stop is expected to be reached."""
        ...

    @property
    def clock(self) -> Clock:
        """The gateway's clock."""
        ...

    @property
    def presence(self) -> Presence:
        """Who is there; a connected desktop keeps its person's claims alive."""
        ...

    def health(self) -> Sequence[CarrierHealth]:
        """How every carrier's messages come in."""
        ...

    def authenticate(self, token: str) -> Actor | None:
        """Who shows this token, or None where it is no good (any more) for watching."""
        ...


class LiveSockets:
    """All desktops connected to this gateway.

    Call `publish_events` on the loop after the events were folded into the view's state.

    Attributes:
        closings: how many connections this side closed, by code.
    """

    def __init__(self, view: GatewayView, monotonic: Callable[[], float] = time.monotonic) -> None:
        """The view's state must hold everything the journal has committed so far."""
        self._view, self._monotonic = view, monotonic
        journal = view.journal
        self._events = EventLog(view.state, journal.epoch, view.clock, journal.first_seq)
        self._fleet = FleetLog(
            view.vehicle_table,
            view.arrival_table,
            lambda: tuple(view.health()),
            view.clock,
            uuid4().hex,
        )
        self._on_events: set[_Desktop] = set()
        self._on_vehicles: set[_Desktop] = set()
        self._ticker: asyncio.Task[None] | None = None
        self.closings: Counter[int] = Counter()

    @property
    def connections(self) -> int:
        """How many websockets are open; a desktop has two."""
        return len(self._on_events) + len(self._on_vehicles)

    def routes(self) -> list[WebSocketRoute]:
        """Where Starlette finds the two sockets."""
        return [
            WebSocketRoute(EVENTS_PATH, self._on_events_upgrade),
            WebSocketRoute(VEHICLES_PATH, self._on_vehicles_upgrade),
        ]

    def publish_events(self, events: Sequence[Event]) -> None:
        """Send events on: committed, folded, in sequence."""
        self._events.publish(events)
        for desktop in self._on_events:
            desktop.wake()

    async def _on_events_upgrade(self, websocket: WebSocket) -> None:
        await self._serve(
            websocket,
            lambda codec: EventsServer(codec, self._events, self._monotonic()),
            self._on_events,
        )

    async def _on_vehicles_upgrade(self, websocket: WebSocket) -> None:
        await self._serve(
            websocket,
            lambda codec: VehiclesServer(codec, self._fleet, self._monotonic()),
            self._on_vehicles,
        )

    async def _serve(
        self,
        websocket: WebSocket,
        begin: Callable[[Codec], Conversation],
        among: "set[_Desktop]",
    ) -> None:
        token = _bearer(websocket)
        actor = self._view.authenticate(token)
        if actor is None:
            await _deny(websocket, 401, "unauthorized", "Give a bearer token this gateway knows.")
            return
        codec = negotiate(websocket.scope.get("subprotocols", ()))
        if codec is None:
            speaks = " or ".join(SUBPROTOCOLS)
            await _deny(websocket, 400, "subprotocol", f"This gateway speaks {speaks}.")
            return
        await websocket.accept(subprotocol=codec.name)
        means = _Means(self._fetch, self._monotonic, self.closings)
        desktop = _Desktop(websocket, begin(codec), codec, token, means)
        with self._view.presence.connected(actor.id):
            await self._attend(desktop, among)

    async def _attend(self, desktop: "_Desktop", among: "set[_Desktop]") -> None:
        among.add(desktop)
        if self._ticker is None or self._ticker.done():
            self._ticker = asyncio.create_task(self._tick(), name="live sockets")
        try:
            await desktop.run()
        finally:
            among.discard(desktop)

    async def _fetch(self, after: int, limit: int) -> list[Event]:
        return await asyncio.to_thread(self._view.journal.read, after, limit)

    async def _tick(self) -> None:
        """Runs while anybody is connected."""
        next_check = self._monotonic() + TOKEN_CHECK_S
        while self.connections:
            now = self._monotonic()
            changed = self._fleet.tick(now)
            if now >= next_check:
                next_check = now + TOKEN_CHECK_S
                self._check_tokens()
            for desktop in tuple(self._on_events):
                desktop.tick(now, changed=False)
            for desktop in tuple(self._on_vehicles):
                desktop.tick(now, changed=changed)
            await asyncio.sleep(max(0.0, now + TICK_S - self._monotonic()))

    def _check_tokens(self) -> None:
        for desktop in self._on_events | self._on_vehicles:
            if self._view.authenticate(desktop.token) is None:
                desktop.end(CLOSE_TOKEN, "the token is no longer good")


class _Means(NamedTuple):
    """What a desktop's tasks need of the room."""

    fetch: Callable[[int, int], Coroutine[None, None, list[Event]]]
    monotonic: Callable[[], float]
    closings: Counter[int]


class _Desktop:
    """One websocket of one desktop: a task that reads and one that writes."""

    def __init__(
        self,
        websocket: WebSocket,
        conversation: Conversation,
        codec: Codec,
        token: str,
        means: "_Means",
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


def _bearer(websocket: WebSocket) -> str:
    scheme, _, token = websocket.headers.get("authorization", "").partition(" ")
    return token.strip() if scheme.lower() == "bearer" else ""


async def _deny(websocket: WebSocket, status: int, error: str, message: str) -> None:
    headers = {"WWW-Authenticate": "Bearer"} if status == 401 else None
    await websocket.send_denial_response(
        JSONResponse({"error": error, "message": message}, status, headers)
    )
