"""Kills a gateway in the middle of ingest and commands, again and again, and counts what was lost.

A carrier sends Traccar messages over HTTP, each with an alarm of a vehicle of its own; a
dispatcher writes notes, each a command with a key of its own. Every answer 202 or 200 is an
acknowledgement. After each kill -9 the gateway is started again on the same journal, and
everything that got no answer is sent again, as in life. A desktop follows all the time.
"""

import random
import tempfile
import time
from pathlib import Path

from tests.drills._gateway import GatewayProcess, free_port
from tests.drills._outcome import Outcome
from tests.drills._room import Room
from tests.drills._single import run_alone
from tests.report import Line

NAME = "gateway_kill"
WORDS = "a gateway is killed with -9 during ingest and commands"

KILLS = 50
BEFORE_A_KILL = (20, 200)
"""Messages and commands acknowledged between a start and the next kill: at least, at most."""


def run(seed: int, kills: int = KILLS) -> Outcome:
    """Kill a gateway so many times, on a journal of its own."""
    with tempfile.TemporaryDirectory() as folder:
        return drill(kills, Path(folder), seed)


def drill(kills: int, folder: Path, seed: int = 1) -> Outcome:
    """Kill a gateway so many times.

    Args:
        kills: how often.
        folder: where its journal lies.
        seed: decides when it is killed.
    """
    rng, recoveries_s, killed_at = random.Random(seed), list[float](), 0.0
    with Room(free_port()) as room:
        for number in range(kills + 1):
            with GatewayProcess(folder, port=room.port):
                room.work(1)
                if number > 0:
                    recoveries_s.append(time.monotonic() - killed_at)
                if number < kills:
                    room.work(rng.randint(*BEFORE_A_KILL))
                else:
                    cleared = room.finish()
                killed_at = time.monotonic()
    counted = Line("kills", kills, "kills")
    return room.outcome(NAME, folder / "data", max(recoveries_s), cleared=cleared, more=(counted,))


if __name__ == "__main__":
    run_alone(NAME)
