"""A provider's HTTP server on loopback: keeps what it was sent, answers as told, or misbehaves."""

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from enum import Enum
from urllib.parse import parse_qsl, urlsplit


class Misbehaving(Enum):
    """What a provider may do in place of an answer."""

    HANG_UP = "reads the request and closes the connection"
    SILENCE = "reads the request and never answers"
    HALF = "begins an answer and closes the connection"


@dataclass(frozen=True)
class Asked:
    """A request as it came in; names of headers in lower case."""

    method: str
    target: str
    headers: Mapping[str, str]
    body: bytes

    @property
    def path(self) -> str:
        return urlsplit(self.target).path

    @property
    def query(self) -> dict[str, str]:
        return dict(parse_qsl(urlsplit(self.target).query, keep_blank_values=True))

    @property
    def form(self) -> dict[str, str]:
        return dict(parse_qsl(self.body.decode(), keep_blank_values=True))


@dataclass(frozen=True)
class Answering:
    status: int
    body: bytes = b""
    media: str = "application/json"


Answer = Answering | Misbehaving | Callable[[Asked], Answering]


@dataclass
class ProviderServer:
    """Answers the requests in the order they come; the last answer is repeated."""

    answers: Sequence[Answer]
    asked: list[Asked] = field(default_factory=list)
    url: str = ""
    _open: set[asyncio.StreamWriter] = field(default_factory=set)

    @asynccontextmanager
    async def running(self) -> AsyncIterator["ProviderServer"]:
        """Serve on a free port of loopback."""
        server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        self.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
        try:
            yield self
        finally:
            for writer in list(self._open):
                writer.transport.abort()
            server.close()
            await server.wait_closed()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._open.add(writer)
        try:
            await self._answer(await _request(reader), reader, writer)
        finally:
            self._open.discard(writer)
            writer.close()

    async def _answer(
        self, asked: Asked, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        self.asked.append(asked)
        answer = self.answers[min(len(self.asked), len(self.answers)) - 1]
        if answer is Misbehaving.SILENCE:
            await reader.read()  # until the one who asks has had enough
        elif answer is Misbehaving.HALF:
            writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf")
        elif isinstance(answer, Answering):
            writer.write(_response(answer))
        elif callable(answer):
            writer.write(_response(answer(asked)))


async def _request(reader: asyncio.StreamReader) -> Asked:
    head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
    method, target, _ = head[0].split(" ")
    lines = (line.partition(":") for line in head[1:] if line)
    headers = {name.lower(): value.strip() for name, _, value in lines}
    body = await reader.readexactly(int(headers.get("content-length", "0")))
    return Asked(method, target, headers, body)


def _response(answer: Answering) -> bytes:
    head = (
        f"HTTP/1.1 {answer.status} Said\r\nContent-Type: {answer.media}\r\n"
        f"Content-Length: {len(answer.body)}\r\nConnection: close\r\n\r\n"
    )
    return head.encode() + answer.body
