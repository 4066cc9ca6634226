"""What bad input over HTTP gets: a clear answer, and the gateway goes on."""

import json
import socket
from collections.abc import Iterator

import httpx
import pytest

from tests.gateway.running import RunningGateway
from tests.gateway.shift import GATE

KEY = {"Idempotency-Key": "hostile"}
OWN = {"X-Tower-Carrier": "own"}
DEEP = b"[" * 100_000


@pytest.fixture(autouse=True)
def _still_serves(shared_gateway: RunningGateway) -> None:
    """Every test begins by asking whether the one before did harm."""
    with shared_gateway.client("ann") as http:
        assert http.get("/v1/health").json()["ok"]


@pytest.mark.parametrize(
    ("body", "status", "error"),
    [
        (b"", 400, "malformed"),
        (b'{"type": "claim_exc', 400, "malformed"),
        (b"\xff\xfe\x00", 400, "malformed"),
        (b'{"type": "claim_exception", "x": ' + DEEP, 400, "malformed"),
        (DEEP, 422, "unfit"),
        (b"[]", 422, "unfit"),
        (b'{"type": "drop_tables"}', 422, "unfit"),
        (b'{"type": "claim_exception", "exception_id": 7, "version": 0}', 422, "unfit"),
        (b'{"type": "claim_exception", "exception_id": "x"}', 422, "unfit"),
        (b'{"type": "claim_exception", "exception_id": "x", "version": 1e400}', 422, "unfit"),
        (b" " * (1024 * 1024 + 1), 413, "too_large"),
    ],
)
def test_a_bad_command_is_told_what_is_wrong(
    shared_gateway: RunningGateway, body: bytes, status: int, error: str
) -> None:
    seq = shared_gateway.journal.seq
    with shared_gateway.client("ann") as http:
        answer = http.post("/v1/commands", content=body, headers=KEY)
    assert (answer.status_code, answer.json()["error"]) == (status, error)
    assert len(answer.json()["message"]) < 400
    assert shared_gateway.journal.seq == seq


@pytest.mark.parametrize(
    "body",
    [b"", b"{", b"\x00" * 100, b'{"type": "position"}', b'[{"type": "stop"}, 3]', DEEP],
    ids=["empty", "cut", "zeros", "bare", "mixed", "deep"],
)
@pytest.mark.parametrize("adapter", ["driver_app", "traccar", "gtfs_realtime"])
def test_a_bad_message_is_kept_with_its_reason(
    shared_gateway: RunningGateway, adapter: str, body: bytes
) -> None:
    with shared_gateway.client("own") as http:
        answer = http.post(f"/v1/ingest/{adapter}", content=body)
    assert answer.status_code == 202
    receipt = answer.json()
    assert receipt["events"] == receipt["fixes"] == 0
    assert receipt["refused"] == len(receipt["reasons"]) or receipt["refused"] == 0


def test_an_oversized_message_is_refused_before_it_is_read(
    shared_gateway: RunningGateway,
) -> None:
    with shared_gateway.client("own") as http:
        answer = http.post("/v1/ingest/traccar", content=b" " * (2 * 1024 * 1024))
    assert (answer.status_code, answer.json()["error"]) == (413, "too_large")


def test_an_endless_body_is_cut_off_at_the_limit(shared_gateway: RunningGateway) -> None:
    def endless() -> Iterator[bytes]:
        while True:
            yield b" " * 65536

    with shared_gateway.client("own") as http:
        try:
            answer = http.post("/v1/ingest/traccar", content=endless())
        except httpx.HTTPError:
            return  # the gateway hung up while we were still sending
    assert answer.status_code == 413


def test_a_request_cut_off_halfway_does_no_harm(shared_gateway: RunningGateway) -> None:
    host, port = shared_gateway.url.removeprefix("http://").split(":")
    head = (
        "POST /v1/ingest/driver_app HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer own-token\r\n"
        "Content-Length: 5000\r\n\r\n["
    )
    seq = shared_gateway.journal.seq
    with socket.create_connection((host, int(port))) as connection:
        connection.sendall(head.encode())
    with shared_gateway.client("ann") as http:
        assert http.get("/v1/me").status_code == 200
    assert shared_gateway.journal.seq == seq


def test_an_unknown_adapter_is_named_with_those_there_are(shared_gateway: RunningGateway) -> None:
    with shared_gateway.client("own") as http:
        answer = http.post("/v1/ingest/pigeon", content=b"{}")
    assert (answer.status_code, answer.json()["error"]) == (404, "no_such_adapter")
    assert "traccar" in answer.json()["message"]


def test_a_carriers_token_does_not_speak_for_another(shared_gateway: RunningGateway) -> None:
    with shared_gateway.client("own") as http:
        answer = http.post(
            "/v1/ingest/driver_app", content=b"{}", headers={"X-Tower-Carrier": "rival"}
        )
    assert answer.status_code == 403


def test_an_operator_must_say_whose_message_it_is(shared_gateway: RunningGateway) -> None:
    with shared_gateway.client("ann") as http:
        nameless = http.post("/v1/ingest/driver_app", content=b"{}")
        unknown = http.post(
            "/v1/ingest/driver_app", content=b"{}", headers={"X-Tower-Carrier": "nobody"}
        )
    assert nameless.status_code == 422
    assert "unknown carrier" in unknown.json()["reasons"][0]


def test_what_is_refused_can_be_read_with_its_reason(shared_gateway: RunningGateway) -> None:
    report = {
        "type": "stop",
        "stop": "S404",
        "status": "delivered",
        "at": "2026-11-20T11:59:00Z",
    }
    with shared_gateway.client("own") as http:
        http.post("/v1/ingest/driver_app", content=json.dumps([report]).encode())
    shared_gateway.journal.flush()
    with shared_gateway.client("ann") as http:
        refused = http.get("/v1/refused?carrier=own&limit=1000").json()
        carriers = http.get("/v1/carriers").json()
    assert any("S404" in one["reason"] and "S404" in one["excerpt"] for one in refused)
    assert next(one for one in carriers if one["id"] == "own")["refused"] >= 1


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/", 404),
        ("/v2/health", 404),
        ("/v1/events?after=minus", 422),
        ("/v1/events?after=-1", 422),
        ("/v1/events?limit=99999999", 422),
        ("/v1/events?stop=S1&route=A", 422),
        ("/v1/vehicles/nobody/trail", 404),
        ("/v1/vehicles/own:A/trail?since=yesterday", 422),
        ("/v1/vehicles/own:A/trail?since=2026-11-20T10:00:00", 422),
        ("/v1/regions/atlantis", 404),
        ("/v1/regions/..%2f..%2fpyproject", 404),
    ],
)
def test_a_wrong_address_is_answered_in_words(
    shared_gateway: RunningGateway, path: str, status: int
) -> None:
    with shared_gateway.client("ann") as http:
        answer = http.get(path)
    assert answer.status_code == status
    assert answer.json()["message"]


def test_a_wrong_method_says_so(shared_gateway: RunningGateway) -> None:
    with shared_gateway.client("ann") as http:
        answer = http.delete("/v1/events")
    assert (answer.status_code, answer.json()["error"]) == (405, "wrong_method")


def test_a_journal_that_cannot_write_says_so_and_takes_nothing_in(
    gateway: RunningGateway,
) -> None:
    report = {"type": "stop", "stop": "S2", "status": "arrived", "at": "2026-11-20T11:59:00Z"}
    gateway.journal.close()
    with gateway.client("own") as own, gateway.client("ann") as ann:
        carried = own.post("/v1/ingest/driver_app", content=json.dumps(report))
        commanded = ann.post(
            "/v1/commands",
            json={"type": "claim_exception", "exception_id": GATE, "version": 0},
            headers=KEY,
        )
        assert ann.get("/v1/me").status_code == 200
    for answer in (carried, commanded):
        assert (answer.status_code, answer.json()["error"]) == (503, "journal")
        assert answer.headers["retry-after"]
    assert gateway.state.exceptions[GATE].work.owner == ""
