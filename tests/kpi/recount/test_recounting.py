"""However events arrive, figures are those an independent, slow count of the journal gives."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.kpi.journals import MemoryJournal, learnt, slices
from tests.kpi.recount.kept import Kept
from tests.kpi.slowly import Row, recount
from tower.domain import events as e
from tower.domain.events import Event
from tower.domain.records import Actor, RoutePlan, StopPlan, Subject
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


def month_of_one_route(days: int, stops: int) -> list[Event]:
    """A route that has the same id on every day, with more said about it than anybody reads."""
    told: list[Event] = []

    def tell(body: e.AnyBody, at: datetime, **subject: str) -> None:
        told.append(
            Event(
                id=f"e{len(told):06}",
                at=at,
                recorded_at=at,
                actor=Actor(kind="carrier", id="c1"),
                subject=Subject(route_id="R-1", **subject),
                body=body,
            )
        )

    for day in range(days):
        begin = datetime(2026, 3, 2, 6, tzinfo=UTC) + timedelta(days=day)
        tell(e.RoutePlanned(plan=RoutePlan(id="R-1", name="", carrier_id="c1")), begin)
        ids = tuple(f"s{day}-{number}" for number in range(stops))
        for stop_id in ids:
            tell(e.StopPlanned(plan=StopPlan(id=stop_id, lat=47.0, lon=9.5)), begin)
        tell(
            e.RoutesSequenced(routes=(e.RouteSequence(route_id="R-1", version=1, stops=ids),)),
            begin,
        )
        for number, stop_id in enumerate(ids):
            at = begin + timedelta(minutes=2 * number)
            rows = (e.PredictedArrival(stop_id=stop_id, in_s=900, early_s=9, late_s=9, travel_s=9),)
            tell(e.ArrivalsPredicted(model="schedule", rows=rows), at)
            for minutes, body in (
                (10, e.StopEnRoute()),
                (15, e.StopArrived()),
                (16, e.StopDelivered()),
            ):
                tell(body, at + timedelta(minutes=minutes), stop_id=stop_id)
        tell(e.RouteFinished(), begin + timedelta(hours=12))
        tell(e.RouteMeasured(driven_m=1_000.0), begin + timedelta(hours=12))
    return told


def test_a_route_of_the_same_id_every_day_keeps_its_past_when_the_gateway_starts_again() -> None:
    journal, kept = MemoryJournal(month_of_one_route(30, 60)), Kept()
    begun = len(journal.events) - 50
    for some in (journal.events[:begun], journal.events[begun:]):
        kept.put(Recounting(journal, kept).take(some), some[-1].seq)

    routes = [row for row in kept.rows if row["kind"] == "route"]

    assert [row["sums"]["measured_stops"] for row in routes] == [60_000] * 30
    stops = [row for row in kept.rows if row["kind"] == "stop"]
    assert [row["sums"]["eta_n_15"] for row in stops] == [1_000] * 1_800
