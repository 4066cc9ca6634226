"""What counts as what: every judgement a measure makes, once for the live strip and the roll-ups.

Times are datetimes in UTC throughout.
"""

from datetime import datetime, timedelta

from tower.domain.records import StopPlan
from tower.domain.words import ClaimKind, StopState

WISMO = "wismo"
"""The topic of a contact that asks where an order is."""

PREDICTION_KEEPS = timedelta(minutes=20)
"""A prediction is at most so much older than the lead it is judged for."""

_ERROR_STEP_MIN = 5
_ERROR_MOST_MIN = 30
_PROMOTER, _DETRACTOR = 9, 6


def is_counted(plan: StopPlan | None, outcome: StopState) -> bool:
    """True for a finished stop where somebody waited for us, which was not cancelled."""
    is_customer = plan is None or plan.kind.is_customer
    return is_customer and outcome.is_outcome and outcome is not StopState.CANCELLED


def came(arrived_at: datetime | None, done_at: datetime) -> datetime:
    """When the vehicle came: the outcome's time where nobody said, or where it was said wrong."""
    return done_at if arrived_at is None else min(arrived_at, done_at)


def is_on_time(
    came_at: datetime,
    done_at: datetime,
    outcome: StopState,
    window: tuple[datetime | None, datetime],
) -> bool:
    """True for a stop served within a window (start, end).

    It came no later than the end, and it was done no earlier than the start, where there is one;
    an attempt or a skipped stop is never within.
    """
    start, end = window
    is_early = start is not None and done_at < start
    return outcome.is_success and not is_early and came_at <= end


def window_of(plan: StopPlan | None) -> tuple[datetime | None, datetime] | None:
    """The window a plan promises; None where it has no end to be late for."""
    if plan is None or plan.window_end is None:
        return None
    return plan.window_start, plan.window_end


def is_for_lead(made_at: datetime, came_at: datetime, lead_min: int) -> bool:
    """True where a prediction was made so long before an arrival that it is judged for a lead."""
    ahead = came_at - made_at
    lead = timedelta(minutes=lead_min)
    return lead <= ahead <= lead + PREDICTION_KEEPS


def error_step_min(late_s: float) -> int:
    """Seconds an arrival came after its P50 as the step of a histogram: minutes, by five."""
    step = _ERROR_STEP_MIN * round(late_s / (60.0 * _ERROR_STEP_MIN))
    return max(-_ERROR_MOST_MIN, min(_ERROR_MOST_MIN, step))


def is_sla_kept(due_at: datetime, acted_at: datetime | None) -> bool:
    """True where somebody claimed or resolved an exception by the time it was due."""
    return acted_at is not None and acted_at <= due_at


def is_wismo(topic: str) -> bool:
    """True for a contact that asks where an order is."""
    return topic == WISMO


def is_dispute(kind: ClaimKind) -> bool:
    """True for a claim that disputes a delivery on record."""
    return kind is ClaimKind.NOT_RECEIVED


def nps_net(score: int) -> int:
    """What an answer from 0 to 10 adds to promoters less detractors: 1, 0 or -1.

    Source: F. Reichheld, "The One Number You Need to Grow", Harvard Business Review, 12/2003.
    """
    return int(score >= _PROMOTER) - int(score <= _DETRACTOR)
