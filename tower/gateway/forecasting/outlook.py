"""How the rest of one route looks, and what that rests on."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from tower.domain.geometry import LatLon
from tower.domain.records import Route, Stop
from tower.domain.telemetry import Fix
from tower.eta.schedule import Arrival, Whereabouts, share_left
from tower.eta.standing import Standing


class RouteOutlook(NamedTuple):
    """The newest prediction for a route.

    Attributes:
        remaining: the stops not done, in the order they are expected.
        legs_s: expected driving seconds to each of them from the place before.
        free_s: the same where traffic flows freely.
        fix: the newest position of the vehicle.
        now: when it was predicted, UTC.
        is_under_way: the vehicle has left the depot.
        arrivals: one for each of `remaining`.
        standing: how the route stands by them.
    """

    route: Route
    remaining: Sequence[Stop]
    legs_s: Sequence[float]
    free_s: Sequence[float]
    fix: Fix | None
    whereabouts: Whereabouts
    now: datetime
    is_under_way: bool
    arrivals: Sequence[Arrival]
    standing: Standing

    @property
    def position(self) -> LatLon | None:
        """Where the vehicle was seen last."""
        return self.fix.position if self.fix else None

    @property
    def travel_s(self) -> list[float]:
        """Driving seconds to each stop at the plan's pace, to the first what is left of it now.

        A vehicle at a door is on no leg; then the first stays whole.
        """
        travel_s = list(self.legs_s)
        if travel_s and not any(stop.state.is_at_the_door for stop in self.remaining):
            travel_s[0] = self._left_s()
        return travel_s

    @property
    def live_factor(self) -> float:
        """Expected driving of the rest over free flow, 1 where there is nothing to drive."""
        free_s = sum(self.free_s)
        return sum(self.legs_s) / free_s if free_s > 0.0 else 1.0

    def _left_s(self) -> float:
        plan, around = self.remaining[0].plan, self.whereabouts
        share = share_left(around.origin, self.position, plan.position) if plan else 1.0
        since = around.left_at or self.now
        if self.fix is not None and self.fix.at >= since:
            since = self.fix.at
        passed: timedelta = max(timedelta(), self.now - since)
        return max(0.0, self.legs_s[0] * share - passed.total_seconds() / around.pace)
