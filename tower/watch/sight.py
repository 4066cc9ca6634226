"""What the rules see besides the state."""

from collections.abc import Callable, Mapping
from datetime import datetime

import msgspec

from tower.domain.geometry import LatLon
from tower.domain.records import Route
from tower.domain.telemetry import Fix
from tower.feed.arrivals import ArrivalTable
from tower.feed.vehicles import VehicleTable

FromLine = Callable[[Route, Fix], float | None]
"""Metres from a place to the line of a route; None while the line is not known."""

Ahead = Callable[[Route], float | None]
"""Metres a route still drives, to the next charge stop or to its end; None while unknown."""


Reached = Callable[[Route, int], LatLon | None]
"""Where the roads reach a stop of a route, by its place in the sequence; None while unknown."""


def no_line(_route: Route, _fix: Fix) -> float | None:
    """Nobody knows the lines of the routes."""
    return None


def no_way(_route: Route) -> float | None:
    """Nobody knows how far the routes still drive."""
    return None


def no_roads(_route: Route, _place: int) -> LatLon | None:
    """Nobody knows where the roads reach the stops."""
    return None


class Sight(msgspec.Struct, frozen=True, kw_only=True):
    """What the rules see besides the state.

    Attributes:
        arrivals: when each stop is expected to be reached.
        vehicles: where each vehicle is.
        last_heard: carrier id to when its last message came, UTC.
        from_line: how far a vehicle is from the line of its route.
        ahead: how far a route still drives.
        reached: where the roads reach a stop.
    """

    arrivals: ArrivalTable
    vehicles: VehicleTable
    last_heard: Mapping[str, datetime]
    from_line: FromLine = no_line
    ahead: Ahead = no_way
    reached: Reached = no_roads
