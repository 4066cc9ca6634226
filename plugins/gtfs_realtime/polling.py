"""Asking a feed's address again and again, politely: unchanged feeds are not sent twice."""

import asyncio
import logging
from typing import TYPE_CHECKING

from tower.carriers.backoff import Backoff
from tower.carriers.port import LARGEST_PAYLOAD, Emit, PullConfig, PullError

if TYPE_CHECKING:
    import httpx

CONTENT_TYPE = "application/x-protobuf"

_NOT_MODIFIED = 304
_DENIED = (401, 403)
_TIMEOUT_S = 20.0

_log = logging.getLogger(__name__)


class FeedPoller:
    """Fetches one feed; remembers what the server said about its version."""

    def __init__(self, config: PullConfig, client: "httpx.AsyncClient") -> None:
        self._config = config
        self._client = client
        self._version: dict[str, str] = {}

    async def fetch(self) -> bytes | None:
        """The feed, or None while it is unchanged.

        Raises:
            PullError: the service denies us access.
            httpx.HTTPError: the service cannot be reached or fails.
        """
        async with self._client.stream(
            "GET", self._config.url, headers=self._version, follow_redirects=True
        ) as answer:
            if answer.status_code == _NOT_MODIFIED:
                return None
            if answer.status_code in _DENIED:
                raise PullError(
                    f"{answer.url.host} denies access to its feed ({answer.status_code}); "
                    "check the carrier's token."
                )
            answer.raise_for_status()
            payload = await _read(answer)
            self._version = _conditions(answer)
            return payload


async def _read(answer: "httpx.Response") -> bytes:
    payload = bytearray()
    async for chunk in answer.aiter_bytes():
        payload += chunk
        if len(payload) > LARGEST_PAYLOAD:
            break  # the gateway refuses it and says so
    return bytes(payload)


def _conditions(answer: "httpx.Response") -> dict[str, str]:
    conditions = {}
    if "etag" in answer.headers:
        conditions["If-None-Match"] = answer.headers["etag"]
    if "last-modified" in answer.headers:
        conditions["If-Modified-Since"] = answer.headers["last-modified"]
    return conditions


async def poll(config: PullConfig, emit: Emit, backoff: Backoff | None = None) -> None:
    """Fetch the feed every `poll_s` seconds until cancelled.

    Raises:
        PullError: the service denies us access.
    """
    import httpx  # noqa: PLC0415 - a sixth of a second, and only a gateway that polls needs it

    # It would log every address it asks, once a poll, secrets in the query included.
    logging.getLogger("httpx").setLevel(logging.WARNING)
    backoff = backoff or Backoff()
    headers = {"Authorization": f"Bearer {config.token}"} if config.token else {}
    async with httpx.AsyncClient(headers=headers, timeout=_TIMEOUT_S) as client:
        poller = FeedPoller(config, client)
        while True:
            try:
                payload = await poller.fetch()
            except (httpx.HTTPError, httpx.InvalidURL) as error:
                _log.warning("feed of %s: %s; trying again", config.carrier_id, error)
                await backoff.wait()
                continue
            backoff.succeeded()
            if payload is not None:
                await emit(payload, CONTENT_TYPE)
            await asyncio.sleep(config.poll_s)
