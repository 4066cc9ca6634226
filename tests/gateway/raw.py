"""Bytes to a gateway as no library would send them."""

import socket
from collections.abc import Iterator
from contextlib import contextmanager

from tests.gateway.running import PATIENCE_S, RunningGateway

CUT_OFF = b"<cut off>"
UPGRADE = (
    "Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
    "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n"
)

TEXT, PING, PONG, CONTINUED = 0x1, 0x9, 0xA, 0x0


def request(method: str, path: str, *headers: str, body: bytes = b"", who: str = "ann") -> bytes:
    """A request, word for word; in whose name, or nobody's."""
    signed = [f"Authorization: Bearer {who}-token"] if who else []
    head = "\r\n".join([f"{method} {path} HTTP/1.1", "Host: x", *signed, *headers, "", ""])
    return head.encode("latin-1") + body


def upgrade(path: str, *headers: str, who: str = "ann") -> bytes:
    """The request for a websocket."""
    lines = [line for line in UPGRADE.split("\r\n") if line]
    return request("GET", path, *lines, "Sec-WebSocket-Protocol: tower.v1.json", *headers, who=who)


def frame(code: int, payload: bytes, *, last: bool = True) -> bytes:
    """One websocket frame with a mask of zeros."""
    size = len(payload)
    if size < 126:
        length = bytes([0x80 | size])
    elif size < 65_536:
        length = bytes([0x80 | 126]) + size.to_bytes(2, "big")
    else:
        length = bytes([0x80 | 127]) + size.to_bytes(8, "big")
    return bytes([(0x80 if last else 0) | code]) + length + bytes(4) + payload


@contextmanager
def connection(gateway: RunningGateway) -> Iterator[socket.socket]:
    """A bare connection."""
    host, port = gateway.url.removeprefix("http://").split(":")
    with socket.create_connection((host, int(port)), timeout=PATIENCE_S) as one:
        yield one


def said(gateway: RunningGateway, sent: bytes) -> bytes:
    """Everything the gateway says to these bytes until it hangs up."""
    with connection(gateway) as one:
        one.sendall(sent)
        return rest(one)


def rest(one: socket.socket) -> bytes:
    """What is said until the gateway hangs up, `CUT_OFF` at the end where it did so rudely."""
    answer = b""
    try:
        while piece := one.recv(65_536):
            answer += piece
    except ConnectionError:
        return answer + CUT_OFF
    return answer
