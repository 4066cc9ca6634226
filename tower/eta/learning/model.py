"""The model learnt from earlier shifts: doors, legs, and what the projection still gets wrong.

What it gets wrong is told in two steps: what holds a vehicle up where it is (`holdups`), then trees
for the rest of every stop. The trees' P50 is drawn half-way back to the projection: a dozen shifts
are a dozen days, and what was usual on them is believed only in part on a day unlike them.
"""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from tower.eta.learning.conformal import Calibration
from tower.eta.learning.doors import DoorLaw
from tower.eta.learning.holdups import HoldupLaw
from tower.eta.learning.legs import LegLaw, wetness
from tower.eta.learning.quantiles import QuantileTrees, Table
from tower.eta.model import FEATURES, Door, Floats, Quality, Reason, Rows
from tower.eta.schedule_model import ScheduleModel, plain_reasons, worth_telling

HORIZONS_MIN = (15.0, 30.0, 60.0, 120.0)
"""Calibration is by how far ahead an arrival is expected; here the bins end."""

_MIN_S = 60.0
_SCALE_S = 600.0
_LEAST_SIDE_S = 10.0

TRUST = 0.5
"""The share of what trees add to P50 that is believed."""

HELD_UP = "held up where it is now"
"""The reason that is the door a vehicle stands at for longer than expected, or the leg it is on."""

ASKED = tuple(name for name in FEATURES if name != "weekday")
"""What the trees are asked. Not the day of the week: of a dozen shifts each stands for what
happened on one or two days. Legs know working days from weekends all the same."""

WORDS: dict[str, tuple[str, ...]] = {
    "doors on the way": ("service_s", "stops_before", "driver_factor"),
    "traffic at this hour": ("drive_s", "hour_sin", "hour_cos", "live_factor"),
    "rain or snow": ("rain_mm_h", "snow_cm_h"),
    "this driver's pace today": ("pace", "pace_stops", "recent_pace"),
    "how everybody is doing now": ("fleet_pace",),
    "behind the plan so far": ("delay_s", "base_s", "is_started", "fix_age_s"),
    "disturbances of traffic on the way": ("disturbed_s",),
    "windows and breaks on the way": ("wait_s", "slack_s", "rest_s", "rest_gap_s"),
    HELD_UP: ("door_elapsed_s", "door_left_s", "leg_elapsed_s", "leg_over_s"),
}
"""What a dispatcher calls the share of some features in a prediction."""


class Laws(NamedTuple):
    """What doors and legs take."""

    doors: DoorLaw = DoorLaw()
    legs: LegLaw = LegLaw()


class LawModel(ScheduleModel):
    """The schedule with learnt doors and legs: what residuals are learnt on."""

    def __init__(self, laws: Laws) -> None:
        self.laws = laws

    def door_s(self, doors: Sequence[Door]) -> Floats:
        """`(n,)` expected seconds at each door, waiting for windows left out."""
        return self.laws.doors.seconds(doors)

    def driver_factor(self, driver: str) -> float:
        """How long a driver's doors took in earlier shifts over expected; 1 where not known."""
        return self.laws.doors.driver_factor(driver)

    def leg_s(self, expected_s: Floats, hour: Floats, weekday: int, rain_mm_h: float) -> Floats:
        """`(n,)` expected seconds of legs from what the roads say of them."""
        return self.laws.legs.seconds(expected_s, hour, weekday, rain_mm_h)


class Residuals(NamedTuple):
    """How much later than projected vehicles come.

    Attributes:
        holdups: what holds them up where they are; trees: what else; calibration: of the trees.
    """

    holdups: HoldupLaw
    trees: QuantileTrees
    calibration: Calibration = Calibration()

    def quantiles(self, rows: Rows) -> Floats:
        """`(n, 3)` seconds from now to P10, P50 and P90, each row in order, none below 0."""
        told = self.uncalibrated(rows)
        return np.maximum(0.0, self.calibration.applied(told, told[:, 1] / _MIN_S))

    def uncalibrated(self, rows: Rows) -> Floats:
        """`(n, 3)` what is told before calibration; sides are at least ten seconds."""
        rows = self.holdups.heeded(rows)
        base_s = rows.column("base_s")
        shares = self.trees.predict(asked(rows.x))
        shares -= (1.0 - TRUST) * shares[:, 1:2]
        told = base_s[:, None] + scale_of(base_s)[:, None] * shares
        told[:, 0] = np.minimum(told[:, 0], told[:, 1] - _LEAST_SIDE_S)
        told[:, 2] = np.maximum(told[:, 2], told[:, 1] + _LEAST_SIDE_S)
        return told


def asked(x: Table) -> Table:
    """`(n, len(ASKED))` what the trees are asked, of `(n, len(FEATURES))`."""
    return x[:, [FEATURES.index(name) for name in ASKED]]


def scale_of(base_s: Floats) -> Floats:
    """`(n,)` seconds that trees count in: errors grow with the time ahead."""
    return _SCALE_S + np.maximum(0.0, base_s)


class LearntModel(LawModel):
    """Learnt doors and legs, and trees for what is left; see `tower.eta.model.ArrivalModel`."""

    def __init__(self, version: str, laws: Laws, residuals: Residuals, quality: Quality) -> None:
        super().__init__(laws)
        self._version, self._quality = version, quality
        self.residuals = residuals

    @property
    def version(self) -> str:
        """Names it in the journal."""
        return self._version

    @property
    def quality(self) -> Quality | None:
        """How good it was on shifts it did not learn from, when it was made."""
        return self._quality

    def quantiles(self, rows: Rows) -> Floats:
        """`(n, 3)` seconds from now to P10, P50 and P90."""
        return self.residuals.quantiles(rows)

    def reasons(self, rows: Rows, row: int) -> tuple[Reason, ...]:
        """Why one arrival is not when the plain schedule has it, the largest share first.

        The shares of the trees are SHAP values of P50; those of doors, traffic and rain in the
        projection are what the learnt laws add to the plan on average.
        """
        one = Rows(rows.x[row : row + 1], rows.early_s, rows.late_s, rows.carrier)
        held_s = float(self.residuals.holdups.seconds(one)[0])
        return worth_telling(
            (
                *plain_reasons(rows, row),
                *self._of_laws(one.x),
                Reason(HELD_UP, held_s),
                *self._of_trees(self.residuals.holdups.heeded(one)),
            )
        )

    def _of_trees(self, one: Rows) -> list[Reason]:
        shares = self.residuals.trees.contributions(asked(one.x))[0]
        scale = TRUST * float(scale_of(one.column("base_s"))[0])
        return [
            Reason(words, scale * sum(float(shares[ASKED.index(name)]) for name in names))
            for words, names in WORDS.items()
        ]

    def _of_laws(self, one: Table) -> list[Reason]:
        known = dict(zip(FEATURES, np.nan_to_num(one[0]).astype(np.float64).tolist(), strict=True))
        pace = max(0.1, known["pace"])
        drive_s, doors_s = known["drive_s"] / pace, known["service_s"] / pace
        legs = self.laws.legs
        wet = 1.0 + legs.wet * wetness(known["rain_mm_h"])
        driest_s = drive_s / wet
        return [
            Reason("doors on the way", doors_s * (1.0 - 1.0 / self.laws.doors.facts.usual)),
            Reason("rain or snow", drive_s - driest_s),
            Reason("traffic at this hour", driest_s * (1.0 - 1.0 / legs.usual)),
        ]
