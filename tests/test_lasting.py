"""Everything is searched for garbage seldom, and then it is found."""

import asyncio
import gc
import weakref

import pytest

from tower.lasting import search_seldom


class Knot:
    """Garbage that only a search finds: it holds itself."""

    def __init__(self) -> None:
        self.itself = self


def test_what_has_lasted_and_is_garbage_is_found_and_python_searches_by_itself_again() -> None:
    before = gc.get_threshold()
    knot = Knot()
    gc.collect()
    found, thresholds = weakref.ref(knot), []
    del knot

    async def rest(_seconds: float) -> None:
        thresholds.append(gc.get_threshold())
        if len(thresholds) == 1:
            gc.collect(1)
            assert found() is not None
        else:
            raise asyncio.CancelledError

    with pytest.raises(asyncio.CancelledError):
        asyncio.run(search_seldom(rest))
    assert found() is None
    assert all(one[:2] == before[:2] and one[2] > 1_000_000 for one in thresholds)
    assert gc.get_threshold() == before
