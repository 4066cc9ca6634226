"""A websocket client that sends whatever it is told, and says in words what it hears."""

import json
import socket
from collections.abc import Iterable, Iterator
from typing import NamedTuple

import msgspec

from tests.gateway.running import PATIENCE_S

CONTINUED, TEXT, BINARY, CLOSE, PING, PONG = 0x0, 0x1, 0x2, 0x8, 0x9, 0xA

_MASK = b"\x37\xfa\x21\x3d"
"""The key of RFC 6455's own example (5.7): never zeros, so that unmasking is put to the test."""

_LONGEST_SHORT, _LONGEST_MEDIUM = 125, 65_535


def frame(
    code: int, payload: bytes = b"", *, last: bool = True, reserved: int = 0, masked: bool = True
) -> bytes:
    """One frame, right or wrong.

    Args:
        code: the opcode, 0 to 15.
        payload: before masking.
        last: the FIN bit.
        reserved: the three reserved bits, 0 to 7.
        masked: as a client has to.
    """
    first, size = (0x80 if last else 0) | reserved << 4 | code, len(payload)
    bit = 0x80 if masked else 0
    if size <= _LONGEST_SHORT:
        head = bytes([first, bit | size])
    elif size <= _LONGEST_MEDIUM:
        head = bytes([first, bit | 126]) + size.to_bytes(2, "big")
    else:
        head = bytes([first, bit | 127]) + size.to_bytes(8, "big")
    return head + (_MASK + _mixed(payload) if masked else payload)


def text(payload: bytes, *, last: bool = True) -> bytes:
    """A frame of text."""
    return frame(TEXT, payload, last=last)


def more(payload: bytes, *, last: bool = False) -> bytes:
    """A frame that continues a message."""
    return frame(CONTINUED, payload, last=last)


def close(code: int | None = None, reason: bytes = b"") -> bytes:
    """A close frame; without a code where it is None."""
    return frame(CLOSE, b"" if code is None else code.to_bytes(2, "big") + reason)


def in_pieces(payload: bytes, size: int, code: int = TEXT) -> list[bytes]:
    """A message as frames of so many bytes each."""
    pieces = [payload[at : at + size] for at in range(0, len(payload), size)] or [b""]
    ends = len(pieces) - 1
    return [
        frame(code if place == 0 else CONTINUED, piece, last=place == ends)
        for place, piece in enumerate(pieces)
    ]


def octets(*frames: bytes) -> list[bytes]:
    """The same bytes, each sent on its own."""
    return [bytes([one]) for one in b"".join(frames)]


def _mixed(payload: bytes) -> bytes:
    size = len(payload)
    key = (_MASK * (size // 4 + 1))[:size]
    return (int.from_bytes(payload, "big") ^ int.from_bytes(key, "big")).to_bytes(size, "big")


class Heard(NamedTuple):
    """One frame of the server."""

    code: int
    payload: bytes

    @property
    def words(self) -> str:
        """What it is: `welcome`, `pong abc`, `close 1000`, or the type of another message."""
        if self.code == CLOSE:
            return f"close {int.from_bytes(self.payload[:2], 'big')}" if self.payload else "close"
        if self.code == PONG:
            return f"pong {self.payload.decode('latin-1')}"
        read = json.loads if self.code == TEXT else msgspec.msgpack.decode
        return str(read(self.payload)["type"])


class Wire:
    """A connection after its upgrade."""

    def __init__(self, connection: socket.socket, left: bytes = b"") -> None:
        """Takes what was read already beyond the upgrade's answer."""
        self._socket, self._buffer = connection, left
        connection.settimeout(PATIENCE_S)
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def send(self, pieces: Iterable[bytes]) -> bool:
        """Send each on its own; False where the server broke off meanwhile."""
        try:
            for piece in pieces:
                self._socket.sendall(piece)
        except ConnectionError:
            return False
        return True

    def frames(self) -> Iterator[Heard]:
        """What the server says until it hangs up.

        Raises:
            ValueError: a frame no server may send: masked, with reserved bits, or cut off.
        """
        while head := self._take(2, may_end=True):
            if head[0] & 0x70 or head[1] & 0x80 or not head[0] & 0x80:
                raise ValueError(f"the server sent a frame that begins with {head.hex()}")
            size = head[1] & 0x7F
            if size > _LONGEST_SHORT:
                size = int.from_bytes(self._take(2 if size == 126 else 8), "big")
            yield Heard(head[0] & 0x0F, self._take(size))

    def _take(self, size: int, *, may_end: bool = False) -> bytes:
        while len(self._buffer) < size:
            try:
                piece = self._socket.recv(65_536)
            except ConnectionError:
                piece = b""
            if not piece:
                if may_end and not self._buffer:
                    return b""
                raise ValueError("the server broke off in the middle of a frame")
            self._buffer += piece
        taken, self._buffer = self._buffer[:size], self._buffer[size:]
        return taken
