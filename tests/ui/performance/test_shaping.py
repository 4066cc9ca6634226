"""Answers become pictures: gaps, order, what is compared with what, and moods."""

from datetime import date

from msgspec.structs import replace

from tower.domain.reporting import Filters
from tower.kpi.facts import Dimension
from tower.kpi.measure import Mood
from tower.kpi.measures.catalogue import MEASURES
from tower.kpi.query import Answer, Row
from ui.performance.asks import BEFORE, COVERAGE, ERROR, LINE, NOW, TILES, TOTAL
from ui.performance.chartshapes import errors, hours, trend
from ui.performance.frames import Scales
from ui.performance.look import Look
from ui.performance.phrases import count_words
from ui.performance.shaping import tiles
from ui.performance.tableshapes import breakdown

SCALES = Scales(MEASURES, {key: one.target for key, one in MEASURES.items()})
LOOK = Look(filters=Filters(days=7))


def answer(
    by: Dimension | None,
    rows: dict[str, float | None],
    *,
    measure: str = "on_time",
    since: date = date(2026, 11, 14),
    until: date = date(2026, 11, 20),
) -> Answer:
    """An answer about one measure."""
    return Answer(
        measures=(measure,),
        by=(by,) if by is not None else (),
        rows=tuple(
            Row(keys=(key,) if by is not None else (), values=(value,), counted=(10.0,))
            for key, value in rows.items()
        ),
        since=since,
        until=until,
        names={"d1": "Driver One"},
    )


def test_a_day_without_deliveries_is_a_gap_and_the_week_before_stands_under_its_weekday() -> None:
    now = answer(Dimension.DAY, {"2026-11-16": 95.0, "2026-11-18": 90.0})
    before = answer(
        Dimension.DAY,
        {"2026-11-09": 80.0, "2026-11-10": 81.0},
        since=date(2026, 11, 7),
        until=date(2026, 11, 13),
    )
    marks = trend({NOW: now, BEFORE: before}, LOOK, SCALES).marks
    assert [(mark.key, mark.value, mark.before) for mark in marks] == [
        ("2026-11-16", 95.0, 80.0),
        ("2026-11-17", None, None),
        ("2026-11-18", 90.0, None),
    ]
    assert marks[0].name == "Mon 16 Nov 2026"
    assert marks[1].text == "—"


def test_months_are_compared_with_those_of_the_year_before() -> None:
    since, earlier = date(2025, 11, 22), date(2024, 11, 23)
    now = answer(Dimension.MONTH, {"2025-12": 95.0, "2026-02": 96.0}, since=since)
    before = answer(Dimension.MONTH, {"2024-12": 90.0}, since=earlier)
    marks = trend({NOW: now, BEFORE: before}, LOOK, SCALES).marks
    assert [(mark.tick, mark.value, mark.before) for mark in marks] == [
        ("Dec 25", 95.0, 90.0),
        ("Jan 26", None, None),
        ("Feb 26", 96.0, None),
    ]


def test_the_worst_stands_first_and_what_has_no_figure_last() -> None:
    now = answer(Dimension.DRIVER, {"d1": 96.0, "d2": 88.0, "d3": None, "": 92.0})
    before = answer(Dimension.DRIVER, {"d2": 91.0})
    table = breakdown({NOW: now, BEFORE: before}, LOOK, SCALES)
    assert [row.name for row in table.rows] == ["d2", "not said", "Driver One", "d3"]
    assert [cell.text for cell in table.rows[0].cells] == ["88.0 %", "10", "91.0 %", "▼ 3.0 points"]
    assert table.rows[0].cells[0].mood is Mood.BAD
    assert table.rows[0].cells[3].mood is Mood.BAD
    assert table.rows[2].cells[0].mood is Mood.GOOD


def test_where_less_is_better_the_most_stands_first() -> None:
    look = replace(LOOK, measure="stop_duration")
    now = answer(Dimension.DRIVER, {"d1": 2.0, "d2": 6.0}, measure="stop_duration")
    table = breakdown({NOW: now}, look, SCALES)
    assert [row.id for row in table.rows] == ["d2", "d1"]
    assert table.titles == ("Driver", "Stop duration", "Counted")
    assert [round(row.cells[0].share, 2) for row in table.rows] == [1.0, 0.33]


def test_errors_stand_in_their_order_and_coverage_is_said() -> None:
    by_error = answer(Dimension.ETA_ERROR, {"5": 6.0, "-10": 9.0, "0": 1.0}, measure=ERROR)
    total = replace(
        answer(None, {"": 80.44}, measure=COVERAGE),
        rows=(Row(keys=(), values=(80.44,), counted=(1204.0,)),),
    )
    chart = errors({NOW: by_error, TOTAL: total}, LOOK, SCALES)
    assert [mark.tick for mark in chart.marks] == ["-10", "0", "+5"]
    assert chart.marks[2].name == "5 min later than predicted"
    assert chart.note == "80.4 % of 1,204 arrivals lay between P10 and P90"


def test_bars_of_shares_begin_below_the_lowest() -> None:
    high = hours({NOW: answer(Dimension.HOUR, {"9": 99.0, "10": 91.0})}, LOOK, SCALES)
    low = hours({NOW: answer(Dimension.HOUR, {"9": 40.0})}, LOOK, SCALES)
    assert (high.floor, low.floor) == (60.0, 32.0)
    assert [mark.mood for mark in high.marks] == [Mood.GOOD, Mood.WATCH]


def test_time_that_is_counted_is_told_in_hours() -> None:
    assert count_words(9_768_767.0, MEASURES["stops_per_hour"]) == "2,714 h"
    assert count_words(8_805.0, MEASURES["on_time"]) == "8,805"


def test_a_tile_without_facts_says_nothing_rather_than_zero() -> None:
    nothing = Answer(
        measures=TILES, by=(), rows=(), since=date(2026, 11, 20), until=date(2026, 11, 20)
    )
    found = tiles({NOW: nothing, LINE: nothing}, LOOK, SCALES)
    assert {one.text for one in found} == {"—"}
    assert {one.mood for one in found} == {Mood.NEUTRAL}
