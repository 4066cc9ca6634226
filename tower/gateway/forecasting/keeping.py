"""Predictions kept in the journal, to be measured against what came and to be learnt from."""

import zlib
from collections.abc import Iterable
from datetime import datetime, timedelta

from tower.domain.events import ArrivalsPredicted, Event, PredictedArrival
from tower.domain.records import Route, Subject
from tower.eta.schedule import Arrival
from tower.gateway.deciding.verdicts import new_event
from tower.gateway.forecasting.outlook import RouteOutlook
from tower.gateway.room import SYSTEM

EVERY = timedelta(minutes=15)
"""How often the prediction for a route is kept while it is driven."""

MOST_AT_ONCE = 20
"""So many routes are kept in one go, so that others have their turn in between."""


class Keeper:
    """Knows which predictions are due to be kept.

    A route is due when it is first seen under way, and then once in every fifteen minutes; where
    in them follows from its id, so that not all routes are due at once.
    """

    def __init__(self) -> None:
        self._kept: dict[str, int] = {}

    def due(self, outlooks: Iterable[RouteOutlook], now: datetime) -> list[RouteOutlook]:
        """The predictions to keep now, at most `MOST_AT_ONCE`; each is due only once."""
        found: list[RouteOutlook] = []
        for one in outlooks:
            if len(found) == MOST_AT_ONCE:
                break
            if one.is_under_way and one.arrivals and self._is_due(one.route, now):
                found.append(one)
        return found

    def _is_due(self, route: Route, now: datetime) -> bool:
        turn = _turn(route.id, now)
        known = self._kept.get(route.id)
        self._kept[route.id] = turn
        if known is not None:
            return known != turn
        return route.started_at is None or now - route.started_at < EVERY


def _turn(route_id: str, now: datetime) -> int:
    """The number of the fifteen minutes of a route that a moment is in."""
    every_s = int(EVERY.total_seconds())
    return int(now.timestamp() + zlib.crc32(route_id.encode()) % every_s) // every_s


def predicted(outlook: RouteOutlook, model: str) -> Event:
    """A prediction as the journal keeps it, at the time it was made for."""
    now, fix = outlook.now, outlook.fix
    rows = (
        _row(arrival, seconds, now)
        for stop, arrival, seconds in zip(
            outlook.remaining, outlook.arrivals, outlook.travel_s, strict=True
        )
        if not stop.state.is_at_the_door
    )
    body = ArrivalsPredicted(
        model=model,
        rows=tuple(rows),
        fix_age_s=max(0, round((now - fix.at).total_seconds())) if fix else None,
        live_factor=round(outlook.live_factor, 3),
    )
    return new_event(now, SYSTEM, Subject(route_id=outlook.route.id), body)


def _row(arrival: Arrival, travel_s: float, now: datetime) -> PredictedArrival:
    return PredictedArrival(
        stop_id=arrival.stop_id,
        in_s=round((arrival.p50 - now).total_seconds()),
        early_s=round(arrival.early_s),
        late_s=round(arrival.late_s),
        travel_s=round(travel_s),
    )
