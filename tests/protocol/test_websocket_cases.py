"""The real websocket server, against what Autobahn's suite tries (sections 1 to 7, 9, 10, 12)."""

import base64
import hashlib
import socket
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from tests.gateway.raw import connection, request, said
from tests.gateway.running import RunningGateway
from tests.protocol.cases import (
    CLOSING,
    FRAGMENTS,
    FRAMING,
    LIMITED,
    MASKING,
    OPCODES,
    PINGS,
    RESERVED_BITS,
    Case,
)
from tests.protocol.utf8_cases import CUT_LETTERS, FAIL_FAST, LETTERS, WHOLE
from tests.protocol.wire import Wire, close, text

CASES = [
    *FRAMING,
    *PINGS,
    *RESERVED_BITS,
    *OPCODES,
    *FRAGMENTS,
    *WHOLE,
    *FAIL_FAST,
    *CUT_LETTERS,
    *LETTERS,
    *CLOSING,
    *LIMITED,
    *MASKING,
]
_PATH = "/v1/live/events"
_KEY = base64.b64encode(b"0123456789abcdef").decode()
_ACCEPT_GUID = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"
_UPGRADE = {
    "Upgrade": "websocket",
    "Connection": "Upgrade",
    "Sec-WebSocket-Version": "13",
    "Sec-WebSocket-Key": _KEY,
    "Sec-WebSocket-Protocol": "tower.v1.json",
}


@contextmanager
def wire(gateway: RunningGateway, subprotocol: str = "tower.v1.json") -> Iterator[Wire]:
    """A connection that was upgraded."""
    with connection(gateway) as one:
        one.sendall(_asked({"Sec-WebSocket-Protocol": subprotocol}))
        head, left = _head(one)
        assert head.startswith("HTTP/1.1 101 "), head
        yield Wire(one, left)


def _asked(changes: dict[str, str | None], path: str = _PATH, who: str = "ann") -> bytes:
    headers = {**_UPGRADE, **changes}
    lines = [f"{name}: {value}" for name, value in headers.items() if value is not None]
    return request("GET", path, *lines, who=who)


def _head(one: socket.socket) -> tuple[str, bytes]:
    got = b""
    while b"\r\n\r\n" not in got:
        piece = one.recv(4_096)
        assert piece, f"no answer, only {got!r}"
        got += piece
    head, left = got.split(b"\r\n\r\n", 1)
    return head.decode("latin-1"), left


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.number)
def test_case(shared_gateway: RunningGateway, case: Case) -> None:
    with wire(shared_gateway, case.subprotocol) as one:
        if case.first:
            one.send(case.first)
            assert next(one.frames()).words == "welcome"
        one.send(case.sent)
        assert _heard(one, case) == case.heard


def _heard(one: Wire, case: Case) -> tuple[str, ...]:
    """What was answered; a connection that is still good is closed once all was heard."""
    heard = list[str]()
    for frame in one.frames():
        words = frame.words
        if words in case.heard or words.startswith(("close", "pong")):
            heard.append(words)
        if case.ends_open and tuple(heard) == case.heard:
            one.send([close(1000)])
    if case.ends_open:
        assert heard.pop() == "close 1000"
    return tuple(heard)


def test_every_case_has_a_number_of_its_own() -> None:
    assert [
        number for number, count in Counter(one.number for one in CASES).items() if count > 1
    ] == []


@pytest.mark.parametrize("path", ["/v1/live/events", "/v1/live/vehicles"])
def test_the_upgrade_is_answered_with_the_key_it_came_with(
    shared_gateway: RunningGateway, path: str
) -> None:
    with connection(shared_gateway) as one:
        one.sendall(_asked({"Sec-WebSocket-Extensions": "permessage-deflate"}, path))
        head, _ = _head(one)
    digest = hashlib.sha1((_KEY + _ACCEPT_GUID).encode(), usedforsecurity=False).digest()
    assert head.startswith("HTTP/1.1 101 ")
    assert f"Sec-WebSocket-Accept: {base64.b64encode(digest).decode()}" in head
    assert "sec-websocket-protocol: tower.v1.json" in head.lower()
    assert "sec-websocket-extensions" not in head.lower()


def test_the_first_subprotocol_both_speak_is_taken(shared_gateway: RunningGateway) -> None:
    with connection(shared_gateway) as one:
        one.sendall(_asked({"Sec-WebSocket-Protocol": "tower.v9, tower.v1.json, tower.v1"}))
        head, _ = _head(one)
    assert "sec-websocket-protocol: tower.v1.json" in head.lower()


@pytest.mark.parametrize(
    ("changes", "status"),
    [
        ({"Sec-WebSocket-Version": "12"}, 426),
        ({"Sec-WebSocket-Version": None}, 400),
        ({"Sec-WebSocket-Version": "13, 13"}, 426),
        ({"Sec-WebSocket-Key": None}, 400),
        ({"Sec-WebSocket-Key": "c2hvcnQ="}, 400),
        ({"Sec-WebSocket-Key": "not base64 at all!!!!!!!"}, 400),
        ({"Sec-WebSocket-Protocol": None}, 400),
        ({"Sec-WebSocket-Protocol": "tower.v9"}, 400),
        ({"Sec-WebSocket-Protocol": "a, b c"}, 400),
        ({"Connection": "keep-alive"}, 404),
        ({"Upgrade": "h2c"}, 404),
        ({"Upgrade": None, "Connection": None}, 404),
    ],
)
def test_an_upgrade_that_is_wrong_is_refused_with_its_status(
    shared_gateway: RunningGateway, changes: dict[str, str | None], status: int
) -> None:
    with connection(shared_gateway) as one:
        one.sendall(_asked(changes))
        head, _ = _head(one)
    assert head.startswith(f"HTTP/1.1 {status} "), head
    if status == 426:
        assert "sec-websocket-version: 13" in head.lower()


@pytest.mark.parametrize(
    ("path", "who", "status"),
    [(_PATH, "", 401), (_PATH, "nobody", 401), ("/v1/live/nothing", "ann", 404)],
)
def test_who_may_not_look_is_refused_before_the_upgrade(
    shared_gateway: RunningGateway, path: str, who: str, status: int
) -> None:
    assert said(shared_gateway, _asked({}, path, who)).startswith(b"HTTP/1.1 %d " % status)


def test_the_server_waits_for_a_desktop_to_answer_its_close_and_then_hangs_up(
    shared_gateway: RunningGateway,
) -> None:
    with wire(shared_gateway) as one:
        one.send([text(b"[]")])
        heard = one.frames()
        assert next(heard).words == "close 4400"
        one.send([close(4400)])
        assert next(heard, None) is None
