"""A share of what waits: as much of it as there is time for."""

import time
from collections.abc import Iterable, Iterator
from typing import TypeVar

_One = TypeVar("_One")


def share_of(
    waiting: Iterable[_One], ends: float, *, at_least: int, between_clocks: int
) -> Iterator[_One]:
    """One after the other, until time is over.

    What waits in a dict stays in it meanwhile, and is taken out afterwards by `without`: whoever
    looks for the first of a dict from whose front much was taken passes all those places.

    Args:
        waiting: all there is.
        ends: no further ones after this time of `time.thread_time`.
        at_least: so many, whatever they take.
        between_clocks: the clock is looked at after so many; that takes a while itself.
    """
    for count, one in enumerate(waiting, start=1):
        yield one
        if count >= at_least and count % between_clocks == 0 and time.thread_time() > ends:
            return


def without(waiting: dict[_One, None], done: Iterable[_One]) -> dict[_One, None]:
    """What still waits: the same dict, or a new one, as one emptied bit by bit keeps its size."""
    for one in done:
        waiting.pop(one, None)
    return waiting or {}
