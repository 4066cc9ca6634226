"""The search for garbage kept away while hundreds of thousands of live records are made.

A full search looks at every object there is, and holds up every thread meanwhile.
"""

import gc
from collections.abc import Iterator
from contextlib import contextmanager


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
