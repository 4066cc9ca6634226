"""A room of desktops around a small gateway: real websockets on loopback, events in memory."""

import asyncio
import contextlib
import socket
import time
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from datetime import timedelta

import uvicorn
from msgspec.structs import replace
from starlette.applications import Starlette

from tower.domain.events import (
    AnyBody,
    Event,
    ExceptionRaised,
    RouteSequence,
    RoutesSequenced,
    StopArrived,
    StopDelivered,
    StopEnRoute,
    StopPlanned,
)
from tower.domain.fold import apply
from tower.domain.identity import derived_event_id
from tower.domain.moments import utc
from tower.domain.records import Actor, Finding, StopPlan, Subject
from tower.domain.state import State
from tower.domain.words import ExceptionKind, Severity
from tower.feed.arrivals import ArrivalMirror, ArrivalTable
from tower.feed.clock import RunningClock
from tower.feed.link import Link
from tower.feed.messages import CarrierHealth
from tower.feed.sections import Frame
from tower.feed.vehicles import VehicleMirror, VehicleTable
from tower.gateway.live_protocol import LiveProtocol
from tower.gateway.presence import Presence
from tower.gateway.sockets import LiveSockets
from tower.journal.errors import JournalError

TOKEN = "open sesame"
NOON = utc(1_700_000_000)
CARRIER = Actor(kind="carrier", id="own", name="Own fleet")


class MemoryJournal:
    """Events in memory, the oldest of which may be dropped."""

    def __init__(self, epoch: str = "epoch-1") -> None:
        self.epoch = epoch
        self.events: list[Event] = []
        self.reads = 0
        self.broken = False

    @property
    def first_seq(self) -> int:
        return self.events[0].seq if self.events else 0

    @property
    def seq(self) -> int:
        return self.events[-1].seq if self.events else 0

    def read(self, after: int, limit: int) -> list[Event]:
        if self.broken:
            raise JournalError("The disk is gone.")
        self.reads += 1
        return [event for event in self.events if event.seq > after][:limit]


class Room:
    """What the live sockets see of a gateway, and the means to make things happen in it."""

    def __init__(self, epoch: str = "epoch-1", rate: float = 1.0) -> None:
        self.journal = MemoryJournal(epoch)
        self.state = State()
        self.clock = RunningClock(NOON.timestamp(), rate)
        self.arrival_table = ArrivalTable()
        self.vehicle_table = VehicleTable(self.arrival_table)
        self.presence = Presence(60.0)
        self.tokens = {TOKEN}
        self.carriers: list[CarrierHealth] = []
        self.sockets: LiveSockets | None = None

    @property
    def trouble(self) -> str:
        return ""

    def health(self) -> Sequence[CarrierHealth]:
        return self.carriers

    def authenticate(self, token: str) -> Actor | None:
        return Actor(kind="person", id="p1") if token in self.tokens else None

    def happen(self, *bodies: tuple[Subject, AnyBody]) -> list[Event]:
        """Append, fold and publish."""
        return self.take(
            [an_event(self.journal.seq + n, *body) for n, body in enumerate(bodies, start=1)]
        )

    def take(self, events: Sequence[Event]) -> list[Event]:
        """Append events with the next sequence numbers, fold and publish them."""
        first = self.journal.seq + 1
        taken = [replace(event, seq=first + n) for n, event in enumerate(events)]
        self.journal.events += taken
        for event in taken:
            apply(self.state, event)
        if self.sockets is not None:
            self.sockets.publish_events(taken)
        return taken

    @contextlib.asynccontextmanager
    async def open(
        self, port: int = 0, monotonic: Callable[[], float] = time.monotonic
    ) -> AsyncIterator[str]:
        """Serve on loopback; gives the address."""
        self.sockets = LiveSockets(self, monotonic)
        app = Starlette(routes=self.sockets.routes())
        config = uvicorn.Config(
            app,
            ws=LiveProtocol,
            ws_max_size=64 * 1024,
            ws_per_message_deflate=False,
            lifespan="off",
            log_config=None,
            access_log=False,
            timeout_graceful_shutdown=1,
        )
        server = _Server(config)
        with socket.create_server(("127.0.0.1", port)) as listener:
            serving = asyncio.create_task(server.serve(sockets=[listener]))
            try:
                yield f"ws://127.0.0.1:{listener.getsockname()[1]}"
            finally:
                server.should_exit = True
                await serving
                self.sockets = None


class _Server(uvicorn.Server):
    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


class Desk:
    """A desktop's sink: keeps the state and the mirrors, and lets a test wait for them."""

    def __init__(self) -> None:
        self.state = State()
        self.epoch = ""
        self.arrivals = ArrivalMirror()
        self.vehicles = VehicleMirror(self.arrivals)
        self.health: tuple[CarrierHealth, ...] = ()
        self.seqs: list[int] = []
        self.replacements = 0
        self.links: list[Link] = []
        self._changed = asyncio.Event()

    def state_replaced(self, state: State, epoch: str) -> None:
        self.state, self.epoch = state, epoch
        self.replacements += 1
        self.seqs.clear()
        self._changed.set()

    def events_arrived(self, events: list[Event]) -> None:
        for event in events:
            apply(self.state, event)
            self.seqs.append(event.seq)
        self._changed.set()

    def frame_arrived(self, frame: Frame) -> None:
        self.arrivals.apply(frame)
        self.vehicles.apply(frame)
        self.health = frame.health or self.health
        self._changed.set()

    def link_changed(self, link: Link) -> None:
        self.links.append(link)
        self._changed.set()

    @property
    def status(self) -> str:
        return self.links[-1].status if self.links else ""

    async def until(self, reached: Callable[[], bool], timeout_s: float = 20.0) -> None:
        """Wait until something that arrived makes `reached` true."""
        async with asyncio.timeout(timeout_s):
            while not reached():
                self._changed.clear()
                await self._changed.wait()


def an_event(number: int, subject: Subject, body: AnyBody, minutes: float = 0.0) -> Event:
    at = NOON + timedelta(minutes=minutes, seconds=number)
    return Event(
        id=derived_event_id(at, "own", str(number), repr(body)[:40]),
        at=at,
        recorded_at=at,
        actor=CARRIER,
        subject=subject,
        body=body,
    )


def a_shift(
    stops: int, route_id: str = "R-1", carrier_id: str = "own"
) -> list[tuple[Subject, AnyBody]]:
    """A route with stops, planned and sequenced."""
    ids = tuple(f"{route_id}/{n}" for n in range(stops))
    planned: list[tuple[Subject, AnyBody]] = [
        (
            Subject(stop_id=id_, route_id=route_id, carrier_id=carrier_id),
            StopPlanned(plan=StopPlan(id=id_, customer="Example Person", lat=47.1, lon=9.5)),
        )
        for id_ in ids
    ]
    sequence = RouteSequence(route_id=route_id, version=1, stops=ids)
    return [
        *planned,
        (Subject(route_id=route_id, carrier_id=carrier_id), RoutesSequenced(routes=(sequence,))),
    ]


def progress(stop_id: str, step: int, route_id: str = "R-1") -> tuple[Subject, AnyBody]:
    """The next thing said about a stop."""
    bodies: tuple[AnyBody, ...] = (StopEnRoute(), StopArrived(), StopDelivered())
    return Subject(stop_id=stop_id, route_id=route_id, carrier_id="own"), bodies[step % 3]


def an_exception(number: int, stop_id: str, route_id: str = "R-1") -> tuple[Subject, AnyBody]:
    """An exception found at a stop."""
    subject = Subject(stop_id=stop_id, route_id=route_id, exception_id=f"x{number}")
    finding = Finding(
        kind=ExceptionKind.LATE,
        severity=Severity.MAJOR,
        subject=subject,
        headline="Window ends 14:45, ETA 14:51",
    )
    return subject, ExceptionRaised(finding=finding)
