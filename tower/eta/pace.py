"""The pace of the day: how much longer than planned a driver takes, from what is done so far."""

from collections.abc import Sequence
from datetime import datetime

from tower.domain.records import Stop
from tower.domain.words import StopState

TRUST_AFTER_S = 3_600.0
"""An hour of work weighs as much as the plan's word that the pace is 1."""

LEAST = 0.7
MOST = 1.6
"""Beyond these something else than pace is going on (a break, a breakdown)."""

LONGEST_GAP_S = 2_700.0
"""A gap this long between two stops is a break, not a pace."""


MOST_OF_A_GAP, PARKING_S = 1.8, 120.0
"""One gap counts at most so many times its plan, and two minutes: what goes wrong at one door, or
a break there, says nothing of the doors to come."""

_NOT_VISITED = (StopState.CANCELLED, StopState.SKIPPED)


def pace_of(done: Sequence[Stop], legs_s: Sequence[float]) -> float:
    """How much longer than planned the driver takes, 1 where as planned.

    The time from one finish to the next, less waiting for a window, over what legs and door were
    planned to take; drawn towards 1 while little is known:
    `(actual + 1 h) / (planned + 1 h)`, within 0.7 and 1.6. Stops nobody went to, cancelled or
    skipped, are only driven past.

    Args:
        done: the finished stops of a route, in driving order.
        legs_s: planned driving seconds to each of them from the one before.
    """
    actual_s = planned_s = TRUST_AFTER_S
    before: Stop | None = None
    driving_s = 0.0
    for stop, leg_s in zip(done, legs_s, strict=False):
        driving_s += leg_s
        if stop.state in _NOT_VISITED:
            continue
        taken_s = _taken_s(before.finished_at, stop) if before else None
        if taken_s is not None and stop.plan is not None:
            expected_s = driving_s + stop.plan.service_s
            actual_s += min(taken_s, MOST_OF_A_GAP * expected_s + PARKING_S)
            planned_s += expected_s
        before, driving_s = stop, 0.0
    return min(MOST, max(LEAST, actual_s / planned_s))


def _taken_s(from_: datetime | None, stop: Stop) -> float | None:
    if from_ is None or stop.finished_at is None:
        return None
    taken_s = (stop.finished_at - from_).total_seconds() - _waited_s(stop)
    return taken_s if 0.0 < taken_s < LONGEST_GAP_S else None


def _waited_s(stop: Stop) -> float:
    opens = stop.plan.window_start if stop.plan else None
    if opens is None or stop.arrived_at is None or stop.finished_at is None:
        return 0.0
    return max(0.0, (min(opens, stop.finished_at) - stop.arrived_at).total_seconds())
