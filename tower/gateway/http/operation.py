"""How an operation is declared, once, for the router, the checks and the OpenAPI document."""

from collections.abc import Awaitable, Callable, Mapping
from typing import TYPE_CHECKING, Any

import msgspec
from starlette.responses import Response

from tower.gateway.signin import Role

if TYPE_CHECKING:
    from tower.gateway.http.call import Call

JSON = "application/json"
ANY_BYTES = "application/octet-stream"

BODY_LIMIT = 1024 * 1024
"""Bytes a request may have unless its operation says otherwise."""


LARGEST_NUMBER = 2**63 - 1
"""The largest number of 64 bits with a sign."""


class Parameter(msgspec.Struct, frozen=True, kw_only=True):
    """One parameter of an operation.

    Attributes:
        where: `path`, `query` or `header`.
        kind: its type; `int` parameters are checked before the operation runs.
        minimum: of an `int`.
        maximum: of an `int`; the default is the largest the database can compare with.
    """

    name: str
    where: str
    about: str
    kind: type = str
    required: bool = False
    minimum: int = 0
    maximum: int = LARGEST_NUMBER


class Answered(msgspec.Struct, frozen=True, kw_only=True):
    """One answer an operation may give.

    Attributes:
        about: when it is given.
        kind: the type of the JSON body, a tuple where it is one of several, or None for another
            body (or none).
        media: media type of the body; "" for no body.
        also: media types it may have instead.
    """

    about: str
    kind: Any = None
    media: str = JSON
    also: tuple[str, ...] = ()


class Body(msgspec.Struct, frozen=True, kw_only=True):
    """What an operation takes.

    Attributes:
        kind: the type of the JSON body, or None for bytes whose form the carrier sets.
        limit: bytes above which it is refused.
    """

    about: str
    kind: Any = None
    media: tuple[str, ...] = (JSON,)
    limit: int = BODY_LIMIT


class Operation(msgspec.Struct, frozen=True, kw_only=True):
    """One thing the gateway does over HTTP.

    Attributes:
        name: its id in the OpenAPI document.
        roles: who may; None for everybody, without a token.
        answers: by HTTP status; the answers every operation may give are added.
    """

    method: str
    path: str
    name: str
    about: str
    handle: "Callable[[Call], Awaitable[Response]]"
    answers: Mapping[int, Answered]
    roles: frozenset[Role] | None = None
    parameters: tuple[Parameter, ...] = ()
    body: Body | None = None
