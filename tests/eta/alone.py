"""One route by itself: what all of them together are held against."""

from collections.abc import Sequence
from datetime import datetime

from tower.domain.geometry import LatLon
from tower.domain.records import Route, Stop
from tower.domain.words import Punctuality
from tower.eta.schedule import AS_PLANNED, Arrival, Whereabouts, itinerary
from tower.eta.standing import AHEAD, Standing


def project(
    stops: Sequence[Stop],
    legs_s: Sequence[float],
    position: LatLon | None,
    fix_at: datetime | None,
    now: datetime,
    whereabouts: Whereabouts = AS_PLANNED,
) -> list[Arrival]:
    """The arrivals of an itinerary."""
    return itinerary(stops, legs_s, position, fix_at, now, whereabouts).arrivals


def standing(
    route: Route, remaining: Sequence[Stop], arrivals: Sequence[Arrival], now: datetime
) -> Standing:
    """A route summed up, a stop at a time."""
    if not remaining or route.finished_at is not None:
        return Standing(punctuality=Punctuality.DONE)
    words = [arrival.punctuality for arrival in arrivals]
    soon = [a.punctuality for a in arrivals if a.p50 <= now + AHEAD] or words[:1]
    return Standing(
        punctuality=_worst(soon) if route.started_at else Punctuality.IDLE,
        delay_s=_delay_s(remaining[0], arrivals[0]),
        next_stop_id=remaining[0].id,
        late=words.count(Punctuality.LATE),
        at_risk=words.count(Punctuality.AT_RISK),
    )


def _worst(words: Sequence[Punctuality]) -> Punctuality:
    for word in (Punctuality.LATE, Punctuality.AT_RISK):
        if word in words:
            return word
    return Punctuality.ON_TIME


def _delay_s(stop: Stop, arrival: Arrival) -> float:
    planned = stop.plan.planned_at if stop.plan else None
    return (arrival.p50 - planned).total_seconds() if planned else 0.0
