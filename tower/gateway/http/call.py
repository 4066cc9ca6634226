"""One request on its way through the gateway: who asks, with what, and how it is refused."""

import asyncio
import re
from collections.abc import Mapping
from typing import TypeVar

import msgspec
from starlette.datastructures import Headers
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response

from tower.gateway.answers import Problem
from tower.gateway.gateway import Gateway
from tower.gateway.http.operation import JSON, Operation, Parameter
from tower.gateway.lanes import LaneFull
from tower.gateway.signin import Grant, Tokens
from tower.outreach.account import is_loopback
from tower.outreach.port import Request as ProviderRequest

_Read = TypeVar("_Read")
_BEARER = "bearer "
_BODY_S = 60.0
_ECHOED = 40
_FROM_AFAR = ("forwarded", "x-forwarded-for", "via", "origin")
"""Headers of proxies, and of browsers that ask for a page of somebody else's."""
_WHOLE_NUMBER = re.compile(r"-?[0-9]{1,30}")


class HttpRefusal(Exception):
    """A request that is not carried out; becomes a `Problem` answer.

    Attributes:
        status: HTTP status.
        error: a word programs can tell apart.
        headers: to send along.
    """

    def __init__(
        self, status: int, error: str, message: str, headers: Mapping[str, str] | None = None
    ) -> None:
        super().__init__(message)
        self.status = status
        self.error = error
        self.headers = headers

    def response(self) -> Response:
        """The answer to send."""
        problem = Problem(error=self.error, message=str(self))
        return json_response(problem, self.status, self.headers)


def refused_for_now(full: LaneFull) -> HttpRefusal:
    """What a carrier is told for whose message there is no room."""
    return HttpRefusal(429, "too_many", str(full), {"Retry-After": str(full.retry_after_s)})


def json_response(
    answer: object, status: int = 200, headers: Mapping[str, str] | None = None
) -> Response:
    """An answer as JSON."""
    return Response(msgspec.json.encode(answer), status, headers, media_type=JSON)


class Call:
    """A request whose sender is known, whose parameters are checked and whose body is read."""

    def __init__(
        self, request: Request, gateway: Gateway, operation: Operation, grant: Grant | None
    ) -> None:
        self._request = request
        self._grant = grant
        self._values = {
            parameter.name: _value(request, parameter) for parameter in operation.parameters
        }
        self.gateway = gateway
        self.body = b""

    @property
    def grant(self) -> Grant:
        """Who asks; only for operations that need a token."""
        if self._grant is None:
            raise HttpRefusal(401, "no_token", "Show a bearer token.")
        return self._grant

    @property
    def content_type(self) -> str:
        """Media type of the body, without parameters."""
        return self._request.headers.get("content-type", "").partition(";")[0].strip().lower()

    @property
    def is_near(self) -> bool:
        """True where it comes from this machine, with no proxy and no web page behind it."""
        request = self._request
        host = request.client.host if request.client else ""
        return is_loopback(host) and not any(name in request.headers for name in _FROM_AFAR)

    def as_sent(self, public_url: str) -> ProviderRequest:
        """The request as a provider sent it.

        Args:
            public_url: where providers reach this gateway: what is in front of it may have changed
                the address, which some providers sign. "" where nothing is.
        """
        request = self._request
        query = f"?{request.url.query}" if request.url.query else ""
        address = f"{public_url}{request.url.path}{query}" if public_url else str(request.url)
        return ProviderRequest(
            method=request.method,
            url=address,
            path=str(request.path_params.get("rest", "")),
            query=tuple(request.query_params.multi_items()),
            headers={name.lower(): value for name, value in request.headers.items()},
            body=self.body,
        )

    def text(self, name: str) -> str:
        """A declared parameter, "" where it was not given."""
        value = self._values[name]
        return "" if value is None else str(value)

    def number(self, name: str) -> int | None:
        """A declared `int` parameter, None where it was not given."""
        value = self._values[name]
        return value if isinstance(value, int) else None

    def read(self, kind: type[_Read]) -> _Read:
        """The JSON body as a record.

        Raises:
            HttpRefusal: it is no JSON, or has another form.
        """
        return read_json(self.body, kind)


def read_json(body: bytes, kind: type[_Read]) -> _Read:
    """JSON as a record, refused in words where it is none."""
    try:
        return msgspec.json.decode(body, type=kind)
    except msgspec.ValidationError as error:
        raise HttpRefusal(422, "unfit", f"The body has the wrong form: {error}.") from error
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise HttpRefusal(400, "malformed", f"The body is not JSON: {error}.") from error


def sign_in(headers: Headers, tokens: Tokens, operation: Operation) -> Grant | None:
    """Who asks, if they may.

    Raises:
        HttpRefusal: no good token, or a role that may not do this.
    """
    if operation.roles is None:
        return None
    shown = headers.get("authorization", "")
    if not shown.lower().startswith(_BEARER):
        raise _unauthorized("no_token", "Show a token: Authorization: Bearer TOKEN.")
    grant = tokens.grant(shown[len(_BEARER) :].strip())
    if grant is None:
        raise _unauthorized("wrong_token", "This gateway does not know the token.")
    if grant.role not in operation.roles:
        allowed = " or ".join(sorted(operation.roles))
        raise HttpRefusal(403, "not_allowed", f"Only a {allowed} may do this, not a {grant.role}.")
    return grant


def check_framing(headers: Headers) -> None:
    """Refuse a request that gives its length in two ways; two programs would read two requests.

    Raises:
        HttpRefusal: it does (RFC 9112, 6.1).
    """
    if "content-length" in headers and "transfer-encoding" in headers:
        message = "Give Content-Length or Transfer-Encoding, not both."
        raise HttpRefusal(400, "malformed", message, {"Connection": "close"})


async def read_body(request: Request, limit: int) -> bytes:
    """The whole body, as long as it keeps to the limits of size and time.

    Raises:
        HttpRefusal: it is longer, packed, too slow, or was cut off.
    """
    packed = request.headers.get("content-encoding", "identity")
    if packed.lower() != "identity":
        message = f"The body is packed ({packed[:_ECHOED]}); send it as it is."
        raise HttpRefusal(415, "packed", message, {"Accept-Encoding": "identity"})
    announced = request.headers.get("content-length", "0")
    if announced.isdigit() and int(announced) > limit:
        raise _too_large(limit)
    pieces: list[bytes] = []
    size = 0
    try:
        async with asyncio.timeout(_BODY_S):
            async for piece in request.stream():
                size += len(piece)
                if size > limit:
                    raise _too_large(limit)
                pieces.append(piece)
    except ClientDisconnect as error:
        raise HttpRefusal(400, "cut_off", "The body ended before it was complete.") from error
    except TimeoutError as error:
        message = f"The body did not come within {_BODY_S:.0f} s."
        raise HttpRefusal(408, "too_slow", message, {"Connection": "close"}) from error
    return b"".join(pieces)


def _too_large(limit: int) -> HttpRefusal:
    message = f"The body is longer than {limit} bytes."
    return HttpRefusal(413, "too_large", message, {"Connection": "close"})


def _unauthorized(error: str, message: str) -> HttpRefusal:
    return HttpRefusal(401, error, message, {"WWW-Authenticate": "Bearer"})


def _value(request: Request, parameter: Parameter) -> str | int | None:
    places: dict[str, Mapping[str, str]] = {
        "path": request.path_params,
        "query": request.query_params,
        "header": request.headers,
    }
    given = places[parameter.where].get(parameter.name)
    if given is None or given == "":
        if parameter.required:
            raise HttpRefusal(422, "missing", f"{parameter.name} is missing.")
        return None
    return _whole_number(parameter, given) if parameter.kind is int else given


def _whole_number(parameter: Parameter, given: str) -> int:
    digits = given.strip('"')
    if not _WHOLE_NUMBER.fullmatch(digits):
        message = f"{parameter.name} must be a whole number."
        raise HttpRefusal(422, "unfit", message)
    value = int(digits)
    if not parameter.minimum <= value <= parameter.maximum:
        message = f"{parameter.name} must lie between {parameter.minimum} and {parameter.maximum}."
        raise HttpRefusal(422, "unfit", message)
    return value
