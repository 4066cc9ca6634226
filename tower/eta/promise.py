"""How a predicted arrival stands against what the customer was promised."""

from datetime import datetime, timedelta

from tower.domain.records import StopPlan
from tower.domain.words import Punctuality

CLOSE_CALL = timedelta(minutes=5)
"""An arrival expected closer than this to the end of the window is at risk."""

PLAN_TOLERANCE = timedelta(minutes=60)
"""A stop without a window is at risk where it falls this far behind the plan of the day."""


def punctuality(plan: StopPlan | None, p50: datetime, p90: datetime) -> Punctuality:
    """Late, at risk or on time.

    With a window: late where P50 lies beyond its end; at risk where P90 does, or where P50 is
    within five minutes of it. Without a window no promise can be broken, so it is never late;
    it is at risk where P50 is more than an hour behind the plan of the day.
    """
    if plan is None:
        return Punctuality.ON_TIME
    if plan.window_end is not None:
        return _within_window(plan.window_end, p50, p90)
    if plan.planned_at is not None and p50 > plan.planned_at + PLAN_TOLERANCE:
        return Punctuality.AT_RISK
    return Punctuality.ON_TIME


def _within_window(window_end: datetime, p50: datetime, p90: datetime) -> Punctuality:
    if p50 > window_end:
        return Punctuality.LATE
    if p90 > window_end or window_end - p50 < CLOSE_CALL:
        return Punctuality.AT_RISK
    return Punctuality.ON_TIME
