"""Facts replace what was known of the same thing; a failure leaves everything as it was."""

import threading
from datetime import UTC, date, datetime, timedelta

import numpy as np
import pytest

from tests.kpi.store.conftest import THURSDAY, changes, fact
from tower.domain.reporting import Filters
from tower.kpi.facts import Dimension, FactKind
from tower.kpi.measures.catalogue import MEASURES
from tower.kpi.query import Answer, Ask
from tower.kpi.recount.changes import Changes
from tower.kpi.store.errors import StoreFailed
from tower.kpi.store.store import Store

ON_TIME = Ask(measures=("on_time",), by=(Dimension.DAY,), filters=Filters(days=0))


def asked(store: Store, ask: Ask = ON_TIME) -> Answer:
    return store.query(ask, MEASURES, THURSDAY + timedelta(days=30))


def on_time(store: Store) -> dict[str, tuple[float | None, float]]:
    return {row.keys[0]: (row.values[0], row.counted[0]) for row in asked(store).rows}


def test_a_thing_better_known_replaces_itself(store: Store) -> None:
    store.put(changes(fact(1), fact(2)), 1)
    late = fact(2, {"stops": 1, "windowed": 1})

    store.put(changes(late), 2)

    assert on_time(store) == {"2026-03-05": (50.0, 2.0)}


def test_a_fact_moves_to_another_day(store: Store) -> None:
    store.put(changes(fact(1), fact(2)), 1)
    moved = fact(2, day=date(2026, 3, 4))

    store.put(changes(moved), 2)

    assert on_time(store) == {"2026-03-04": (100.0, 1.0), "2026-03-05": (100.0, 1.0)}


def test_a_thing_without_facts_any_more_counts_no_more(store: Store) -> None:
    store.put(changes(fact(1), fact(2)), 1)
    none_left = Changes(facts={"stop:1": (), "stop:2": ()}, since=THURSDAY, until=THURSDAY)

    store.put(none_left, 2)

    assert on_time(store) == {}


def test_thousands_of_corrections_leave_no_dust(store: Store) -> None:
    adds = {"stops": 1.0, "doors": 1.0, "door_s": 0.1}
    for turn in range(30):
        moved = [fact(number, {**adds, "door_s": 0.1 * turn + number}) for number in range(20)]
        store.put(changes(*moved), turn)
    store.put(changes(*(fact(number, adds) for number in range(20))), 99)

    answer = asked(store, Ask(measures=("stop_duration",), filters=Filters(days=0)))

    assert answer.rows[0].values == (2.0 / 60.0 / 20.0,)


def test_a_write_that_fails_changes_nothing(store: Store) -> None:
    store.put(changes(fact(1)), 1)

    with pytest.raises(StoreFailed, match="could not be written"):
        store.put(changes(fact(2, hour=1_000)), 2)

    assert store.seq == 1
    assert on_time(store) == {"2026-03-05": (100.0, 1.0)}
    store.put(changes(fact(2)), 2)
    assert on_time(store) == {"2026-03-05": (100.0, 2.0)}


def test_readers_in_other_threads_see_only_whole_changes(store: Store) -> None:
    seen: list[float] = []
    ended = threading.Event()

    def read() -> None:
        while not ended.is_set():
            rows = asked(store, Ask(measures=("stops",), filters=Filters(days=0))).rows
            seen.append(rows[0].values[0] or 0.0 if rows else 0.0)

    reader = threading.Thread(target=read)
    reader.start()
    for turn in range(5):
        store.put(changes(*(fact(10 * turn + number) for number in range(10))), turn)
    ended.set()
    reader.join()

    assert {count % 10 for count in seen} <= {0.0}
    assert seen == sorted(seen)


def test_many_facts_are_loaded_at_once_and_add_to_the_rest(store: Store) -> None:
    import pandas as pd

    store.put(changes(fact(1)), 7)
    count = 1_000
    frame = pd.DataFrame(
        {
            "id": [f"history:{number}" for number in range(count)],
            "kind": pd.Categorical([FactKind.STOP] * count),
            "day": np.full(count, np.datetime64("2026-03-04")),
            "at": np.full(count, np.datetime64("2026-03-04T10:15:00", "us")),
            "hour": np.full(count, 11),
            "carrier": pd.Categorical(["c1", "c2"] * (count // 2)),
            "stops": 1,
            "windowed": 1,
            "on_time": [1, 0] * (count // 2),
            "eta_error": [np.nan, 5.0] * (count // 2),
        }
    )

    store.load(frame)

    assert on_time(store) == {"2026-03-04": (50.0, 1_000.0), "2026-03-05": (100.0, 1.0)}
    by_error = Ask(measures=("stops",), by=(Dimension.ETA_ERROR,), filters=Filters(days=0))
    assert [row.keys for row in asked(store, by_error).rows] == [("5",)]
    assert store.seq == 7


def test_a_loaded_past_may_be_arrays(store: Store) -> None:
    days = np.array(["2026-03-04", "2026-03-05"], "datetime64[D]")
    kinds = np.array(["stop", "stop"], object)
    ids = np.array(["a", "b"], object)

    store.load({"id": ids, "kind": kinds, "day": days, "stops": np.array([1, 2])})

    stops = asked(store, Ask(measures=("stops",), filters=Filters(days=0)))
    assert stops.rows[0].values == (3.0,)


def test_rebuilding_forgets_everything(store: Store) -> None:
    store.put(changes(fact(1), newest=fact(1).at, names={(Dimension.CARRIER, "c1"): "North"}), 7)

    store.rebuild()

    assert (store.seq, store.newest, on_time(store)) == (0, None, {})
    assert store.known(Dimension.CARRIER) == []


def test_facts_that_may_have_moved_are_found(store: Store) -> None:
    store.put(changes(fact(1, route="R-1"), fact(90, route="R-2"), fact(100, vehicle="van")), 1)
    nine = datetime(2026, 3, 5, 9, tzinfo=UTC)

    assert set(store.resting_on(nine)) == {"stop:90", "stop:100"}
    assert set(store.resting_on(nine, stops=["s100"], routes=["R-1", "R-2"])) == {
        "stop:90",
        "stop:100",
    }
    assert set(store.resting_on(nine, vehicles=[""])) == {"stop:90"}
    assert store.resting_on(nine, stops=[], routes=[]) == {}
    assert store.resting_on(nine, vehicles=[""])["stop:90"] == (fact(90, route="R-2"),)
