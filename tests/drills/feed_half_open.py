"""Lets bytes of one direction disappear while both ends believe in the connection."""

from tests.drills._network import Trouble, on_bad_network
from tests.drills._outcome import Outcome
from tests.drills._single import run_alone
from tests.protocol.proxy import DOWN, UP, Direction, Proxy

NAME = "feed_half_open"
WORDS = "bytes of one direction disappear, and nobody is told"

_LASTS_S = 22.0
"""Longer than either side waits before it takes the other for dead (15 s)."""


def run(seed: int) -> Outcome:
    """Swallow what the gateway says, then what it is told; which first is the seed's choice."""
    ways = [DOWN, UP] if seed % 2 else [UP, DOWN]
    return on_bad_network(NAME, [_swallowed(way) for way in ways])


def _swallowed(way: Direction) -> Trouble:
    def begin(proxy: Proxy) -> None:
        proxy.swallow(way)

    return Trouble(f"nothing gets {way}", begin, _LASTS_S)


if __name__ == "__main__":
    run_alone(NAME)
