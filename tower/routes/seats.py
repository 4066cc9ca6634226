"""What a stop costs at every place of a route, roughly: what it adds to the way and to arrivals."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from tower.domain.geometry import LatLon
from tower.domain.records import Stop
from tower.eta.schedule import PATIENCE_S
from tower.routes.evaluate import Prospect, place_of
from tower.routes.travel import HERE, TravelTable
from tower.routes.weights import KM_A_LATE_MINUTE

_KM_M, _MINUTE_S = 1000.0, 60.0

FloatArray = NDArray[np.float64]


class Seat(NamedTuple):
    """A place on a route.

    Attributes:
        place: the open stop of the route, without the one to be placed, that it comes before.
        cost: roughly what it costs, in kilometres.
    """

    route_id: str
    place: int
    cost: float


def seats(stop: Stop, rest: Prospect, travel: TravelTable) -> list[Seat]:
    """The places of one route, from the first on.

    Args:
        stop: what is to be placed.
        rest: the route without it.
        travel: between its place and those of the route.

    Raises:
        ValueError: nobody said where the stop is.
    """
    costs = _costs(stop, rest, travel).tolist()
    return [Seat(rest.case.id, place, cost) for place, cost in enumerate(costs)]


def _costs(stop: Stop, rest: Prospect, travel: TravelTable) -> FloatArray:
    """Roughly what the stop costs before each open stop of a route and at its end.

    Returns:
        ``(n + 1,)`` kilometres for n open stops.
    """
    way = _way(stop, rest, travel)
    pace = rest.case.whereabouts.pace
    reached = way.leaves + way.to_s * pace
    windows = _windows([stop])
    waits = windows.waits(reached)
    service_s = stop.plan.service_s * pace if stop.plan else 0.0
    delay = reached + waits + service_s + way.on_s * pace - (way.leaves + way.direct_s * pace)
    outside_s = windows.outside(reached) + _later_outside(rest, delay)
    return KM_A_LATE_MINUTE * outside_s / _MINUTE_S + way.extra_m / _KM_M


class _Way(NamedTuple):
    """What going to a stop is like from each place of a route, ``(n + 1,)`` each.

    Attributes:
        leaves: when the vehicle leaves the place before, seconds since 1970.
        to_s: seconds from there to the stop.
        on_s: seconds from the stop to the place after.
        direct_s: seconds from the place before to the place after.
        extra_m: metres more.
    """

    leaves: FloatArray
    to_s: FloatArray
    on_s: FloatArray
    direct_s: FloatArray
    extra_m: FloatArray


def _way(stop: Stop, rest: Prospect, travel: TravelTable) -> _Way:
    case, here = rest.case, place_of(stop)
    first = len(case.at_door)
    places: list[LatLon] = [place_of(one) for one in rest.remaining[first:]]
    start = place_of(case.at_door[-1]) if first else case.start or here
    befores, afters = [start, *places], [*places, case.depot or here]
    to = [travel.leg(before, here) for before in befores]
    on = [travel.leg(here, after) for after in afters]
    direct = [*rest.legs[first:], rest.home if rest.remaining else HERE]
    return _Way(
        leaves=np.array([_leaves_start(rest), *_seconds(rest.itinerary.leaves[first:])]),
        to_s=np.array([leg.seconds for leg in to]),
        on_s=np.array([leg.seconds for leg in on]),
        direct_s=np.array([leg.seconds for leg in direct]),
        extra_m=np.array(
            [a.metres + b.metres - c.metres for a, b, c in zip(to, on, direct, strict=True)]
        ),
    )


def _leaves_start(rest: Prospect) -> float:
    """When the way to the first open stop begins, or what is left of it."""
    case = rest.case
    if case.at_door:
        return rest.itinerary.leaves[len(case.at_door) - 1].timestamp()
    if rest.arrivals:
        way_s = rest.legs[0].seconds * case.whereabouts.pace
        return max(case.now.timestamp(), rest.arrivals[0].p50.timestamp() - way_s)
    planned = case.whereabouts.left_at or case.now
    return max(case.now, planned).timestamp()


def _later_outside(rest: Prospect, delay: FloatArray) -> FloatArray:
    """Seconds outside their windows more of the stops after each place.

    Waits absorb part of the delay.
    """
    first = len(rest.case.at_door)
    stops, arrivals = rest.remaining[first:], rest.arrivals[first:]
    if not stops:
        return np.zeros(len(delay))
    reached = np.array(_seconds(arrival.p50 for arrival in arrivals))
    windows = _windows(stops)
    waited = np.concatenate([[0.0], np.cumsum(windows.waits(reached))])
    absorbed = waited[None, :-1] - waited[:, None]
    pushed = np.maximum(0.0, delay[:, None] - np.maximum(0.0, absorbed))
    is_after = np.arange(len(stops))[None, :] >= np.arange(len(delay))[:, None]
    would = windows.outside(reached + np.where(is_after, pushed, 0.0))
    more: FloatArray = (would - windows.outside(reached)).sum(axis=1)
    return more


class _Windows(NamedTuple):
    """When stops open and close, seconds since 1970; infinite where nothing limits it.

    Attributes:
        patience: seconds a driver waits for each to open.
    """

    opens: FloatArray
    ends: FloatArray
    patience: FloatArray

    def waits(self, reached: FloatArray) -> FloatArray:
        """Seconds waited by a driver who gets there then."""
        waits: FloatArray = np.clip(self.opens - reached, 0.0, self.patience)
        return waits

    def outside(self, reached: FloatArray) -> FloatArray:
        """Seconds after the end, or before a beginning nobody waits for."""
        early = self.opens - reached
        late = np.maximum(0.0, reached - self.ends)
        outside: FloatArray = late + np.where(early > self.patience, early, 0.0)
        return outside


def _windows(stops: Sequence[Stop]) -> _Windows:
    plans = [stop.plan for stop in stops]
    starts = [plan.window_start if plan else None for plan in plans]
    ends = [plan.window_end if plan else None for plan in plans]
    return _Windows(
        np.array([at.timestamp() if at else -np.inf for at in starts]),
        np.array([at.timestamp() if at else np.inf for at in ends]),
        np.array([np.inf if plan and plan.window_is_hard else PATIENCE_S for plan in plans]),
    )


def _seconds(times: Iterable[datetime]) -> list[float]:
    return [at.timestamp() for at in times]
