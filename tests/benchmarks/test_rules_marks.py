"""The noise benchmark counts what it says it counts."""

import pytest

from tests.benchmarks._rules_marks import Raised, marks
from tower.demo.truth import Trouble
from tower.domain.words import ExceptionKind

NOON_S = 12 * 3600.0
FOREVER_S = float("inf")


def raised(
    kind: ExceptionKind, about: str, minute: float, until_min: float | None = None
) -> Raised:
    end_s = FOREVER_S if until_min is None else NOON_S + 60.0 * until_min
    return Raised(kind=kind, about=about, words="", spans=[[NOON_S + 60.0 * minute, end_s]])


def trouble(
    kind: ExceptionKind, about: str, minute: float, until_min: float, *, plain: bool = True
) -> Trouble:
    return Trouble(
        kind=kind,
        about=(about,),
        begins_s=NOON_S + 60.0 * minute,
        ends_s=NOON_S + 60.0 * until_min,
        plain=plain,
    )


def missed(kind: ExceptionKind, about: str, window_end_min: float, came_min: float) -> Trouble:
    return Trouble(
        kind=kind,
        about=(about,),
        begins_s=-FOREVER_S,
        ends_s=NOON_S + 60.0 * came_min,
        window_end_s=NOON_S + 60.0 * window_end_min,
    )


def test_what_is_raised_while_it_lasts_is_right_and_the_rest_is_false() -> None:
    kind = ExceptionKind.OFF_ROUTE
    true = [trouble(kind, "v1", 0, 20), trouble(kind, "v2", 0, 20)]
    told = [
        raised(kind, "v1", 6, 21),
        raised(kind, "v3", 6, 9),
        raised(kind, "v2", 40, 50),
        raised(ExceptionKind.LONG_DWELL, "v2", 6),
    ]
    result = marks(kind, true, told)
    assert (result.troubles, result.found, result.raised) == (2, 1, 3)
    assert (result.right, result.false) == (1, 2)
    assert result.precision == pytest.approx(1 / 3)
    assert result.recall == 0.5
    assert result.median_lead_min == 6.0
    assert [words.split()[1] for words in result.wrong] == ["v3", "v2"]
    assert result.missing == ["12:00 v2"]


def test_what_need_not_be_found_is_neither_right_nor_false_nor_missing() -> None:
    kind = ExceptionKind.LONG_DWELL
    result = marks(kind, [trouble(kind, "s1", 0, 9, plain=False)], [raised(kind, "s1", 3, 9)])
    assert (result.troubles, result.right, result.false) == (0, 0, 0)
    assert (result.precision, result.recall) == (None, None)
    silent = marks(kind, [trouble(kind, "s1", 0, 9, plain=False)], [])
    assert silent.missing == []


def test_a_missed_window_is_found_where_it_was_told_before_it_ended_by_either_rule() -> None:
    risk, late = ExceptionKind.LATE_RISK, ExceptionKind.LATE
    true = [missed(risk, name, 60, 75) for name in ("s1", "s2", "s3", "s4")]
    told = [
        raised(risk, "s1", 15),
        raised(late, "s2", 50),
        raised(late, "s3", 61),
        raised(risk, "s5", 10),
    ]
    result = marks(risk, true, told)
    assert (result.troubles, result.found) == (4, 2)
    assert (result.raised, result.right, result.false) == (2, 1, 1)
    assert sorted(result.lead_min) == [10.0, 45.0]


def test_opening_again_is_counted_and_is_no_second_exception() -> None:
    kind = ExceptionKind.NO_SIGNAL
    one = raised(kind, "v1", 2, 10)
    one.spans.append([NOON_S + 900.0, FOREVER_S])
    result = marks(kind, [trouble(kind, "v1", 0, 30)], [one])
    assert (result.raised, result.again, result.right) == (1, 1, 1)
