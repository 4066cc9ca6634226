"""Pours junk into every connection of a room, towards the gateway and towards the desktop."""

import random

from tests.drills._network import Trouble, on_bad_network
from tests.drills._outcome import Outcome
from tests.drills._single import run_alone
from tests.protocol.proxy import DOWN, UP, Direction, Proxy

NAME = "feed_flooded"
WORDS = "junk is poured into every connection"

_LASTS_S = 8.0
_PIECE = 4_096


def run(seed: int) -> Outcome:
    """Flood the gateway, then those who talk to it."""
    junk = random.Random(seed).randbytes(_PIECE)
    return on_bad_network(NAME, [_poured(junk, UP), _poured(junk, DOWN)])


def _poured(junk: bytes, way: Direction) -> Trouble:
    def begin(proxy: Proxy) -> None:
        proxy.flood(junk, way)

    return Trouble(f"junk {way}", begin, _LASTS_S)


if __name__ == "__main__":
    run_alone(NAME)
