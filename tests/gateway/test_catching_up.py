"""A source that tells the past is heard out before anything is predicted from it."""

import asyncio
from pathlib import Path

from tests.gateway.running import asked_until, running_gateway
from tests.gateway.shift import NOON
from tower.gateway.room import Room

POSITION = (
    b'{"type": "position", "vehicle": "A", "at": "2026-11-20T12:00:00Z", "lat": 47.2, "lon": 9.5}'
)


class Storyteller:
    """Tells where a vehicle is, and only then that this was all."""

    def __init__(self) -> None:
        self.told, self.ends = asyncio.Event(), asyncio.Event()

    async def run(self, room: Room) -> None:
        """Tell it, and wait until the test has looked."""
        with room.catching_up():
            await room.intake("own", "driver_app", POSITION, "application/json")
            self.told.set()
            await self.ends.wait()


def test_nothing_is_predicted_until_the_past_is_told(tmp_path: Path) -> None:
    teller = Storyteller()
    with running_gateway(tmp_path, [teller]) as running, running.client() as http:
        table = running.gateway.arrival_table
        running.until(lambda: True if teller.told.is_set() else None)
        asked_until(http, "/v1/routes/shapes", lambda answer: len(answer.json()) == 2)
        assert running.gateway.room.is_behind
        assert table.row("S2") is None
        running.loop.call_soon_threadsafe(teller.ends.set)
        assert running.until(lambda: table.row("S2")).p50 > NOON
        assert not running.gateway.room.is_behind
