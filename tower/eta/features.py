"""The rows a model is asked about; what they say stands at `tower.eta.model.FEATURES`."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from tower.eta.model import FEATURES, Floats, Rows

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


BY_ROUTE: tuple[str, ...] = (*OfRoutes._fields, *OfAll._fields)
"""The features that are the same for all stops of a route."""

BY_STOP: tuple[str, ...] = tuple(name for name in FEATURES if name not in BY_ROUTE)

_ROUTE_PLACES = [FEATURES.index(name) for name in BY_ROUTE]
_STOP_PLACES = [FEATURES.index(name) for name in BY_STOP]


@dataclass(frozen=True, slots=True, eq=False)
class Asked:
    """What a model is asked, in half the memory: what is the same for a route is held once.

    Attributes:
        by_stop: `(n, len(BY_STOP))`.
        by_route: `(r, len(BY_ROUTE))`.
        route: `(n,)` index of the route of each stop.
        early_s: `(n,)` as in `Rows`; late_s: likewise.
        carriers: `(r,)` ids of the carriers.
    """

    by_stop: NDArray[np.float32]
    by_route: NDArray[np.float32]
    route: NDArray[np.int32]
    early_s: Floats
    late_s: Floats
    carriers: Sequence[str]

    def rows(self, which: slice = slice(None)) -> Rows:
        """The rows a model takes, of all stops or of some in a row."""
        route = self.route[which]
        x = np.empty((len(route), len(FEATURES)), dtype=np.float32)
        x[:, _STOP_PLACES] = self.by_stop[which]
        x[:, _ROUTE_PLACES] = self.by_route[route]
        carriers = [self.carriers[place] for place in route.tolist()]
        return Rows(x, self.early_s[which], self.late_s[which], carriers)


def asked_of(
    steps: dict[str, Floats],
    route: NDArray[np.int64],
    routes: OfRoutes,
    everybody: OfAll,
    local: LocalTime,
    carriers: Sequence[str],
) -> Asked:
    """What is said of each stop.

    Args:
        steps: `(n,)` each: `base_s`, `stops_before`, `early_s`, `late_s`, and what is spent on the
            way, by name.
        route: `(n,)` index of the route of each.
        routes: what is the same for a route.
        everybody: what is the same for everybody.
        local: the time on the walls.
        carriers: `(r,)` ids of the carriers.
    """
    turns = local.hours(steps["base_s"]) / 24.0 * 2.0 * np.pi
    by_stop = {
        **steps,
        "hour_sin": np.sin(turns),
        "hour_cos": np.cos(turns),
        "weekday": local.weekdays(steps["base_s"]),
    }
    return Asked(
        _table([by_stop[name] for name in BY_STOP], len(route)),
        _table([*routes, *everybody], len(carriers)),
        route.astype(np.int32),
        steps["early_s"],
        steps["late_s"],
        carriers,
    )


def _table(columns: Sequence[Floats | float], rows: int) -> NDArray[np.float32]:
    table = np.empty((rows, len(columns)), dtype=np.float32)
    for place, column in enumerate(columns):
        table[:, place] = column
    return table
