"""What is compared with what, and how far apart points stand."""

from datetime import date

import pytest
from msgspec.structs import replace

from tower.domain.reporting import Filters, SavedView
from tower.kpi.facts import Dimension
from ui.performance.look import (
    Look,
    Step,
    chosen,
    days_of,
    line_filters,
    look_of,
    narrowed,
    shift_of,
    shift_words,
    spark_step,
    step_of,
)

TODAY = date(2026, 11, 20)


@pytest.mark.parametrize(
    ("filters", "shift", "words"),
    [
        (Filters(days=1), 7, "the week before"),
        (Filters(days=7), 7, "the week before"),
        (Filters(days=28), 28, "the 4 weeks before"),
        (Filters(days=364), 364, "the 52 weeks before"),
        (Filters(since="2026-11-09", until="2026-11-18"), 14, "the 2 weeks before"),
    ],
)
def test_a_period_is_compared_with_whole_weeks_so_that_weekdays_match(
    filters: Filters, shift: int, words: str
) -> None:
    assert shift_of(filters, TODAY) == shift
    assert shift_words(shift) == words


def test_all_there_is_has_nothing_before_it() -> None:
    assert days_of(Filters(days=0), TODAY) == 0
    assert shift_of(Filters(days=0), TODAY) == 0


def test_days_to_today_are_counted_with_the_first_and_the_last() -> None:
    assert days_of(Filters(since="2026-11-14"), TODAY) == 7


@pytest.mark.parametrize(
    ("days", "step", "spark"),
    [
        (1, Dimension.DAY, Dimension.DAY),
        (28, Dimension.DAY, Dimension.DAY),
        (91, Dimension.WEEK, Dimension.DAY),
        (364, Dimension.MONTH, Dimension.WEEK),
        (0, Dimension.MONTH, Dimension.WEEK),
    ],
)
def test_a_trend_has_days_weeks_or_months(days: int, step: Dimension, spark: Dimension) -> None:
    filters = Filters(days=days)
    assert step_of(Look(filters=filters), TODAY) is step
    assert step_of(Look(filters=filters, step=Step.MONTH), TODAY) is Dimension.MONTH
    assert spark_step(filters, TODAY) is spark


def test_a_line_over_a_day_goes_back_four_weeks() -> None:
    assert line_filters(Filters(days=1, carriers=("own",)), TODAY) == Filters(
        days=28, carriers=("own",)
    )
    past = line_filters(Filters(since="2026-03-02", until="2026-03-03"), TODAY)
    assert (past.since, past.until) == ("2026-02-04", "2026-03-03")
    assert line_filters(Filters(days=91), TODAY) == Filters(days=91)


def test_hours_and_weekdays_are_narrowed_by_number() -> None:
    filters = narrowed(Filters(), Dimension.HOUR, ("9", "14"))
    assert filters.hours == (9, 14)
    assert chosen(filters, Dimension.HOUR) == ("9", "14")
    assert narrowed(filters, Dimension.HOUR, ()) == Filters()


def test_a_view_of_another_version_keeps_what_it_does_not_say() -> None:
    look = replace(Look(), by=Dimension.POSTCODE, measure="first_attempt")
    view = SavedView(id="v", name="V", filters=Filters(days=28), by="planet", measure="")
    assert look_of(view, look) == replace(look, filters=Filters(days=28))
