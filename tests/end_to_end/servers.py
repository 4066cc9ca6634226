"""Small servers on loopback that a room talks to: a Traccar server and a tile server."""

import asyncio
import contextlib
import threading
from collections.abc import Coroutine, Iterator
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, NamedTuple

from PySide6.QtCore import QBuffer, QByteArray, QIODevice
from PySide6.QtGui import QColor, QImage, QImageWriter

from tests.end_to_end.rooms import PATIENCE_S
from tests.plugins.traccar_server import TraccarServer

TILE_COLOUR = QColor(200, 30, 120)


class StreamingTraccar:
    """A Traccar server that runs by itself; a test tells it what devices report."""

    def __init__(self, server: TraccarServer, loop: asyncio.AbstractEventLoop) -> None:
        self.server = server
        self._loop = loop

    def do(self, work: Coroutine[Any, Any, object]) -> None:
        """Have the server do something, and wait until it has."""
        asyncio.run_coroutine_threadsafe(work, self._loop).result(PATIENCE_S)

    def wait_followed(self) -> None:
        """Wait until somebody follows the websocket."""
        self.do(asyncio.wait_for(self.server.followed.wait(), PATIENCE_S))


@contextlib.contextmanager
def streaming_traccar() -> Iterator[StreamingTraccar]:
    """A Traccar server in a thread of its own."""
    made: list[StreamingTraccar] = []
    ready, over = threading.Event(), asyncio.Event()

    async def serve() -> None:
        async with TraccarServer().running() as server:
            made.append(StreamingTraccar(server, asyncio.get_running_loop()))
            ready.set()
            await over.wait()

    thread = threading.Thread(target=lambda: asyncio.run(serve()), name="traccar")
    thread.start()
    try:
        assert ready.wait(PATIENCE_S)
        yield made[0]
    finally:
        made[0]._loop.call_soon_threadsafe(over.set)
        thread.join(PATIENCE_S)


class Asked(NamedTuple):
    """One request for a tile."""

    path: str
    user_agent: str
    cookie: str


class TileServer(ThreadingHTTPServer):
    """Answers every XYZ request with a tile of one colour."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _TileHandler)
        self.asked: list[Asked] = []
        self.tile = _tile()

    @property
    def template(self) -> str:
        """The address a user configures."""
        return f"http://127.0.0.1:{self.server_port}/tiles/{{z}}/{{x}}/{{y}}.png"


class _TileHandler(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        tiles, headers = self.server, self.headers
        assert isinstance(tiles, TileServer)
        asked = Asked(self.path, headers.get("User-Agent", ""), headers.get("Cookie", ""))
        tiles.asked.append(asked)
        self.send_response(HTTPStatus.OK)
        self.send_header("Content-Type", "image/png")
        self.send_header("Content-Length", str(len(tiles.tile)))
        self.end_headers()
        self.wfile.write(tiles.tile)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - its name there
        """Nothing: a test reads what was asked."""


def _tile() -> bytes:
    image = QImage(256, 256, QImage.Format.Format_RGB32)
    image.fill(TILE_COLOUR)
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    QImageWriter(buffer, QByteArray(b"PNG")).write(image)
    return bytes(buffer.data().data())


@contextlib.contextmanager
def tile_server() -> Iterator[TileServer]:
    """A tile server in a thread of its own."""
    with TileServer() as server:
        thread = threading.Thread(target=server.serve_forever, name="tiles")
        thread.start()
        try:
            yield server
        finally:
            server.shutdown()
            thread.join(PATIENCE_S)
