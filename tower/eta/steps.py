"""The rules of `tower.eta.schedule` for many routes at once: the k-th stop of all in one step.

Routes are columns, sorted by how many stops they have left, most first, so that those still
driving at a step are the first ones. Every time is in seconds from now.
"""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from tower.eta.model import Floats
from tower.eta.schedule import OVERDUE_SHARE, PATIENCE_S
from tower.eta.spread import (
    DEPARTURE_S,
    LATE_SKEW,
    LEAST_S,
    LEG_SHARE,
    PACE_SHARE,
    SERVICE_SHARE,
    Z90,
)

Bools = NDArray[np.bool_]
LegSeconds = Callable[[Floats, Floats], Floats]
"""Expected seconds of legs from what the roads say of them and when they are begun."""


class Ways(NamedTuple):
    """The rest of `r` routes with at most `k` stops each.

    Attributes:
        counts: `(r,)` stops each has left, falling.
        legs_s: `(k, r)` driving to each stop by the roads; the first: what is left of it.
        added_s: `(k, r)` seconds that disturbances add.
        doors_s: `(k, r)` expected seconds at each door.
        opens_s: `(k, r)` when each window opens; far in the past where nobody has to wait.
        is_hard: `(k, r)` nobody is there before.
        pace: `(r,)` how much longer than expected the driver takes.
        is_here: `(r,)` the vehicle stands at its first stop.
        begins_s: `(r,)` when it came there; else from when the rest of the first leg counts.
        to_leave: `(r,)` it has not left yet.
        first_s: `(r,)` what was left of the first leg at that time.
        breaks: `(3, b, r)` when each rest may begin, when it has to have begun (infinite where
            there is none), and how long it takes.
    """

    counts: NDArray[np.int64]
    legs_s: Floats
    added_s: Floats
    doors_s: Floats
    opens_s: Floats
    is_hard: Bools
    pace: Floats
    is_here: Bools
    begins_s: Floats
    to_leave: Bools
    first_s: Floats
    breaks: Floats


TOLD = (
    *("arrives_s", "early_s", "late_s"),
    *("drive_s", "service_s", "wait_s", "rest_s", "disturbed_s", "slack_s"),
)
"""What is told of each stop: when the vehicle comes there and how sure that is, then what it
spends on the way there: driving, at doors, waiting for windows, on breaks; of the driving, what
disturbances add; of the waiting, what a delay would swallow."""


class _Spent:
    """What has gathered on the way so far, `(r,)` each."""

    def __init__(self, count: int) -> None:
        self.drive_s, self.service_s, self.wait_s = np.zeros((3, count))
        self.rest_s, self.disturbed_s, self.slack_s = np.zeros((3, count))

    def all(self) -> tuple[Floats, ...]:
        return (
            *(self.drive_s, self.service_s, self.wait_s),
            *(self.rest_s, self.disturbed_s, self.slack_s),
        )


class _Spreads:
    """`tower.eta.spread.Spread` of many routes."""

    def __init__(self, early_var: Floats, passed_s: Floats) -> None:
        self.early_var, self.late_var, self.passed_s = early_var, early_var.copy(), passed_s

    def told(self, n: int) -> tuple[Floats, Floats]:
        """Seconds from P10 to P50 and from P50 to P90 of the first `n`."""
        common = PACE_SHARE * self.passed_s[:n]
        early = np.maximum(LEAST_S, np.sqrt(self.early_var[:n]) + common)
        late = np.maximum(LEAST_S, np.sqrt(self.late_var[:n]) + common)
        return Z90 * early, Z90 * LATE_SKEW * late

    def wait(self, seconds: Floats) -> None:
        n = len(seconds)
        waits = seconds > 0.0
        late = np.maximum(0.0, np.sqrt(self.late_var[:n]) - seconds / Z90)
        self.early_var[:n] = np.where(waits, 0.0, self.early_var[:n])
        self.late_var[:n] = np.where(waits, late * late, self.late_var[:n])

    def pass_(self, seconds: Floats, share: float) -> None:
        n = len(seconds)
        added = (share * seconds) ** 2
        self.early_var[:n] += added
        self.late_var[:n] += added
        self.passed_s[:n] += seconds


class Walk:
    """Goes along all routes, a stop at a time."""

    def __init__(self, ways: Ways, leg_s: LegSeconds) -> None:
        """Begin it.

        Args:
            ways: the routes.
            leg_s: what the model expects of legs.
        """
        self._ways, self._leg_s = ways, leg_s
        steps, routes = ways.legs_s.shape
        self._driving = [int(np.count_nonzero(ways.counts > step)) for step in range(steps)]
        self._spent = _Spent(routes)
        self._taken = np.zeros(routes, dtype=np.int64)
        self._reached = self._first()
        self._told = np.zeros((len(TOLD), steps, routes))

    def go(self) -> tuple[Floats, Floats]:
        """Everything in `TOLD` as `(len(TOLD), k, r)`, and when first doors are left, `(r,)`."""
        leaves = np.zeros(0)
        for step, here in enumerate(self._driving):
            self._tell(step, here)
            going = self._driving[step + 1] if step + 1 < len(self._driving) else 0
            doors = self._serve(step, here)
            leaves = doors if step == 0 else leaves
            self._drive(step + 1, doors[:going])
        return self._told, leaves

    def _first(self) -> Floats:
        """When each vehicle comes to its first stop; begins what is spent and the spreads."""
        ways = self._ways
        starts = np.maximum(ways.begins_s, 0.0)
        leg = (self._leg_s(ways.legs_s[0], starts) + ways.added_s[0]) * ways.pace
        driven = np.where(ways.is_here, 0.0, leg)
        reached = np.where(ways.is_here, ways.begins_s, starts + driven)
        self._spent.drive_s += driven
        self._spent.disturbed_s += np.where(ways.is_here, 0.0, ways.added_s[0] * ways.pace)
        passed = np.where(ways.to_leave, ways.first_s, np.maximum(ways.first_s, reached))
        passed = np.where(ways.is_here, 0.0, passed)
        departure = np.where(ways.to_leave & ~ways.is_here, DEPARTURE_S**2, 0.0)
        self._spreads = _Spreads(departure + (LEG_SHARE * passed) ** 2, passed)
        return reached

    def _tell(self, step: int, here: int) -> None:
        early, late = self._spreads.told(here)
        told = (self._reached[:here], early, late, *(one[:here] for one in self._spent.all()))
        for row, values in enumerate(told):
            self._told[row, step, :here] = values

    def _serve(self, step: int, here: int) -> Floats:
        """Wait for the window and serve; when the doors are left."""
        ways, reached = self._ways, self._reached[:here]
        is_hard = ways.is_hard[step, :here]
        early = np.maximum(0.0, ways.opens_s[step, :here] - reached)
        wait = np.where(is_hard, early, np.minimum(PATIENCE_S, early))
        service = ways.doors_s[step, :here] * ways.pace[:here]
        leaves = reached + wait + service
        if step == 0:
            return self._leave_first(leaves, wait, service)
        self._spend_at_door(early, wait, service, is_hard)
        return leaves

    def _leave_first(self, leaves: Floats, wait: Floats, service: Floats) -> Floats:
        """The first doors are left; a vehicle may stand at its own for a while already."""
        ways, is_here = self._ways, self._ways.is_here
        leaves = np.where(is_here, np.maximum(leaves, OVERDUE_SHARE * service), leaves)
        early = np.maximum(0.0, ways.opens_s[0] - self._reached)
        ahead = np.where(is_here, 0.0, wait)
        at_door = np.where(is_here, 0.0, service)
        self._spend_at_door(np.where(is_here, 0.0, early), ahead, at_door, ways.is_hard[0])
        self._spent.service_s += np.where(is_here, leaves, 0.0)
        return leaves

    def _spend_at_door(self, early: Floats, wait: Floats, service: Floats, is_hard: Bools) -> None:
        n = len(wait)
        self._spreads.wait(wait)
        self._spreads.pass_(service, SERVICE_SHARE)
        self._spent.wait_s[:n] += wait
        self._spent.service_s[:n] += service
        self._spent.slack_s[:n] += np.where(is_hard | (early <= PATIENCE_S), wait, 0.0)

    def _drive(self, step: int, leaves: Floats) -> None:
        """From doors to the next, with a break where one falls there."""
        going = len(leaves)
        if not going:
            return
        ways, pace = self._ways, self._ways.pace[:going]
        added = ways.added_s[step, :going] * pace
        leg = self._leg_s(ways.legs_s[step, :going], leaves) * pace + added
        rested = self._rest(leaves, leg)
        if step == 1:
            here = ways.is_here[:going]
            self._spreads.pass_(np.where(here, rested, 0.0), SERVICE_SHARE)
        self._spreads.pass_(leg, LEG_SHARE)
        self._spent.drive_s[:going] += leg
        self._spent.disturbed_s[:going] += added
        self._spent.rest_s[:going] += rested - leaves
        self._reached[:going] = rested + leg

    def _rest(self, leaves: Floats, leg: Floats) -> Floats:
        """When the drivers go on, after the rest that is due."""
        going, breaks = len(leaves), self._ways.breaks
        if not breaks.shape[1]:
            return leaves
        routes = np.arange(going)
        place = np.minimum(self._taken[:going], breaks.shape[1] - 1)
        is_left = self._taken[:going] < breaks.shape[1]
        earliest, latest, lasts = breaks[:, place, routes]
        takes = is_left & ((leaves >= earliest) | (leaves + leg > latest))
        self._taken[:going] += takes
        return np.where(takes, np.maximum(leaves, earliest) + np.where(takes, lasts, 0.0), leaves)
