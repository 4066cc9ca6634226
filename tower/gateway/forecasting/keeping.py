"""Predictions kept in the journal, to be measured against what came and to be learnt from."""

import zlib
from collections.abc import Iterator
from datetime import datetime, timedelta
from math import isfinite

from tower.domain.events import ArrivalsPredicted, Event, PredictedArrival
from tower.domain.records import Route, Subject
from tower.eta.course import Course
from tower.gateway.deciding.verdicts import new_event
from tower.gateway.forecasting.forecast import Forecast
from tower.gateway.room import SYSTEM

EVERY = timedelta(minutes=15)
"""How often the prediction for a route is kept while it is driven."""

MOST_AT_ONCE = 20
"""So many routes are kept in one go, so that others have their turn in between."""

LOOKED_AT_ONCE = 1_000
"""So many are looked at in one go, whether they are due or not: a few milliseconds."""


class Keeper:
    """Knows which predictions are due to be kept.

    A route is due when it leaves, and then once in every fifteen minutes; where in them follows
    from its id, so that not all routes are due at once.
    """

    def __init__(self) -> None:
        self._kept: dict[str, int] = {}
        self._waiting: set[str] = set()

    def due(self, forecast: Forecast) -> Iterator[list[int]]:
        """The routes of a forecast to keep now, as indices, at most `MOST_AT_ONCE` at a time.

        Each is due only once. Of many routes that are looked at in vain nothing is told, now and
        then, so that others have their turn.
        """
        found: list[int] = []
        under_way = set(forecast.under_way())
        for index, course in enumerate(forecast.courses):
            if index not in under_way:
                self._waiting.add(course.route.id)
            elif self._is_due(course.route, forecast.now):
                found.append(index)
            if len(found) == MOST_AT_ONCE or (index + 1) % LOOKED_AT_ONCE == 0:
                yield found
                found = []
        if found:
            yield found

    def _is_due(self, route: Route, now: datetime) -> bool:
        turn, known = _turn(route.id, now), self._kept.get(route.id)
        self._kept[route.id] = turn
        if known is not None:
            return known != turn
        has_just_left = route.started_at is not None and now - route.started_at < EVERY
        return has_just_left or route.id in self._waiting


def _turn(route_id: str, now: datetime) -> int:
    """The number of the fifteen minutes of a route that a moment is in."""
    every_s = int(EVERY.total_seconds())
    return int(now.timestamp() + zlib.crc32(route_id.encode()) % every_s) // every_s


def predicted(forecast: Forecast, index: int) -> Event:
    """The prediction for one route as the journal keeps it, at the time it was made for."""
    course, now = forecast.courses[index], forecast.now
    rows = forecast.outlook.route_rows[index]
    body = ArrivalsPredicted(
        model=forecast.model.version,
        rows=tuple(_row(forecast, row) for row in rows),
        fix_age_s=_age_s(course.fix_at, now),
        leg_s=_leg_s(course, forecast.outlook.stop_ids[rows[0]]) if rows else None,
        live_factor=round(course.live_factor, 3) if isfinite(course.live_factor) else None,
    )
    return new_event(now, SYSTEM, Subject(route_id=course.route.id), body)


def _row(forecast: Forecast, row: int) -> PredictedArrival:
    p10_s, p50_s, p90_s = forecast.told_s[row].tolist()
    return PredictedArrival(
        stop_id=forecast.outlook.stop_ids[row],
        in_s=round(p50_s),
        early_s=round(p50_s - p10_s),
        late_s=round(p90_s - p50_s),
        travel_s=round(float(forecast.outlook.travel_s[row])),
    )


def _leg_s(course: Course, stop_id: str) -> int:
    """The leg to a stop by the roads, driven so far or not."""
    legs = zip(course.stops, course.legs_s, strict=True)
    return round(next(leg_s for stop, leg_s in legs if stop.id == stop_id))


def _age_s(fix_at: datetime | None, now: datetime) -> int | None:
    return None if fix_at is None else max(0, round((now - fix_at).total_seconds()))
