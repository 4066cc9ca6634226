"""The gateway's live sockets in a process of their own, over a fleet that moves once a second.

Spoken to by lines on standard input: each is answered with what was used so far; the end of input
ends the process.
"""

import argparse
import asyncio
import contextlib
import itertools
import json
import sys
import time
from collections import Counter
from collections.abc import Callable

import msgspec
from msgspec.structs import replace
from websockets.asyncio.server import ServerConnection, serve
from websockets.exceptions import ConnectionClosed

from tests.feed.rooms import Room, a_shift, an_event, progress
from tower.domain.moments import utc
from tower.domain.telemetry import Fix
from tower.feed.clock import RunningClock

EVENTS_PER_S = 10
STOPS = 1_500


class Usage(msgspec.Struct):
    """What the process used and did so far.

    Attributes:
        cpu_s: seconds of processor.
        at: wall clock, seconds since 1970.
        closed_at: when the first connection was closed with each code.
        frames: frames of vehicles sent, where it counts them.
    """

    cpu_s: float
    at: float
    closed_at: dict[str, float] = {}
    frames: int = 0


class Fleet:
    """Vehicles that all move once a second."""

    def __init__(self, size: int) -> None:
        self._ids = [f"own:{n:05}" for n in range(size)]

    def fixes(self, at: float) -> list[Fix]:
        """A fix of every vehicle at this time."""
        moment, north = utc(at), 47.0 + (at % 600) / 6_000
        return [
            Fix(
                vehicle_id=id_,
                at=moment,
                lat=north + n / 1e5,
                lon=9.5 + n / 1e5,
                speed_mps=8.0 + n % 7,
                heading_deg=float(n % 360),
            )
            for n, id_ in enumerate(self._ids)
        ]


async def tower_gateway(fleet: Fleet) -> None:
    """Tower's live sockets: one frame encoded for everybody."""
    room, closed_at = Room(), dict[str, float]()
    room.clock = RunningClock(time.time())
    room.happen(*a_shift(STOPS))
    async with room.open() as url:
        print(json.dumps({"url": url}), flush=True)
        work = asyncio.create_task(_work(room, fleet, closed_at))
        await _answer(lambda: Usage(time.process_time(), time.time(), closed_at))
        work.cancel()


async def _work(room: Room, fleet: Fleet, closed_at: dict[str, float]) -> None:
    for tick in itertools.count():
        began = time.monotonic()
        if tick % EVENTS_PER_S == 0:
            room.vehicle_table.update_fixes(fleet.fixes(time.time()))
        now = utc(time.time())
        event = an_event(tick, *progress(f"R-1/{tick % STOPS}", tick // STOPS))
        room.take([replace(event, id=f"bench-{tick}", recorded_at=now)])
        if room.sockets is not None:
            for code in +room.sockets.closings:
                closed_at.setdefault(str(code), time.time())
        await asyncio.sleep(max(0.0, began + 1 / EVENTS_PER_S - time.monotonic()))


async def naive_gateway(fleet: Fleet) -> None:
    """What one would write first: the whole fleet as JSON objects, encoded for each desktop."""
    sent: Counter[str] = Counter()
    newest = fleet.fixes(time.time())

    async def talk(websocket: ServerConnection) -> None:
        await websocket.recv()
        with contextlib.suppress(ConnectionClosed):
            while True:
                began = time.monotonic()
                vehicles = [msgspec.to_builtins(fix) for fix in newest]
                await websocket.send(json.dumps({"type": "frame", "vehicles": vehicles}))
                sent["frames"] += 1
                await asyncio.sleep(max(0.0, began + 1 - time.monotonic()))

    async with serve(talk, "127.0.0.1", 0, compression=None) as server:
        port = next(iter(server.sockets)).getsockname()[1]
        print(json.dumps({"url": f"ws://127.0.0.1:{port}"}), flush=True)
        await _answer(lambda: Usage(time.process_time(), time.time(), {}, sent["frames"]))


async def _answer(usage: Callable[[], Usage]) -> None:
    reader = asyncio.StreamReader()
    loop = asyncio.get_running_loop()
    await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), sys.stdin)
    while await reader.readline():
        print(msgspec.json.encode(usage()).decode(), flush=True)


def main() -> None:
    """Serve until standard input ends."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--vehicles", type=int, default=10_000)
    parser.add_argument("--naive", action="store_true")
    options = parser.parse_args()
    gateway = naive_gateway if options.naive else tower_gateway
    asyncio.run(gateway(Fleet(options.vehicles)))


if __name__ == "__main__":
    main()
