"""Arrivals without a past: doors as planned, legs as the roads say, spreads as assumed.

What a new depot works with from its first hour, and what a learnt model falls back to.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence

import numpy as np

from tower.eta.model import FEATURES, Door, Floats, Quality, Reason, Rows

BEHIND = "behind the plan so far"
"""The reason that is the delay of the route at its next stop."""

LEAST_REASON_S = 60.0
"""What adds less than a minute is not worth a word."""


class ScheduleModel:
    """The projection itself, with the spreads of `tower.eta.spread`."""

    @property
    def version(self) -> str:
        """Names it in the journal."""
        return "schedule"

    @property
    def quality(self) -> Quality | None:
        """Nobody measured it: it learns from no shift."""
        return None

    def door_s(self, doors: Sequence[Door]) -> Floats:
        """`(n,)` seconds at each door, as planned."""
        return np.array([door.plan.service_s for door in doors], dtype=np.float64)

    def driver_factor(self, driver: str) -> float:  # noqa: ARG002
        """Nothing is known of earlier shifts."""
        return 1.0

    def leg_s(
        self,
        expected_s: Floats,
        hour: Floats,  # noqa: ARG002
        weekday: int,  # noqa: ARG002
        rain_mm_h: float,  # noqa: ARG002
    ) -> Floats:
        """`(n,)` seconds of legs, as the roads say."""
        return expected_s

    def quantiles(self, rows: Rows) -> Floats:
        """`(n, 3)` seconds from now to P10, P50 and P90."""
        base_s = rows.column("base_s")
        columns = (base_s - rows.early_s, base_s, base_s + rows.late_s)
        return np.maximum(0.0, np.column_stack(columns))

    def reasons(self, rows: Rows, row: int) -> tuple[Reason, ...]:
        """Why one arrival is not when the plan of the day has it, the largest share first."""
        return worth_telling(plain_reasons(rows, row))


def plain_reasons(rows: Rows, row: int) -> tuple[Reason, ...]:
    """What the projection itself knows of why an arrival is not when the plan has it."""
    one = dict(zip(FEATURES, rows.x[row].astype(np.float64).tolist(), strict=True))
    delay_s = float(np.nan_to_num(one["delay_s"]))
    work_s = one["drive_s"] + one["service_s"]
    return (
        Reason(BEHIND, delay_s),
        Reason("this driver's pace today", work_s * (1.0 - 1.0 / one["pace"])),
        Reason("disturbances of traffic on the way", one["disturbed_s"]),
        Reason("waiting for windows makes up for it", -min(max(delay_s, 0.0), one["slack_s"])),
    )


def worth_telling(reasons: Iterable[Reason]) -> tuple[Reason, ...]:
    """Those that add or take away a minute or more, the largest first; the same words once."""
    seconds: defaultdict[str, float] = defaultdict(float)
    for reason in reasons:
        seconds[reason.words] += reason.seconds
    told = (Reason(words, s) for words, s in seconds.items() if abs(s) >= LEAST_REASON_S)
    return tuple(sorted(told, key=lambda reason: -abs(reason.seconds)))
