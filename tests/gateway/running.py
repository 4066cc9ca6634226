"""A whole gateway in a thread of the test: real port, real journal, a clock the test sets."""

import asyncio
import contextlib
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Self, TypeVar

import httpx

from tests.gateway.shift import NOON, small_shift
from tower.carriers.registry import find_adapters
from tower.domain.events import Event
from tower.domain.records import Actor
from tower.domain.state import State
from tower.feed.clock import Clock, RunningClock
from tower.gateway.gateway import Gateway
from tower.gateway.room import Source
from tower.gateway.server import Service, listen, open_journal
from tower.gateway.settings import GatewaySettings
from tower.gateway.signin import Grant, Role, Tokens
from tower.gateway.telling.accounts import Accounts
from tower.journal.journal import Journal

PATIENCE_S = 20.0

Found = TypeVar("Found")

PEOPLE = {
    "ann": Role.DISPATCHER,
    "ben": Role.DISPATCHER,
    "sue": Role.SUPERVISOR,
    "vic": Role.VIEWER,
}


def tokens() -> Tokens:
    """One token a person, `ann-token` and so on, and one for the carrier `own`."""
    made = Tokens()
    for name, role in PEOPLE.items():
        actor = Actor(kind="person", id=name, name=name.title())
        made.admit(f"{name}-token", Grant(actor=actor, role=role))
    carrier = Actor(kind="carrier", id="own", name="Own fleet")
    made.admit("own-token", Grant(actor=carrier, role=Role.CARRIER, carrier_id="own"))
    return made


def asked_until(
    http: httpx.Client, path: str, good: Callable[[httpx.Response], bool], **headers: str
) -> httpx.Response:
    """The first good answer, asking again and again."""
    ends = time.monotonic() + PATIENCE_S
    while not good(answer := http.get(path, headers=headers)):
        assert time.monotonic() < ends, f"{path} still answers {answer.status_code}: {answer.text}"
    return answer


class RunningGateway:
    """A gateway that serves, seen from the outside, and a little from the inside."""

    def __init__(self, port: int, journal: Journal, clock: RunningClock) -> None:
        self.url = f"http://127.0.0.1:{port}"
        self.journal = journal
        self.clock = clock
        self.loop: asyncio.AbstractEventLoop
        self.service: Service
        self.gateway: Gateway

    def client(self, person: str = "ann") -> httpx.Client:
        """HTTP as one person; "" for nobody."""
        headers = {"Authorization": f"Bearer {person}-token"} if person else {}
        return httpx.Client(base_url=self.url, headers=headers, timeout=PATIENCE_S)

    @property
    def state(self) -> State:
        """What the gateway has folded."""
        return self.gateway.state

    def project(self) -> None:
        """Have the arrivals projected now."""
        renewing = self.gateway.projection.renew()
        asyncio.run_coroutine_threadsafe(renewing, self.loop).result(PATIENCE_S)

    def until(self, look: Callable[[], Found | None]) -> Found:
        """What `look` finds, asked on the gateway's loop again and again until it is there."""

        async def ask() -> Found | None:
            return look()

        ends = time.monotonic() + PATIENCE_S
        while True:
            found = asyncio.run_coroutine_threadsafe(ask(), self.loop).result(PATIENCE_S)
            if found is not None:
                return found
            assert time.monotonic() < ends, "it never came"

    def expect(self, wanted: type, about: str = "") -> "Expected":
        """Be told when an event with this body comes; to be entered before it is caused."""
        return Expected(self.journal, wanted, about)


class Expected(contextlib.AbstractContextManager["Expected"]):
    """Waits, on leaving, for one event of the journal."""

    def __init__(self, journal: Journal, wanted: type, about: str) -> None:
        self._journal, self._wanted, self._about = journal, wanted, about
        self._found = threading.Event()
        self.event: Event | None = None

    def __enter__(self) -> Self:
        self._unsubscribe = self._journal.subscribe(self._look)
        return self

    def __exit__(self, *_: object) -> None:
        found = self._found.wait(PATIENCE_S)
        self._unsubscribe()
        assert found, f"no {self._wanted.__name__} about {self._about or 'anything'} was recorded"

    def _look(self, events: list[Event]) -> None:
        for event in events:
            if isinstance(event.body, self._wanted) and self._about in (
                "",
                event.subject.exception_id,
                event.subject.vehicle_id,
                event.subject.stop_id,
            ):
                self.event = event
                self._found.set()


@contextlib.contextmanager
def running_gateway(
    folder: Path,
    sources: Sequence[Source] = (),
    settings: GatewaySettings | None = None,
    shift: Sequence[Event] | None = None,
    clock: Clock | None = None,
    accounts: Accounts | None = None,
) -> Iterator[RunningGateway]:
    """Serve a small shift at noon from this folder until the block ends."""
    settings = settings or GatewaySettings(
        data=str(folder), port=0, project_s=0.1, watch_s=0.1, publish_h=0.0
    )
    if not isinstance(clock, RunningClock):
        clock = RunningClock(NOON.timestamp())
    with (
        contextlib.closing(listen("127.0.0.1", 0)) as port,
        contextlib.closing(open_journal(folder, clock)) as journal,
    ):
        journal.append(small_shift() if shift is None else shift).result(PATIENCE_S)
        running = RunningGateway(port.getsockname()[1], journal, clock)
        ready = threading.Event()

        async def serve() -> None:
            running.loop = asyncio.get_running_loop()
            running.gateway = Gateway(settings, journal, clock, tokens(), find_adapters(), accounts)
            running.service = Service(running.gateway, port)
            ready.set()
            await running.service.serve(sources)

        thread = threading.Thread(target=lambda: asyncio.run(serve()), name="gateway")
        thread.start()
        try:
            assert ready.wait(PATIENCE_S)
            yield running
        finally:
            running.service.end()
            thread.join(PATIENCE_S)
            assert not thread.is_alive(), "the gateway did not end"
