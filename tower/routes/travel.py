"""How long it takes from one place to another, as far as it was asked for.

A table is filled from a routing engine, here or over the network, and answers at once. What it was
not told it estimates from the straight line, and says so.
"""

from collections.abc import Sequence
from itertools import pairwise
from threading import Lock
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from tower.domain.geometry import LatLon, distance_m
from tower.road.engine import DETOUR_FACTOR, STRAIGHT_LINE_SPEED_MS
from tower.road.roads import Profile

MOST_PAIRS = 600_000
"""A table that grew beyond this forgets the pairs it learnt first."""


class Travel(NamedTuple):
    """Travel between two places.

    Attributes:
        estimated: True where no roads were asked: the straight line stands in.
    """

    seconds: float
    metres: float
    estimated: bool = False


HERE = Travel(0.0, 0.0)
"""From a place to itself."""


class TravelTable:
    """Travel between places for one way of travelling.

    One thread may read it and several may teach it.
    """

    def __init__(self, profile: Profile = Profile.CAR) -> None:
        self.profile = profile
        self._rows: dict[LatLon, dict[LatLon, Travel]] = {}
        self._pairs = 0
        self._learning = Lock()

    def leg(self, origin: LatLon, destination: LatLon) -> Travel:
        """Travel from one place to another; estimated where it is not known."""
        row = self._rows.get(origin)
        if row is not None:
            known = row.get(destination)
            if known is not None:
                return known
        return self._estimate(origin, destination)

    def knows(self, origin: LatLon, destination: LatLon) -> bool:
        """True where the answer comes from an engine."""
        return origin == destination or destination in self._rows.get(origin, {})

    def learn(
        self,
        origins: Sequence[LatLon],
        destinations: Sequence[LatLon],
        durations_s: NDArray[np.float32],
        distances_m: NDArray[np.float32],
        estimated: NDArray[np.bool_] | None = None,
    ) -> None:
        """Take a table.

        Args:
            origins: n places.
            destinations: m places.
            durations_s: ``(n, m)`` seconds.
            distances_m: ``(n, m)`` metres.
            estimated: ``(n, m)`` true where the engine did not know roads; None for nowhere.
        """
        for index, origin in enumerate(origins):
            guesses = (
                estimated[index].tolist() if estimated is not None else [False] * len(destinations)
            )
            self._learn_row(
                origin,
                zip(
                    destinations,
                    durations_s[index].tolist(),
                    distances_m[index].tolist(),
                    guesses,
                    strict=True,
                ),
            )

    def learn_legs(
        self, places: Sequence[LatLon], durations_s: Sequence[float], distances_m: Sequence[float]
    ) -> None:
        """Take the legs along n places; n - 1 durations and distances."""
        for (origin, destination), seconds, metres in zip(
            pairwise(places), durations_s, distances_m, strict=True
        ):
            self._learn_row(origin, [(destination, seconds, metres, False)])

    def _learn_row(
        self,
        origin: LatLon,
        cells: "zip[tuple[LatLon, float, float, bool]] | list[tuple[LatLon, float, float, bool]]",
    ) -> None:
        with self._learning:
            row = self._rows.setdefault(origin, {})
            before = len(row)
            for destination, seconds, metres, estimated in cells:
                row[destination] = Travel(seconds, metres, estimated)
            self._pairs += len(row) - before
            while self._pairs > MOST_PAIRS and len(self._rows) > 1:
                oldest = next(iter(self._rows))
                self._pairs -= len(self._rows.pop(oldest))

    def _estimate(self, origin: LatLon, destination: LatLon) -> Travel:
        if origin == destination:
            return HERE
        metres = distance_m(origin, destination) * DETOUR_FACTOR
        return Travel(metres / STRAIGHT_LINE_SPEED_MS[self.profile], metres, estimated=True)
