"""What each leg costs each vehicle, and how long it takes: the matrices of the solver's problem.

A metre driven costs one, and everything else is weighed against that. The time at a door is part
of the legs that leave it, because each driver has a pace. What the driver knows, and what the
vehicle is not welcome to take, is part of what the legs cost.
"""

from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from tower.domain.geometry import LatLon
from tower.domain.records import Stop
from tower.road.roads import Profile
from tower.routes.evaluate import place_of
from tower.routes.optimiser.entries import Entries, Entry
from tower.routes.optimiser.job import Meeting
from tower.routes.optimiser.start import Start
from tower.routes.solver.problem import IntMatrix
from tower.routes.travel import HERE, TravelTable
from tower.routes.weights import KM_A_CHANGE, KM_A_VIOLATION, Weights

BARRED_M = 50_000_000
"""A stop a vehicle must not take costs so many metres there."""

_DISTANCE_AT_LEAST = 0.02
_KM_M = 1000.0

Floats = NDArray[np.float64]


class Sites(NamedTuple):
    """All places of a problem: the stops', the meeting, where vehicles start, where they end.

    Attributes:
        stops: in the order of their places.
    """

    stops: tuple[Stop, ...]
    meeting: Meeting | None
    starts: tuple[Start, ...]

    @property
    def meeting_at(self) -> int:
        """Number of the place where parcels are taken over."""
        return len(self.stops)

    def start_at(self, vehicle: int) -> int:
        """Number of the place where a vehicle starts."""
        return len(self.stops) + 1 + vehicle

    def end_at(self, vehicle: int) -> int:
        """Number of the place where a vehicle ends."""
        return len(self.stops) + 1 + len(self.starts) + vehicle

    @property
    def places(self) -> list[LatLon | None]:
        """Where they are, None where there is no such place."""
        return [
            *(place_of(stop) for stop in self.stops),
            self.meeting.at if self.meeting else None,
            *(start.place for start in self.starts),
            *(start.case.depot for start in self.starts),
        ]

    @property
    def services_s(self) -> Floats:
        """Planned seconds at each place."""
        services = np.zeros(self.end_at(len(self.starts)))
        services[: len(self.stops)] = [s.plan.service_s if s.plan else 0.0 for s in self.stops]
        services[self.meeting_at] = self.meeting.service_s if self.meeting else 0.0
        return services


class Costs:
    """Makes the matrices of one vehicle after the other.

    Args:
        sites: all places.
        travel_of: travel for the way each route's vehicle travels, by route id.
        entries: who may take what.
        weights: what matters how much.
        fixed: ids of the stops that keep their route.
    """

    def __init__(
        self,
        sites: Sites,
        travel_of: Mapping[str, TravelTable],
        entries: Entries,
        weights: Weights,
        fixed: frozenset[str],
    ) -> None:
        self._sites, self._travel_of, self._entries = sites, travel_of, entries
        self._weights, self._fixed = weights, fixed
        self._at = {stop.id: index for index, stop in enumerate(sites.stops)}
        self._grids: dict[Profile, tuple[Floats, Floats]] = {}

    def of(self, vehicle: int) -> tuple[IntMatrix, IntMatrix]:
        """What each leg costs a vehicle, and how many seconds it takes it with the door before."""
        start, stops = self._sites.starts[vehicle], len(self._sites.stops)
        seconds, metres = self._travel(vehicle, start)
        durations = (seconds + self._sites.services_s[:, None]) * start.case.whereabouts.pace
        np.fill_diagonal(durations, 0.0)
        costs = metres * max(_DISTANCE_AT_LEAST, self._weights.distance)
        costs[:, :stops] += self._entry_m(start)[None, :] + self._change_m(vehicle, start)
        return np.rint(costs).astype(np.int64), np.rint(durations).astype(np.int64)

    def _travel(self, vehicle: int, start: Start) -> tuple[Floats, Floats]:
        """Seconds and metres between all places, as this vehicle stands."""
        table = self._travel_of[start.case.id]
        if table.profile not in self._grids:
            self._grids[table.profile] = _grid(table, self._sites.places)
        seconds, metres = (grid.copy() for grid in self._grids[table.profile])
        for stop_id, leg in start.legs.items():
            if stop_id in self._at:
                cell = self._sites.start_at(vehicle), self._at[stop_id]
                seconds[cell], metres[cell] = leg.seconds, leg.metres
        return seconds, metres

    def _entry_m(self, start: Start) -> Floats:
        """What it costs that a stop is on this route, ``(stops,)``."""
        own = {stop.id for stop in start.open}
        return np.array(
            [0.0 if stop.id in own else self._taken_m(stop, start) for stop in self._sites.stops]
        )

    def _taken_m(self, stop: Stop, start: Start) -> float:
        if stop.id in self._fixed:
            return BARRED_M
        match self._entries.entry(stop, start.case, self._travel_of[start.case.id]):
            case Entry.BARRED:
                return BARRED_M
            case Entry.UNWELCOME:
                return KM_A_VIOLATION * _KM_M
            case _:
                return 0.0

    def _change_m(self, vehicle: int, start: Start) -> Floats:
        """What it costs that a stop follows another one than the driver knows.

        Returns:
            ``(places, stops)``.
        """
        sites = self._sites
        shape = sites.end_at(len(sites.starts)), len(sites.stops)
        costs = np.full(shape, self._weights.change * KM_A_CHANGE * _KM_M)
        places = [sites.start_at(vehicle), *(self._at.get(stop.id) for stop in start.open)]
        for before, here in pairwise(places):
            if before is not None and here is not None:
                costs[before, here] = 0.0
        return costs


def _grid(table: TravelTable, places: Sequence[LatLon | None]) -> tuple[Floats, Floats]:
    """Seconds and metres between places; nothing to and from those that are not there."""
    numbers = {place: index for index, place in enumerate(dict.fromkeys(places))}
    legs = [
        [table.leg(a, b) if a is not None and b is not None else HERE for b in numbers]
        for a in numbers
    ]
    of_place = np.array([numbers[place] for place in places])
    spread = np.ix_(of_place, of_place)
    seconds = np.array([[leg.seconds for leg in row] for row in legs])
    metres = np.array([[leg.metres for leg in row] for row in legs])
    return seconds[spread], metres[spread]
