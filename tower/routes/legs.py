"""The legs of a route's present order: as its line tells them, else as far as travel is known."""

from collections.abc import Sequence
from itertools import pairwise

import msgspec

from tower.domain.geometry import LatLon
from tower.domain.records import Route, Stop
from tower.domain.state import State
from tower.routes.travel import HERE, Travel, TravelTable


class Legs(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """Driving along a route in the order of its sequence.

    Attributes:
        version: version of the sequence.
        durations_s: seconds to each stop from the place before it, the first from the depot
            (0 where there is none).
        distances_m: metres, likewise.
        home_s: seconds from the last stop back to the depot.
        home_m: metres, likewise.
    """

    version: int
    durations_s: Sequence[float]
    distances_m: Sequence[float]
    home_s: float = 0.0
    home_m: float = 0.0


def present_legs(state: State, route: Route, told: Legs | None, travel: TravelTable) -> Legs:
    """The legs of the present order.

    Args:
        state: the shift.
        route: one of its routes.
        told: what its line tells, None where it has none; of another order it is no use.
        travel: stands in; places nobody told are no way from anywhere.
    """
    stops = state.stops_of(route)
    if told is not None and told.version == route.version and len(told.durations_s) == len(stops):
        return told
    places = [state.depot_of(route), *map(_place, stops)]
    legs = [_leg(travel, *ends) for ends in pairwise(places)]
    home = _leg(travel, places[-1], places[0])
    return Legs(
        version=route.version,
        durations_s=[leg.seconds for leg in legs],
        distances_m=[leg.metres for leg in legs],
        home_s=home.seconds,
        home_m=home.metres,
    )


def teach(travel: TravelTable, depot: LatLon | None, stops: Sequence[Stop], legs: Legs) -> None:
    """Let a table know the legs of an order.

    Args:
        travel: the table.
        depot: where the route begins and ends, None where nobody said.
        stops: those the legs lead to; nothing is learnt where nobody said where one is.
        legs: of just these stops.
    """
    places = [stop.plan.position for stop in stops if stop.plan is not None]
    if len(places) < len(stops):
        return
    if depot is None:
        travel.learn_legs(places, legs.durations_s[1:], legs.distances_m[1:])
        return
    durations_s = [*legs.durations_s, legs.home_s]
    distances_m = [*legs.distances_m, legs.home_m]
    travel.learn_legs([depot, *places, depot], durations_s, distances_m)


def _place(stop: Stop) -> LatLon | None:
    return stop.plan.position if stop.plan else None


def _leg(travel: TravelTable, origin: LatLon | None, destination: LatLon | None) -> Travel:
    return travel.leg(origin, destination) if origin and destination else HERE
