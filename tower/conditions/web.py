"""Asking services over HTTP, with an end to how long and how much they may answer.

httpx is loaded with the first request: it takes a quarter of a second, and a gateway without
providers can start without it.
"""

import asyncio
import logging
from collections.abc import Mapping
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from tower.conditions.port import ConditionsError

if TYPE_CHECKING:
    import httpx

LARGEST_ANSWER = 1 << 20
"""Bytes of one answer; whatever is longer is not read."""

TIMEOUT_S = 20.0
_DENIED = (401, 403, 407)
_GOOD = 200


class HttpWeb:
    """Asks over HTTP. Every request has a connection of its own."""

    def __init__(self, timeout_s: float = TIMEOUT_S) -> None:
        """Answers may take `timeout_s` seconds altogether."""
        self._timeout_s = timeout_s
        self._client: httpx.AsyncClient | None = None

    async def get(
        self, url: str, query: Mapping[str, str], headers: Mapping[str, str] | None = None
    ) -> bytes:
        """The body of a good answer; see `tower.conditions.port.Web`."""
        import httpx  # noqa: PLC0415 - see the top of the file

        host = urlsplit(url).hostname or "the service"
        try:
            async with asyncio.timeout(self._timeout_s):
                return await self._read(host, url, query, headers or {})
        except TimeoutError:
            raise ConditionsError(f"{host} did not answer in {self._timeout_s:.0f} s.") from None
        except (httpx.HTTPError, httpx.InvalidURL, OSError) as error:
            words = type(error).__name__
            raise ConditionsError(f"{host} cannot be reached ({words}).") from None

    async def close(self) -> None:
        """Give back what is held open."""
        if self._client is not None:
            await self._client.aclose()

    async def _read(
        self, host: str, url: str, query: Mapping[str, str], headers: Mapping[str, str]
    ) -> bytes:
        import httpx  # noqa: PLC0415 - see the top of the file

        client = self._opened()
        # Packed answers may be a thousand times as long as they look: unpacked ones are asked for.
        headers = {"Accept-Encoding": "identity", **headers}
        # Handed over as params, the query would take the place of the one the address has.
        address = httpx.URL(url).copy_merge_params(dict(query))
        async with client.stream("GET", address, headers=headers) as answer:
            body = bytearray()
            async for chunk in answer.aiter_raw():
                body += chunk
                if len(body) > LARGEST_ANSWER:
                    raise ConditionsError(f"{host} answered more than {LARGEST_ANSWER} bytes.")
            _check(host, answer.status_code)
            return bytes(body)

    def _opened(self) -> "httpx.AsyncClient":
        import httpx  # noqa: PLC0415 - see the top of the file

        if self._client is None:
            for name in ("httpx", "httpcore"):  # they log addresses, keys in the query included
                logging.getLogger(name).setLevel(logging.WARNING)
            limits = httpx.Limits(max_keepalive_connections=0)
            self._client = httpx.AsyncClient(timeout=self._timeout_s, limits=limits)
        return self._client


def _check(host: str, status: int) -> None:
    if status in _DENIED:
        raise ConditionsError(f"{host} denies access ({status}); check the token.")
    if status != _GOOD:
        raise ConditionsError(f"{host} answered {status}.")
