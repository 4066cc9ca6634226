"""The gateway's HTTP side as the desktop uses it: one request, one answer, in words.

Blocking; the bridge calls it from the feed thread's workers. The token goes into a header only.
"""

import http.client
import ssl
import threading
from collections.abc import Callable, Mapping
from typing import TypeVar
from urllib.parse import urlsplit

import msgspec

from tower.domain.commands import Command
from tower.gateway.telling.answers import BarredMessage
from tower.routes.violations import Violation
from ui.exchange import Answer, CommandResult, Question

_PORTS = {"http": 80, "https": 443}
_SCHEMES = {"ws": "http", "wss": "https", "http": "http", "https": "https"}
_TIMEOUT_S = 10.0
_PATIENCE_S = 120.0
_PART = 256 * 1024
_ANSWER_LIMIT = 256 * 1024 * 1024
_Read = TypeVar("_Read")


class GatewayUrlError(ValueError):
    """The address of the gateway cannot be used."""


class _CommandDone(msgspec.Struct):
    seq: int = 0
    barred: tuple[BarredMessage, ...] = ()


class _Failed(msgspec.Struct):
    error: str = ""
    message: str = ""
    fresh: object = None
    violations: tuple[Violation, ...] = ()


class Gateway:
    """One gateway, reached over HTTP.

    Args:
        url: `http://host:port`, `https://…`, or the same with `ws`/`wss`.
        token: the bearer token; sent as a header, never in an address.

    Raises:
        GatewayUrlError: the address has no host or another scheme.
    """

    def __init__(self, url: str, token: str) -> None:
        parts = urlsplit(url)
        scheme = _SCHEMES.get(parts.scheme)
        if scheme is None or not parts.hostname:
            raise GatewayUrlError(f"{url!r} is no gateway address; use wss://host or ws://host")
        self._secure, self._host = scheme == "https", parts.hostname
        self._port = parts.port or _PORTS[scheme]
        self._prefix, self._token = parts.path.rstrip("/"), token

    @property
    def websocket_url(self) -> str:
        """The address of the gateway for the two live websockets."""
        host = f"[{self._host}]" if ":" in self._host else self._host
        return f"{'wss' if self._secure else 'ws'}://{host}:{self._port}{self._prefix}"

    def fetch(self, path: str, headers: Mapping[str, str] | None = None) -> Answer:
        """`GET` a path such as `/v1/carriers`; status 0 where nobody answered."""
        return self._request("GET", path, b"", headers or {})

    def post(self, path: str, body: bytes, headers: Mapping[str, str] | None = None) -> Answer:
        """`POST` JSON to a path; status 0 where nobody answered."""
        return self._request("POST", path, body, headers or {})

    def ask(self, question: Question) -> Answer:
        """Put a panel's question: `POST` where it hands something over, else `GET`."""
        if question.body is None:
            return self.fetch(question.path, question.headers)
        return self.post(question.path, question.body, question.headers)

    def download(
        self, path: str, told: Callable[[int, int], None], stop: threading.Event
    ) -> Answer:
        """`GET` something large, patiently.

        Args:
            path: what is asked.
            told: told how many bytes came, of how many; 0 where nobody knows.
            stop: set where it is not wanted any more; then the answer is empty.
        """
        connection = self._connect(_PATIENCE_S)
        try:
            connection.request("GET", self._prefix + path, headers=self._authorized)
            response = connection.getresponse()
            return _answer(response, _read_slowly(response, told, stop))
        except (OSError, http.client.HTTPException) as error:
            return _nobody(error)
        finally:
            connection.close()

    def command(self, command: Command, key: str) -> CommandResult:
        """Send a command under an idempotency key; the same key is done once."""
        answer = self.post("/v1/commands", msgspec.json.encode(command), {"Idempotency-Key": key})
        if answer.status == http.HTTPStatus.OK:
            done = _lenient(answer.body, _CommandDone)
            return CommandResult(status=200, seq=done.seq, barred=done.barred)
        failed = _lenient(answer.body, _Failed)
        return CommandResult(
            status=answer.status,
            error=failed.error or "unreachable",
            message=failed.message or answer.message or f"the gateway said {answer.status}",
            fresh=failed.fresh,
            violations=failed.violations,
        )

    def _request(self, method: str, path: str, body: bytes, headers: Mapping[str, str]) -> Answer:
        connection = self._connect()
        sent = {**self._authorized, "Content-Type": "application/json"}
        try:
            connection.request(method, self._prefix + path, body or None, {**sent, **headers})
            response = connection.getresponse()
            got = response.read(_ANSWER_LIMIT)
            return _answer(response, got)
        except (OSError, http.client.HTTPException) as error:
            return _nobody(error)
        finally:
            connection.close()

    @property
    def _authorized(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self._token}"}

    def _connect(self, timeout_s: float = _TIMEOUT_S) -> http.client.HTTPConnection:
        if self._secure:
            context = ssl.create_default_context()
            return http.client.HTTPSConnection(
                self._host, self._port, timeout=timeout_s, context=context
            )
        return http.client.HTTPConnection(self._host, self._port, timeout=timeout_s)


def _read_slowly(
    response: http.client.HTTPResponse, told: Callable[[int, int], None], stop: threading.Event
) -> bytes:
    """A body part by part, so that it can be followed and given up."""
    whole, parts, came = response.length or 0, list[bytes](), 0
    while not stop.is_set() and came < _ANSWER_LIMIT and (part := response.read(_PART)):
        parts.append(part)
        came += len(part)
        told(came, whole)
    return b"".join(parts)


def _nobody(error: Exception) -> Answer:
    why = getattr(error, "strerror", None) or str(error) or type(error).__name__
    return Answer(message=f"the gateway does not answer: {why}")


def _answer(response: http.client.HTTPResponse, body: bytes) -> Answer:
    message = ""
    if response.status >= http.HTTPStatus.BAD_REQUEST:
        message = _lenient(body, _Failed).message or f"the gateway said {response.status}"
    etag = response.headers.get("ETag", "")
    return Answer(status=response.status, body=body, message=message, etag=etag)


def _lenient(body: bytes, kind: type[_Read]) -> _Read:
    try:
        return msgspec.json.decode(body, type=kind)
    except msgspec.MsgspecError:
        return kind()
