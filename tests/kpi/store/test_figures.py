"""What the store adds up is what an independent, slow count of the journal gives, always."""

import random
import tempfile
from collections import Counter
from datetime import date
from pathlib import Path
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.kpi.formulas import FORMULAS
from tests.kpi.journals import MemoryJournal, learnt, slices
from tests.kpi.slowly import Row, recount, sums_by
from tower.domain.reporting import Filters
from tower.kpi.facts import COLUMNS, Dimension
from tower.kpi.measures.catalogue import MEASURES
from tower.kpi.query import Ask
from tower.kpi.recount.recounting import Recounting
from tower.kpi.store import store as store_module
from tower.kpi.store.layout import FACTS, SUMS
from tower.kpi.store.store import Store

seeds = st.integers(0, 1_000_000_000)
LAST_DAY = date(2026, 12, 31)


def followed(folder: Path, journal: MemoryJournal, cut: int) -> Store:
    """A store that took everything in, in slices, closed and opened again between some."""
    store = Store.open(folder / "kpi.duckdb", "epoch")
    recounting = Recounting(journal, store)
    for number, some in enumerate(slices(journal.events, cut, most=8)):
        if (number + cut) % 5 == 0:
            store.close()
            store = Store.open(folder / "kpi.duckdb", "epoch")
            recounting = Recounting(journal, store)
        store.put(recounting.take(some), some[-1].seq)
    return store


def summed(store: Store, table: str, counted: str, by: tuple[str, ...]) -> dict[Any, Counter[str]]:
    """What a table adds up to."""
    amounts = ", ".join(f'sum("{name}")' for name in COLUMNS)
    keys = ", ".join(f'"{name}"' for name in by)
    question = f"SELECT {keys}, {counted} AS n, {amounts} FROM {table}"  # noqa: S608 - names
    with store._reading() as connection:
        lines = connection.execute(f"{question} GROUP BY {keys} HAVING n <> 0").fetchall()
    found = {}
    for line in lines:
        named = zip(("n", *COLUMNS), line[len(by) :], strict=True)
        found[line[: len(by)]] = Counter({name: int(value) for name, value in named if value})
    return found


def slow_answer(rows: list[Row], key: str, by: Dimension) -> dict[str, float | None]:
    """A measure taken apart, from the slow count."""
    formula = FORMULAS[key]
    found: dict[str, float | None] = {}
    own = [row for row in rows if row["kind"] in formula.kinds]
    for (value,), sums in sums_by(own, str(by)).items():
        if value is not None:
            found[str(value)] = formula.value({name: sums[name] / 1000 for name in sums})
    return found


def test_every_measure_is_counted_slowly_too() -> None:
    assert FORMULAS.keys() == MEASURES.keys()


@settings(max_examples=6, deadline=None)
@given(st.sampled_from([0, 60, 5_000]), seeds, seeds)
def test_sums_and_measures_are_those_of_a_slow_count(
    merged_after: int, seed: int, cut: int
) -> None:
    journal = MemoryJournal(learnt(seed))
    rows = recount(journal.events)
    kept = store_module._MERGED_AFTER
    store_module._MERGED_AFTER = merged_after
    try:
        with tempfile.TemporaryDirectory() as folder:
            store = followed(Path(folder), journal, cut)
            _assert_same(store, rows, random.Random(seed))
            store.close()
    finally:
        store_module._MERGED_AFTER = kept


def _assert_same(store: Store, rows: list[Row], chance: random.Random) -> None:
    for sums in SUMS:
        expected = {
            key: Counter({name: value for name, value in one.items() if value})
            for key, one in sums_by(rows, *sums.by).items()
        }
        assert summed(store, FACTS, "count(*)", sums.by) == expected
        assert summed(store, sums.table, "sum(n)", sums.by) == expected
    for by in (Dimension.DAY, Dimension.HOUR, Dimension.CARRIER, Dimension.DRIVER, Dimension.ROUTE):
        keys = tuple(chance.sample(sorted(MEASURES), 8))
        for key in keys:
            ask = Ask(measures=(key,), by=(by,), filters=Filters(days=0))
            answer = store.query(ask, MEASURES, LAST_DAY)
            got = {row.keys[0]: row.values[0] for row in answer.rows}
            assert got == slow_answer(rows, key, by)
