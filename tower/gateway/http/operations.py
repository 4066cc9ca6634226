"""All operations of the gateway, the documents about them included."""

from collections.abc import Callable

from starlette.responses import Response

from tower.gateway.answers import JsonObject
from tower.gateway.http import (
    carrier_operations,
    driver_operations,
    eta_operations,
    kpi_operations,
    outreach_operations,
    planning_operations,
    replay_operations,
    report_operations,
    shift_operations,
    work_operations,
)
from tower.gateway.http.call import Call, json_response
from tower.gateway.http.openapi import openapi_document
from tower.gateway.http.operation import Answered, Operation


def all_operations(asyncapi: Callable[[], JsonObject]) -> tuple[Operation, ...]:
    """Everything the gateway does over HTTP.

    Args:
        asyncapi: makes the document of the live websockets.
    """

    def openapi() -> JsonObject:
        return openapi_document(operations)

    operations = (
        *work_operations.OPERATIONS,
        *carrier_operations.OPERATIONS,
        *driver_operations.OPERATIONS,
        *shift_operations.OPERATIONS,
        *eta_operations.OPERATIONS,
        *planning_operations.OPERATIONS,
        *outreach_operations.OPERATIONS,
        *kpi_operations.OPERATIONS,
        *report_operations.OPERATIONS,
        *replay_operations.OPERATIONS,
        _document("/openapi.json", "openapi", "This description, as OpenAPI 3.1.", openapi),
        _document("/asyncapi.json", "asyncapi", "The live websockets, as AsyncAPI 3.0.", asyncapi),
    )
    return operations


def _document(path: str, name: str, about: str, make: Callable[[], JsonObject]) -> Operation:
    """An operation that serves a document about the gateway; it needs no token."""
    made: list[JsonObject] = []

    async def serve(call: Call) -> Response:
        del call
        if not made:
            made.append(make())
        return json_response(made[0])

    return Operation(
        method="GET",
        path=path,
        name=name,
        about=about,
        handle=serve,
        answers={200: Answered(about="The document.", kind=JsonObject)},
    )
