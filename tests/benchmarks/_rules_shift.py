"""A whole simulated shift in one process, as fast as it can be computed.

A real gateway without network: its inlet, journal, state, arrivals and rules, on a clock that is
moved by hand. Nobody works on anything, and carriers raise no alarms, so that what is found was
found by the rules. What only people report (customers' calls, failed attempts) is reported.
"""

import asyncio
import contextlib
from datetime import date
from pathlib import Path

import numpy as np

from tests.benchmarks._rules_marks import Ledger
from tests.benchmarks._shift import Player, SteppedClock, headless, memory_folder
from tower.carriers.registry import find_adapters
from tower.demo.plan import DemoPlan
from tower.gateway.gateway import Gateway
from tower.gateway.lookout import Lookout
from tower.gateway.server import open_journal
from tower.gateway.signin import Tokens

STEP_S = 15.0
"""Seconds of the shift between two looks, and between two positions of a vehicle."""

PROJECT_EVERY = 2
"""Arrivals are predicted anew every so many looks; that takes most of the time."""

DAY = date(2026, 3, 5)


def watch_shift(plan: DemoPlan, *, alarms: bool = False) -> Ledger:
    """Everything that is raised in a shift.

    Args:
        plan: the shift.
        alarms: whether carriers raise alarms of their own.
    """
    player = Player(plan, DAY, alarms=alarms)
    ledger = Ledger(player.midnight)
    with memory_folder() as folder:
        asyncio.run(_watched(player, ledger, folder))
    return ledger


async def _watched(player: Player, ledger: Ledger, folder: Path) -> None:
    clock = SteppedClock(player.midnight + player.begins_s - STEP_S)
    settings = headless(folder)
    with contextlib.closing(open_journal(folder, clock)) as journal:
        gateway = Gateway(settings, journal, clock, Tokens(), find_adapters())
        gateway.live.listen(lambda events, _: ledger.note(events))
        lookout = Lookout(gateway)
        # Behind for as long as it lasts: the gateway itself neither predicts nor watches.
        async with gateway.running():
            with gateway.room.catching_up():
                await player.introduce(gateway.room)
                await gateway.lines.settled()
                moments = np.arange(player.begins_s, player.ends_s, STEP_S).tolist()
                for number, now_s in enumerate(moments):
                    clock.at = player.midnight + now_s
                    await player.tell(gateway.room, now_s)
                    if number % PROJECT_EVERY == 0:
                        await gateway.projection.renew()
                        gateway.traffic.renew()
                    await lookout.look()
