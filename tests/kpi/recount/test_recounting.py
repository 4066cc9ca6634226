"""However events arrive, figures are those an independent, slow count of the journal gives."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.kpi.journals import MemoryJournal, learnt, slices
from tests.kpi.slowly import Row, recount
from tower.domain.events import Event
from tower.kpi.facts import Fact
from tower.kpi.recount.changes import Changes
from tower.kpi.recount.recounting import Recounting

seeds = st.integers(0, 1_000_000_000)


class Kept:
    """A store in memory."""

    def __init__(self) -> None:
        self.seq = 0
        self.newest: datetime | None = None
        self.facts: dict[str, tuple[Fact, ...]] = {}
        self._registrations: list[Event] = []

    def put(self, changes: Changes, seq: int) -> None:
        for subject, facts in changes.facts.items():
            for one in (*self.facts.get(subject, ()), *facts):
                assert changes.since <= one.day <= changes.until
            self.facts[subject] = facts
        self.seq, self.newest = seq, changes.newest
        self._registrations += changes.registrations

    def registrations(self) -> list[Event]:
        return self._registrations

    def resting_on(
        self,
        since: datetime,
        *,
        stops: Sequence[str] | None = None,
        routes: Sequence[str] | None = None,
        vehicle: str | None = None,
    ) -> dict[str, tuple[Fact, ...]]:
        found = {}
        for subject, facts in self.facts.items():
            named = [
                one
                for one in facts
                if one.at >= since
                and (stops is None or one.stop_id in stops or one.route in (routes or ()))
                and vehicle in (None, one.vehicle)
            ]
            if named:
                found[subject] = tuple(named)
        return found

    @property
    def rows(self) -> list[Row]:
        return [_row(one) for facts in self.facts.values() for one in facts]


def _row(fact: Fact) -> Row:
    names = set(Fact.__struct_fields__) - {"id", "adds", "kind"}
    sums = {name: round(value * 1000) for name, value in fact.adds.items() if value}
    return {name: getattr(fact, name) for name in names} | {"kind": str(fact.kind), "sums": sums}


def in_order(rows: Sequence[Row]) -> list[Any]:
    return sorted(([(k, row[k]) for k in sorted(row)] for row in rows), key=repr)


def follow(journal: MemoryJournal, kept: Kept, cut: int) -> Kept:
    """Take everything in, in slices, stopping and beginning again between some of them."""
    recounting = Recounting(journal, kept)
    for number, some in enumerate(slices(journal.events, cut)):
        if (number + cut) % 3 == 0:
            recounting = Recounting(journal, kept)
        kept.put(recounting.take(some), some[-1].seq)
    return kept


@settings(max_examples=150, deadline=None)
@given(seeds, seeds)
def test_figures_are_those_of_a_slow_count_of_the_journal(seed: int, cut: int) -> None:
    journal = MemoryJournal(learnt(seed))

    kept = follow(journal, Kept(), cut)

    assert in_order(kept.rows) == in_order(recount(journal.events))
