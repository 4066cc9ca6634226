"""The pace of everybody: how much longer than expected doors took lately, over the whole fleet.

Rain, a match, roadworks nobody reported: what slows one driver down slows others too, and shows
in all of them sooner than in one.
"""

from collections import defaultdict
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from tower.eta.model import Floats
from tower.eta.pace import Served, pace_over

LATELY_S = 2_700.0
"""Doors left within so many seconds are `lately`."""

SHRINK_DOORS = 8.0
"""So many doors weigh as much as the word that everybody is as expected."""

RECENT_DOORS = 3
RECENT_TRUST_S = 900.0
"""Drawn towards 1 by so many seconds of work: three doors are soon three bad ones."""

_DAY_S = 57_600.0
"""What a driver did so long before the newest door was another day."""

_LEAST, _MOST = 0.3, 4.0
"""A door that took less or more than this times the expected is taken for just that."""


_NOTHING: Floats = np.zeros(0)


class DriverPace(NamedTuple):
    """What a driver did today.

    Attributes:
        doors: how many were left; recent: how much longer than expected the last three took.
    """

    doors: int = 0
    recent: float = 1.0


class _Seen(NamedTuple):
    driver: str
    doors: Sequence[Served]
    finished_s: Floats
    logs: Floats


class FleetPace:
    """Keeps what doors took; told of one route at a time, in any order, again and again."""

    def __init__(self) -> None:
        self._seen: dict[str, _Seen] = {}
        self._drivers: dict[str, DriverPace] = {}
        self._routes: defaultdict[str, dict[str, None]] = defaultdict(dict)
        self._lately: tuple[Floats, Floats] | None = None

    def take(self, route_id: str, driver: str, doors: Sequence[Served]) -> None:
        """Take in what the doors of a route took; what was said of that route before is replaced.

        Args:
            route_id: the route.
            driver: key of who drives it, "" where nobody is known.
            doors: all its doors left so far.
        """
        known = self._seen.get(route_id)
        if known is not None and known.driver == driver and known.doors == doors:
            return
        self._seen[route_id] = _Seen(driver, doors, *_columns(doors))
        if known is not None and known.driver != driver:
            del self._routes[known.driver][route_id]
        self._routes[driver][route_id] = None
        self._lately = None
        for key in {driver, known.driver if known else driver}:
            self._drivers.pop(key, None)

    def fleet(self, now_s: float) -> float:
        """How much longer than expected everybody took lately, 1 where as expected.

        The median of the ratios, drawn towards 1: `exp(median(log ratio) n / (n + 8))`.

        Args:
            now_s: the present, seconds since 1970.
        """
        finished_s, logs = self._all()
        lately = logs[(finished_s > now_s - LATELY_S) & (finished_s <= now_s)]
        if not len(lately):
            return 1.0
        return float(np.exp(np.median(lately) * len(lately) / (len(lately) + SHRINK_DOORS)))

    def driver(self, route_id: str) -> DriverPace:
        """The pace today of who drives a route, over all routes of the same driver."""
        seen = self._seen.get(route_id)
        if seen is None:
            return DriverPace()
        if not seen.driver:
            return _pace(seen.doors)
        if seen.driver not in self._drivers:
            same = self._routes[seen.driver]
            doors = [door for one in same for door in self._seen[one].doors]
            self._drivers[seen.driver] = _pace(sorted(doors, key=lambda door: door.finished_s))
        return self._drivers[seen.driver]

    def _all(self) -> tuple[Floats, Floats]:
        if self._lately is None:
            seen = [one for one in self._seen.values() if one.doors]
            self._lately = (
                np.concatenate([np.zeros(0), *(one.finished_s for one in seen)]),
                np.concatenate([np.zeros(0), *(one.logs for one in seen)]),
            )
        return self._lately


def _columns(doors: Sequence[Served]) -> tuple[Floats, Floats]:
    if not doors:
        return _NOTHING, _NOTHING
    finished_s = np.array([door.finished_s for door in doors])
    taken_s = np.array([door.taken_s for door in doors])
    expected_s = np.array([max(1.0, door.expected_s) for door in doors])
    return finished_s, np.log(np.clip(taken_s / expected_s, _LEAST, _MOST))


def _pace(doors: Sequence[Served]) -> DriverPace:
    newest_s = max((door.finished_s for door in doors), default=0.0)
    doors = [door for door in doors if door.finished_s > newest_s - _DAY_S]
    return DriverPace(len(doors), pace_over(doors[-RECENT_DOORS:], RECENT_TRUST_S))
