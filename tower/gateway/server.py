"""A gateway as a process: port, journal, loop, and a clean end."""

import asyncio
import contextlib
import json
import logging
import os
import signal
import socket
import sys
import threading
from collections.abc import Callable, Iterator, MutableMapping, Sequence
from functools import partial
from pathlib import Path

import uvicorn
from msgspec.structs import replace
from starlette.applications import Starlette

from tower import heap
from tower.carriers.registry import find_adapters
from tower.domain.state import State
from tower.feed.asyncapi import asyncapi_document
from tower.feed.clock import Clock
from tower.gateway.errors import DataError, PortTaken
from tower.gateway.gateway import Gateway
from tower.gateway.http.app import build_app
from tower.gateway.http.operations import all_operations
from tower.gateway.http_protocol import HttpProtocol
from tower.gateway.live_protocol import LiveProtocol
from tower.gateway.machine import Soundness
from tower.gateway.options import ExitCode
from tower.gateway.regions import Regions
from tower.gateway.room import Source
from tower.gateway.settings import GatewaySettings
from tower.gateway.signin import Tokens, forget_tokens, read_tokens
from tower.gateway.sockets import LiveSockets
from tower.gateway.telling.accounts import Accounts
from tower.gateway.telling.registry import find_channels
from tower.gateway.telling.secrets import Secrets, SystemKeyring
from tower.gateway.timekeeping import SteadyClock
from tower.journal.copying import EventsCopy
from tower.journal.errors import JournalCorrupt, JournalError
from tower.journal.journal import Journal
from tower.journal.mending import Mended, open_sound
from tower.lasting import search_seldom

_log = logging.getLogger(__name__)

JOURNAL_FILE = "journal.db"
"""Name of the journal in the data folder."""

_CLIENT_FRAME_BYTES = 64 * 1024
_BACKLOG = 512
_GRACE_S = 3
_SWITCH_S = 0.001
"""So long a thread that reckons may keep the event loop waiting. Python's own 5 ms are waited for
again after each look at the network: with fifty thousand fixes a second that is the whole time."""

_DAMAGE_TOLD_S = 3.0
"""People read that the journal is damaged before the gateway starts again."""


def run(
    settings: GatewaySettings,
    sources: Sequence[Source] = (),
    clock: Clock | None = None,
    environment: MutableMapping[str, str] = os.environ,
) -> int:
    """Run a gateway until it is told to end.

    With `settings.announce` one JSON line `{"port": …, "pid": …}` is printed when it is ready;
    with `settings.die_with_parent` it ends when standard input closes.

    Args:
        settings: everything it is told.
        sources: who brings messages besides the carriers of the settings.
        clock: its clock; the machine's where None.
        environment: where tokens and secrets are read from; they are taken out of it.

    Returns:
        The exit code.

    Raises:
        PortTaken: another program listens on the port.
        DataError: the journal cannot be opened, or the region is damaged.
        SettingsError: no token, or something else that cannot be.
        NoSuchRegion: the region is not at hand.
    """
    heap.keep_small()
    sys.setswitchinterval(_SWITCH_S)
    tokens = read_tokens(settings.token, environment)
    forget_tokens(settings.token, environment)
    if settings.region:
        Regions.at_hand(settings.region_folders).check(settings.region)
    runs = clock or SteadyClock()
    secrets = Secrets.taken_from(environment, SystemKeyring())
    with contextlib.closing(listen(settings.host, settings.port)) as port:
        accounts = partial(Accounts.opened, settings.channel, find_channels(), secrets, runs)
        lives = _Lives(settings, runs, tokens, accounts, port)
        if settings.die_with_parent:
            _end_with_parent(lives)
        while lives.live(sources):
            _log.warning("the gateway starts again to mend its journal")
    return ExitCode.OK


def open_journal(folder: Path, clock: Clock) -> Journal:
    """The journal in a data folder; one that is damaged is mended first.

    Raises:
        DataError: it can be neither opened nor mended; the message says why.
    """
    with _said_as_data_error():
        return open_sound(folder / JOURNAL_FILE, clock)[0]


def listen(host: str, port: int) -> socket.socket:
    """A socket that listens; taken before anything else, so that a taken port costs nothing.

    Raises:
        PortTaken: another program has it, or it may not be used.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    # Named so that asyncio knows it for TCP and turns off Nagle, which costs 40 ms an answer.
    taken = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        taken.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        taken.bind((host, port))
        taken.listen(_BACKLOG)
        taken.setblocking(False)
    except OSError as error:
        taken.close()
        raise PortTaken(
            f"Cannot listen on {host}:{port}: {error.strerror}. Another gateway may be running; "
            "join it with --gateway, or choose another --port."
        ) from error
    return taken


class _Server(uvicorn.Server):
    """uvicorn, leaving signals to us and saying when it is ready."""

    def __init__(self, config: uvicorn.Config, ready: Callable[[], None]) -> None:
        super().__init__(config)
        self._ready = ready

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets=sockets)
        self._ready()


class Service:
    """One gateway behind one port."""

    def __init__(self, gateway: Gateway, port: socket.socket) -> None:
        """Put the web application together; nothing is served yet."""
        self._gateway = gateway
        self._port = port
        live = LiveSockets(gateway)
        gateway.live.listen(lambda events, _: live.publish_events(events))
        app = build_app(gateway, all_operations(asyncapi_document), live.routes())
        self._server = _Server(_config(app), self._on_server_started)

    async def serve(self, sources: Sequence[Source] = ()) -> None:
        """Serve until told to end."""
        async with self._gateway.running(sources):
            await self._server.serve(sockets=[self._port])

    def end(self) -> None:
        """Finish what is under way, then end; may be called from any thread."""
        self._server.should_exit = True

    def _on_server_started(self) -> None:
        number = self._port.getsockname()[1]
        _log.info("gateway ready on port %d", number)
        if self._gateway.settings.announce:
            sys.stdout.write(json.dumps({"port": number, "pid": os.getpid()}) + "\n")
            sys.stdout.flush()


class _Lives:
    """A gateway that mends its journal by starting again, on the port it has.

    Connections made meanwhile wait in the port's queue.
    """

    def __init__(
        self,
        settings: GatewaySettings,
        clock: Clock,
        tokens: Tokens,
        accounts: Callable[[], Accounts],
        port: socket.socket,
    ) -> None:
        self._settings, self._clock, self._tokens = settings, clock, tokens
        self._accounts, self._port = accounts, port
        self._service: Service | None = None
        self._is_ending = False
        self._known: State | None = None
        self._fault = ""

    def live(self, sources: Sequence[Source]) -> bool:
        """Serve until told to end; True where the journal is to be mended before going on.

        Raises:
            DataError: the journal can neither be opened nor mended.
        """
        path = Path(self._settings.data) / JOURNAL_FILE
        with _said_as_data_error():
            journal, mended = open_sound(path, self._clock, self._known, self._fault)
            self._fault, self._known = "", None
            with contextlib.closing(journal):
                try:
                    with EventsCopy(journal):
                        asyncio.run(self._serve(journal, mended, sources))
                except JournalCorrupt as error:
                    if mended is not None:
                        raise
                    self._fault = error.what
        self._settings = replace(self._settings, announce=False)
        return bool(self._fault) and not self._is_ending

    def end(self) -> None:
        """Finish what is under way, then end; may be called from any thread."""
        self._is_ending = True
        if self._service is not None:
            self._service.end()

    async def _serve(
        self, journal: Journal, mended: Mended | None, sources: Sequence[Source]
    ) -> None:
        gateway = Gateway(
            self._settings, journal, self._clock, self._tokens, find_adapters(), self._accounts()
        )
        soundness = gateway.machine.soundness
        if mended is not None:
            soundness.tell(mended)
        with contextlib.closing(self._port.dup()) as port:
            self._service = Service(gateway, port)
            _end_on_signals(self)
            watching = asyncio.create_task(_end_when_damaged(soundness, self._service))
            searching = asyncio.create_task(search_seldom())
            try:
                await self._service.serve(sources)
            finally:
                watching.cancel()
                searching.cancel()
        self._fault, self._known = soundness.fault, gateway.state


async def _end_when_damaged(soundness: Soundness, service: Service) -> None:
    await soundness.damaged.wait()
    await asyncio.sleep(_DAMAGE_TOLD_S)
    service.end()


@contextlib.contextmanager
def _said_as_data_error() -> Iterator[None]:
    try:
        yield
    except JournalError as error:
        raise DataError(str(error)) from error


def _config(app: Starlette) -> uvicorn.Config:
    return uvicorn.Config(
        app,
        ws=LiveProtocol,
        ws_max_size=_CLIENT_FRAME_BYTES,
        ws_per_message_deflate=False,
        http=HttpProtocol,
        loop="asyncio",
        lifespan="off",
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=False,
        timeout_graceful_shutdown=_GRACE_S,
    )


def _end_on_signals(lives: _Lives) -> None:
    loop = asyncio.get_running_loop()
    for one in (signal.SIGINT, signal.SIGTERM):
        with contextlib.suppress(NotImplementedError):  # Windows ends us without asking
            loop.add_signal_handler(one, lives.end)


def _end_with_parent(lives: _Lives) -> None:
    """Standard input closes when the parent ends, however it ends."""

    def wait() -> None:
        while os.read(sys.stdin.fileno(), 4096):
            pass
        lives.end()

    threading.Thread(target=wait, name="parent-watch", daemon=True).start()
