"""The arrivals customers see: set ahead of time, kept calm, each change in the journal."""

from collections.abc import Sequence
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
    expected = _Expected(forecast)
    for first in range(0, len(rows), most):
        if len(found) == most and utc(soonest_s[first]) >= found[-1].fresh.start:
            break
        some = map(expected.changed, rows[first : first + most])
        found += (one for one in some if one is not None)
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


class _Expected:
    """Stops and their arrivals by the row of a forecast, without looking any up by its id."""

    def __init__(self, forecast: Forecast) -> None:
        self._forecast = forecast
        self._places: list[int] = np.flatnonzero(~forecast.outlook.remaining.is_here).tolist()

    def changed(self, row: int) -> Publication | None:
        """What the customer of a row's stop is to see now, where that is something else."""
        stop = self._stop(row)
        fresh = self._fresh(stop, row)
        return None if fresh is None else Publication(stop.id, stop.published, fresh)

    def _fresh(self, stop: Stop, row: int) -> PublishedArrival | None:
        if stop.plan is None or not stop.plan.kind.is_customer:
            return None
        known, now = stop.published, self._forecast.now
        arrival = self._forecast.arrivals.at(self._places[row])
        fresh = publish(known, arrival, stop.plan, now)
        if fresh is None or known is None:
            return fresh
        why = _why(known, fresh, self._forecast.reasons_of_row(row))
        return publish(known, arrival, stop.plan, now, why)

    def _stop(self, row: int) -> Stop:
        place, remaining = self._places[row], self._forecast.outlook.remaining
        stops = self._forecast.courses[int(remaining.route[place])].stops
        stop_id = remaining.stop_ids[place]
        return next(stop for stop in stops if stop.id == stop_id)


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
