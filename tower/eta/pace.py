"""The pace of the day: how much longer than planned a driver takes, from what is done so far."""

import math
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from statistics import median
from typing import NamedTuple

from tower.domain.records import Stop
from tower.domain.words import StopState

TRUST_AFTER_S = 3_600.0
"""An hour of work weighs as much as the plan's word that the pace is 1."""

KNOWN_TRUST_DOORS = 24.0
"""Likewise in doors, where the driver's earlier shifts are known."""

LEAST = 0.7
MOST = 1.6
"""Beyond these something else than pace is going on (a break, a breakdown)."""

LONGEST_GAP_S = 2_700.0
"""A gap this long between two stops is a break, not a pace."""


MOST_OF_A_GAP, PARKING_S = 1.8, 120.0
"""One gap counts at most so many times its plan, and two minutes: what goes wrong at one door, or
a break there, says nothing of the doors to come."""

_NOT_VISITED = (StopState.CANCELLED, StopState.SKIPPED)


class Served(NamedTuple):
    """A door that was left, and what it took to get there and serve it.

    Attributes:
        finished_s: when it was left, seconds since 1970.
        taken_s: seconds since the door before was left, waiting for a window taken off.
        expected_s: seconds the legs between and the door were expected to take.
    """

    stop_id: str
    finished_s: float
    taken_s: float
    expected_s: float


def pace_over(doors: Iterable[Served], trust_after_s: float = TRUST_AFTER_S) -> float:
    """How much longer than expected some doors took, 1 where just that.

    `(actual + trust) / (expected + trust)`, within 0.7 and 1.6: drawn towards 1 while little is
    known.

    Args:
        doors: the doors.
        trust_after_s: seconds of work that weigh as much as the word that the pace is 1.
    """
    actual_s = expected_s = trust_after_s
    for door in doors:
        actual_s += min(door.taken_s, MOST_OF_A_GAP * door.expected_s + PARKING_S)
        expected_s += door.expected_s
    return min(MOST, max(LEAST, actual_s / expected_s))


def pace_of_known(doors: Sequence[Served]) -> float:
    """The pace today of a driver whose earlier shifts are known, and are in what is expected.

    `exp(median(log(taken / expected)) n / (n + 24))`: what is left is small beside what happens at
    single doors, so a day has to be long before it says something of its own.
    """
    if not doors:
        return 1.0
    logs = [math.log(max(1.0, door.taken_s) / max(1.0, door.expected_s)) for door in doors]
    pace = math.exp(median(logs) * len(logs) / (len(logs) + KNOWN_TRUST_DOORS))
    return min(MOST, max(LEAST, pace))


def served(
    done: Sequence[Stop], legs_s: Sequence[float], doors_s: Sequence[float] | None = None
) -> Iterator[Served]:
    """What each finished door took, from one finish to the next.

    Stops nobody went to, cancelled or skipped, are only driven past. Nothing is told of the first,
    nor of a gap so long that it was a break.

    Args:
        done: the finished stops of a route, in driving order.
        legs_s: expected driving seconds to each of them from the one before.
        doors_s: expected seconds at each door; as planned where None.
    """
    before: Stop | None = None
    driving_s = 0.0
    for place, (stop, leg_s) in enumerate(zip(done, legs_s, strict=False)):
        driving_s += leg_s
        if stop.state in _NOT_VISITED:
            continue
        taken_s = _taken_s(before.finished_at, stop) if before else None
        if taken_s is not None and stop.plan is not None and stop.finished_at is not None:
            door_s = stop.plan.service_s if doors_s is None else doors_s[place]
            yield Served(stop.id, stop.finished_at.timestamp(), taken_s, driving_s + door_s)
        before, driving_s = stop, 0.0


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
