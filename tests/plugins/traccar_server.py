"""A small server that speaks Traccar: sign-in, REST and the websocket, on loopback."""

import asyncio
import json
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import datetime
from http import HTTPStatus
from typing import Any
from urllib.parse import parse_qs, urlsplit

from websockets.asyncio.server import Server, ServerConnection, serve
from websockets.datastructures import Headers
from websockets.http11 import Request, Response

TOKEN = "token-of-the-account"
_COOKIE = "JSESSIONID=session-1"


class TraccarServer:
    """Knows devices and positions, streams what is reported, and can hang up on everybody."""

    def __init__(self) -> None:
        self.devices: list[dict[str, Any]] = []
        self.positions: list[dict[str, Any]] = []
        self.asked: list[str] = []
        self.followers: set[ServerConnection] = set()
        self.followed = asyncio.Event()
        self.caught_up = asyncio.Event()
        self._server: Server | None = None

    @property
    def url(self) -> str:
        assert self._server is not None
        port = next(iter(self._server.sockets)).getsockname()[1]
        return f"http://127.0.0.1:{port}"

    def add_device(self, number: int, unique_id: str) -> None:
        """A device its owner registered."""
        device = {
            "id": number,
            "uniqueId": unique_id,
            "name": unique_id.title(),
            "status": "online",
        }
        self.devices.append(device)

    def record(
        self, device: int, at: datetime, lat: float, lon: float, knots: float = 10
    ) -> dict[str, Any]:
        """A device reports while nobody may be listening."""
        position = {
            "id": len(self.positions) + 1,
            "deviceId": device,
            "fixTime": at.isoformat(),
            "latitude": lat,
            "longitude": lon,
            "speed": knots,
            "course": 90,
            "valid": True,
        }
        self.positions.append(position)
        return position

    async def report(self, device: int, at: datetime, lat: float, lon: float) -> None:
        """A device reports; followers hear it at once."""
        await self.stream({"positions": [self.record(device, at, lat, lon)]})

    async def stream(self, message: dict[str, Any]) -> None:
        """Send one websocket message to all followers."""
        for follower in list(self.followers):
            await follower.send(json.dumps(message))

    async def hang_up(self) -> None:
        """Lose every connection, without a closing handshake."""
        self.followed.clear()
        for follower in list(self.followers):
            follower.transport.abort()
            await follower.wait_closed()

    @asynccontextmanager
    async def running(self) -> AsyncIterator["TraccarServer"]:
        """Serve on a free port of loopback."""
        async with serve(
            self._follow, "127.0.0.1", 0, process_request=self._answer, compression=None
        ) as server:
            self._server = server
            yield self

    async def _follow(self, connection: ServerConnection) -> None:
        self.followers.add(connection)
        self.followed.set()
        try:
            await connection.wait_closed()
        finally:
            self.followers.discard(connection)

    def _answer(self, _connection: ServerConnection, request: Request) -> Response | None:
        parts = urlsplit(request.path)
        query = {name: values[0] for name, values in parse_qs(parts.query).items()}
        self.asked.append(parts.path)
        if parts.path == "/api/session":
            return self._sign_in(query)
        if parts.path == "/api/socket":
            cookie = request.headers.get("Cookie", "")
            return None if cookie == _COOKIE else _response(HTTPStatus.UNAUTHORIZED, "no session")
        if request.headers.get("Authorization") != f"Bearer {TOKEN}":
            return _response(HTTPStatus.UNAUTHORIZED, "no token")
        if parts.path == "/api/devices":
            return _json(self.devices)
        if parts.path == "/api/positions":
            return _json(self._positions(query))
        return _response(HTTPStatus.NOT_FOUND, parts.path)

    def _sign_in(self, query: dict[str, str]) -> Response:
        if query.get("token") != TOKEN:
            return _response(HTTPStatus.UNAUTHORIZED, "unknown token")
        answer = _json({"id": 1, "name": "Account"})
        answer.headers["Set-Cookie"] = f"{_COOKIE}; Path=/; HttpOnly"
        return answer

    def _positions(self, query: dict[str, str]) -> Sequence[dict[str, Any]]:
        if "deviceId" not in query:
            self.caught_up.set()
            return list({position["deviceId"]: position for position in self.positions}.values())
        since, until = (datetime.fromisoformat(query[name]) for name in ("from", "to"))
        return [
            position
            for position in self.positions
            if position["deviceId"] == int(query["deviceId"])
            and since <= datetime.fromisoformat(position["fixTime"]) <= until
        ]


def _json(value: object) -> Response:
    answer = _response(HTTPStatus.OK, json.dumps(value))
    answer.headers["Content-Type"] = "application/json"
    return answer


def _response(status: HTTPStatus, text: str) -> Response:
    body = text.encode()
    headers = Headers([("Content-Length", str(len(body))), ("Connection", "close")])
    return Response(status.value, status.phrase, headers, body)
