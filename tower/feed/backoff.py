"""How long to wait before trying again."""

from collections.abc import Callable

FIRST_S = 0.1
LONGEST_S = 30.0


def full_jitter(attempt: int, chance: Callable[[], float]) -> float:
    """Seconds to wait before attempt number `attempt` (0 is the first repetition).

    Anything between nothing and a ceiling that doubles from 0.1 s to 30 s, so that desktops that
    lost the same gateway do not come back in step ("Exponential Backoff And Jitter", AWS
    Architecture Blog, 2015).

    Args:
        attempt: how many tries have failed since the last lasting success.
        chance: a random number in [0, 1).
    """
    return chance() * min(LONGEST_S, FIRST_S * 2.0 ** min(attempt, 30))
