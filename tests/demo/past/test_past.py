"""A made-up past hangs together: it repeats itself, adds up, and has trends one can look for."""

from collections import Counter
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tower.demo.past.columns import Columns
from tower.demo.past.day import facts_of
from tower.demo.past.loading import load_days
from tower.demo.past.operation import Door, Operation, Tour
from tower.domain.reporting import Filters
from tower.domain.words import VehicleKind
from tower.kpi.facts import COLUMNS, Dimension, Fact, FactKind
from tower.kpi.measures.catalogue import MEASURES
from tower.kpi.query import Ask
from tower.kpi.store.store import Store

MONDAY = date(2026, 3, 2)
WEEK = [MONDAY + timedelta(days=number) for number in range(7)]
OPERATION = Operation(
    tours=[
        Tour(f"R{number}", f"c{number % 3}", "north", VehicleKind.VAN, 60) for number in range(12)
    ],
    drivers={f"c{number}": [f"c{number}-a", f"c{number}-b"] for number in range(3)},
    doors=[Door(f"94{n % 20}", f"shop{n % 4}", "standard", 47.1, 9.5) for n in range(200)],
    zone="Europe/Vaduz",
)
FIELDS = {*Fact.__struct_fields__, *COLUMNS}


@pytest.fixture(scope="module")
def week() -> Columns:
    return side_by_side([made for day in WEEK for made in facts_of(OPERATION, day, 7, "p:")])


def side_by_side(parts: list[Columns]) -> Columns:
    """Facts of every kind in one table; what a kind has not is 0 or empty."""
    names = list(dict.fromkeys(name for part in parts for name in part))
    return {name: np.concatenate([_column(part, name) for part in parts]) for name in names}


def _column(part: Columns, name: str) -> np.ndarray[Any, Any]:
    if name in part:
        return part[name]
    count = len(part["id"])
    return np.zeros(count) if name in COLUMNS else np.full(count, "", dtype=object)


def test_the_same_day_is_always_the_same_and_every_other_is_not(week: Columns) -> None:
    again = side_by_side(facts_of(OPERATION, MONDAY, 7, "p:"))
    of_monday = week["day"] == str(MONDAY)
    assert list(again["id"]) == list(week["id"][of_monday])
    assert (again["door_s"] == week["door_s"][of_monday]).all()
    other = side_by_side(facts_of(OPERATION, MONDAY, 8, "p:"))
    assert len(other["id"]) != len(again["id"])


def test_every_fact_has_an_id_of_its_own_and_only_columns_facts_have(week: Columns) -> None:
    assert len(set(week["id"])) == len(week["id"])
    assert set(week) <= FIELDS
    assert {kind for kind in FactKind if (week["kind"] == kind.value).any()} == set(FactKind)


def test_nobody_works_on_sundays_and_fewer_on_saturdays(week: Columns) -> None:
    stops = Counter(week["day"][week["kind"] == "stop"])
    assert str(WEEK[6]) not in stops
    assert stops[str(WEEK[5])] < 0.75 * stops[str(WEEK[4])]


@pytest.mark.parametrize(
    ("part", "whole"),
    [
        ("on_time", "windowed"),
        ("on_time_at_dispatch", "on_time"),
        ("first_successes", "done"),
        ("eta_covered_60", "eta_n_60"),
        ("claimed", "raised"),
        ("sla_kept", "sla_due"),
        ("wismo", "contacts"),
        ("returns_closed", "returns_collected"),
        ("refused", "messages"),
        ("silent_s", "heard_s"),
    ],
)
def test_a_part_is_never_more_than_its_whole(week: Columns, part: str, whole: str) -> None:
    assert (week[part] <= week[whole]).all()
    assert 0 < week[part].sum() <= week[whole].sum()


def test_every_failed_first_try_is_an_attempt_with_a_reason(week: Columns) -> None:
    attempts = week["kind"] == "attempt"
    assert week["failed"].sum() == week["first_tries"].sum() - week["first_successes"].sum()
    assert all(week["label"][attempts])


def test_every_stop_is_on_a_tour_that_came_back(week: Columns) -> None:
    assert week["route_stops"].sum() == week["stops"].sum()


def test_times_and_hours_are_of_the_same_clock(week: Columns) -> None:
    stops = week["kind"] == "stop"
    hours = (week["at"][stops] - np.datetime64(MONDAY)) // np.timedelta64(1, "h") % 24
    assert ((week["hour"][stops] - hours) == 1).all()  # Vaduz is an hour ahead in March


def test_good_and_bad_drivers_stay_what_they_are(tmp_path: Path) -> None:
    store = Store.open(tmp_path / "past.duckdb", "past")
    days = [MONDAY - timedelta(days=back) for back in range(84, 0, -1)]
    *_, facts = load_days(store, OPERATION, days, 7, "p:")
    counted = {}
    for until in (MONDAY - timedelta(days=43), MONDAY - timedelta(days=1)):
        filters = Filters(days=42, until=str(until))
        ask = Ask(measures=("on_time",), by=(Dimension.DRIVER,), filters=filters)
        rows = store.query(ask, MEASURES, MONDAY).rows
        counted[until] = {row.keys[0]: row.values[0] or 0.0 for row in rows}
    first, second = counted.values()
    stops = store.query(Ask(measures=("stops",), filters=Filters(days=0)), MEASURES, MONDAY).rows
    store.close()
    assert facts > (stops[0].values[0] or 0.0) > 40_000
    assert np.corrcoef(list(first.values()), list(second.values()))[0, 1] > 0.5
