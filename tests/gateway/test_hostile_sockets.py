"""Whatever a client does to the live websockets, the others go on and memory stays where it is."""

import json
import socket
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.gateway.raw import CONTINUED, PING, PONG, TEXT, connection, frame, rest, upgrade
from tests.gateway.running import PATIENCE_S, RunningGateway
from tests.gateway.test_live import watching

HELLO = frame(TEXT, b'{"type": "hello"}')
SOCKETS = ("events", "vehicles")
_ANY_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["type", "frames", "resume", "seq", "epoch"]), inner)
    ),
    max_leaves=8,
)


@pytest.fixture(autouse=True)
def _no_tracebacks(caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    """What clients send never fills the log with stack traces."""
    yield
    assert [record.getMessage() for record in caplog.records if record.exc_info] == []


@contextmanager
def upgraded(gateway: RunningGateway, what: str = "events") -> Iterator[socket.socket]:
    """A bare websocket of somebody who may look."""
    with connection(gateway) as one:
        one.sendall(upgrade(f"/v1/live/{what}"))
        assert one.recv(4_096).startswith(b"HTTP/1.1 101")
        yield one


def still_serves(gateway: RunningGateway) -> None:
    """An honest desktop beside it gets its snapshot."""
    with watching(gateway, "events") as desktop:
        assert "S1" in desktop.next("snapshot")["state"]["stops"]


@pytest.mark.parametrize(
    "blob",
    [
        frame(TEXT, b'{"type": "heartbeat"}') * 2_000,
        frame(PING, b"x" * 125) * 1_000,
        frame(PONG, b"") * 10_000,
        frame(TEXT, b"", last=False) + frame(CONTINUED, b"", last=False) * 10_000,
    ],
    ids=["messages", "pings", "pongs", "pieces"],
)
def test_a_flood_is_cut_off_before_it_costs_anybody_anything(
    shared_gateway: RunningGateway, blob: bytes
) -> None:
    with upgraded(shared_gateway) as one:
        one.sendall(HELLO)
        assert _taken(one, blob, 100_000_000) < 100_000_000
    still_serves(shared_gateway)


def _taken(one: socket.socket, blob: bytes, most: int) -> int:
    """Bytes that could be sent before the connection was cut."""
    for sent in range(0, most, len(blob)):
        try:
            one.sendall(blob)
        except ConnectionError:
            return sent
    return most


@pytest.mark.parametrize(
    ("sent", "code"),
    [
        (frame(TEXT, b"\xff\xfe"), 1007),
        (frame(TEXT, b"x" * 70_000), 1009),
        (b"\x81\xff" + (2**62).to_bytes(8, "big"), 1009),
        (b"\x81\x02{}", 1002),
        (frame(CONTINUED, b"x"), 1002),
        (frame(PING, b"x", last=False), 1002),
        (frame(TEXT, b"["), 4400),
        (frame(TEXT, b"[" * 60_000), 4400),
        (frame(TEXT, b'{"type": "ack", "frames": 1}'), 4400),
        (HELLO + HELLO, 4400),
        (HELLO + frame(TEXT, b'{"type": "ack", "frames": -1}'), 4400),
        (HELLO + frame(TEXT, b'{"type": "ack", "frames": 99999999999999999999999}'), 4400),
    ],
    ids=[
        "utf8",
        "long",
        "huge",
        "mask",
        "piece",
        "ping",
        "cut",
        "deep",
        "ack",
        "twice",
        "neg",
        "big",
    ],
)
def test_nonsense_ends_the_conversation_with_its_reason(
    shared_gateway: RunningGateway, sent: bytes, code: int
) -> None:
    with upgraded(shared_gateway) as one:
        one.sendall(sent)
        said = rest(one)
    assert code.to_bytes(2, "big") in said
    still_serves(shared_gateway)


@settings(max_examples=30)
@given(
    sent=st.lists(
        st.one_of(
            st.binary(max_size=200),
            st.builds(
                frame,
                st.sampled_from([TEXT, CONTINUED, 0x2, 0x8, PING, PONG, 0x3, 0xF]),
                st.binary(max_size=150),
                last=st.booleans(),
            ),
            st.builds(lambda value: frame(TEXT, json.dumps(value).encode()), _ANY_JSON),
        ),
        max_size=8,
    ),
    what=st.sampled_from(SOCKETS),
)
def test_any_bytes_at_all(shared_gateway: RunningGateway, sent: list[bytes], what: str) -> None:
    with upgraded(shared_gateway, what) as one:
        one.settimeout(PATIENCE_S)
        try:
            one.sendall(b"".join(sent) + frame(0x8, (1000).to_bytes(2, "big")))
            one.shutdown(socket.SHUT_WR)
        except ConnectionError:
            return
        rest(one)


def test_half_open_connections_do_not_pile_up(gateway: RunningGateway) -> None:
    for _ in range(20):
        with upgraded(gateway) as one:
            one.sendall(HELLO)
            one.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
    open_now = gateway.service._server.server_state.connections
    gateway.until(lambda: not open_now or None)
    still_serves(gateway)
