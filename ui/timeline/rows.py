"""What stands in the timeline: a row a route, a block a stop. Knows no widgets."""

from typing import NamedTuple, Protocol

from tower.domain.records import Route, Stop
from tower.domain.words import Punctuality
from tower.routes.evaluate import Prospect
from ui.routes.outlook import Expected, Outlook
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
        drafted: True where it lies only if the draft is committed.
    """

    stop_id: str
    begin: float
    end: float
    done: bool
    failed: bool
    punctuality: Punctuality
    drafted: bool = False

    @property
    def middle(self) -> float:
        """Half way through it, seconds since 1970."""
        return (self.begin + self.end) / 2


class Row(NamedTuple):
    """One route."""

    route_id: str
    name: str
    blocks: tuple[Block, ...]


class _Expected(Protocol):
    """When a stop is expected, by the gateway or by a draft."""

    @property
    def punctuality(self) -> Punctuality: ...


def row_of(session: Session, route: Route) -> Row:
    """The row of a route as things stand."""
    outlook, stops = Outlook(session.arrivals), session.state.stops_of(route)
    found = (_block(stop, None if stop.is_done else outlook.of(stop.id)) for stop in stops)
    return Row(route.id, route.name, tuple(block for block in found if block is not None))


def drafted_row(route: Route, prospect: Prospect) -> Row:
    """The row of a route as a draft would have it."""
    done = [_block(stop, None) for stop in prospect.case.settled if stop.is_done]
    remaining = zip(prospect.remaining, prospect.arrivals, strict=True)
    to_come = [_open(stop, arrival.p50.timestamp(), arrival) for stop, arrival in remaining]
    blocks = [block for block in done if block is not None]
    return Row(route.id, route.name, (*blocks, *(one._replace(drafted=True) for one in to_come)))


def _block(stop: Stop, arrival: Expected | None) -> Block | None:
    if stop.finished_at is not None:
        return _done(stop, stop.finished_at.timestamp())
    begin = _expected(stop, arrival)
    return None if begin is None else _open(stop, begin, arrival)


def _open(stop: Stop, begin: float, arrival: _Expected | None) -> Block:
    service_s = stop.plan.service_s if stop.plan else SHORTEST_S
    punctuality = arrival.punctuality if arrival else Punctuality.IDLE
    end = begin + max(SHORTEST_S, service_s)
    return Block(stop.id, begin, end, False, False, punctuality)


def _expected(stop: Stop, arrival: Expected | None) -> float | None:
    if stop.arrived_at is not None and stop.state.is_at_the_door:
        return stop.arrived_at.timestamp()
    if arrival is not None:
        return arrival.p50
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
