"""Many desktops in one process: most only look at the head of a frame, a few take it whole.

Answers each line on standard input with what was measured since the line before.
"""

import argparse
import asyncio
import socket
import sys
import time
from collections.abc import Callable
from datetime import datetime

import msgspec
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed

from tests.feed.rooms import TOKEN, Desk
from tower.feed.client import EVENTS_PATH, VEHICLES_PATH, FeedClient
from tower.feed.codec import CODECS
from tower.feed.messages import Ack, EventsHello, VehiclesHello

WHOLE = 3
"""Desktops that decode and apply everything."""

_CODEC = CODECS["tower.v1"]


class Measured(msgspec.Struct):
    """What the desktops saw since the last question.

    Attributes:
        position_s: age of the newest position in each frame when it arrived, seconds.
        event_s: age of the newest event in each message when it arrived, seconds.
        desktops: how many were sent frames.
        lost: connections that closed.
        whole_vehicles: vehicles on the map of each desktop that takes everything.
    """

    position_s: list[float] = []
    event_s: list[float] = []
    desktops: int = 0
    lost: int = 0
    whole_vehicles: list[int] = []


class _Newest(msgspec.Struct):
    at_base: int


class _FrameHead(msgspec.Struct):
    type: str
    vehicles: _Newest | None = None


class _Recorded(msgspec.Struct):
    recorded_at: datetime


class _EventsHead(msgspec.Struct):
    type: str
    events: list[_Recorded] = []


_frame_head = msgspec.msgpack.Decoder(_FrameHead).decode
_events_head = msgspec.msgpack.Decoder(_EventsHead).decode


class Crowd:
    """All desktops, and what they measure."""

    def __init__(self) -> None:
        self._measured = Measured()
        self._served: set[int] = set()
        self._desks: list[Desk] = []

    async def attend(self, url: str, desktops: int) -> None:
        """Be connected until cancelled."""
        async with asyncio.TaskGroup() as tasks:
            for number in range(desktops):
                if number < WHOLE:
                    desk = Desk()
                    self._desks.append(desk)
                    tasks.create_task(FeedClient(url, TOKEN, desk).run())
                tasks.create_task(self._follow(url + VEHICLES_PATH, self._on_frame, number))
                tasks.create_task(self._follow(url + EVENTS_PATH, self._on_events, number))

    def take(self) -> Measured:
        """What was measured since the last time."""
        measured, self._measured = self._measured, Measured()
        measured.desktops = len(self._served)
        measured.whole_vehicles = [len(desk.vehicles) for desk in self._desks]
        self._served.clear()
        return measured

    async def _follow(self, url: str, look: Callable[[bytes, int], None], number: int) -> None:
        hello = VehiclesHello() if url.endswith(VEHICLES_PATH) else EventsHello()
        try:
            async with _upgrade(url) as websocket:
                await websocket.send(_CODEC.encode(hello))
                await self._listen(websocket, look, number)
        except ConnectionClosed:
            self._measured.lost += 1

    async def _listen(
        self, websocket: ClientConnection, look: Callable[[bytes, int], None], number: int
    ) -> None:
        frames = 0
        async for data in websocket:
            assert isinstance(data, bytes)
            if _frame_head(data).type in {"frame", "snapshot", "events"}:
                frames += 1
                look(data, number)
                await websocket.send(_CODEC.encode(Ack(frames=frames)))

    def _on_frame(self, data: bytes, number: int) -> None:
        head = _frame_head(data)
        if head.vehicles is not None:
            self._served.add(number)
            self._measured.position_s.append(time.time() - head.vehicles.at_base / 1_000)

    def _on_events(self, data: bytes, _number: int) -> None:
        for event in _events_head(data).events[-1:]:
            self._measured.event_s.append(time.time() - event.recorded_at.timestamp())


def _upgrade(url: str) -> connect:
    return connect(
        url,
        subprotocols=["tower.v1"],  # type: ignore[list-item]
        additional_headers={"Authorization": f"Bearer {TOKEN}"},
        compression=None,
        proxy=None,
        ping_interval=None,
        open_timeout=60,
    )


async def naive_desktop(url: str) -> None:
    """A desktop of the naive gateway: reads everything, looks at nothing."""
    async with connect(url, compression=None, proxy=None, max_size=None) as websocket:
        await websocket.send("hello")
        async for _ in websocket:
            continue


def stall(url: str) -> socket.socket:
    """A desktop that said hello on the vehicles socket and never reads."""
    host, _, port = url.removeprefix("ws://").partition(":")
    end = socket.create_connection((host, int(port)))
    end.sendall(
        (
            f"GET {VEHICLES_PATH} HTTP/1.1\r\nHost: {host}\r\nConnection: Upgrade\r\n"
            "Upgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
            "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
            f"Sec-WebSocket-Protocol: tower.v1\r\nAuthorization: Bearer {TOKEN}\r\n\r\n"
        ).encode()
    )
    assert b" 101 " in end.recv(4_096)
    hello = _CODEC.encode(VehiclesHello())
    end.sendall(bytes([0x82, 0x80 | len(hello), 0, 0, 0, 0]) + hello)
    return end


async def run(url: str, desktops: int, *, naive: bool) -> None:
    """Be connected, and answer until standard input ends."""
    crowd = Crowd()
    if naive:
        tasks = [asyncio.create_task(naive_desktop(url)) for _ in range(desktops)]
    else:
        tasks = [asyncio.create_task(crowd.attend(url, desktops))]
    reader = asyncio.StreamReader()
    loop = asyncio.get_running_loop()
    await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), sys.stdin)
    while await reader.readline():
        print(msgspec.json.encode(crowd.take()).decode(), flush=True)
    for task in tasks:
        task.cancel()
    await asyncio.wait(tasks)


def main() -> None:
    """Stay connected until standard input ends."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("url")
    parser.add_argument("--desktops", type=int, default=200)
    parser.add_argument("--naive", action="store_true")
    options = parser.parse_args()
    asyncio.run(run(options.url, options.desktops, naive=options.naive))


if __name__ == "__main__":
    main()
