"""Trees tell quantiles, and calibration makes them keep what they say."""

import numpy as np
import pytest

from tower.eta.learning.conformal import Calibration, Sides, calibrated, coverage
from tower.eta.learning.quantiles import Settings, Table, grow
from tower.eta.model import Floats

QUICK = Settings(rounds=60, depth=3, rate=0.15, threads=1)


def drawn(count: int, seed: int) -> tuple[Table, Floats]:
    """What comes is as wide as the first column says, around the second."""
    chance = np.random.default_rng(seed)
    x = chance.uniform(0.5, 2.0, (count, 2)).astype(np.float32)
    y = 10.0 * x[:, 1] + x[:, 0] * chance.standard_normal(count)
    return x, y.astype(np.float64)


def test_trees_tell_where_and_how_wide() -> None:
    trees = grow(*drawn(4_000, 1), QUICK)
    x = np.array([[0.5, 1.0], [2.0, 1.0]], dtype=np.float32)
    low, middle, high = trees.predict(x).T
    assert middle == pytest.approx([10.0, 10.0], abs=0.5)
    assert (high - low)[1] > 2.0 * (high - low)[0]


def test_shares_of_features_add_up_to_what_is_told() -> None:
    trees = grow(*drawn(2_000, 1), QUICK)
    x, _ = drawn(50, 2)
    told = trees.predict(x)[:, 1]
    assert trees.contributions(x).sum(axis=1) == pytest.approx(told, abs=0.05)


def test_nothing_asked_is_nothing_told() -> None:
    trees = grow(*drawn(500, 1), QUICK)
    assert trees.predict(np.empty((0, 2), dtype=np.float32)).shape == (0, 3)


def test_sides_too_narrow_are_stretched_until_they_keep_what_they_say() -> None:
    _, came = drawn(4_000, 3)
    told = np.column_stack((came * 0 + 10.5, came * 0 + 12.5, came * 0 + 14.5))
    calibration = calibrated(told[:2_000], came[:2_000], told[:2_000, 1])
    after = calibration.applied(told[2_000:], told[2_000:, 1])
    assert coverage(told, came) < 0.4
    assert coverage(after, came[2_000:]) == pytest.approx(0.8, abs=0.03)


def test_each_side_keeps_one_in_ten_beyond_it() -> None:
    chance = np.random.default_rng(4)
    came = chance.exponential(10.0, 5_000)
    told = np.tile([3.0, 7.0, 12.0], (5_000, 1))
    after = calibrated(told, came, told[:, 1]).applied(told, told[:, 1])
    assert np.mean(came < after[:, 0]) == pytest.approx(0.1, abs=0.02)
    assert np.mean(came > after[:, 2]) == pytest.approx(0.1, abs=0.02)


def test_far_and_near_are_calibrated_apart() -> None:
    chance = np.random.default_rng(5)
    ahead = np.repeat([10.0, 100.0], 1_000)
    came = ahead + np.repeat([1.0, 20.0], 1_000) * chance.standard_normal(2_000)
    told = np.column_stack((ahead - 5.0, ahead, ahead + 5.0))
    calibration = calibrated(told, came, ahead, edges=(50.0,))
    assert calibration.sides[0].late < 1.0 < calibration.sides[1].late


def test_a_bin_with_a_handful_of_samples_is_calibrated_with_all() -> None:
    chance = np.random.default_rng(6)
    came = chance.standard_normal(500)
    told = np.tile([-1.0, 0.0, 1.0], (500, 1))
    ahead = np.where(np.arange(500) < 5, 10.0, 100.0)
    calibration = calibrated(told, came, ahead, edges=(50.0,))
    whole = calibrated(told, came, ahead)
    assert calibration.sides[0] == whole.sides[0]


def test_no_calibration_changes_nothing() -> None:
    told = np.array([[1.0, 2.0, 4.0]])
    assert np.array_equal(Calibration().applied(told, told[:, 1]), told)
    assert Sides() == Sides(1.0, 1.0)
