"""The documents the gateway serves about itself say what it really does."""

import time
from collections.abc import Callable

import httpx
import jsonschema
import msgspec
import pytest

from tests.gateway.running import PATIENCE_S, RunningGateway
from tests.gateway.shift import GATE
from tower.feed.asyncapi import asyncapi_document
from tower.gateway.answers import JsonObject
from tower.gateway.http.operation import Operation
from tower.gateway.http.operations import all_operations

OPERATIONS = all_operations(asyncapi_document)
POSITION = {
    "type": "position",
    "vehicle": "van-1",
    "at": "2026-11-20T11:59:59Z",
    "lat": 47.14,
    "lon": 9.52,
}
CLAIM = {"type": "claim_exception", "exception_id": GATE, "version": 0}
TRAVEL = {"origins": [[47.14, 9.52]], "destinations": [[47.15, 9.53], [47.16, 9.52]]}
MANIFEST = b"stop,route,lat,lon\n"
ON_TIME = {"measures": ["on_time", "wismo_per_100_stops"], "by": ["carrier"]}
WISH = {"stop_id": "S2", "words": "Hello"}
REPLY = {"replies": [{"id": "1", "from": "+447700900001", "text": "Hello"}]}
REACHABLE = {"id": "M1", "lat": 47.14, "lon": 9.52, "email": "m1@example.org"}


Send = Callable[[httpx.Client], httpx.Response]


def search(http: httpx.Client) -> str:
    """A search for better orders of this person's, cancelled at once; any id without a right."""
    ends = time.monotonic() + PATIENCE_S
    while (asked := http.post("/v1/optimisations", json={"routes": ["B"]})).status_code == 429:
        assert time.monotonic() < ends, asked.text
    if asked.status_code != 202:
        return "none"
    id_ = str(asked.json()["id"])
    http.post(f"/v1/optimisations/{id_}/cancel")
    return id_


def message(http: httpx.Client) -> str:
    """The id of a message; any id without a right to send one."""
    http.post("/v1/manifest?name=m.json", json={"stops": [REACHABLE]})
    wish = {"stop_id": "M1", "words": "Hello"}
    body = {"type": "send_messages", "messages": [wish]}
    asked = http.post("/v1/commands", json=body, headers={"Idempotency-Key": "message"})
    return str(asked.json()["messages"][0]) if asked.is_success else "none"


CALLS: dict[str, Send] = {
    "health": lambda http: http.get("/v1/health"),
    "me": lambda http: http.get("/v1/me"),
    "command": lambda http: http.post(
        "/v1/commands", json=CLAIM, headers={"Idempotency-Key": "documented"}
    ),
    "heartbeat": lambda http: http.post("/v1/heartbeat"),
    "set_clock": lambda http: http.post("/v1/clock", json={"rate": 2}),
    "ingest": lambda http: http.post(
        "/v1/ingest/driver_app", json=[POSITION], headers={"X-Tower-Carrier": "own"}
    ),
    "import_manifest": lambda http: http.post(
        "/v1/manifest?name=day.csv", content=MANIFEST, headers={"Content-Type": "text/csv"}
    ),
    "refused": lambda http: http.get("/v1/refused?carrier=own&after=0&limit=10"),
    "carriers": lambda http: http.get("/v1/carriers"),
    "driver_sequences": lambda http: http.get("/v1/carriers/own/sequences?after=0&wait_s=0"),
    "events": lambda http: http.get("/v1/events?after=0&limit=50"),
    "route_shapes": lambda http: http.get("/v1/routes/shapes"),
    "stop_arrival": lambda http: http.get("/v1/stops/S2/arrival"),
    "forecast": lambda http: http.get("/v1/eta"),
    "kpi_measures": lambda http: http.get("/v1/kpi/measures"),
    "kpi_query": lambda http: http.post("/v1/kpi/query", json=ON_TIME),
    "kpi_report": lambda http: http.post("/v1/kpi/report", json={"format": "csv"}),
    "kpi_places": lambda http: http.post("/v1/kpi/places", json={"measure": "on_time"}),
    "kpi_behind": lambda http: http.post("/v1/kpi/behind", json={"measure": "on_time"}),
    "kpi_values": lambda http: http.get("/v1/kpi/values?dimension=carrier&prefix=o&limit=5"),
    "recording": lambda http: http.get("/v1/recording"),
    "stop_history": lambda http: http.get("/v1/stops/S1/history?limit=50"),
    "suggestions": lambda http: http.post("/v1/suggestions", json={"stops": ["S3"]}),
    "optimise": lambda http: http.post("/v1/optimisations", json={"routes": ["B"]}),
    "optimisation": lambda http: http.get(f"/v1/optimisations/{search(http)}"),
    "cancel_optimisation": lambda http: http.post(f"/v1/optimisations/{search(http)}/cancel"),
    "previews": lambda http: http.post("/v1/outreach/previews", json={"messages": [WISH]}),
    "templates": lambda http: http.get("/v1/outreach/templates"),
    "accounts": lambda http: http.get("/v1/outreach/accounts"),
    "rendering": lambda http: http.get(f"/v1/messages/{message(http)}/rendering?attempt=1"),
    "channel_callback": lambda http: http.post("/v1/channels/outbox/hook", json=REPLY),
    "channel_callback_below": lambda http: http.post("/v1/channels/outbox/hook/x", json=REPLY),
    "channel_check": lambda http: http.get("/v1/channels/outbox/hook"),
    "channel_check_below": lambda http: http.get("/v1/channels/outbox/hook/x"),
    "travel": lambda http: http.post("/v1/travel", json=TRAVEL),
    "vehicle_trail": lambda http: http.get("/v1/vehicles/own:A/trail"),
    "region": lambda http: http.get("/v1/regions/liechtenstein"),
    "openapi": lambda http: http.get("/openapi.json"),
    "asyncapi": lambda http: http.get("/asyncapi.json"),
}
"""One good call of every operation."""


@pytest.fixture(scope="module")
def document(shared_gateway: RunningGateway) -> JsonObject:
    with shared_gateway.client("") as http:
        served: JsonObject = http.get("/openapi.json").json()
        return served


def check(document: JsonObject, operation: Operation, response: httpx.Response) -> None:
    """The answer is one the document promises, in the form it promises."""
    described = document["paths"][operation.path][operation.method.lower()]
    promised = described["responses"][str(response.status_code)]
    content = promised.get("content", {})
    if not content:
        assert response.content == b""
        return
    media = response.headers["content-type"].partition(";")[0]
    schema = {**content[media]["schema"], "components": document["components"]}
    if media == "application/json":
        jsonschema.Draft202012Validator(schema).validate(response.json())


def test_every_operation_has_a_call() -> None:
    assert set(CALLS) == {operation.name for operation in OPERATIONS}


@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda operation: str(operation.name))
def test_every_answer_is_as_documented(
    shared_gateway: RunningGateway, document: JsonObject, operation: Operation
) -> None:
    with shared_gateway.client("ann") as http:
        response = CALLS[operation.name](http)
    assert response.is_success, response.text
    assert response.status_code in operation.answers
    check(document, operation, response)


@pytest.mark.parametrize(
    "operation", [one for one in OPERATIONS if one.roles], ids=lambda operation: str(operation.name)
)
def test_nobody_is_answered_without_a_good_token(
    shared_gateway: RunningGateway, document: JsonObject, operation: Operation
) -> None:
    for person in ("", "stranger"):
        with shared_gateway.client(person) as http:
            response = CALLS[operation.name](http)
        assert response.status_code == 401
        assert response.headers["www-authenticate"] == "Bearer"
        check(document, operation, response)


@pytest.mark.parametrize(
    ("person", "name"),
    [
        ("vic", "command"),
        ("vic", "suggestions"),
        ("vic", "optimise"),
        ("vic", "ingest"),
        ("vic", "set_clock"),
        ("vic", "import_manifest"),
        ("own", "command"),
        ("own", "travel"),
        ("own", "events"),
        ("own", "refused"),
    ],
)
def test_a_role_does_only_what_it_may(
    shared_gateway: RunningGateway, document: JsonObject, person: str, name: str
) -> None:
    operation = next(one for one in OPERATIONS if one.name == name)
    with shared_gateway.client(person) as http:
        response = CALLS[name](http)
    assert response.status_code == 403
    check(document, operation, response)


def test_a_list_of_broken_constraints_is_as_documented(
    gateway: RunningGateway, document: JsonObject
) -> None:
    operation = next(one for one in OPERATIONS if one.name == "command")
    lock = {"type": "lock_stops", "stops": ["S8"]}
    off = {"route_id": "B", "version": 1, "stops": ["S5", "S6", "S7"]}
    with gateway.client("ann") as http:
        for body in (lock, {"type": "sequence_routes", "routes": [off]}):
            headers = {"Idempotency-Key": str(body["type"])}
            response = http.post("/v1/commands", json=body, headers=headers)
            check(document, operation, response)
    assert response.json()["error"] == "infeasible"


def test_the_document_itself_is_openapi(document: JsonObject) -> None:
    assert document["openapi"].startswith("3.1")
    for path, methods in document["paths"].items():
        for described in methods.values():
            named = {one["name"] for one in described.get("parameters", ()) if one["in"] == "path"}
            assert named == {part[1:-1] for part in path.split("/") if part.startswith("{")}
    references = set(_references(document))
    known = document["components"]["schemas"]
    assert references
    assert all(name.rpartition("/")[2] in known for name in references)


def test_the_socket_document_is_served(shared_gateway: RunningGateway) -> None:
    with shared_gateway.client("") as http:
        served = http.get("/asyncapi.json").json()
    assert served == msgspec.json.decode(msgspec.json.encode(asyncapi_document()))


def _references(node: object) -> list[str]:
    if isinstance(node, dict):
        own = [node["$ref"]] if isinstance(node.get("$ref"), str) else []
        return own + [found for value in node.values() for found in _references(value)]
    if isinstance(node, list):
        return [found for value in node for found in _references(value)]
    return []
