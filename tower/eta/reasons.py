"""Why a stop is not reached when the plan of the day has it, the order it is driven in included.

A model sees one row and knows nothing of the order of the plan. Where stops planned later are
driven to before (the driver passed this one by, or somebody changed the order), what the model's
reasons leave open is told as that, so that all of them add up to what is predicted less the plan.
"""

from collections.abc import Sequence

import numpy as np

from tower.domain.records import Stop
from tower.domain.words import StopState
from tower.eta.model import ArrivalModel, Reason
from tower.eta.outlook import FleetOutlook
from tower.eta.schedule_model import BEHIND, worth_telling

_NOT_VISITED = (StopState.CANCELLED, StopState.SKIPPED)


def reasons_of(
    outlook: FleetOutlook, model: ArrivalModel, row: int, p50_s: float
) -> tuple[Reason, ...]:
    """Why one stop is not reached when the plan has it, the largest share first.

    Args:
        outlook: how all routes go on.
        model: what predicted.
        row: which of the outlook's rows.
        p50_s: seconds from the outlook's moment to the arrival as it is told.
    """
    told = model.reasons(outlook.asked.rows(slice(row, row + 1)), 0)
    remaining = outlook.remaining
    place = int(np.flatnonzero(~remaining.is_here)[row])
    route, planned_s = int(remaining.route[place]), float(remaining.planned_s[place])
    served = [stop for stop in outlook.courses[route].stops if _was_served(stop)]
    ahead = (remaining.route == route) & (remaining.step < remaining.step[place])
    before = int((remaining.planned_s[ahead] > planned_s).sum())
    before += sum(_planned_s(stop) > planned_s for stop in served)
    if not before:
        return told
    if place == outlook.next_rows[route]:
        told = (*(one for one in told if one.words != BEHIND), Reason(BEHIND, _delay_s(served)))
    left_s = outlook.now_s + p50_s - planned_s - sum(one.seconds for one in told)
    return worth_telling((*told, Reason(_words(before), max(0.0, left_s))))


def _words(before: int) -> str:
    return f"driven to after {before} {'stop' if before == 1 else 'stops'} planned later"


def _was_served(stop: Stop) -> bool:
    return stop.is_done and stop.state not in _NOT_VISITED


def _planned_s(stop: Stop) -> float:
    planned = stop.plan.planned_at if stop.plan else None
    return float("nan") if planned is None else planned.timestamp()


def _delay_s(served: Sequence[Stop]) -> float:
    """How far behind the plan the door served last was reached; 0 where that is not known."""
    last = max(served, key=_left_s, default=None)
    if last is None or last.arrived_at is None or last.plan is None:
        return 0.0
    planned = last.plan.planned_at
    return 0.0 if planned is None else (last.arrived_at - planned).total_seconds()


def _left_s(stop: Stop) -> float:
    return stop.finished_at.timestamp() if stop.finished_at else 0.0
