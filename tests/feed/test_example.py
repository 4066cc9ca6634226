"""The program in the documentation works as it stands there."""

import asyncio
import os
import sys
from asyncio.subprocess import PIPE
from pathlib import Path

from tests.feed.rooms import NOON, TOKEN, Room
from tower.domain.telemetry import Fix

EXAMPLE = Path(__file__).parents[2] / "docs" / "examples" / "follow_vehicles.py"


def test_the_documented_program_prints_the_vehicles_that_move() -> None:
    async def shift() -> bytes:
        room = Room()
        room.vehicle_table.update_fixes([Fix(vehicle_id="own:7", at=NOON, lat=47.1, lon=9.5)])
        async with room.open() as url:
            program = await asyncio.create_subprocess_exec(
                sys.executable,
                str(EXAMPLE),
                url,
                stdout=PIPE,
                env={**os.environ, "TOWER_TOKEN": TOKEN},
            )
            assert program.stdout is not None
            try:
                async with asyncio.timeout(20):
                    return await program.stdout.readline()
            finally:
                program.kill()
                await program.communicate()

    assert asyncio.run(shift()) == b"own:7: 47.10000, 9.50000\n"
