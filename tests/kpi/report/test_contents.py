"""A report asks for what its period needs, and words what it says."""

from datetime import date, timedelta

import pytest
from msgspec.structs import replace

from tests.kpi.report.figures import MADE_AT, NAMES, answered, nothing, report, value_of
from tower.domain.reporting import Filters, Target
from tower.kpi.facts import Dimension
from tower.kpi.query import Answer, Ask
from tower.kpi.report.contents import TILES, Tile, gather
from tower.kpi.report.wording import (
    change_words,
    filter_words,
    is_on_target,
    period_words,
    target_words,
    value_words,
)


def tile(key: str) -> Tile:
    return next(one for one in report().tiles if one.definition.key == key)


def test_every_ask_has_the_filters() -> None:
    asked: list[Ask] = []

    def note(ask: Ask) -> Answer:
        asked.append(ask)
        return answered(ask)

    filters = Filters(days=28, carriers=("c1",))
    gather(note, "Four weeks", filters, {}, MADE_AT)
    assert {ask.filters for ask in asked} == {filters}


def test_a_week_is_compared_with_the_week_before() -> None:
    whole = report()
    assert whole.before_days == 7
    assert [one.definition.key for one in whole.tiles] == list(TILES)
    on_time = tile("on_time")
    assert on_time.value == value_of("on_time", 0)
    assert on_time.before == value_of("on_time", 0, 7)


def test_a_period_before_that_is_known_in_part_is_said_to_be() -> None:
    def four_weeks(ask: Ask) -> Answer:
        whole = answered(ask)
        return replace(whole, since=whole.until - timedelta(days=27))

    made = gather(four_weeks, "", Filters(days=28), {}, MADE_AT)
    assert made.remark == "Of that period only the days from 2026-03-02 on are known."
    assert not report().remark


@pytest.mark.parametrize(
    ("days", "earlier", "by"),
    [
        (1, 7, Dimension.DAY),
        (28, 28, Dimension.DAY),
        (90, 91, Dimension.WEEK),
        (500, 504, Dimension.MONTH),
    ],
)
def test_a_longer_period_is_drawn_more_coarsely(days: int, earlier: int, by: Dimension) -> None:
    def of_days(ask: Ask) -> Answer:
        first = date.fromordinal(date(2026, 3, 8).toordinal() - days + 1)
        return Answer(
            measures=ask.measures, by=ask.by, rows=(), since=first, until=date(2026, 3, 8)
        )

    made = gather(of_days, "", Filters(days=days), {}, MADE_AT)
    assert made.before_days == earlier
    assert made.panel("trend").answer.by == (by,)


def test_a_target_of_the_room_goes_before_the_measures_own() -> None:
    made = report(targets=(Target(measure="on_time", value=90.0),))
    assert [one.target for one in made.tiles[:2]] == [90.0, 95.0]
    assert is_on_target(made.tiles[0]) is True
    assert target_words(made.tiles[0]) == "target ≥ 90 %"


def test_figures_are_worded_with_their_unit_and_their_decimals() -> None:
    assert value_words(tile("on_time").definition, 93.48) == "93.5 %"
    assert value_words(tile("stops").definition, 9_000_000.0) == "9,000,000"
    assert value_words(tile("stops").definition, None) == "—"
    assert change_words(tile("on_time")) == "−0.1"
    assert change_words(tile("stops")) == "unchanged"


def test_coverage_is_met_on_neither_side_far_from_its_target() -> None:
    coverage = tile("eta_coverage_60")
    assert is_on_target(coverage) is True
    assert target_words(coverage) == "target near 80 %"


def test_a_measure_nobody_knows_has_met_nothing() -> None:
    made = gather(nothing, "", Filters(), {}, MADE_AT)
    assert {one.value for one in made.tiles} == {None}
    assert {is_on_target(one) for one in made.tiles} == {None}
    assert {change_words(one) for one in made.tiles} == {""}


@pytest.mark.parametrize(
    ("since", "until", "words"),
    [
        (date(2026, 3, 8), date(2026, 3, 8), "Sunday, 8 March 2026"),
        (date(2026, 3, 2), date(2026, 3, 8), "2–8 March 2026"),
        (date(2025, 12, 29), date(2026, 1, 4), "29 December 2025 – 4 January 2026"),
    ],
)
def test_the_period_reads_as_people_say_it(since: date, until: date, words: str) -> None:
    assert period_words(since, until) == words


def test_the_filters_are_told_in_words_and_long_lists_are_cut() -> None:
    assert filter_words(Filters(), NAMES) == "everything"
    filters = Filters(carriers=("c1",), weekdays=(0, 4), postcodes=tuple("abcdef"))
    assert (
        filter_words(filters, NAMES)
        == "carrier North Express; postcode a, b, c, d and 2 more; weekday Mon, Fri"
    )
