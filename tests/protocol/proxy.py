"""A bad network on loopback: a TCP proxy that cuts, delays, swallows, trickles and floods.

It passes bytes on unchanged until it is told otherwise, and can be told while it runs, from any
thread. `UP` is towards the server, `DOWN` towards the client.
"""

import asyncio
import socket
import threading
import time
from collections.abc import Callable
from typing import Literal, NamedTuple, Self

Direction = Literal["up", "down"]
UP: Direction = "up"
DOWN: Direction = "down"

_PIECE = 16 * 1024
_BUFFER = 16 * 1024
"""Of the sockets and queues in between, small so that who reads slowly is felt at the other end."""

_QUEUED = 8
_LOOK_S = 0.02
_PATIENCE_S = 10.0


class Manner(NamedTuple):
    """How bytes of one direction are passed on.

    Attributes:
        delay_s: seconds each byte is late.
        bytes_per_s: how many go through a second; None for all.
        swallows: bytes disappear while both ends believe in the connection.
        junk: poured in between what passes, over and over; b"" for nothing.
    """

    delay_s: float = 0.0
    bytes_per_s: float | None = None
    swallows: bool = False
    junk: bytes = b""


class Proxy:
    """Stands between clients and a server on loopback.

    Attributes:
        port: where clients connect.
        connections: how many were ever made.
        passed: bytes passed on, by direction; junk is not counted.
    """

    def __init__(self, target: int) -> None:
        """Listen at once; nothing passes before the proxy is entered.

        Args:
            target: the server's port on loopback.
        """
        self.target = target
        self.connections = 0
        self.passed: dict[Direction, int] = {UP: 0, DOWN: 0}
        self._manners: dict[Direction, Manner] = {UP: Manner(), DOWN: Manner()}
        self._is_cut = False
        self._open: set[_Connection] = set()
        self._loop = asyncio.new_event_loop()
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.port = int(self._socket.getsockname()[1])
        self._thread = threading.Thread(target=self._run, name="proxy")

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(_PATIENCE_S)
        self._socket.close()

    def cut(self) -> None:
        """Break every connection, and each new one, until it is mended."""
        self._is_cut = True
        self._on_loop(self._break_all)

    def delay(self, seconds: float) -> None:
        """Let every byte be so late, both ways."""
        for direction in (UP, DOWN):
            self._manners[direction] = self.manner(direction)._replace(delay_s=seconds)

    def swallow(self, direction: Direction) -> None:
        """Let bytes of one direction disappear: the connection is half open."""
        self._manners[direction] = self.manner(direction)._replace(swallows=True)

    def trickle(self, bytes_per_s: float, direction: Direction = DOWN) -> None:
        """Let through so many bytes a second, of each connection."""
        self._manners[direction] = self.manner(direction)._replace(bytes_per_s=bytes_per_s)

    def flood(self, junk: bytes, direction: Direction) -> None:
        """Pour these bytes into every connection, as fast as they are taken."""
        self._manners[direction] = self.manner(direction)._replace(junk=junk)

    def mend(self) -> None:
        """Pass on unchanged again; a stream bytes are missing from, or junk is in, is broken."""
        self._is_cut = False
        self._manners = {UP: Manner(), DOWN: Manner()}
        self._on_loop(self._break_spoilt)

    def manner(self, direction: Direction) -> Manner:
        """How bytes are passed on just now."""
        return self._manners[direction]

    def _on_loop(self, call: Callable[[], None]) -> None:
        """Run it on the loop and wait until it is done."""
        done = threading.Event()

        def run() -> None:
            call()
            done.set()

        self._loop.call_soon_threadsafe(run)
        done.wait(_PATIENCE_S)

    def _break_all(self) -> None:
        for one in tuple(self._open):
            one.abort()

    def _break_spoilt(self) -> None:
        for one in tuple(self._open):
            if one.is_spoilt:
                one.abort()

    def _run(self) -> None:
        asyncio.set_event_loop(self._loop)
        serving = self._loop.create_task(
            asyncio.start_server(self._on_client, sock=self._socket, limit=_BUFFER)
        )
        try:
            self._loop.run_forever()
        finally:
            self._manners = {UP: Manner(), DOWN: Manner()}
            self._break_all()
            serving.result().close()
            if left := asyncio.all_tasks(self._loop):
                self._loop.run_until_complete(asyncio.wait(left, timeout=_PATIENCE_S))
            self._loop.close()

    async def _on_client(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if self._is_cut:
            writer.transport.abort()
            return
        self.connections += 1
        one = _Connection(self, writer)
        self._open.add(one)
        try:
            await one.run(reader)
        finally:
            self._open.discard(one)


class _Connection:
    """One client's connection and ours to the server.

    Attributes:
        is_spoilt: bytes were swallowed or junk was put in, so it may not go on as if all were well.
    """

    def __init__(self, proxy: Proxy, client: asyncio.StreamWriter) -> None:
        self.is_spoilt = False
        self._proxy, self._client = proxy, client
        self._server: asyncio.StreamWriter | None = None

    async def run(self, from_client: asyncio.StreamReader) -> None:
        """Until both sides have said all, or one breaks off."""
        _narrow(self._client)
        try:
            from_server, self._server = await asyncio.open_connection(
                "127.0.0.1", self._proxy.target, limit=_BUFFER
            )
            _narrow(self._server)
            async with asyncio.TaskGroup() as ways:
                down = self._way(ways, DOWN, from_server, self._client)
                up = self._way(ways, UP, from_client, self._server)
                await asyncio.wait(up.writers | down.writers)
                for pouring in up.pouring | down.pouring:
                    pouring.cancel()
        except (OSError, ExceptionGroup):
            pass  # one side is gone, and now so is the other
        finally:
            self.abort()

    def abort(self) -> None:
        """Break it, at both ends."""
        for one in (self._client, self._server):
            if one is not None:
                one.transport.abort()

    def _way(
        self,
        tasks: asyncio.TaskGroup,
        direction: Direction,
        source: asyncio.StreamReader,
        sink: asyncio.StreamWriter,
    ) -> "_Way":
        """Pass on one direction; whatever of it breaks, breaks the connection."""
        queue: asyncio.Queue[tuple[float, bytes]] = asyncio.Queue(_QUEUED)
        tasks.create_task(_read(source, queue))
        writing = tasks.create_task(self._write(direction, queue, sink))
        return _Way({writing}, {tasks.create_task(self._pour(direction, sink))})

    async def _write(
        self,
        direction: Direction,
        queue: "asyncio.Queue[tuple[float, bytes]]",
        sink: asyncio.StreamWriter,
    ) -> None:
        while True:
            came, piece = await queue.get()
            await self._until_due(came, direction)
            if not piece:
                if sink.can_write_eof() and not self._proxy.manner(direction).swallows:
                    sink.write_eof()
                return
            await self._write_piece(direction, piece, sink)

    async def _until_due(self, came: float, direction: Direction) -> None:
        """As late as bytes are by now, which may change meanwhile."""
        while True:
            late = came + self._proxy.manner(direction).delay_s - time.monotonic()
            if late <= 0:
                return
            await asyncio.sleep(min(late, _LOOK_S))

    async def _write_piece(
        self, direction: Direction, piece: bytes, sink: asyncio.StreamWriter
    ) -> None:
        while piece:
            manner = self._proxy.manner(direction)
            if manner.swallows:
                self.is_spoilt = True
                return
            size = len(piece)
            if manner.bytes_per_s is not None:
                size = max(1, int(manner.bytes_per_s * _LOOK_S))
                await self._wait(size / manner.bytes_per_s, direction)
            self._proxy.passed[direction] += len(piece[:size])
            sink.write(piece[:size])
            await sink.drain()
            piece = piece[size:]

    async def _wait(self, seconds: float, direction: Direction) -> None:
        """So long, or until bytes may go as they like again."""
        ends = time.monotonic() + seconds
        while (left := ends - time.monotonic()) > 0:
            if self._proxy.manner(direction).bytes_per_s is None:
                return
            await asyncio.sleep(min(left, _LOOK_S))

    async def _pour(self, direction: Direction, sink: asyncio.StreamWriter) -> None:
        while True:
            junk = self._proxy.manner(direction).junk
            if junk:
                self.is_spoilt = True
                sink.write(junk)
                await sink.drain()
            await asyncio.sleep(0 if junk else _LOOK_S)


class _Way(NamedTuple):
    """The tasks of one direction that matter to its end."""

    writers: set[asyncio.Task[None]]
    pouring: set[asyncio.Task[None]]


async def _read(source: asyncio.StreamReader, queue: "asyncio.Queue[tuple[float, bytes]]") -> None:
    while piece := await source.read(_PIECE):
        await queue.put((time.monotonic(), piece))
    await queue.put((time.monotonic(), b""))


def _narrow(writer: asyncio.StreamWriter) -> None:
    """Keep little on the way."""
    writer.transport.set_write_buffer_limits(high=_BUFFER)
    raw: socket.socket = writer.get_extra_info("socket")
    for option in (socket.SO_SNDBUF, socket.SO_RCVBUF):
        raw.setsockopt(socket.SOL_SOCKET, option, _BUFFER)
