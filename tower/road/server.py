"""Asking a routing server over HTTP."""

import time
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, TypeVar
from urllib.parse import urlsplit

import msgspec

from tower.road.engine import RoutingServerError

if TYPE_CHECKING:
    import httpx

TIMEOUT_S = 8.0
"""A server that takes longer for one request counts as failed."""

REST_S = 30.0
"""A server that failed is not asked again for this long, so that nobody waits for it twice."""

_SERVER_FAULT = 500

Answer = TypeVar("Answer")


class Refusal(Exception):
    """The server understood the request and does not answer it.

    Attributes:
        body: What it said, as it came.
    """

    def __init__(self, body: bytes) -> None:
        super().__init__(body[:200].decode(errors="replace"))
        self.body = body


class RoutingServer:
    """One address that answers requests in JSON; may be asked from several threads."""

    def __init__(
        self,
        url: str,
        *,
        timeout_s: float = TIMEOUT_S,
        rest_s: float = REST_S,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        """Nothing is asked yet.

        Args:
            url: `http(s)://host:port`, with the path the services lie under where there is one.
            timeout_s: How long an answer may take, seconds.
            rest_s: How long to leave it alone after it failed, seconds.
            monotonic: A clock that never goes back, seconds.
        """
        self._url = url.rstrip("/")
        self._timeout_s, self._rest_s, self._monotonic = timeout_s, rest_s, monotonic
        self._client: httpx.Client | None = None
        self._resting: tuple[float, RoutingServerError] | None = None

    @property
    def name(self) -> str:
        """The address without what is secret in it."""
        parts = urlsplit(self._url)
        return f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}{parts.path}"

    def get(self, path: str, options: Mapping[str, str], answer: type[Answer]) -> Answer:
        """Ask, with everything in the address.

        Raises:
            Refusal: The server does not answer this request.
            RoutingServerError: It cannot be reached, failed, or answered something else.
        """
        return self._ask("GET", path, options, None, answer)

    def post(self, path: str, body: object, answer: type[Answer]) -> Answer:
        """Ask, with a body in JSON; fails as `get` does."""
        return self._ask("POST", path, {}, msgspec.json.encode(body), answer)

    def said(self, refusal: Refusal, form: type[Answer]) -> Answer:
        """What a refusal says.

        Raises:
            RoutingServerError: It is none of the server that was expected.
        """
        try:
            return msgspec.json.decode(refusal.body, type=form)
        except msgspec.MsgspecError as error:
            raise self.failure("does not know the services asked for") from error

    def close(self) -> None:
        """Hang up."""
        if self._client is not None:
            self._client.close()

    def failure(self, what: str) -> RoutingServerError:
        """An error that names this server; `what` follows its name."""
        return RoutingServerError(self.name, what)

    def _ask(
        self,
        method: str,
        path: str,
        options: Mapping[str, str],
        body: bytes | None,
        answer: type[Answer],
    ) -> Answer:
        reply = self._send(method, path, options, body)
        try:
            return msgspec.json.decode(reply, type=answer)
        except msgspec.MsgspecError as error:
            raise self._failed(f"answers something else than expected ({error})") from error

    def _send(
        self, method: str, path: str, options: Mapping[str, str], body: bytes | None
    ) -> bytes:
        import httpx  # noqa: PLC0415 - a sixth of a second, and few gateways need it

        if self._resting is not None and self._monotonic() < self._resting[0]:
            raise self._resting[1]
        try:
            client = self._opened()
            reply = client.request(method, self._url + path, params=options, content=body)
        except httpx.TimeoutException as error:
            raise self._failed(f"did not answer within {self._timeout_s:g} s") from error
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            raise self._failed(f"cannot be reached ({error})") from error
        if reply.status_code >= _SERVER_FAULT:
            raise self._failed(f"failed (HTTP {reply.status_code})")
        self._resting = None
        if not reply.is_success:
            raise Refusal(reply.content)
        return reply.content

    def _failed(self, what: str) -> RoutingServerError:
        error = self.failure(what)
        self._resting = (self._monotonic() + self._rest_s, error)
        return error

    def _opened(self) -> "httpx.Client":
        import httpx  # noqa: PLC0415 - a sixth of a second, and few gateways need it

        if self._client is None:
            headers = {"Content-Type": "application/json"}
            self._client = httpx.Client(timeout=self._timeout_s, headers=headers)
        return self._client
