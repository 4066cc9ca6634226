"""How probable it is that a window is missed, against the exact distribution."""

import math

import numpy as np
import pytest

from tower.eta.spread import Z90
from tower.watch.odds import probability_after, probability_late

_HALF_THE_ERROR_OF_THE_FORMULA = 0.75e-7


def _exactly(deviations: float) -> float:
    return 0.5 * math.erfc(deviations / math.sqrt(2.0))


def test_the_probability_is_that_of_the_normal_distribution() -> None:
    deviations = np.linspace(-9.0, 9.0, 18_001)
    ones = np.ones_like(deviations)
    told = probability_after(1e3 * deviations, 0 * ones, 1e3 * Z90 * ones, 1e3 * Z90 * ones)
    exactly = np.array([_exactly(one) for one in deviations])
    assert np.abs(told - exactly).max() <= _HALF_THE_ERROR_OF_THE_FORMULA
    assert told.min() >= 0.0
    assert told.max() <= 1.0


@pytest.mark.parametrize(("end", "probability"), [(940.0, 0.9), (1000.0, 0.5), (1120.0, 0.1)])
def test_the_percentiles_of_an_arrival_are_what_they_are_called(
    end: float, probability: float
) -> None:
    told = probability_late(window_end=end, p50=1000.0, early_s=60.0, late_s=120.0)
    assert told == pytest.approx(probability, abs=1e-5)


def test_without_a_window_there_is_nothing_to_miss() -> None:
    one = np.array([1000.0])
    assert np.isnan(probability_after(np.array([np.nan]), one, one, one)).all()


def test_what_is_known_for_certain_is_missed_or_not() -> None:
    assert probability_late(1000.0, p50=1010.0, early_s=0.0, late_s=0.0) == pytest.approx(1.0)
    assert probability_late(1000.0, p50=990.0, early_s=0.0, late_s=0.0) == pytest.approx(0.0)
