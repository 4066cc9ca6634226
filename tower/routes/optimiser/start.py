"""Where and when the part of a route begins whose order is open."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import NamedTuple

from tower.domain.geometry import LatLon
from tower.domain.records import Stop
from tower.domain.words import StopState
from tower.routes.case import RouteCase
from tower.routes.evaluate import Prospect, evaluate, place_of
from tower.routes.load import Load, loading
from tower.routes.travel import Travel, TravelTable


class Start(NamedTuple):
    """What is settled on a route, and how it stands after that.

    Attributes:
        pinned: open stops the driver is on the way to; they come first, in this order.
        open: the other open stops in the present order.
        place: where the vehicle is then; None where nobody knows.
        ready: when it is free there, UTC.
        legs: what is left of the leg the vehicle is on, by the stop it leads to.
        aboard: what is in the vehicle besides deliveries.
    """

    case: RouteCase
    pinned: tuple[Stop, ...]
    open: tuple[Stop, ...]
    place: LatLon | None
    ready: datetime
    legs: Mapping[str, Travel]
    aboard: Load


def start_of(case: RouteCase, travel: TravelTable) -> Start:
    """Where the open part of a route begins."""
    pinned = tuple(stop for stop in case.open if stop.state is StopState.EN_ROUTE)
    others = tuple(stop for stop in case.open if stop.state is not StopState.EN_ROUTE)
    first = (*case.at_door, *pinned)
    laden = loading(case, first)
    aboard = laden.after[-1] if first else laden.at_start
    if first:
        settled = evaluate(case, pinned, travel)
        ready = max(case.now, settled.itinerary.leaves[-1])
        return Start(case, pinned, others, place_of(first[-1]), ready, {}, aboard)
    present = evaluate(case, others, travel)
    place = case.start or (place_of(others[0]) if others else None)
    return Start(case, (), others, place, _ready(present), _leg_underway(present), aboard)


def _leg_underway(present: Prospect) -> Mapping[str, Travel]:
    return {present.remaining[0].id: present.legs[0]} if present.remaining else {}


def _ready(present: Prospect) -> datetime:
    """When the way to the first stop begins, or what is left of it."""
    case = present.case
    if present.remaining:
        way = timedelta(seconds=present.legs[0].seconds * case.whereabouts.pace)
        return max(case.now, present.arrivals[0].p50 - way)
    return max(case.now, case.whereabouts.left_at or case.now)
