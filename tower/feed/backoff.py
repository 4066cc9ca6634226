"""How long to wait before trying again."""

from collections.abc import Callable

FIRST_S = 0.1
LONGEST_S = 30.0


def full_jitter(
    attempt: int,
    chance: Callable[[], float],
    first_s: float = FIRST_S,
    longest_s: float = LONGEST_S,
) -> float:
    """Seconds to wait before attempt number `attempt` (0 is the first repetition).

    Anything between nothing and a ceiling that doubles from `first_s` to `longest_s`, so that all
    who lost the same service do not come back in step ("Exponential Backoff And Jitter", AWS
    Architecture Blog, 2015).

    Args:
        attempt: how many tries have failed since the last lasting success.
        chance: a random number in [0, 1).
        first_s: ceiling of the first wait.
        longest_s: ceiling of every wait.
    """
    return chance() * min(longest_s, first_s * 2.0 ** min(attempt, 30))
