"""What is no proper HTTP, comes never, comes slowly or is never read: nobody else notices."""

import json
import logging
import socket
from collections.abc import Iterator
from contextlib import ExitStack

import pytest

from tests.gateway.raw import CUT_OFF, connection, request, rest, said, upgrade
from tests.gateway.running import RunningGateway
from tower.gateway import http_protocol
from tower.gateway.http import call

CLOSE = "Connection: close"


@pytest.fixture(autouse=True)
def _no_tracebacks(caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    """What strangers send never fills the log with stack traces."""
    yield
    assert [record.getMessage() for record in caplog.records if record.exc_info] == []


@pytest.mark.parametrize(
    "path",
    [
        "/v1/events?after=9223372036854775808",
        "/v1/events?after=99999999999999999999",
        "/v1/events?after=1_0",
        "/v1/events?after=%D9%A3",
        "/v1/events?limit=0",
        "/v1/refused?after=9223372036854775808",
        "/v1/vehicles/own:A/trail?until=0001-01-01T00:00:00Z",
        "/v1/vehicles/own:A/trail?since=9999-12-31T23:59:59-14:00",
    ],
)
def test_numbers_and_times_beyond_all_bounds_are_told_so(
    shared_gateway: RunningGateway, path: str
) -> None:
    with shared_gateway.client("ann") as http:
        answer = http.get(path)
    assert (answer.status_code, answer.json()["error"]) == (422, "unfit")


def test_the_largest_number_there_is_is_still_an_answer(shared_gateway: RunningGateway) -> None:
    with shared_gateway.client("ann") as http:
        answer = http.get("/v1/events?after=9223372036854775807")
    assert answer.json()["events"] == []


def test_a_packed_body_is_not_unpacked(shared_gateway: RunningGateway) -> None:
    with shared_gateway.client("own") as http:
        answer = http.post(
            "/v1/ingest/driver_app",
            content=b"\x1f\x8b" + bytes(1000),
            headers={"Content-Encoding": "gzip"},
        )
    assert (answer.status_code, answer.json()["error"]) == (415, "packed")


def test_a_refusal_does_not_repeat_endless_words(shared_gateway: RunningGateway) -> None:
    answer = said(shared_gateway, request("GET", "/" + "a" * 60_000, CLOSE))
    assert b" 404 " in answer.splitlines()[0]
    assert len(answer) < 1_000


def test_no_redirect_repeats_a_strangers_host(shared_gateway: RunningGateway) -> None:
    sent = request("GET", "/v1/health/", CLOSE).replace(b"Host: x", b"Host: evil.example")
    answer = said(shared_gateway, sent)
    assert b" 404 " in answer.splitlines()[0]
    assert b"evil.example" not in answer


@pytest.mark.parametrize(
    "sent",
    [
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n",
        b"GET /\r\n\r\n",
        request("POST", "/v1/commands", "Content-Length: 5", "Content-Length: 6", body=b"12345"),
        request("POST", "/v1/commands", "Content-Length: -5"),
        request("POST", "/v1/commands", "Content-Length: \xb2"),
        request("POST", "/v1/commands", "Content-Length: " + "9" * 5_000),
        request("GET", "/v1/me", "X: a\rX-Tower-Carrier: rival"),
        request("GET", "/v1/me", "X: \x00"),
        request("GET", "/v1/\xe9", CLOSE),
        request("POST", "/v1/commands", "Transfer-Encoding: gzip, chunked", body=b"0\r\n\r\n"),
    ],
    ids=["tls", "0.9", "2len", "neglen", "sup", "long", "cr", "nul", "latin", "te"],
)
def test_what_is_no_http_is_refused(shared_gateway: RunningGateway, sent: bytes) -> None:
    assert b" 400 " in said(shared_gateway, sent).splitlines()[0]


@pytest.mark.parametrize("who", ["own", ""], ids=["carrier", "stranger"])
@pytest.mark.parametrize("begun", [b"", b"3\r\n[1,\r\n"], ids=["at once", "halfway"])
def test_a_broken_chunk_is_refused_and_leaves_no_trace_in_the_log(
    shared_gateway: RunningGateway, begun: bytes, who: str
) -> None:
    head = request("POST", "/v1/ingest/driver_app", "Transfer-Encoding: chunked", CLOSE, who=who)
    with connection(shared_gateway) as one:
        one.sendall(head + begun)
        one.sendall(b"ZZZ\r\n")
        assert rest(one).split()[1] in (b"400", b"401")


def test_a_smuggled_request_is_never_answered(shared_gateway: RunningGateway) -> None:
    smuggled = b"0\r\n\r\n" + request("GET", "/v1/me", CLOSE)
    sent = request(
        "POST",
        "/v1/ingest/driver_app",
        "Content-Length: 5",
        "Transfer-Encoding: chunked",
        who="own",
        body=smuggled,
    )
    assert said(shared_gateway, sent).count(b"HTTP/1.1") == 1


def test_pipelined_requests_are_answered_in_turn(shared_gateway: RunningGateway) -> None:
    pair = request("GET", "/v1/me") + request("GET", "/v1/health")
    answer = said(shared_gateway, pair * 100 + request("GET", "/v1/nothing", CLOSE))
    assert answer.count(b"HTTP/1.1 200") == 200
    assert answer.count(b"HTTP/1.1 404") == 1


def test_two_tokens_at_once_are_the_first_one(shared_gateway: RunningGateway) -> None:
    sent = request("GET", "/v1/me", "Authorization: Bearer ann-token", CLOSE, who="nobody")
    assert b" 401 " in said(shared_gateway, sent).splitlines()[0]


@pytest.mark.parametrize(
    "sent",
    [
        upgrade("/v1/live/events", "X: " + "a" * 9_000),
        upgrade("/v1/live/events", *(f"X{n}: y" for n in range(200))),
        upgrade("/v1/live/events", who="").replace(b"GET", b"POST"),
        request("GET", "/v1/live/events", "Upgrade: websocket", "Connection: Upgrade"),
        upgrade("/v1/me"),
        upgrade("/v1/live/../../etc/passwd"),
        upgrade("/v1/live/events", who=""),
        upgrade("/v1/live/events", who="own"),
    ],
    ids=["header", "headers", "post", "bare", "elsewhere", "path", "stranger", "carrier"],
)
def test_an_upgrade_that_cannot_be_is_answered_and_ended(
    shared_gateway: RunningGateway, sent: bytes, caplog: pytest.LogCaptureFixture
) -> None:
    answer = said(shared_gateway, sent)
    assert answer.split()[1] in (b"400", b"401", b"404", b"405")
    assert not [record for record in caplog.records if record.levelno >= logging.ERROR]


def test_who_asks_for_nothing_is_shown_out(
    shared_gateway: RunningGateway, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(http_protocol, "HEAD_S", 0.2)
    with connection(shared_gateway) as silent, connection(shared_gateway) as slow:
        slow.sendall(b"GET /v1/health HTTP/1.1\r\nHost: x\r\nX-Slow: ")
        assert rest(silent).removesuffix(CUT_OFF) == b""
        assert rest(slow).removesuffix(CUT_OFF) == b""


def test_who_was_refused_cannot_stay_by_sending_on(
    shared_gateway: RunningGateway, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(http_protocol, "HEAD_S", 0.2)
    much = 5_000_000  # more than can be sent in the time, byte by byte
    head = request("POST", "/v1/commands", f"Content-Length: {much}", who="")
    with connection(shared_gateway) as one:
        one.sendall(head)
        assert b" 401 " in one.recv(4_096).splitlines()[0]
        assert _sends_until_cut_off(one, much) < much


def _sends_until_cut_off(one: socket.socket, most: int) -> int:
    for count in range(most):
        try:
            one.sendall(b"x")
        except ConnectionError:
            return count
    return most


def test_a_body_that_trickles_in_is_given_up(
    shared_gateway: RunningGateway, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(call, "_BODY_S", 0.2)
    head = request("POST", "/v1/ingest/driver_app", "Content-Length: 5000", who="own")
    answer = said(shared_gateway, head + b"[")
    assert b" 408 " in answer.splitlines()[0]
    assert b'"too_slow"' in answer


def test_an_answer_nobody_reads_is_given_up(
    shared_gateway: RunningGateway, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(http_protocol, "READ_S", 0.2)
    with connection(shared_gateway) as one:
        one.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4_096)
        one.sendall(request("GET", "/v1/regions/liechtenstein") * 20)
        shared_gateway.until(lambda: _connections(shared_gateway) == 0 or None)


def test_held_connections_keep_nobody_out(
    gateway: RunningGateway, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(http_protocol, "MOST_CONNECTIONS", 10)
    with ExitStack() as stack:
        for _ in range(30):
            one = stack.enter_context(connection(gateway))
            one.sendall(b"GET /v1/health HTTP/1.1\r\nX-Slow: ")
        with gateway.client("own") as http:
            report = {"type": "stop", "stop": "S2", "status": "arrived"}
            answer = http.post(
                "/v1/ingest/driver_app",
                content=json.dumps(report | {"at": "2026-11-20T11:59:00Z"}),
            )
        assert answer.status_code == 202
        gateway.until(lambda: _connections(gateway) <= 10 or None)


def _connections(gateway: RunningGateway) -> int:
    return len(gateway.service._server.server_state.connections)


def test_a_failure_of_ours_is_told_and_the_connection_goes_on(
    gateway: RunningGateway, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fails(*_: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(gateway.gateway.presence, "seen", fails)
    pair = request("GET", "/v1/me") + request("GET", "/v1/health", CLOSE, who="")
    answer = said(gateway, pair)
    assert b" 500 " in answer.splitlines()[0]
    assert answer.count(b"HTTP/1.1 200") == 1
    assert len([record for record in caplog.records if record.exc_info]) == 1
    caplog.clear()
