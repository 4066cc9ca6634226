"""The rows a model is asked about; what they say stands at `tower.eta.model.FEATURES`."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from tower.eta.model import FEATURES, Floats

_DAY_S, _HOUR_S = 86_400.0, 3_600.0
_WEEK = 7


class LocalTime(NamedTuple):
    """What the clocks on the walls say now.

    Attributes:
        since_midnight_s: seconds.
        weekday: 0 for Monday.
    """

    since_midnight_s: float
    weekday: int

    def hours(self, ahead_s: Floats) -> Floats:
        """The hour of the day some seconds from now, with its fraction."""
        found: Floats = (self.since_midnight_s + ahead_s) % _DAY_S / _HOUR_S
        return found

    def weekdays(self, ahead_s: Floats) -> Floats:
        """The day of the week some seconds from now."""
        days = np.floor((self.since_midnight_s + ahead_s) / _DAY_S)
        found: Floats = (self.weekday + days) % _WEEK
        return found


class OfRoutes(NamedTuple):
    """What is the same for all stops of a route: `(r,)` each, named as the features are."""

    pace: Floats
    pace_stops: Floats
    recent_pace: Floats
    delay_s: Floats
    door_elapsed_s: Floats
    door_left_s: Floats
    leg_elapsed_s: Floats
    leg_over_s: Floats
    fix_age_s: Floats
    is_started: Floats
    live_factor: Floats
    driver_factor: Floats


class OfAll(NamedTuple):
    """What is the same for everybody, named as the features are; nan where nobody knows."""

    fleet_pace: float
    rain_mm_h: float
    snow_cm_h: float


def feature_rows(
    steps: dict[str, Floats],
    route: NDArray[np.int64],
    routes: OfRoutes,
    everybody: OfAll,
    local: LocalTime,
) -> NDArray[np.float32]:
    """`(n, len(FEATURES))` what is said of each stop.

    Args:
        steps: `(n,)` each: `base_s`, `stops_before`, and what is spent on the way, by name.
        route: `(n,)` index of the route of each.
        routes: what is the same for a route.
        everybody: what is the same for everybody.
        local: the time on the walls.
    """
    turns = local.hours(steps["base_s"]) / 24.0 * 2.0 * np.pi
    known: dict[str, Floats | float] = {
        **steps,
        **{name: column[route] for name, column in routes._asdict().items()},
        **everybody._asdict(),
        "hour_sin": np.sin(turns),
        "hour_cos": np.cos(turns),
        "weekday": local.weekdays(steps["base_s"]),
    }
    x = np.empty((len(route), len(FEATURES)), dtype=np.float32)
    for place, name in enumerate(FEATURES):
        x[:, place] = known[name]
    return x
