"""What a carrier's system is told of the order its vehicles are to drive in."""

from datetime import datetime

import msgspec

from tower.domain.records import StopPlan
from tower.domain.state import State
from tower.domain.words import Notice


class DriverSequence(msgspec.Struct, frozen=True, kw_only=True):
    """The newest order of one route, for its driver.

    Attributes:
        version: to be named in the answer; 1 is the plan of the day.
        notice: how far it has come with the driver, None where nobody was told.
        sequenced_at: when it was set, UTC.
        stops: everything still to be done, in driving order, with all a driver needs to know.
    """

    route_id: str
    vehicle_id: str
    version: int
    notice: Notice | None
    sequenced_at: datetime | None
    stops: tuple[StopPlan, ...]


class DriverSequences(msgspec.Struct, frozen=True, kw_only=True):
    """The routes of a carrier whose order was set since it asked last.

    Attributes:
        next: give it as `after` to be told what changes from here on.
    """

    sequences: tuple[DriverSequence, ...]
    next: int


def driver_sequence(state: State, route_id: str) -> DriverSequence | None:
    """What a route's driver is to do, None for a route without a plan or one that is over."""
    route = state.routes.get(route_id)
    if route is None or route.plan is None or route.finished_at is not None:
        return None
    stops = [stop for stop in state.stops_of(route) if not stop.is_done]
    return DriverSequence(
        route_id=route.id,
        vehicle_id=route.plan.vehicle_id,
        version=route.version,
        notice=route.notice,
        sequenced_at=route.sequenced_at,
        stops=tuple(stop.plan for stop in stops if stop.plan is not None),
    )
