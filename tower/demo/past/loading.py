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
    waiting: list[Columns] = []
    told = facts = 0
    for day in days:
        waiting.append(facts_of(operation, day, seed, prefix))
        facts += _amount(waiting[-1])
        if facts - told >= _AT_ONCE:
            store.load(framed(together(waiting)))
            told, waiting = facts, []
            yield facts
    if facts > told:
        store.load(framed(together(waiting)))
        yield facts


def _amount(columns: Columns) -> int:
    return len(columns["id"]) if columns else 0


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
