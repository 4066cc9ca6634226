"""A gateway at noon, in a process of its own, told on standard input what the roads are like.

Each line is what a provider of traffic says, as JSON; the end of input ends the gateway. It says
where it listens as `tower gateway --announce` does.
"""

import asyncio
import os
import signal
import sys

import msgspec

from tests.benchmarks._long_route import NOON
from tower.domain.conditions import Conditions
from tower.feed.clock import RunningClock
from tower.gateway.room import Room
from tower.gateway.server import run
from tower.gateway.settings import GatewaySettings

REGION = "liechtenstein"


class SpokenConditions:
    """A provider of traffic that says what it is told to."""

    async def run(self, room: Room) -> None:
        """Pass on what stands on standard input, until it ends."""
        reader, loop = asyncio.StreamReader(), asyncio.get_running_loop()
        await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), sys.stdin)
        while line := await reader.readline():
            await room.report_conditions(msgspec.json.decode(line, type=Conditions))
        os.kill(os.getpid(), signal.SIGTERM)


def main() -> int:
    """Serve until standard input ends."""
    settings = GatewaySettings(data=sys.argv[1], port=0, region=REGION, announce=True)
    return run(settings, [SpokenConditions()], RunningClock(NOON.timestamp()))


if __name__ == "__main__":
    sys.exit(main())
