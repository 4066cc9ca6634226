"""uvicorn's websocket protocol, hardened against clients that flood, stall or talk nonsense."""

import asyncio
import logging
from http import HTTPStatus
from typing import Any

from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol
from websockets.frames import CloseCode
from websockets.http11 import Request

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

_log = logging.getLogger(__name__)


class LiveProtocol(WebSocketsSansIOProtocol):
    """Give this to uvicorn as `ws`.

    Everything a client sends costs the loop time that belongs to all, and each ping is answered
    whether or not the answers are read. So who sends far more than a desktop ever would is cut
    off before it is even read.
    """

    _allowance = float(BURST_BYTES)
    _counted_at = 0.0

    def data_received(self, data: bytes) -> None:
        """Take in what the client sent, within its allowance."""
        if not self._may_send(len(data)):
            _log.warning("a desktop was cut off: it sent more than a desktop has to say")
            self.transport.abort()
            return
        super().data_received(data)
        if self.conn.handshake_exc is not None and not self.handshake_initiated:
            self._refuse_upgrade()

    def handle_connect(self, event: Request) -> None:
        """Begin the upgrade; the application's task starts after this returns."""
        super().handle_connect(event)
        scope: Any = getattr(self, "scope", None)
        if scope is not None:
            scope["extensions"][ABORT] = self.transport.abort

    def send_receive_event_to_app(self) -> None:
        """Hand a whole message to the application; text that is none ends the conversation."""
        if self.curr_msg_data_type == "text" and not _is_text(b"".join(self.frames)):
            self.conn.fail(CloseCode.INVALID_DATA, "the message is not UTF-8")
            self.handle_parser_exception()
            return
        super().send_receive_event_to_app()

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

    def _refuse_upgrade(self) -> None:
        """Answer an upgrade that cannot be read, which uvicorn leaves without an answer."""
        response = self.conn.reject(HTTPStatus.BAD_REQUEST, "The upgrade cannot be read.\n")
        self.handshake_complete = self.close_sent = True
        self.transport.write(response.serialize())
        self.transport.close()


def _is_text(data: bytes) -> bool:
    try:
        data.decode()
    except UnicodeDecodeError:
        return False
    return True
