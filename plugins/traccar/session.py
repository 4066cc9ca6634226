"""A signed-in session with a Traccar server: its REST interface and its websocket.

Source: Traccar's API documentation: REST takes the account's token as a bearer token; the
websocket takes only the cookie of a session, which `/api/session?token=` opens.

The libraries that speak HTTP and websockets are loaded with the first session: they take a
quarter of a second, and a gateway that follows no server can start without them.
"""

import logging
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from datetime import datetime
from typing import TYPE_CHECKING
from urllib.parse import urlsplit, urlunsplit

from tower.carriers.port import PullConfig, PullError
from tower.domain.moments import rfc3339

if TYPE_CHECKING:
    import httpx
    from websockets.asyncio.client import ClientConnection

CONTENT_TYPE = "application/json"

LARGEST_MESSAGE = 32 << 20
"""Bytes of one websocket message: the positions of some 60,000 devices."""

_DENIED = (400, 401, 403)
_TIMEOUT_S = 20.0


class LinkLost(Exception):
    """The server cannot be reached, failed, or hung up; trying again may help."""


class TraccarSession:
    """What one signed-in session can be asked; made by `signed_in`."""

    def __init__(self, client: "httpx.AsyncClient") -> None:
        """Asks through `client`, which carries the token and the session's cookie."""
        self._client = client

    async def devices(self) -> bytes:
        """Every device the account may see, as JSON.

        Raises:
            LinkLost: the server did not answer it.
        """
        return await _get(self._client, "/api/devices", {})

    async def last_positions(self) -> bytes:
        """The last known position of every device, as JSON.

        Raises:
            LinkLost: the server did not answer it.
        """
        return await _get(self._client, "/api/positions", {})

    async def positions_between(self, device_id: int, since: datetime, until: datetime) -> bytes:
        """The positions of one device in a stretch of time, as JSON.

        Raises:
            LinkLost: the server did not answer it.
        """
        between = {"deviceId": str(device_id), "from": rfc3339(since), "to": rfc3339(until)}
        return await _get(self._client, "/api/positions", between)

    def cookies(self) -> str:
        """The session's cookies, as a header."""
        return "; ".join(f"{cookie.name}={cookie.value}" for cookie in self._client.cookies.jar)


@asynccontextmanager
async def signed_in(config: PullConfig) -> AsyncGenerator[TraccarSession]:
    """A session at `config.url` with `config.token`.

    Raises:
        PullError: the server does not accept the token.
        LinkLost: the server cannot be reached or fails.
    """
    import httpx  # noqa: PLC0415 - see the top of the file

    # It logs every address at INFO, and the one that opens a session has the token in it.
    logging.getLogger("httpx").setLevel(logging.WARNING)
    headers = {"Authorization": f"Bearer {config.token}", "Accept": CONTENT_TYPE}
    try:
        client = httpx.AsyncClient(base_url=config.url, headers=headers, timeout=_TIMEOUT_S)
    except httpx.InvalidURL as error:
        raise PullError(f"{config.url} is not the address of a Traccar server.") from error
    async with client:
        await _get(client, "/api/session", {"token": config.token})
        yield TraccarSession(client)


@asynccontextmanager
async def live_messages(
    config: PullConfig, session: TraccarSession
) -> AsyncGenerator[AsyncGenerator[bytes]]:
    """The server's live messages, from the moment the context is entered.

    Raises:
        LinkLost: the websocket cannot be opened; the messages raise it when it breaks.
    """
    from websockets.asyncio.client import connect  # noqa: PLC0415 - see the top of the file
    from websockets.exceptions import WebSocketException  # noqa: PLC0415

    opening = connect(
        _websocket_url(config.url),
        additional_headers={"Cookie": session.cookies()},
        max_size=LARGEST_MESSAGE,
        compression=None,
        open_timeout=_TIMEOUT_S,
        proxy=None,
    )
    try:
        async with opening as live:
            yield _messages(live)
    except (WebSocketException, OSError) as error:
        raise LinkLost(f"the websocket broke: {error}") from error


async def _messages(live: "ClientConnection") -> AsyncGenerator[bytes]:
    async for message in live:
        yield message.encode() if isinstance(message, str) else bytes(message)


async def _get(client: "httpx.AsyncClient", path: str, query: dict[str, str]) -> bytes:
    import httpx  # noqa: PLC0415 - see the top of the file

    try:
        answer = await client.get(path, params=query)
        if answer.status_code in _DENIED and path == "/api/session":
            raise PullError(f"Traccar at {answer.url.host} does not accept the carrier's token.")
        answer.raise_for_status()
    except httpx.HTTPStatusError as error:
        # Its own words would repeat the address, and with it the token.
        code = error.response.status_code
        raise LinkLost(f"{path} was answered with status {code}") from None
    except httpx.HTTPError as error:
        raise LinkLost(f"{path}: {type(error).__name__} {error}") from error
    return answer.content


def _websocket_url(url: str) -> str:
    parts = urlsplit(url.rstrip("/"))
    scheme = "wss" if parts.scheme == "https" else "ws"
    return urlunsplit((scheme, parts.netloc, f"{parts.path}/api/socket", "", ""))
