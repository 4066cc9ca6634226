"""What is predicted of all routes at one moment."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

import numpy as np

from tower.eta.course import Course
from tower.eta.model import ArrivalModel, Floats, Reason
from tower.eta.online import Adjustment
from tower.eta.outlook import FleetArrivals, FleetOutlook, place_of
from tower.eta.reasons import reasons_of


@dataclass(frozen=True, eq=False)
class Forecast:
    """A prediction for all routes.

    Attributes:
        now: the moment it is for, UTC.
        model: what predicted it.
        adjustment: what today's arrivals did to it.
        outlook: how the routes go on.
        arrivals: of every stop not done.
    """

    now: datetime
    model: ArrivalModel
    adjustment: Adjustment
    outlook: FleetOutlook
    arrivals: FleetArrivals

    @property
    def courses(self) -> Sequence[Course]:
        """The routes."""
        return self.outlook.courses

    @cached_property
    def told_s(self) -> Floats:
        """`(n, 3)` seconds from now to P10, P50 and P90 of the stops still to be driven to."""
        arrivals = self.arrivals
        told = np.column_stack((arrivals.p10, arrivals.p50, arrivals.p90))
        seconds: Floats = told[~self.outlook.remaining.is_here] - self.outlook.now_s
        return seconds

    def under_way(self) -> Iterator[int]:
        """The routes whose vehicle has left and still has stops to drive to, as indices."""
        left = np.bincount(self.outlook.remaining.route, minlength=len(self.courses)).tolist()
        for index, course in enumerate(self.courses):
            has_left = course.route.started_at is not None or left[index] < len(course.stops)
            if has_left and self.outlook.route_rows[index]:
                yield index

    def reasons(self, stop_id: str) -> tuple[Reason, ...]:
        """Why a stop is not reached when the plan has it; () where it is not driven to."""
        row = place_of(stop_id, self.outlook.stop_ids)
        return () if row is None else self.reasons_of_row(row)

    def reasons_of_row(self, row: int) -> tuple[Reason, ...]:
        """The same of the stop of one of the outlook's rows."""
        return reasons_of(self.outlook, self.model, row, float(self.told_s[row, 1]))
