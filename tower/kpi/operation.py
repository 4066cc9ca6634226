"""How far the day is from its plan, and from what was predicted."""

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from datetime import datetime
from statistics import median
from typing import NamedTuple

from tower.kpi.finished import Finished
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


def eta_error(today: PredictedToday) -> Measure:
    """The measure `eta_error_60` of today; the stops behind it are the worst."""
    definition = ETA_ERROR[JUDGED_LEAD_MIN]
    covered = f"{today.coverage:.0f} % within P10-P90"
    aim = ETA_COVERAGE[JUDGED_LEAD_MIN].target
    return Measure(
        key="schedule_error",
        title=definition.title,
        value=today.error_min,
        text=f"{today.error_min:.1f} min",
        note=f"{covered}, should be {aim:.0f} %",
        target=definition.target,
        trend=trend(today.series),
        mood=mood_of(definition, today.error_min),
        series=today.series,
        stops=today.stops,
        counted=today.arrivals,
    )


def schedule_error(rows: Sequence[Finished], now: datetime) -> Measure:
    """How wrong the plan of the day is, in the middle case.

    Median of `|came − planned|` in minutes over the stops finished today that had a planned
    time; the line shows the hour before each moment. The stops behind it are the tenth with the
    largest error, the worst first.
    """
    errors = _errors(rows)
    value = median(error for _, error, _ in errors) if errors else None
    times = [at for at, _, _ in errors]

    def of_hour(at: float) -> float | None:
        hour = errors[bisect_left(times, at - HOUR_S) : bisect_right(times, at)]
        return median(error for _, error, _ in hour) if hour else None

    series = line(times[0] if times else None, now, of_hour)
    worst = sorted(errors, key=lambda error: -error[1])[: -(-len(errors) // 10)]
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
        stops=tuple(stop_id for _, _, stop_id in worst),
        counted=len(errors),
    )


def _errors(rows: Sequence[Finished]) -> list[tuple[float, float, str]]:
    """When each stop finished, how many minutes it was off its plan, and which it is."""
    return [
        (row.at, _apart_min(row.came_at, row.stop.plan.planned_at), row.stop.id)
        for row in rows
        if row.stop.plan and row.stop.plan.planned_at
    ]


def _apart_min(one: datetime, other: datetime) -> float:
    return abs((one - other).total_seconds()) / 60.0


def _error_mood(value: float | None) -> Mood:
    if value is None:
        return Mood.NEUTRAL
    if value <= ERROR_TARGET_MIN:
        return Mood.GOOD
    return Mood.WATCH if value <= 2 * ERROR_TARGET_MIN else Mood.BAD
