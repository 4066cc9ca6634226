"""What predicts arrivals: a model fed with the rest of every route, and the rows it is fed.

`tower.eta.fleet` projects all routes at once and makes the rows; a model turns them into P10, P50
and P90. Two keep this form: the schedule model, which needs no past (`tower.eta.schedule_model`),
and the learnt one (`tower.eta.learning`).
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

from tower.domain.records import StopPlan
from tower.domain.words import VehicleKind

Floats = NDArray[np.float64]

FEATURES: tuple[str, ...] = (
    "base_s",
    "drive_s",
    "service_s",
    "wait_s",
    "rest_s",
    "stops_before",
    "pace",
    "pace_stops",
    "recent_pace",
    "fleet_pace",
    "delay_s",
    "door_elapsed_s",
    "door_left_s",
    "leg_elapsed_s",
    "leg_over_s",
    "rest_gap_s",
    "fix_age_s",
    "is_started",
    "live_factor",
    "driver_factor",
    "hour_sin",
    "hour_cos",
    "weekday",
    "rain_mm_h",
    "snow_cm_h",
    "disturbed_s",
    "slack_s",
)
"""What a row says of one stop still to be driven to, in this order.

`base_s`: seconds from now to the P50 of the projection (with learnt doors and legs); `drive_s`,
`service_s`, `wait_s`, `rest_s`: what that is made of; `stops_before`: stops in between; `pace`,
`pace_stops`, `recent_pace`: of this driver today (what the projection is stretched by, how many
doors were left, longer than expected over the last three); `fleet_pace`: of everybody in the last
45 minutes; `delay_s`: behind the plan of the day at the next stop; `door_elapsed_s`,
`door_left_s`: at the door the vehicle stands at; `leg_elapsed_s`: since the vehicle set off where
it is driving to; `leg_over_s`: that and what is left of the leg over what the leg was expected to
take (of a vehicle that stands on its way it grows with the clock); `rest_gap_s`: how long before
the arrival the next break may begin, negative after it; `fix_age_s`: since its newest position;
`live_factor`: expected driving over free flow; `driver_factor`: how long this driver's doors took
in earlier shifts over expected; `hour_sin`, `hour_cos`, `weekday`: local time of arrival; rain,
snow: the weather now; `disturbed_s`: seconds added by reported disturbances; `slack_s`: waiting for
windows that a delay would swallow.
"""


class Door(NamedTuple):
    """What decides how long a door takes.

    Attributes:
        driver: the key of the driver, see `tower.eta.doors.driver_key`; "" where nobody is known.
        hour: local hour it is expected at, with its fraction.
    """

    plan: StopPlan
    carrier_id: str = ""
    vehicle: VehicleKind = VehicleKind.VAN
    driver: str = ""
    hour: float = 12.0
    rain_mm_h: float = 0.0


class Rows(NamedTuple):
    """The stops still to be driven to, of one route or of thousands.

    Attributes:
        x: `(n, len(FEATURES))`, 32-bit floats; nan where something is not known.
        early_s: `(n,)` seconds from P10 to P50 by the schedule model's own spread; late_s: to P90.
        carrier: `(n,)` ids of the carriers.
    """

    x: NDArray[np.float32]
    early_s: Floats
    late_s: Floats
    carrier: Sequence[str]

    def column(self, name: str) -> Floats:
        """One feature of all rows."""
        return self.x[:, FEATURES.index(name)].astype(np.float64)


class Reason(NamedTuple):
    """Something that makes an arrival later (or earlier) than the plain schedule says.

    Attributes:
        words: what, as "rain" or "this driver's pace today".
        seconds: how much it adds; negative where it takes away.
    """

    words: str
    seconds: float


class Quality(NamedTuple):
    """How good a model was on shifts it did not learn from.

    Attributes:
        coverage: share of arrivals between P10 and P90, 0 to 1.
        mae_s: mean absolute error of P50 by minutes ahead (15, 30, 60, 120), seconds.
        arrivals: how many predictions it rests on; shifts: of how many shifts.
        measured_at: when, UTC.
    """

    coverage: float
    mae_s: Mapping[int, float]
    arrivals: int
    shifts: int
    measured_at: datetime


class ArrivalModel(Protocol):
    """Predicts arrivals. Pure: the same rows give the same answer."""

    @property
    def version(self) -> str:
        """Names it in the journal: `schedule`, or `learnt-` and a number."""
        ...

    @property
    def quality(self) -> Quality | None:
        """How good it was when it was made; None where nobody measured it."""
        ...

    def door_s(self, doors: Sequence[Door]) -> Floats:
        """`(n,)` expected seconds at each door, waiting for windows left out."""
        ...

    def driver_factor(self, driver: str) -> float:
        """How long a driver's doors took in earlier shifts over expected; 1 where not known."""
        ...

    def leg_s(self, expected_s: Floats, hour: Floats, weekday: int, rain_mm_h: float) -> Floats:
        """`(n,)` expected seconds of legs from what the roads say of them.

        Args:
            expected_s: `(n,)` by the roads, live speeds heeded.
            hour: `(n,)` local hour each is driven at, with its fraction.
            weekday: 0 for Monday.
            rain_mm_h: the weather now.
        """
        ...

    def quantiles(self, rows: Rows) -> Floats:
        """`(n, 3)` seconds from now to P10, P50 and P90, each row in order, none below 0."""
        ...

    def reasons(self, rows: Rows, row: int) -> tuple[Reason, ...]:
        """Why one arrival is not when the plain schedule has it, the largest share first."""
        ...
