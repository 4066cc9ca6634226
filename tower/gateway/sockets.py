"""The two live websockets: who is let in, and what all desktops share."""

import asyncio
import time
from collections import Counter
from collections.abc import Callable, Sequence
from typing import Protocol
from uuid import uuid4

from starlette.responses import JSONResponse
from starlette.routing import WebSocketRoute
from starlette.websockets import WebSocket

from tower.domain.events import Event
from tower.domain.records import Actor
from tower.domain.state import State
from tower.feed.arrivals import ArrivalTable
from tower.feed.clock import Clock
from tower.feed.codec import Codec, negotiate
from tower.feed.conversation import Conversation
from tower.feed.eventlog import EventLog
from tower.feed.events_server import EventsServer
from tower.feed.fleetlog import FleetLog
from tower.feed.messages import CLOSE_TOKEN, SUBPROTOCOLS, CarrierHealth
from tower.feed.vehicles import VehicleTable
from tower.feed.vehicles_server import VehiclesServer
from tower.gateway.desktop import Desktop, Means
from tower.gateway.presence import Presence

EVENTS_PATH = "/v1/live/events"
VEHICLES_PATH = "/v1/live/vehicles"

TICK_S = 0.1
"""How often the live tables are cut into a frame, seconds: as often as a desktop shows one."""

CROWD, CROWD_TICK_S = 16, 0.25
"""From so many desktops on they are cut more seldom: each frame is written to and acknowledged by
every one of them."""

LARGE_FLEET, LARGE_TICK_S = 20_000, 0.5
"""With so many vehicles too: what a desktop does for a frame, it does for all of them."""

TOKEN_CHECK_S = 5.0
"""How often the tokens of connected desktops are looked at again, seconds."""


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

    @property
    def trouble(self) -> str:
        """What the room should know of the gateway itself, in words; "" while all is well."""
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
            lambda: view.trouble,
        )
        self._on_events: set[Desktop] = set()
        self._on_vehicles: set[Desktop] = set()
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
        among: set[Desktop],
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
        means = Means(self._fetch, self._monotonic, self.closings)
        desktop = Desktop(websocket, begin(codec), codec, token, means)
        with self._view.presence.connected(actor.id):
            await self._attend(desktop, among)

    async def _attend(self, desktop: Desktop, among: set[Desktop]) -> None:
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
            tick_s = beat_s(len(self._view.vehicle_table), len(self._on_vehicles))
            await asyncio.sleep(max(0.0, now + tick_s - self._monotonic()))

    def _check_tokens(self) -> None:
        for desktop in self._on_events | self._on_vehicles:
            if self._view.authenticate(desktop.token) is None:
                desktop.end(CLOSE_TOKEN, "the token is no longer good")


def beat_s(vehicles: int, desktops: int) -> float:
    """How often the live tables are cut into a frame for so many, seconds."""
    if vehicles >= LARGE_FLEET:
        return LARGE_TICK_S
    return TICK_S if desktops < CROWD else CROWD_TICK_S


def _bearer(websocket: WebSocket) -> str:
    scheme, _, token = websocket.headers.get("authorization", "").partition(" ")
    return token.strip() if scheme.lower() == "bearer" else ""


async def _deny(websocket: WebSocket, status: int, error: str, message: str) -> None:
    headers = {"WWW-Authenticate": "Bearer"} if status == 401 else None
    await websocket.send_denial_response(
        JSONResponse({"error": error, "message": message}, status, headers)
    )
