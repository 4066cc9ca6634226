"""A gateway as a process: port, journal, loop, and a clean end."""

import asyncio
import contextlib
import errno
import json
import logging
import os
import signal
import socket
import sys
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path

import uvicorn

from tower.carriers.registry import find_adapters
from tower.feed.asyncapi import asyncapi_document
from tower.feed.clock import Clock, SystemClock
from tower.gateway.errors import DataError, PortTaken
from tower.gateway.gateway import Gateway
from tower.gateway.http.app import build_app
from tower.gateway.http.operations import all_operations
from tower.gateway.live_protocol import LiveProtocol
from tower.gateway.options import ExitCode
from tower.gateway.room import Source
from tower.gateway.settings import GatewaySettings
from tower.gateway.signin import read_tokens
from tower.gateway.sockets import LiveSockets
from tower.journal.errors import JournalError
from tower.journal.journal import Journal

_log = logging.getLogger(__name__)

JOURNAL_FILE = "journal.db"
"""Name of the journal in the data folder."""

_CLIENT_FRAME_BYTES = 64 * 1024
_BACKLOG = 512
_GRACE_S = 3


def run(
    settings: GatewaySettings,
    sources: Sequence[Source] = (),
    clock: Clock | None = None,
    environment: Mapping[str, str] = os.environ,
) -> int:
    """Run a gateway until it is told to end.

    With `settings.announce` one JSON line `{"port": …, "pid": …}` is printed when it is ready;
    with `settings.die_with_parent` it ends when standard input closes.

    Args:
        settings: everything it is told.
        sources: who brings messages besides the carriers of the settings.
        clock: its clock; the machine's where None.
        environment: where tokens are read from.

    Returns:
        The exit code.

    Raises:
        PortTaken: another program listens on the port.
        DataError: the journal cannot be opened.
        SettingsError: no token, or something else that cannot be.
        NoSuchRegion: the region is not at hand.
    """
    tokens = read_tokens(settings.token, environment)
    runs = clock or SystemClock()
    with listening(settings.host, settings.port) as port:
        journal = open_journal(Path(settings.data), runs)
        try:

            def make() -> Gateway:
                return Gateway(settings, journal, runs, tokens, find_adapters())

            asyncio.run(_serve(make, port, sources))
        except JournalError as error:
            raise DataError(str(error)) from error
        finally:
            journal.close()
    return ExitCode.OK


def open_journal(folder: Path, clock: Clock) -> Journal:
    """The journal in a data folder.

    Raises:
        DataError: it cannot be opened; the message says why.
    """
    try:
        return Journal.open(folder / JOURNAL_FILE, clock)
    except JournalError as error:
        raise DataError(str(error)) from error


@contextlib.contextmanager
def listening(host: str, port: int) -> Iterator[socket.socket]:
    """A socket that listens; taken before anything else, so that a taken port costs nothing.

    Raises:
        PortTaken: another program has it, or it may not be used.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    taken = socket.socket(family, socket.SOCK_STREAM)
    try:
        taken.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        taken.bind((host, port))
        taken.listen(_BACKLOG)
        taken.setblocking(False)
        yield taken
    except OSError as error:
        if error.errno not in (errno.EADDRINUSE, errno.EACCES, errno.EADDRNOTAVAIL):
            raise
        raise PortTaken(
            f"Cannot listen on {host}:{port}: {error.strerror}. Another gateway may be running; "
            "join it with --gateway, or choose another --port."
        ) from error
    finally:
        taken.close()


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


async def _serve(
    make: Callable[[], Gateway], port: socket.socket, sources: Sequence[Source]
) -> None:
    gateway = make()
    live = LiveSockets(gateway)
    gateway.live.listen(lambda events, _: live.publish_events(events))
    app = build_app(gateway, all_operations(asyncapi_document), live.routes())
    config = uvicorn.Config(
        app,
        ws=LiveProtocol,
        ws_max_size=_CLIENT_FRAME_BYTES,
        ws_per_message_deflate=False,
        http="h11",
        loop="asyncio",
        lifespan="off",
        log_config=None,
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=_GRACE_S,
    )
    server = _Server(config, lambda: _announce(gateway.settings, port))
    _end_on_signals(server)
    if gateway.settings.die_with_parent:
        _end_with_parent(server)
    async with gateway.running(sources):
        await server.serve(sockets=[port])


def _announce(settings: GatewaySettings, port: socket.socket) -> None:
    number = port.getsockname()[1]
    _log.info("gateway ready on %s:%d", settings.host, number)
    if settings.announce:
        sys.stdout.write(json.dumps({"port": number, "pid": os.getpid()}) + "\n")
        sys.stdout.flush()


def _end_on_signals(server: uvicorn.Server) -> None:
    loop = asyncio.get_running_loop()

    def end() -> None:
        server.should_exit = True

    for one in (signal.SIGINT, signal.SIGTERM):
        with contextlib.suppress(NotImplementedError):  # Windows ends us without asking
            loop.add_signal_handler(one, end)


def _end_with_parent(server: uvicorn.Server) -> None:
    """Standard input closes when the parent ends, however it ends."""

    def wait() -> None:
        while os.read(sys.stdin.fileno(), 4096):
            pass
        server.should_exit = True

    threading.Thread(target=wait, name="parent-watch", daemon=True).start()
