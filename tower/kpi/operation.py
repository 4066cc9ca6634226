"""How far the day is from its plan, and from what was predicted."""

from collections.abc import Mapping
from datetime import datetime
from types import MappingProxyType
from typing import NamedTuple

import numpy as np

from tower.kpi.finished import Day
from tower.kpi.measure import HOUR_S, NOTHING, Measure, Mood, Series, line, mood_of, trend
from tower.kpi.measures.arrivals import ETA_COVERAGE, ETA_ERROR

ERROR_TARGET_MIN = 10.0
"""A plan this wrong in the middle case is no longer worth telling customers."""

JUDGED_LEAD_MIN = 60
"""Predictions are judged by those made so many minutes ahead."""


class PredictedToday(NamedTuple):
    """How good today's predictions were, an hour ahead.

    Attributes:
        error_min: mean of |came - P50|; coverage: per cent between P10 and P90.
        arrivals: how many there were.
        series: the error of each hour, at its end.
        stops: the worst, the worst first.
    """

    error_min: float
    coverage: float
    arrivals: int
    series: Series = ()
    stops: tuple[str, ...] = ()


def eta_error(
    today: PredictedToday, targets: Mapping[str, float] = MappingProxyType({})
) -> Measure:
    """The measure `eta_error_60` of today; the stops behind it are the worst.

    Args:
        today: how good the predictions were.
        targets: those in force, by measure; a measure's own where it is not among them.
    """
    definition = ETA_ERROR[JUDGED_LEAD_MIN]
    covered = f"{today.coverage:.0f} % within P10-P90"
    coverage = ETA_COVERAGE[JUDGED_LEAD_MIN]
    aim, target = targets.get(coverage.key, coverage.target), targets.get(definition.key)
    return Measure(
        key="schedule_error",
        title=definition.title,
        value=today.error_min,
        text=f"{today.error_min:.1f} min",
        note=f"{covered}, should be {aim:g} %",
        target=definition.target if target is None else target,
        trend=trend(today.series),
        mood=mood_of(definition, today.error_min, target),
        series=today.series,
        stops=today.stops,
        counted=today.arrivals,
    )


def schedule_error(day: Day, now: datetime) -> Measure:
    """How wrong the plan of the day is, in the middle case.

    Median of `|came - planned|` in minutes over the stops finished today that had a planned
    time; the line shows the hour before each moment. The stops behind it are the tenth with the
    largest error, the worst first.
    """
    planned = np.flatnonzero(~np.isnan(day.column("off_plan_min")))
    errors, times = day.column("off_plan_min")[planned], day.column("at")[planned]
    value = float(np.median(errors)) if errors.size else None

    def of_hour(at: float) -> float | None:
        first = np.searchsorted(times, at - HOUR_S, side="left")
        last = np.searchsorted(times, at, side="right")
        return float(np.median(errors[first:last])) if last > first else None

    series = line(float(times[0]) if times.size else None, now, of_hour)
    worst = planned[np.argsort(-errors, kind="stable")[: -(-errors.size // 10)]]
    return Measure(
        key="schedule_error",
        title="Schedule error (P50)",
        value=value,
        text=NOTHING if value is None else f"{value:.1f} min",
        note=f"target under {ERROR_TARGET_MIN:.0f} min",
        target=ERROR_TARGET_MIN,
        trend=trend(series),
        mood=_error_mood(value),
        series=series,
        stops=day.named(worst),
        counted=int(errors.size),
    )


def _error_mood(value: float | None) -> Mood:
    if value is None:
        return Mood.NEUTRAL
    if value <= ERROR_TARGET_MIN:
        return Mood.GOOD
    return Mood.WATCH if value <= 2 * ERROR_TARGET_MIN else Mood.BAD
