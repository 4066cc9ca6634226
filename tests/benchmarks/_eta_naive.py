"""Arrivals as they are told without learning: what the product is held against.

All of them know what is known at that moment: the sequence, the plan of the day, what was reached
and left so far, and how much of the leg under way is left.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

from tower.domain.events import PredictedArrival
from tower.domain.fold import fold
from tower.domain.geometry import LatLon, distance_m
from tower.domain.records import Route, Stop
from tower.domain.state import State
from tower.journal.reading import read_events

DRIVING_MPS = 25.0 / 3.6
"""The speed over straight lines that is usually taken for driving: 25 km/h."""


class Naive(NamedTuple):
    """One stop told without learning, seconds from now.

    Attributes:
        distance: (a) straight lines along the stops left over the fleet's average speed, doors
            and all, on the days that were learnt from.
        driving: likewise at 25 km/h, without doors; doors: with planned doors.
        schedule: (b) as planned.
        delayed: (c) as planned, shifted by the delay the route has now.
    """

    distance: float
    driving: float
    doors: float
    schedule: float
    delayed: float


def average_mps(journals: Iterable[Path]) -> float:
    """How fast a fleet gets on: straight metres from stop to stop over all the time it took."""
    metres = seconds = 0.0
    for journal in journals:
        state = fold(read_events(journal))
        for route in state.routes.values():
            for before, after in pairwise(_reached(state, route)):
                metres += distance_m(before[1], after[1])
                seconds += (after[0] - before[0]).total_seconds()
    return metres / seconds


def _reached(state: State, route: Route) -> list[tuple[datetime, LatLon]]:
    return sorted(
        (stop.arrived_at, stop.plan.position)
        for stop in state.stops_of(route)
        if stop.arrived_at and stop.plan
    )


def naive_arrivals(
    state: State,
    route: Route,
    now: datetime,
    rows: Sequence[PredictedArrival],
    speed_mps: float,
) -> list[Naive | None]:
    """What each method says of the stops of a prediction; None where a stop has no plan.

    Args:
        state: as it is known now.
        route: the route.
        now: the present.
        rows: the stops still to be driven to, in the order expected, with what is left of the
            first leg.
        speed_mps: the fleet's average, of `average_mps`.
    """
    here = _whereabouts(state, route)
    at_door = next((s for s in state.stops_of(route) if s.state.is_at_the_door), None)
    door_s = _door_left_s(at_door, now) if at_door else 0.0
    delay_s = _delay_s(state, route, now, [row.stop_id for row in rows])
    driven_s = 0.0
    told: list[Naive | None] = []
    for place, row in enumerate(rows):
        stop = state.stops.get(row.stop_id)
        if stop is None or stop.plan is None or stop.plan.planned_at is None:
            told.append(None)
            continue
        leg_s = distance_m(here, stop.plan.position) / DRIVING_MPS if here else 0.0
        if place == 0 and at_door is None:
            # Straight from the door left last, and the roads know what is left of it.
            leg_s = min(leg_s, float(row.travel_s))
        driven_s += leg_s
        planned_s = (stop.plan.planned_at - now).total_seconds()
        told.append(
            Naive(
                distance=driven_s * DRIVING_MPS / speed_mps,
                driving=driven_s,
                doors=door_s + driven_s,
                schedule=max(0.0, planned_s),
                delayed=max(0.0, planned_s + delay_s),
            )
        )
        door_s += stop.plan.service_s
        here = stop.plan.position
    return told


def _whereabouts(state: State, route: Route) -> LatLon | None:
    """The door reached last, else the depot."""
    reached = [stop for stop in state.stops_of(route) if stop.arrived_at and stop.plan]
    last = max(reached, key=lambda stop: stop.arrived_stamp, default=None)
    return last.plan.position if last and last.plan else state.depot_of(route)


def _door_left_s(stop: Stop, now: datetime) -> float:
    if stop.plan is None or stop.arrived_at is None:
        return 0.0
    return max(0.0, stop.plan.service_s - (now - stop.arrived_at).total_seconds())


def _delay_s(state: State, route: Route, now: datetime, ahead: Sequence[str]) -> float:
    """How far behind its plan a route is: at the stop reached last, and by what is overdue."""
    overdue_s = [
        (now - stop.plan.planned_at).total_seconds()
        for stop in (state.stops.get(one) for one in ahead[:1])
        if stop and stop.plan and stop.plan.planned_at
    ]
    return max([_reached_late_s(state, route), *overdue_s])


def _reached_late_s(state: State, route: Route) -> float:
    reached = [
        (stop.arrived_at, stop.plan.planned_at)
        for stop in state.stops_of(route)
        if stop.arrived_at and stop.plan and stop.plan.planned_at
    ]
    if reached:
        arrived, planned = max(reached)
        return (arrived - planned).total_seconds()
    starts = route.plan.starts_at if route.plan else None
    if starts is None or route.started_at is None:
        return 0.0
    return (route.started_at - starts).total_seconds()
