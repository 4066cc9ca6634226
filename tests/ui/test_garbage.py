"""Garbage is searched for on the window's thread, and on no other."""

import gc
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from PySide6.QtWidgets import QApplication

from ui.garbage import Garbage
from ui.turns import Turns

KNOTS = 50


class Knot:
    """Garbage that only a search finds: it holds itself, and says where it was freed."""

    def __init__(self, freed_in: list[int]) -> None:
        self.itself, self._freed_in = self, freed_in

    def __del__(self) -> None:
        self._freed_in.append(threading.get_ident())


@pytest.fixture
def garbage(qapp: QApplication) -> Iterator[Garbage]:  # noqa: ARG001 - timers need one
    """A search with Python's own off; afterwards as before."""
    searching = Garbage(Turns())
    yield searching
    searching.stop()


def _knots(freed_in: list[int]) -> list[list[int]]:
    """Garbage, and so many objects after it that Python would search, were it allowed to."""
    for _ in range(KNOTS):
        Knot(freed_in)
    return [[number] for number in range(2_000)]


def test_other_threads_free_no_garbage_and_the_window_does(garbage: Garbage) -> None:
    freed_in: list[int] = []
    with ThreadPoolExecutor(1) as threads:
        kept = threads.submit(_knots, freed_in).result()
    assert freed_in == []
    garbage.look()
    assert freed_in == [threading.get_ident()] * KNOTS
    assert kept


def test_python_searches_by_itself_once_it_is_stopped(garbage: Garbage) -> None:
    assert not gc.isenabled()
    garbage.stop()
    assert gc.isenabled()
