"""Today's arrivals correct today's predictions."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tower.eta.online import CHANCE, LARGEST_SHIFT, MOST, WINDOW_S, Adjustment, Online, Outcome

TOLD = np.array([[3_000.0, 3_600.0, 4_200.0]])


def a_day(
    late_share: float, noise_s: float, count: int = 400, online: Online | None = None
) -> tuple[Online, float, list[bool]]:
    """An hour ahead is said all day; what comes is late by a share, and scatters."""
    chance, online = np.random.default_rng(1), online or Online()
    held, now = [], 0.0
    for number in range(count):
        now = 20.0 * number
        [[low, _, high], *_] = told = online.adjustment(now).applied(TOLD)
        came = 3_600.0 * (1.0 + late_share) + noise_s * float(chance.standard_normal())
        held.append(low <= came <= high)
        _, middle, _ = told[0]
        online.take([Outcome(f"S{number}", now, now + came, middle, middle - low, high - middle)])
    return online, now, held


def test_a_day_like_those_learnt_from_changes_little() -> None:
    online, now, held = a_day(0.0, 600.0 / 1.2816)
    adjustment = online.adjustment(now)
    assert adjustment.shift == pytest.approx(0.0, abs=0.03)
    assert adjustment.widening == pytest.approx(1.0, abs=0.2)
    assert np.mean(held) == pytest.approx(0.8, abs=0.05)


def test_a_day_on_which_everybody_is_late_is_told_later() -> None:
    online, now, held = a_day(0.15, 600.0 / 1.2816)
    assert online.adjustment(now).shift == pytest.approx(0.15 - CHANCE, abs=0.04)
    assert np.mean(held[-200:]) == pytest.approx(0.8, abs=0.08)


def test_what_may_be_chance_is_not_followed() -> None:
    online, now, held = a_day(0.04, 600.0 / 1.2816)
    assert online.adjustment(now).shift == 0.0
    assert np.mean(held[-200:]) == pytest.approx(0.8, abs=0.08)


def test_a_day_that_scatters_more_is_told_wider() -> None:
    online, now, held = a_day(0.0, 1_000.0)
    assert online.adjustment(now).widening > 1.5
    assert np.mean(held[-200:]) == pytest.approx(0.8, abs=0.08)


def test_a_few_arrivals_say_little() -> None:
    online, now, _ = a_day(0.2, 100.0, count=5)
    assert online.adjustment(now).shift < 0.03


def test_what_came_hours_ago_is_forgotten() -> None:
    online, now, _ = a_day(0.15, 300.0)
    assert online.adjustment(now + 3_600.0 * 1.5 + WINDOW_S) == Adjustment()


def test_weeks_of_telling_are_not_kept() -> None:
    online = Online()
    for number in range(3_000):
        now = 60.0 * number
        online.take([Outcome("S1", now - 2_000.0, now, 1_900.0 + number % 7, 300.0, 300.0)])
        online.adjustment(now)
    assert len(online._told) == len(online._from_s) <= 1_442


def test_many_predictions_for_one_arrival_count_once_for_each_band() -> None:
    online = Online()
    online.take([Outcome("S1", 60.0 * n, 7_000.0, 5_000.0, 300.0, 300.0) for n in range(100)])
    assert online.count == 3


@given(
    st.lists(
        st.tuples(
            st.floats(0.0, 14_000.0),
            st.floats(-7_000.0, 7_000.0),
            st.floats(0.0, 3_000.0),
            st.floats(0.0, 3_000.0),
        ),
        max_size=60,
    )
)
def test_whatever_comes_quantiles_stay_in_order_and_in_the_future(
    days: list[tuple[float, float, float, float]],
) -> None:
    online = Online()
    online.take(
        Outcome(f"S{n}", 0.0, max(0.0, ahead + error), ahead, early, late)
        for n, (ahead, error, early, late) in enumerate(days)
    )
    adjustment = online.adjustment(7_000.0)
    told = adjustment.applied(np.array([[0.0, 10.0, 20.0], [500.0, 500.0, 500.0]]))
    assert (np.diff(told, axis=1) >= 0.0).all()
    assert (told >= 0.0).all()
    assert abs(adjustment.shift) <= LARGEST_SHIFT
    assert max(adjustment.early, adjustment.late) <= MOST
