"""The web application: every declared operation behind its checks, and the live websockets."""

import logging
from collections.abc import Awaitable, Callable, Sequence
from http import HTTPStatus

import msgspec
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route, WebSocketRoute
from starlette.websockets import WebSocket

from tower.gateway.gateway import Gateway
from tower.gateway.http.call import (
    Call,
    HttpRefusal,
    check_framing,
    read_body,
    refused_for_now,
    sign_in,
)
from tower.gateway.http.operation import Operation
from tower.gateway.inlet import NoSuchAdapter
from tower.gateway.lanes import LaneFull
from tower.journal.errors import EventUnfit, JournalError

_log = logging.getLogger(__name__)

_ECHOED = 200
"""Letters of a request that are repeated in its refusal."""


def build_app(
    gateway: Gateway, operations: Sequence[Operation], live: Sequence[BaseRoute]
) -> Starlette:
    """Put the application together.

    Args:
        gateway: what the operations work on.
        operations: everything that is done over HTTP.
        live: the routes of the live websockets.
    """
    http = [
        Route(one.path, _endpoint(gateway, one), methods=[one.method], name=one.name)
        for one in operations
    ]
    app = Starlette(
        routes=[*http, *live, WebSocketRoute("/{path:path}", _no_such_websocket)],
        exception_handlers={HTTPException: _on_http_exception, Exception: _on_exception},
    )
    # A redirect would repeat whatever host the request named.
    app.router.redirect_slashes = False
    return app


def _endpoint(gateway: Gateway, operation: Operation) -> Callable[[Request], Awaitable[Response]]:
    async def answer(request: Request) -> Response:
        try:
            check_framing(request.headers)
            grant = sign_in(request.headers, gateway.tokens, operation)
            if grant is not None:
                gateway.presence.seen(grant.actor.id)
            call = Call(request, gateway, operation, grant)
            if operation.body is not None:
                call.body = await read_body(request, operation.body.limit)
            return await operation.handle(call)
        except HttpRefusal as refusal:
            return refusal.response()
        except (LaneFull, NoSuchAdapter, JournalError, msgspec.DecodeError) as error:
            return _refusal(error).response()
        except RecursionError:
            return HttpRefusal(400, "malformed", "The body is nested too deeply.").response()
        except Exception as error:  # noqa: BLE001 - the client is told, and its connection lives on
            return await _on_exception(request, error)

    return answer


def _refusal(error: Exception) -> HttpRefusal:
    if isinstance(error, LaneFull):
        return refused_for_now(error)
    if isinstance(error, NoSuchAdapter):
        return HttpRefusal(404, "no_such_adapter", str(error))
    if isinstance(error, EventUnfit):
        return HttpRefusal(422, "unfit", str(error))
    if isinstance(error, msgspec.ValidationError):
        return HttpRefusal(422, "unfit", f"The body has the wrong form: {error}.")
    if isinstance(error, msgspec.DecodeError):
        return HttpRefusal(400, "malformed", f"The body is not JSON: {error}.")
    return HttpRefusal(503, "journal", str(error), {"Retry-After": "5"})


async def _no_such_websocket(websocket: WebSocket) -> None:
    message = "There is no live feed here; see /asyncapi.json."
    await websocket.send_denial_response(
        HttpRefusal(HTTPStatus.NOT_FOUND, "not_found", message).response()
    )


async def _on_http_exception(request: Request, error: Exception) -> Response:
    status = error.status_code if isinstance(error, HTTPException) else 500
    path = request.url.path[:_ECHOED]
    messages = {
        404: f"There is nothing at {path}; see /openapi.json.",
        405: f"{request.method[:_ECHOED]} is not possible at {path}; see /openapi.json.",
    }
    word = {404: "not_found", 405: "wrong_method"}.get(status, "refused")
    headers = error.headers if isinstance(error, HTTPException) else None
    message = messages.get(status, f"The request was refused ({status}).")
    return HttpRefusal(status, word, message, headers).response()


async def _on_exception(request: Request, error: Exception) -> Response:
    _log.error("%s %s failed", request.method, request.url.path, exc_info=error)
    return HttpRefusal(
        500, "failed", "The gateway failed on this request; its log says why."
    ).response()
