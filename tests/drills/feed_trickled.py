"""Lets through some bytes a second: too few for a feed, too many for a connection that is dead."""

import random

from tests.drills._network import Trouble, on_bad_network
from tests.drills._outcome import Outcome
from tests.drills._single import run_alone
from tests.protocol.proxy import DOWN, UP, Proxy

NAME = "feed_trickled"
WORDS = "the network lets through some bytes a second"

_BYTES_A_SECOND = (20.0, 60.0)
_LASTS_S = 20.0


def run(seed: int) -> Outcome:
    """Trickle down, then both ways."""
    rng = random.Random(seed)
    rate = rng.uniform(*_BYTES_A_SECOND)

    def down(proxy: Proxy) -> None:
        proxy.trickle(rate, DOWN)

    def both(proxy: Proxy) -> None:
        proxy.trickle(rate, DOWN)
        proxy.trickle(rate, UP)

    words = f"{rate:.0f} bytes a second"
    return on_bad_network(
        NAME,
        [Trouble(f"{words} down", down, _LASTS_S), Trouble(f"{words} both ways", both, _LASTS_S)],
    )


if __name__ == "__main__":
    run_alone(NAME)
