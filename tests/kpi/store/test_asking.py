"""Questions of managers and their answers."""

from datetime import date, timedelta

import pytest

from tests.kpi.store.conftest import THURSDAY, changes, fact
from tower.domain.reporting import Filters
from tower.kpi.facts import Dimension, Fact, FactKind
from tower.kpi.measures.catalogue import MEASURES
from tower.kpi.query import Ask, Behind
from tower.kpi.store.errors import AskUnfit
from tower.kpi.store.store import Store

LATE = {"stops": 1.0, "windowed": 1.0}


def rows(
    store: Store,
    measure: str = "stops",
    by: tuple[Dimension, ...] = (),
    filters: Filters | None = None,
    **more: int,
) -> dict[tuple[str, ...], float | None]:
    ask = Ask(measures=(measure,), by=by, filters=filters or Filters(), **more)
    answer = store.query(ask, MEASURES, THURSDAY)
    return {row.keys: row.values[0] for row in answer.rows}


@pytest.fixture
def busy(store: Store) -> Store:
    """Three stops on Thursday, one a week before, one late in the evening of the year before."""
    store.put(
        changes(
            fact(1, carrier="c1", depot="d1", route="R-1", driver="anna", account="a"),
            fact(61, LATE, carrier="c2", depot="d1", route="R-2", driver="ben", postcode="9490"),
            fact(62, carrier="c2", route="R-2", driver="ben", vehicle="van", service_level="x"),
            fact(3, day=THURSDAY - timedelta(days=7), carrier="c1", eta_error=-5),
            fact(4, LATE, day=date(2025, 12, 31), hour=23, carrier="c'; DROP TABLE facts; --"),
            names={(Dimension.CARRIER, "c1"): "North Express", (Dimension.DRIVER, "ben"): "Ben"},
        ),
        9,
    )
    return store


def test_days_count_back_from_today(busy: Store) -> None:
    assert rows(busy, filters=Filters(days=7)) == {(): 3.0}
    assert rows(busy, filters=Filters(days=8)) == {(): 4.0}
    assert rows(busy, filters=Filters(days=0)) == {(): 5.0}
    assert rows(busy, filters=Filters(days=7), shift_days=7) == {(): 1.0}
    assert rows(busy, filters=Filters(since="2025-01-01", until="2026-01-01")) == {(): 1.0}
    assert rows(busy, filters=Filters(since="2024-01-01", until="2024-01-02")) == {}


@pytest.mark.parametrize(
    ("by", "keys"),
    [
        (Dimension.DAY, ["2025-12-31", "2026-02-26", "2026-03-05"]),
        (Dimension.WEEK, ["2025-12-29", "2026-02-23", "2026-03-02"]),
        (Dimension.MONTH, ["2025-12", "2026-02", "2026-03"]),
        (Dimension.HOUR, ["8", "9", "23"]),
        (Dimension.WEEKDAY, ["2", "3"]),
        (Dimension.ETA_ERROR, ["-5"]),
        (Dimension.DRIVER, ["", "anna", "ben"]),
        (Dimension.POSTCODE, ["", "9490"]),
    ],
)
def test_rows_come_in_the_order_of_their_keys(busy: Store, by: Dimension, keys: list[str]) -> None:
    assert [key for (key,) in rows(busy, by=(by,), filters=Filters(days=0))] == keys


def test_a_measure_is_taken_apart_by_two_dimensions(busy: Store) -> None:
    apart = rows(busy, "on_time", (Dimension.CARRIER, Dimension.HOUR))

    assert apart == {("c1", "8"): 100.0, ("c2", "9"): 50.0}


@pytest.mark.parametrize(
    ("filters", "count"),
    [
        (Filters(carriers=("c2",)), 2.0),
        (Filters(carriers=("c1", "c2")), 3.0),
        (Filters(depots=("d1",), carriers=("c1",)), 1.0),
        (Filters(routes=("R-2",), hours=(9,)), 2.0),
        (Filters(drivers=("ben",), postcodes=("9490",)), 1.0),
        (Filters(accounts=("a",), service_levels=("x",)), None),
        (Filters(vehicles=("van",)), 1.0),
        (Filters(weekdays=(3,), hours=(8, 23)), 1.0),
        (Filters(weekdays=(0,)), None),
        (Filters(days=0, carriers=("c'; DROP TABLE facts; --",)), 1.0),
        (Filters(carriers=("' OR 1=1 --",)), None),
    ],
)
def test_filters_narrow_together(busy: Store, filters: Filters, count: float | None) -> None:
    assert rows(busy, filters=filters).get(()) == count


def test_only_the_largest_rows_are_had_where_so_asked(busy: Store) -> None:
    assert rows(busy, by=(Dimension.DRIVER,), filters=Filters(days=0), top=1) in (
        {("",): 2.0},
        {("ben",): 2.0},
    )


def test_names_and_the_place_in_the_journal_come_along(busy: Store) -> None:
    ask = Ask(measures=("stops",), by=(Dimension.CARRIER,), filters=Filters(days=0))

    answer = busy.query(ask, MEASURES, THURSDAY, definitions=3)

    assert answer.names == {"c1": "North Express"}
    assert (answer.seq, answer.definitions) == (9, 3)
    assert (answer.since, answer.until) == (date(2025, 12, 31), THURSDAY)


def test_a_ratio_of_two_kinds_is_taken_apart_where_both_are(busy: Store) -> None:
    contact = fact(
        80, {"contacts": 1, "wismo": 1}, id="contact:1", kind=FactKind.CONTACT, label="wismo"
    )
    busy.put(changes(contact), 10)

    assert rows(busy, "wismo_per_100_stops") == {(): pytest.approx(100 / 3)}
    apart = rows(busy, "wismo_per_100_stops", (Dimension.CARRIER,))
    assert apart == {("c1",): 100.0, ("c2",): 0.0}
    assert set(rows(busy, "wismo_per_100_stops", (Dimension.LABEL,)).values()) == {None}


def test_what_cannot_be_asked_is_said_in_words(busy: Store) -> None:
    with pytest.raises(AskUnfit, match="no measure 'luck'"):
        rows(busy, "luck")
    with pytest.raises(AskUnfit, match="no such day"):
        rows(busy, filters=Filters(since="2026-02-30"))
    with pytest.raises(AskUnfit, match="no such day"):
        rows(busy, filters=Filters(until="0001-01-01", days=30))


@pytest.mark.parametrize(
    "at",
    [
        {Dimension.HOUR: "noon"},
        {Dimension.HOUR: "9" * 50},
        {Dimension.WEEKDAY: "9" * 50},
        {Dimension.MONTH: "2026-13"},
        {Dimension.MONTH: "9999-12"},
        {Dimension.WEEK: "9999-12-31"},
        {Dimension.DAY: "?"},
    ],
)
def test_a_row_that_cannot_be_is_said_in_words(busy: Store, at: dict[Dimension, str]) -> None:
    with pytest.raises(AskUnfit, match="no such row"):
        busy.behind(Behind(measure="stops", at=at), MEASURES, THURSDAY)


def behind(store: Store, **asked: object) -> list[tuple[str, float | None, bool]]:
    answer = store.behind(Behind(measure="on_time", **asked), MEASURES, THURSDAY)  # type: ignore[arg-type]
    return [(line.stop_id, line.value, line.missed) for line in answer.lines]


def test_behind_a_rate_stand_its_stops_the_missed_first(busy: Store) -> None:
    assert behind(busy) == [("s61", 0.0, True), ("s62", 100.0, False), ("s1", 100.0, False)]
    assert behind(busy, only_missed=True) == [("s61", 0.0, True)]
    assert [stop for stop, _, _ in behind(busy, order="newest")] == ["s62", "s61", "s1"]
    assert [stop for stop, _, _ in behind(busy, limit=1, offset=2)] == ["s1"]


@pytest.mark.parametrize(
    ("at", "stops"),
    [
        ({Dimension.HOUR: "9"}, ["s61", "s62"]),
        ({Dimension.HOUR: "9", Dimension.DRIVER: "anna"}, []),
        ({Dimension.DAY: "2026-03-05", Dimension.CARRIER: "c1"}, ["s1"]),
        ({Dimension.WEEK: "2026-03-02"}, ["s61", "s62", "s1"]),
        ({Dimension.MONTH: "2026-03"}, ["s61", "s62", "s1"]),
        ({Dimension.MONTH: "2026-02"}, []),
        ({Dimension.WEEKDAY: "3"}, ["s61", "s62", "s1"]),
        ({Dimension.POSTCODE: ""}, ["s62", "s1"]),
    ],
)
def test_behind_a_row_stand_the_stops_it_was_made_of(
    busy: Store, at: dict[Dimension, str], stops: list[str]
) -> None:
    assert [stop for stop, _, _ in behind(busy, at=at)] == stops


def test_as_many_stand_behind_a_row_as_it_counted(busy: Store) -> None:
    for by in (Dimension.HOUR, Dimension.WEEK, Dimension.CARRIER, Dimension.WEEKDAY):
        ask = Ask(measures=("on_time",), by=(by,), filters=Filters(days=0))
        for row in busy.query(ask, MEASURES, THURSDAY).rows:
            question = Behind(measure="on_time", at={by: row.keys[0]}, filters=Filters(days=0))
            assert busy.behind(question, MEASURES, THURSDAY).total == row.counted[0]


def test_behind_an_average_the_farthest_off_comes_first(store: Store) -> None:
    def predicted(number: int, error_s: float) -> Fact:
        return fact(number, {"eta_n_60": 1, "eta_abs_s_60": error_s})

    store.put(changes(predicted(1, 60), predicted(2, 600), predicted(3, 90), fact(4)), 1)

    answer = store.behind(Behind(measure="eta_error_60"), MEASURES, THURSDAY)

    assert [(line.stop_id, line.value) for line in answer.lines] == [
        ("s2", 10.0),
        ("s3", 1.5),
        ("s1", 1.0),
    ]
    assert answer.total == 3


def test_menus_find_values_by_key_and_by_name(busy: Store) -> None:
    assert [(one.key, one.name) for one in busy.known(Dimension.DRIVER)] == [
        ("ben", "Ben"),
        ("anna", "anna"),
    ]
    assert [one.key for one in busy.known(Dimension.CARRIER, "north")] == ["c1"]
    assert [one.key for one in busy.known(Dimension.CARRIER, "expr")] == ["c1"]
    assert busy.known(Dimension.CARRIER, "xpress") == []
    assert [one.key for one in busy.known(Dimension.CARRIER, "C2")] == ["c2"]
    assert [one.key for one in busy.known(Dimension.CARRIER, limit=1)] == ["c1"]
