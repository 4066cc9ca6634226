"""The strip over the map and the figures of the performance window say the same of one day."""

import random
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from tests.kpi.journals import MemoryJournal
from tests.watch.day import Day, at
from tower.domain import events as e
from tower.domain.reporting import Filters
from tower.domain.words import AttemptReason
from tower.kpi.breakdown import failed_reasons, on_time_by_hour
from tower.kpi.facts import Dimension
from tower.kpi.finished import finished_today
from tower.kpi.measures.catalogue import MEASURES
from tower.kpi.query import Answer, Ask
from tower.kpi.recount.recounting import Recounting
from tower.kpi.store.store import Store
from tower.kpi.strip import strip

NOW = at("17:00")
STOPS = [f"s{number}" for number in range(60)]


def random_day(seed: int) -> Day:
    """Stops with and without windows, served early, in time, late or not at all."""
    chance = random.Random(seed)
    windows = {one: f"{9 + n % 6}:00-{10 + n % 6}:00" for n, one in enumerate(STOPS) if n % 5}
    day = Day().opened().route("R-1", " ".join(STOPS[:30]), windows=windows)
    day.route("R-2", " ".join(STOPS[30:]), windows=windows)
    for stop_id in STOPS:
        minute = chance.randrange(9 * 60, 16 * 60)
        came, done = (f"{m // 60}:{m % 60:02}" for m in (minute, minute + chance.randrange(1, 30)))
        match chance.randrange(6):
            case 0:
                day.attempted(stop_id, done, chance.choice(list(AttemptReason)))
            case 1:
                day.tell(e.StopCancelled(), done, stop_id=stop_id)
            case 2:
                day.tell(e.CustomerContacted(topic="wismo"), came, stop_id=stop_id)
            case _:
                day.delivered(stop_id, done, came=came)
    return day


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    store = Store.open(tmp_path / "kpi.duckdb", "epoch")
    yield store
    store.close()


@pytest.mark.parametrize("seed", range(6))
def test_they_agree(store: Store, seed: int) -> None:
    day = random_day(seed)
    journal = MemoryJournal(day.events)
    store.put(Recounting(journal, store).take(journal.events), len(journal.events))

    def asked(*measures: str, by: tuple[Dimension, ...] = ()) -> Answer:
        ask = Ask(measures=measures, by=by, filters=Filters(days=0))
        return store.query(ask, MEASURES, date.max)

    live = {one.key: one for one in strip(day.state, {}, NOW)}
    finished = finished_today(day.state, NOW)
    (row,) = asked("on_time", "first_attempt", "wismo").rows

    for place, key in enumerate(("on_time", "first_attempt", "wismo")):
        assert row.values[place] == pytest.approx(live[key].value)
        assert row.counted[place] == live[key].counted
    hours = {one.hour: one.percent for one in on_time_by_hour(finished, day.state.zone)}
    by_hour = asked("on_time", by=(Dimension.HOUR,)).rows
    assert hours == pytest.approx(
        {int(one.keys[0]): one.values[0] for one in by_hour if one.values[0] is not None}
    )
    reasons = {one.reason: float(one.count) for one in failed_reasons(finished)}
    by_label = asked("failed", by=(Dimension.LABEL,)).rows
    assert reasons == {one.keys[0]: one.values[0] for one in by_label if one.values[0]}
