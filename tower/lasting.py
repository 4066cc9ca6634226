"""The search for garbage kept away from hundreds of thousands of live records.

A full search looks at every object there is, and holds up every thread meanwhile.
"""

import asyncio
import gc
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager

_NEVER = 2**31 - 1
_SEARCH_S = 600.0


@contextmanager
def no_search() -> Iterator[None]:
    """No search for garbage in the whole process as long as the block lasts; seconds at most."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


@contextmanager
def set_apart() -> Iterator[None]:
    """The same; and what there is at its end is not looked at any more.

    It is still freed when nobody refers to it.
    """
    with no_search():
        yield
        gc.freeze()


async def search_seldom(rest: Callable[[float], Awaitable[None]] = asyncio.sleep) -> None:
    """Search everything once in ten minutes, and not whenever Python would; until cancelled.

    What is made and soon freed is searched as ever. With 100,000 stops, whose predictions are made
    anew all the time, Python's full searches came every few seconds, took 100 to 250 ms each and
    found next to nothing.

    Args:
        rest: waits so many seconds.
    """
    young, middle, old = gc.get_threshold()
    gc.set_threshold(young, middle, _NEVER)
    try:
        while True:
            await rest(_SEARCH_S)
            gc.collect()
    finally:
        gc.set_threshold(young, middle, old)
