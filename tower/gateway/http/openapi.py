"""The OpenAPI 3.1 document, made from the declared operations and the records they speak in."""

from collections.abc import Iterable, Mapping, Sequence
from http import HTTPStatus
from typing import Any

import msgspec

from tower import __version__
from tower.gateway.answers import JsonObject, Problem
from tower.gateway.http.operation import JSON, Answered, Body, Operation, Parameter

_REFERENCE = "#/components/schemas/{name}"


def openapi_document(operations: Sequence[Operation]) -> JsonObject:
    """Describe the operations, as OpenAPI 3.1.1."""
    kinds = _kinds(operations)
    schemas, components = msgspec.json.schema_components(kinds, ref_template=_REFERENCE)
    schema_of = dict(zip((repr(kind) for kind in kinds), schemas, strict=True))
    paths: dict[str, dict[str, Any]] = {}
    for operation in operations:
        described = _operation(operation, schema_of)
        paths.setdefault(operation.path, {})[operation.method.lower()] = described
    return {
        "openapi": "3.1.1",
        "info": {
            "title": "Tower gateway",
            "version": __version__,
            "description": "Carriers hand in messages, desktops ask and command. What changes is "
            "told on the live websockets, see /asyncapi.json.",
        },
        "paths": paths,
        "components": {
            "schemas": components,
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}},
        },
    }


def answers_of(operation: Operation) -> dict[int, Answered]:
    """Every answer an operation may give, those all may give included."""
    common = {500: "The gateway failed; its log says why.", 503: "The journal cannot write."}
    if operation.roles is not None:
        common |= {401: "No good token.", 403: "The role may not do this."}
    if operation.parameters:
        common |= {422: "A parameter is wrong."}
    if operation.body is not None:
        common |= {
            400: "The body cannot be read.",
            408: "The body took too long.",
            413: "The body is too long.",
            415: "The body is packed.",
            422: "The body has the wrong form.",
        }
    problems = {code: Answered(about=about, kind=Problem) for code, about in common.items()}
    return dict(sorted({**problems, **operation.answers}.items()))


def _kinds(operations: Iterable[Operation]) -> list[Any]:
    found: dict[str, Any] = {}
    for operation in operations:
        bodies = [operation.body.kind] if operation.body else []
        for kind in [*(one.kind for one in answers_of(operation).values()), *bodies]:
            for one in kind if isinstance(kind, tuple) else (kind,):
                found[repr(one)] = one
    found.pop(repr(None), None)
    return list(found.values())


def _operation(operation: Operation, schema_of: Mapping[str, Any]) -> dict[str, Any]:
    described: dict[str, Any] = {
        "operationId": operation.name,
        "summary": operation.about,
        "responses": {
            str(status): _answer(status, answered, schema_of)
            for status, answered in answers_of(operation).items()
        },
    }
    if operation.roles is not None:
        described["security"] = [{"token": []}]
        described["description"] = f"For: {', '.join(sorted(operation.roles))}."
    if operation.parameters:
        described["parameters"] = [_parameter(one) for one in operation.parameters]
    if operation.body is not None:
        described["requestBody"] = _body(operation.body, schema_of)
    return described


def _answer(status: int, answered: Answered, schema_of: Mapping[str, Any]) -> dict[str, Any]:
    described: dict[str, Any] = {"description": answered.about or HTTPStatus(status).phrase}
    if answered.media:
        schema = _schema(answered.kind, schema_of)
        described["content"] = {
            media: {"schema": schema} for media in (answered.media, *answered.also)
        }
    return described


def _schema(kind: object, schema_of: Mapping[str, Any]) -> dict[str, Any]:
    if kind is None:
        return {}
    if isinstance(kind, tuple):
        return {"anyOf": [schema_of[repr(one)] for one in kind]}
    schema: dict[str, Any] = schema_of[repr(kind)]
    return schema


def _parameter(parameter: Parameter) -> dict[str, Any]:
    schema: dict[str, Any] = {"type": "string"}
    if parameter.required:
        schema["minLength"] = 1
    if parameter.kind is int:
        limits = {"minimum": parameter.minimum, "maximum": parameter.maximum}
        schema = {"type": "integer", **limits}
    return {
        "name": parameter.name,
        "in": parameter.where,
        "required": parameter.required,
        "description": parameter.about,
        "schema": schema,
    }


def _body(body: Body, schema_of: Mapping[str, Any]) -> dict[str, Any]:
    schema = _schema(body.kind, schema_of)
    media = body.media if body.kind is None else (JSON,)
    return {
        "required": True,
        "description": body.about,
        "content": {one: {"schema": schema} for one in media},
    }
