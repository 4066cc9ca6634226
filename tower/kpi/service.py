"""Measures of what customers got: on time, first attempt."""

from datetime import datetime

import numpy as np
from numpy.typing import NDArray

from tower.kpi.finished import NONE, Day, Tally
from tower.kpi.measure import NOTHING, Measure, line, mood_of, trend
from tower.kpi.measures.definition import Definition
from tower.kpi.measures.service import FIRST_ATTEMPT, ON_TIME

Mask = NDArray[np.bool_]


def on_time(day: Day, now: datetime, target: float | None = None) -> Measure:
    """The measure `ON_TIME` of today, against the target in force: its own where None.

    The stops behind it are those that were not served within their window.
    """
    return _rate(ON_TIME, day, windowed(day), day.column("within") == 1, now, target)


def first_attempt(day: Day, now: datetime, target: float | None = None) -> Measure:
    """The measure `FIRST_ATTEMPT` of today, as far as the state knows it, against the target.

    A stop done at a later attempt on the same day counts with its last outcome, which is what the
    state knows. The stops behind it are those attempted or skipped.
    """
    everything = np.ones(len(day.ids), dtype=np.bool_)
    return _rate(FIRST_ATTEMPT, day, everything, day.column("success"), now, target)


def windowed(day: Day) -> Mask:
    """`(n,)` the finished stops that have a window."""
    has_window: Mask = day.column("within") != NONE
    return has_window


def _rate(
    definition: Definition,
    day: Day,
    counted: Mask,
    was: Mask,
    now: datetime,
    target: float | None,
) -> Measure:
    aim = definition.target if target is None else target
    tally = Tally(day.column("at")[counted], was[counted])
    value = tally.percent(now.timestamp())
    series = line(tally.first, now, tally.percent)
    return Measure(
        key=definition.key,
        title=definition.title,
        value=value,
        text=NOTHING if value is None else f"{value:.1f} %",
        note=f"target {aim:g} %",
        target=aim,
        trend=trend(series),
        mood=mood_of(definition, value, aim),
        series=series,
        stops=day.named(counted & ~was),
        counted=int(np.count_nonzero(counted)),
    )
