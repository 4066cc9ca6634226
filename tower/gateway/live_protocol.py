"""uvicorn's websocket protocol, with a way to cut a connection that takes nothing any more."""

from typing import Any

from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol
from websockets.http11 import Request

ABORT = "tower.abort"
"""Extension of the ASGI scope: a function that drops the connection at once.

An ASGI application can only ask for a close that waits until everything sent before was taken;
a desktop that stopped reading would stay connected for ever.
"""


class LiveProtocol(WebSocketsSansIOProtocol):
    """Give this to uvicorn as `ws`."""

    def handle_connect(self, event: Request) -> None:
        """Begin the upgrade; the application's task starts after this returns."""
        super().handle_connect(event)
        scope: Any = getattr(self, "scope", None)
        if scope is not None:
            scope["extensions"][ABORT] = self.transport.abort
