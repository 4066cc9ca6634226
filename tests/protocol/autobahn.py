"""Serves an echo behind the gateway's own websocket protocol, for Autobahn's test suite.

`python -m tests.protocol.autobahn --port 9871`, then, with the suite in a Python 2.7 of its own:
`wstest -m fuzzingclient -s fuzzingclient.json`, whose server is `ws://127.0.0.1:9871`. What a
desktop may send is not limited here, since the suite sends more than any desktop would.
"""

import argparse

import uvicorn
from starlette.applications import Starlette
from starlette.routing import WebSocketRoute
from starlette.websockets import WebSocket, WebSocketDisconnect

from tower.gateway.live_protocol import LiveProtocol

_LONGEST = 64 * 1024 * 1024


class Unlimited(LiveProtocol):
    """The gateway's protocol, whatever is sent."""

    def _may_send(self, size: int) -> bool:  # noqa: ARG002 - all of them
        return True


async def echo(websocket: WebSocket) -> None:
    """Say again whatever is said."""
    await websocket.accept()
    try:
        while True:
            message = await websocket.receive()
            if message["type"] == "websocket.disconnect":
                return
            if message.get("text") is not None:
                await websocket.send_text(message["text"])
            else:
                await websocket.send_bytes(message["bytes"])
    except WebSocketDisconnect:
        return


def main() -> None:
    """Serve until interrupted."""
    parser = argparse.ArgumentParser(prog="python -m tests.protocol.autobahn", description=__doc__)
    parser.add_argument("--port", type=int, default=9871, help="on loopback (%(default)s)")
    uvicorn.run(
        Starlette(routes=[WebSocketRoute("/{path:path}", echo)]),
        port=parser.parse_args().port,
        ws=Unlimited,
        ws_max_size=_LONGEST,
        ws_per_message_deflate=False,
        ws_ping_interval=None,
        lifespan="off",
        log_level="error",
    )


if __name__ == "__main__":
    main()
