"""Measures of what customers got: on time, first attempt."""

from collections.abc import Sequence
from datetime import datetime

from tower.kpi.finished import Finished, Tally
from tower.kpi.measure import NOTHING, Measure, Mood, line, trend

ON_TIME_TARGET = 95.0
FIRST_ATTEMPT_TARGET = 92.0

_CLOSE = 5.0
"""Percentage points below a target that are watched, not yet bad."""


def on_time(rows: Sequence[Finished], now: datetime) -> Measure:
    """Stops served within their window.

    `100 · (delivered or collected within the window) / (finished today with a window)`. Within:
    the vehicle came no later than the window's end, and it was done no earlier than its start.
    An attempt or a skipped stop counts as not served; a cancelled one is not counted. The stops
    behind it are those that were not served within their window.
    """
    judged = windowed(rows)
    return _rate("on_time", "On time", judged, ON_TIME_TARGET, now)


def first_attempt(rows: Sequence[Finished], now: datetime) -> Measure:
    """Stops done at the first attempt.

    `100 · (delivered or collected) / (finished today)`. A stop done at a later attempt on the
    same day counts with its last outcome, which is what the state knows. The stops behind it
    are those attempted or skipped.
    """
    judged = [(row, row.is_success) for row in rows]
    return _rate("first_attempt", "First attempt", judged, FIRST_ATTEMPT_TARGET, now)


def windowed(rows: Sequence[Finished]) -> list[tuple[Finished, bool]]:
    """The finished stops that have a window, each with whether it was served within it."""
    return [(row, _is_within(row)) for row in rows if _has_window(row)]


def _has_window(row: Finished) -> bool:
    return row.stop.plan is not None and row.stop.plan.window_end is not None


def _is_within(row: Finished) -> bool:
    plan = row.stop.plan
    if plan is None or plan.window_end is None or not row.is_success:
        return False
    opens = plan.window_start.timestamp() if plan.window_start else row.at
    return row.at >= opens and row.came_at <= plan.window_end.timestamp()


def _rate(
    key: str, title: str, judged: Sequence[tuple[Finished, bool]], target: float, now: datetime
) -> Measure:
    tally = Tally([(row.at, was) for row, was in judged])
    value = tally.percent(now.timestamp())
    series = line(tally.first, now, tally.percent)
    return Measure(
        key=key,
        title=title,
        value=value,
        text=NOTHING if value is None else f"{value:.1f} %",
        note=f"target {target:.0f} %",
        target=target,
        trend=trend(series),
        mood=_mood(value, target),
        series=series,
        stops=tuple(row.stop.id for row, was in judged if not was),
        counted=len(judged),
    )


def _mood(value: float | None, target: float) -> Mood:
    if value is None:
        return Mood.NEUTRAL
    if value >= target:
        return Mood.GOOD
    return Mood.WATCH if value >= target - _CLOSE else Mood.BAD
