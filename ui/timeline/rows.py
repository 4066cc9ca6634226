"""What stands in the timeline: a row a route, a block a stop. Knows no widgets."""

from typing import NamedTuple

from tower.domain.records import Route, Stop
from tower.domain.words import Punctuality, StopState
from tower.feed.arrivals import Arrival
from ui.session import Session

SHORTEST_S = 60.0
"""A block is never narrower than a minute, seconds."""


class Block(NamedTuple):
    """One stop on the clock.

    Attributes:
        begin: arrival, seconds since 1970.
        end: departure, seconds since 1970.
        done: True once the stop has an outcome.
        punctuality: how it stands, or stood, against its promise.
    """

    stop_id: str
    begin: float
    end: float
    done: bool
    failed: bool
    punctuality: Punctuality


class Row(NamedTuple):
    """One route."""

    route_id: str
    name: str
    blocks: tuple[Block, ...]


def row_of(session: Session, route: Route) -> Row:
    """The row of a route as things stand."""
    stops = session.state.stops_of(route)
    found = (_block(stop, session.arrivals.row(stop.id)) for stop in stops)
    name = route.plan.name if route.plan else route.id
    return Row(route.id, name, tuple(block for block in found if block is not None))


def _block(stop: Stop, arrival: Arrival | None) -> Block | None:
    if stop.finished_at is not None:
        return _done(stop, stop.finished_at.timestamp())
    begin = _expected(stop, arrival)
    if begin is None:
        return None
    service_s = stop.plan.service_s if stop.plan else SHORTEST_S
    punctuality = arrival.punctuality if arrival else Punctuality.IDLE
    end = begin + max(SHORTEST_S, service_s)
    return Block(stop.id, begin, end, False, False, punctuality)


def _expected(stop: Stop, arrival: Arrival | None) -> float | None:
    if stop.arrived_at is not None and stop.state in (StopState.ARRIVED, StopState.SERVICING):
        return stop.arrived_at.timestamp()
    if arrival is not None:
        return arrival.p50.timestamp()
    planned = stop.plan.planned_at if stop.plan else None
    return planned.timestamp() if planned else None


def _done(stop: Stop, end: float) -> Block:
    begin = stop.arrived_at.timestamp() if stop.arrived_at else end - SHORTEST_S
    window_end = stop.plan.window_end if stop.plan else None
    late = window_end is not None and end > window_end.timestamp() and stop.state.is_success
    return Block(
        stop.id,
        min(begin, end - SHORTEST_S),
        end,
        True,
        not stop.state.is_success,
        Punctuality.LATE if late else Punctuality.DONE,
    )
