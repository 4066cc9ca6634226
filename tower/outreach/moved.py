"""How far an arrival moved from what its customer believes."""

from datetime import datetime, timedelta

from tower.domain.records import StopPlan
from tower.domain.state import State
from tower.outreach.case import Expected
from tower.outreach.history import History


def moved_s(
    state: State, stop_id: str, arrival: Expected, history: History | None = None
) -> float | None:
    """Seconds between an arrival and what the customer of a stop was last told or promised.

    Told before: P50 now against P50 then. Never told: nothing while P10 to P90 lies within the
    window; else the greater of how far it reaches beyond the window and how far P50 is from the
    plan of the day. Without a window, how far P50 is from the plan.

    Args:
        state: the shift.
        stop_id: the stop.
        arrival: when the vehicle is expected there.
        history: made from the same state, where many are asked for at once.

    Returns:
        Seconds, never negative; None where they were neither told nor promised anything.
    """
    told = (history or History(state)).told(stop_id)
    if told is not None:
        return _apart(arrival.p50, told)
    stop = state.stops.get(stop_id)
    return _from_promise(stop.plan, arrival) if stop and stop.plan else None


def _from_promise(plan: StopPlan, arrival: Expected) -> float | None:
    outside = _outside(plan, arrival)
    if outside == 0:
        return 0.0
    planned = _apart(arrival.p50, plan.planned_at) if plan.planned_at else None
    known = [seconds for seconds in (outside, planned) if seconds is not None]
    return max(known, default=None)


def _outside(plan: StopPlan, arrival: Expected) -> float | None:
    if plan.window_start is None and plan.window_end is None:
        return None
    early = plan.window_start - arrival.p10 if plan.window_start else timedelta()
    late = arrival.p90 - plan.window_end if plan.window_end else timedelta()
    return max(early, late, timedelta()).total_seconds()


def _apart(one: datetime, other: datetime) -> float:
    return abs((one - other).total_seconds())
