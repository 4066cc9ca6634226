"""What a carrier's system is told: the order its vehicles are to drive in, and what was agreed."""

from datetime import datetime

import msgspec

from tower.domain.moments import utc
from tower.domain.records import Stop, StopChanges, StopPlan
from tower.domain.state import State
from tower.domain.words import Notice


class Agreement(msgspec.Struct, frozen=True, kw_only=True):
    """What was agreed with a customer after the stop was planned, for the driver to notice.

    Attributes:
        changes: all that was agreed so far; the stop of the sequence has it already.
        agreed_at: when the newest of it was agreed, UTC; what a driver has not seen is newer than
            what they saw last.
    """

    stop_id: str
    changes: StopChanges
    agreed_at: datetime


class DriverSequence(msgspec.Struct, frozen=True, kw_only=True):
    """The newest order of one route, for its driver.

    Attributes:
        version: to be named in the answer; 1 is the plan of the day.
        notice: how far it has come with the driver, None where nobody was told.
        sequenced_at: when it was set, UTC.
        stops: everything still to be done, in driving order, with all a driver needs to know.
        agreed: what of it was agreed since the plan: codes, safe places, windows, places.
    """

    route_id: str
    vehicle_id: str
    version: int
    notice: Notice | None
    sequenced_at: datetime | None
    stops: tuple[StopPlan, ...]
    agreed: tuple[Agreement, ...] = ()


class DriverSequences(msgspec.Struct, frozen=True, kw_only=True):
    """The routes of a carrier of which something was set or agreed since it asked last.

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
        agreed=tuple(_agreement(stop) for stop in stops if stop.change_stamps),
    )


def _agreement(stop: Stop) -> Agreement:
    newest = max(stamp.order for stamp in stop.change_stamps.values())
    return Agreement(stop_id=stop.id, changes=stop.changes, agreed_at=utc(newest))
