"""Planned arrivals for a manifest that gives none: straight lines at a believable pace."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from msgspec.structs import replace

from tower.domain.geometry import LatLon
from tower.domain.records import StopPlan
from tower.road.engine import estimated_s
from tower.road.roads import Profile

LONGEST_ROUTE = timedelta(days=7)
"""A stop that would be reached later than this after the start has no planned time."""


def with_planned_times(
    stops: Sequence[StopPlan], starts_at: datetime | None, start: LatLon | None
) -> list[StopPlan]:
    """The stops of one route in order, each with a planned arrival where that can be said.

    An arrival the manifest gives stands, and the stops after it count from there. Otherwise it
    is the departure from the stop before plus the drive, and never before the window opens.

    Args:
        stops: in driving order.
        starts_at: departure from the depot; without it the first stop is reached as its window
            opens, or has no planned time.
        start: the depot, None where unknown.
    """
    planned: list[StopPlan] = []
    begun, free_at, place = starts_at, starts_at, start
    for stop in stops:
        arrives = stop.planned_at or _arrival(stop, free_at, place)
        begun = begun or arrives
        if arrives is None or begun is None or arrives > begun + LONGEST_ROUTE:
            planned.append(stop)
            continue
        planned.append(replace(stop, planned_at=arrives))
        free_at, place = arrives + timedelta(seconds=stop.service_s), stop.position
    return planned


def _arrival(stop: StopPlan, free_at: datetime | None, place: LatLon | None) -> datetime | None:
    if free_at is None:
        return stop.window_start
    drive = 0.0 if place is None else estimated_s(place, stop.position, Profile.CAR)
    arrives = free_at + timedelta(seconds=round(drive))
    return arrives if stop.window_start is None else max(arrives, stop.window_start)
