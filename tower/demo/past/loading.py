"""Puts made-up days into the store of figures."""

from collections.abc import Iterable, Iterator
from datetime import date
from typing import cast

from tower.demo.past.columns import Columns, together
from tower.demo.past.day import facts_of
from tower.demo.past.operation import Operation
from tower.kpi.store.frames import Frame
from tower.kpi.store.store import Store

_AT_ONCE = 250_000
"""Facts that are loaded together: each loading has a price of its own."""

_UNIQUE = ("id", "stop_id")


def load_days(
    store: Store, operation: Operation, days: Iterable[date], seed: int, prefix: str
) -> Iterator[int]:
    """Make days and load them; tells now and then how many facts there are so far.

    Args:
        store: takes them.
        operation: who drives, and where to.
        days: local, in their order.
        seed: of the whole past.
        prefix: what the ids of the facts begin with.

    Raises:
        StoreFailed: some days could not be written; those before them were.
    """
    waiting: list[list[Columns]] = []
    told = facts = 0
    for day in days:
        if made := facts_of(operation, day, seed, prefix):
            waiting.append(made)
            facts += sum(len(of_kind["id"]) for of_kind in made)
        if facts - told >= _AT_ONCE:
            _load(store, waiting)
            told, waiting = facts, []
            yield facts
    if waiting:
        _load(store, waiting)
        yield facts


def _load(store: Store, days: list[list[Columns]]) -> None:
    """Load each kind of facts by itself: none has more than a few of the columns."""
    for of_kind in zip(*days, strict=True):
        columns = together(of_kind)
        if len(columns["id"]):
            store.load(framed(columns))


def framed(columns: Columns) -> Frame:
    """Columns as a data frame in which words that come again and again are kept once."""
    from pandas import Categorical, DataFrame

    frame = DataFrame(
        {
            name: Categorical(column) if column.dtype.hasobject and name not in _UNIQUE else column
            for name, column in columns.items()
        }
    )
    return cast("Frame", frame)
