"""Lets every byte of a room come late, both ways."""

import random

from tests.drills._network import Trouble, on_bad_network
from tests.drills._outcome import Outcome
from tests.drills._single import run_alone
from tests.protocol.proxy import Proxy

NAME = "feed_delayed"
WORDS = "every byte comes seconds late, both ways"

_DELAYS_S = (2.0, 3.0)
_MUCH_S = 6.0
_LASTS_S = 15.0


def run(seed: int) -> Outcome:
    """Delay by some seconds, then by more than a desktop may leave data unacknowledged."""
    rng = random.Random(seed)
    return on_bad_network(NAME, [_delayed(rng.uniform(*_DELAYS_S)), _delayed(_MUCH_S)])


def _delayed(seconds: float) -> Trouble:
    def begin(proxy: Proxy) -> None:
        proxy.delay(seconds)

    return Trouble(f"{seconds:.1f} s late", begin, _LASTS_S)


if __name__ == "__main__":
    run_alone(NAME)
