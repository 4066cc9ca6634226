"""How a whole route stands: what colours its vehicle and sorts the list."""

from collections.abc import Sequence
from datetime import datetime, timedelta

import msgspec

from tower.domain.records import Route, Stop
from tower.domain.words import Punctuality
from tower.eta.schedule import Arrival

AHEAD = timedelta(minutes=60)
"""Only stops expected this soon colour the vehicle: later ones can still be helped."""


class Standing(msgspec.Struct, frozen=True, kw_only=True):
    """How a route stands now.

    Attributes:
        punctuality: the worst of the stops expected within the hour; done, or idle before start.
        delay_s: seconds behind the plan of the day at the next stop, negative where early.
        next_stop_id: the first stop not done, "" where none is left.
        late: stops predicted late, however far ahead.
        at_risk: stops predicted at risk, however far ahead.
    """

    punctuality: Punctuality
    delay_s: float = 0.0
    next_stop_id: str = ""
    late: int = 0
    at_risk: int = 0


def standing(
    route: Route, remaining: Sequence[Stop], arrivals: Sequence[Arrival], now: datetime
) -> Standing:
    """Sum up a route.

    Args:
        route: the route.
        remaining: its stops not done, in driving order.
        arrivals: `project` of them.
        now: the present, UTC.
    """
    if not remaining or not arrivals or route.finished_at is not None:
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
