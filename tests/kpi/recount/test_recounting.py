"""However events arrive, figures are those an independent, slow count of the journal gives."""

from collections.abc import Sequence
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.kpi.journals import MemoryJournal, learnt, slices
from tests.kpi.recount.kept import Kept
from tests.kpi.slowly import Row, recount
from tower.kpi.recount.recounting import Recounting

seeds = st.integers(0, 1_000_000_000)


def in_order(rows: Sequence[Row]) -> list[Any]:
    return sorted(([(k, row[k]) for k in sorted(row)] for row in rows), key=repr)


def follow(journal: MemoryJournal, kept: Kept, cut: int, in_memory: int = 200_000) -> Kept:
    """Take everything in, in slices, stopping and beginning again between some of them."""
    recounting = Recounting(journal, kept, in_memory)
    for number, some in enumerate(slices(journal.events, cut)):
        if (number + cut) % 3 == 1:
            recounting = Recounting(journal, kept, in_memory)
        kept.put(recounting.take(some), some[-1].seq)
    return kept


@settings(max_examples=150, deadline=None)
@given(seeds, seeds, st.sampled_from([1, 40, 200_000]))
def test_figures_are_those_of_a_slow_count_of_the_journal(
    seed: int, cut: int, in_memory: int
) -> None:
    journal = MemoryJournal(learnt(seed))

    kept = follow(journal, Kept(), cut, in_memory)

    assert in_order(kept.rows) == in_order(recount(journal.events))
