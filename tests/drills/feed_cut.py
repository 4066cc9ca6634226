"""Cuts every connection of a room again and again, and keeps it cut for a while."""

import random

from tests.drills._network import Trouble, on_bad_network
from tests.drills._outcome import Outcome
from tests.drills._single import run_alone
from tests.protocol.proxy import Proxy

NAME = "feed_cut"
WORDS = "the network between the gateway and everybody is cut"

CUTS = 5
_LASTS_S = (1.0, 4.0)
_LONG_S = 12.0


def run(seed: int) -> Outcome:
    """Cut five times for some seconds, and once for longer than anybody waits for an answer."""
    rng = random.Random(seed)
    lasts = [*(rng.uniform(*_LASTS_S) for _ in range(CUTS)), _LONG_S]
    return on_bad_network(NAME, [Trouble("cut", Proxy.cut, seconds) for seconds in lasts])


if __name__ == "__main__":
    run_alone(NAME)
