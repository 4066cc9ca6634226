"""Measures of what customers got: on time, first attempt."""

from collections.abc import Sequence
from datetime import datetime

from tower.kpi.finished import Finished, Tally
from tower.kpi.judging import is_on_time, window_of
from tower.kpi.measure import NOTHING, Measure, line, mood_of, trend
from tower.kpi.measures.definition import Definition
from tower.kpi.measures.service import FIRST_ATTEMPT, ON_TIME


def on_time(rows: Sequence[Finished], now: datetime) -> Measure:
    """The measure `ON_TIME` of today.

    The stops behind it are those that were not served within their window.
    """
    return _rate(ON_TIME, windowed(rows), now)


def first_attempt(rows: Sequence[Finished], now: datetime) -> Measure:
    """The measure `FIRST_ATTEMPT` of today, as far as the state knows it.

    A stop done at a later attempt on the same day counts with its last outcome, which is what the
    state knows. The stops behind it are those attempted or skipped.
    """
    return _rate(FIRST_ATTEMPT, [(row, row.is_success) for row in rows], now)


def windowed(rows: Sequence[Finished]) -> list[tuple[Finished, bool]]:
    """The finished stops that have a window, each with whether it was served within it."""
    judged = ((row, window_of(row.stop.plan)) for row in rows)
    return [
        (row, is_on_time(row.came_at, row.done_at, row.state, window))
        for row, window in judged
        if window is not None
    ]


def _rate(
    definition: Definition, judged: Sequence[tuple[Finished, bool]], now: datetime
) -> Measure:
    tally = Tally([(row.at, was) for row, was in judged])
    value = tally.percent(now.timestamp())
    series = line(tally.first, now, tally.percent)
    return Measure(
        key=definition.key,
        title=definition.title,
        value=value,
        text=NOTHING if value is None else f"{value:.1f} %",
        note=f"target {definition.target:.0f} %",
        target=definition.target,
        trend=trend(series),
        mood=mood_of(definition, value),
        series=series,
        stops=tuple(row.stop.id for row, was in judged if not was),
        counted=len(judged),
    )
