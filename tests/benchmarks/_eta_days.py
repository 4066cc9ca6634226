"""Which simulated days arrivals are learnt from, and which they are held against."""

from collections.abc import Sequence
from datetime import date, timedelta

from tests.benchmarks._eta_shifts import Wanted
from tower.demo.regimes import Regime

TRAINING_SEEDS = tuple(range(1, 25))
"""Ordinary days only; the most recent of them calibrate."""

TEST_SEEDS = (601, 602, 603)
"""One ordinary day each, and one of each regime that training never saw. Nothing was chosen on
these; docs/decisions/0803 says which days were looked at meanwhile."""

UNSEEN = (Regime.RUSH, Regime.RAIN, Regime.BRIDGE)

_FIRST, _FIRST_HELD_OUT = date(2026, 2, 16), date(2026, 3, 23)
_SUNDAY = 6


def training_days(seeds: Sequence[int]) -> list[Wanted]:
    """Ordinary working days, one after the other."""
    days = _working_days(_FIRST, len(seeds))
    return [Wanted(seed, Regime.ORDINARY, day) for seed, day in zip(seeds, days, strict=True)]


def test_days(seeds: Sequence[int]) -> list[Wanted]:
    """Days after those learnt from: ordinary, then of each regime not learnt from."""
    regimes = (Regime.ORDINARY, *UNSEEN)
    days = iter(_working_days(_FIRST_HELD_OUT, len(seeds) * len(regimes)))
    return [
        Wanted(seed + 10 * place, regime, next(days))
        for place, regime in enumerate(regimes)
        for seed in seeds
    ]


def _working_days(first: date, count: int) -> list[date]:
    days = (first + timedelta(days=ahead) for ahead in range(2 * count + 7))
    return [day for day in days if day.weekday() != _SUNDAY][:count]
