"""The arrivals customers see: set ahead of time, kept calm, each change in the journal."""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

import numpy as np

from tower.domain.events import ArrivalPublished, Event
from tower.domain.moments import utc
from tower.domain.records import PublishedArrival, Stop, Subject
from tower.domain.state import State
from tower.eta.model import Reason
from tower.eta.published import publish, soonest_told
from tower.gateway.deciding.verdicts import new_event
from tower.gateway.forecasting.forecast import Forecast
from tower.gateway.room import SYSTEM

EVERY = timedelta(seconds=10)
"""How often it is looked whether what customers see still holds."""

MOST_AT_ONCE = 500
"""So many arrivals are set at one look, the soonest first; the others come at the next."""


PORTION = 50
"""So many of them are recorded in one go, so that others have their turn in between."""


class Publication(NamedTuple):
    """An arrival to be set.

    Attributes:
        known: what the customer saw when it was decided.
    """

    stop_id: str
    known: PublishedArrival | None
    fresh: PublishedArrival


def publications(
    forecast: Forecast, ahead: timedelta, most: int = MOST_AT_ONCE
) -> list[Publication]:
    """What customers are to see from now on, where that differs from what they see.

    Of routes under way only: before, nobody knows when they will leave.

    Args:
        forecast: what is predicted.
        ahead: so long before the vehicle is expected its customer sees when.
        most: so many, the soonest first.
    """
    found: list[Publication] = []
    rows, soonest_s = _soonest_first(forecast, ahead)
    stop_of = _stops_of(forecast)
    for first in range(0, len(rows), most):
        if len(found) == most and utc(soonest_s[first]) >= found[-1].fresh.start:
            break
        some = map(stop_of, rows[first : first + most])
        found += (one for stop in some if (one := _changed(stop, forecast)) is not None)
        found = sorted(found, key=lambda one: one.fresh.start)[:most]
    return found


def published_events(state: State, found: list[Publication], now: datetime) -> list[Event]:
    """The publications that still make sense, as the journal keeps them."""
    return [
        new_event(now, SYSTEM, Subject(stop_id=one.stop_id), _body(one.fresh))
        for one in found
        if _still_holds(state.stops.get(one.stop_id), one)
    ]


def _soonest_first(forecast: Forecast, ahead: timedelta) -> tuple[list[int], list[float]]:
    """The rows that may be published, and the soonest each may be told to be expected."""
    soon = np.zeros(len(forecast.told_s), dtype=bool)
    for index in forecast.under_way():
        rows = forecast.outlook.route_rows[index]
        soon[rows.start : rows.stop] = True
    soon &= forecast.told_s[:, 1] <= ahead.total_seconds()
    chosen = np.flatnonzero(soon)
    soonest_s = soonest_told(forecast.told_s[chosen], forecast.outlook.now_s)
    order = np.argsort(soonest_s, kind="stable")
    return chosen[order].tolist(), soonest_s[order].tolist()


def _stops_of(forecast: Forecast) -> Callable[[int], Stop]:
    """Finds the stop of a row."""
    remaining = forecast.outlook.remaining
    routes: list[int] = remaining.route[~remaining.is_here].tolist()
    stop_ids = forecast.outlook.stop_ids

    def stop_of(row: int) -> Stop:
        stops = forecast.courses[routes[row]].stops
        return next(stop for stop in stops if stop.id == stop_ids[row])

    return stop_of


def _changed(stop: Stop, forecast: Forecast) -> Publication | None:
    fresh = _fresh(stop, forecast)
    return None if fresh is None else Publication(stop.id, stop.published, fresh)


def _fresh(stop: Stop, forecast: Forecast) -> PublishedArrival | None:
    if stop.plan is None or not stop.plan.kind.is_customer:
        return None
    known, arrival, now = stop.published, forecast.arrivals[stop.id], forecast.now
    fresh = publish(known, arrival, stop.plan, now)
    if fresh is None or known is None:
        return fresh
    return publish(known, arrival, stop.plan, now, _why(known, fresh, forecast.reasons(stop.id)))


def _why(known: PublishedArrival, fresh: PublishedArrival, reasons: Sequence[Reason]) -> str:
    """What moved an arrival the way it moved, "" where nothing known did."""
    is_later = fresh.start >= known.start and fresh.end > known.end
    is_earlier = fresh.start < known.start and fresh.end <= known.end
    if is_later == is_earlier:
        return ""
    return next((one.words for one in reasons if (one.seconds > 0.0) == is_later), "")


def _still_holds(stop: Stop | None, one: Publication) -> bool:
    return (
        stop is not None
        and not stop.is_done
        and not stop.state.is_at_the_door
        and stop.published == one.known
    )


def _body(arrival: PublishedArrival) -> ArrivalPublished:
    return ArrivalPublished(start=arrival.start, end=arrival.end, because=arrival.because)
