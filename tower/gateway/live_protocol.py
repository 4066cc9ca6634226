"""uvicorn's websocket protocol, hardened against clients that flood, stall or talk nonsense."""

import asyncio
import codecs
import logging
from asyncio.transports import BaseTransport
from http import HTTPStatus
from typing import Any

from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol
from websockets.frames import CloseCode, Frame, Opcode
from websockets.http11 import Request
from websockets.server import ServerProtocol

from tower.feed.messages import LIMITS

ABORT = "tower.abort"
"""Extension of the ASGI scope: a function that drops the connection at once.

An ASGI application can only ask for a close that waits until everything sent before was taken;
a desktop that stopped reading would stay connected for ever.
"""

BURST_BYTES = 3 * LIMITS.client_frame_bytes
"""What a desktop may send at once, its upgrade included."""

BYTES_A_SECOND = 16 * 1024
"""What it may send in the long run: a hundred times what an honest one does."""

_VERSION = "13"
"""Of the websocket protocol (RFC 6455)."""

_utf8 = codecs.getincrementaldecoder("utf-8")

_log = logging.getLogger(__name__)


class _Connection(ServerProtocol):
    """The protocol of one connection; who leaves in the middle of a message may (RFC 6455, 5.4)."""

    def recv_frame(self, frame: Frame) -> None:
        """Take in one frame."""
        if frame.opcode is Opcode.CLOSE:
            self.current_size = None
        super().recv_frame(frame)


class LiveProtocol(WebSocketsSansIOProtocol):
    """Give this to uvicorn as `ws`.

    Everything a client sends costs the loop time that belongs to all, and each ping is answered
    whether or not the answers are read. So who sends far more than a desktop ever would is cut
    off before it is even read.
    """

    _allowance = float(BURST_BYTES)
    _counted_at = 0.0
    _letters = _utf8()

    def connection_made(self, transport: BaseTransport) -> None:
        """A client is there; the connection was an HTTP one until now."""
        super().connection_made(transport)
        self.conn = _Connection(max_size=self.config.ws_max_size, logger=self.conn.logger)

    def data_received(self, data: bytes) -> None:
        """Take in what the client sent, within its allowance."""
        if not self._may_send(len(data)):
            _log.warning("a desktop was cut off: it sent more than a desktop has to say")
            self.transport.abort()
            return
        super().data_received(data)
        if self.conn.handshake_exc is not None and not self.handshake_initiated:
            self._refuse(HTTPStatus.BAD_REQUEST, "The upgrade cannot be read.\n")

    def handle_connect(self, event: Request) -> None:
        """Begin the upgrade; the application's task starts after this returns."""
        if event.headers.get_all("Sec-WebSocket-Version") not in ([], [_VERSION]):
            self._refuse(HTTPStatus.UPGRADE_REQUIRED, "Only version 13 is spoken here.\n")
            return
        super().handle_connect(event)
        scope: Any = getattr(self, "scope", None)
        if scope is not None:
            scope["extensions"][ABORT] = self.transport.abort

    def handle_text(self, event: Frame) -> None:
        """Take in a text, or its first piece."""
        self._letters = _utf8()
        if self._is_text(event):
            super().handle_text(event)

    def handle_cont(self, event: Frame) -> None:
        """Take in a further piece."""
        if self.curr_msg_data_type != "text" or self._is_text(event):
            super().handle_cont(event)

    async def send(self, message: Any) -> None:  # noqa: ANN401 - any message of ASGI
        """Send what the application says."""
        await super().send(message)
        if message["type"] == "websocket.http.response.body" and self.close_sent:
            # A refusal in words is an end as good as any; uvicorn would log it as a failure.
            self.handshake_complete = True

    def _may_send(self, size: int) -> bool:
        now = asyncio.get_running_loop().time()
        earned = (now - self._counted_at) * BYTES_A_SECOND
        self._allowance = min(float(BURST_BYTES), self._allowance + earned) - size
        self._counted_at = now
        return self._allowance >= 0.0

    def _is_text(self, piece: Frame) -> bool:
        """Whether a text is one so far; where it is none the conversation ends, and at once."""
        if self.close_sent:
            return False
        try:
            self._letters.decode(piece.data, final=piece.fin)
        except UnicodeDecodeError:
            self.conn.fail(CloseCode.INVALID_DATA, "the message is not UTF-8")
            self.handle_parser_exception()
            return False
        return True

    def _refuse(self, status: HTTPStatus, words: str) -> None:
        """Answer an upgrade that uvicorn leaves without an answer, or answers too vaguely."""
        response = self.conn.reject(status, words)
        if status is HTTPStatus.UPGRADE_REQUIRED:
            response.headers["Upgrade"] = "websocket"
            response.headers["Sec-WebSocket-Version"] = _VERSION
        self.handshake_initiated = self.handshake_complete = self.close_sent = True
        self.transport.write(response.serialize())
        self.transport.close()
