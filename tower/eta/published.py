"""The arrival a customer sees: a prediction kept calm and rounded outward.

A prediction may move with every fix; what a customer was told may not. It is wide enough to be
true, and it is only changed where it no longer holds, or can be said much more exactly. The window
promised to the customer is another thing and is never touched by it.
"""

import math
from datetime import datetime, timedelta
from functools import lru_cache

import numpy as np

from tower.domain.moments import utc
from tower.domain.records import PublishedArrival, StopPlan
from tower.eta.model import Floats
from tower.eta.schedule import Arrival

FAR, NEAR = timedelta(hours=2), timedelta(hours=1)
"""From two hours ahead on half an hour is told, in quarters of an hour; to one hour ahead a
quarter of an hour at least, in quarters; nearer in steps of five minutes."""

WIDE, NARROW = timedelta(minutes=30), timedelta(minutes=15)

END_MARGIN = timedelta(minutes=3)
"""P50 this close to the end of what was told: it is about to be wrong."""

SETTLES = timedelta(minutes=10)
"""What was told is not moved again so soon, unless P50 has left it."""

SHARPENS_AFTER, SHARPER = timedelta(minutes=15), 0.6
"""Told for so long, it is replaced by what is at most this share as wide."""

_SHARPENED = "known more exactly"

_QUARTER_S, _FIVE_S, _MINUTE_S = 900.0, 300.0, 60.0


def publish(
    known: PublishedArrival | None,
    arrival: Arrival,
    plan: StopPlan,
    now: datetime,
    why: str = "",
) -> PublishedArrival | None:
    """What a customer is to be told from now on; None to leave what was told as it is.

    Args:
        known: what was told, None where nothing was.
        arrival: as it is predicted.
        plan: of the stop; nobody is at the door before a hard window opens.
        now: the present, UTC.
        why: what moves the arrival, in a word or two, where that is known.
    """
    if arrival.p50 < now:
        return None
    arrival = _not_before_door_opens(arrival, plan)
    fresh = _told(arrival, now)
    if known is None:
        return fresh
    because = _reason(known, fresh, arrival.p50, now)
    if not because:
        return None
    says_what_moved = why and because != _SHARPENED
    return _with_reason(fresh, f"{because}: {why}" if says_what_moved else because)


def soonest_told(told_s: Floats, now_s: float) -> Floats:
    """`(n,)` no customer is told to expect us sooner than this, seconds since 1970.

    Args:
        told_s: `(n, 3)` seconds from now to P10, P50 and P90.
        now_s: the present, likewise.
    """
    widest_s = WIDE.total_seconds() / 2.0
    soonest_s = np.minimum(told_s[:, 0], told_s[:, 1] - widest_s) - _QUARTER_S
    present_s = math.ceil(now_s / _MINUTE_S) * _MINUTE_S
    return np.maximum(now_s + soonest_s, present_s)


def _not_before_door_opens(arrival: Arrival, plan: StopPlan) -> Arrival:
    opens = plan.window_start if plan.window_is_hard else None
    if opens is None or opens <= arrival.p10:
        return arrival
    return Arrival(
        stop_id=arrival.stop_id,
        p10=opens,
        p50=max(opens, arrival.p50),
        p90=max(opens, arrival.p90),
        punctuality=arrival.punctuality,
    )


def _told(arrival: Arrival, now: datetime) -> PublishedArrival:
    """P10 to P90 rounded outward, wide enough, and not in the past."""
    ahead = arrival.p50 - now
    grain_s = _QUARTER_S if ahead >= NEAR else _FIVE_S
    half = (WIDE if ahead >= FAR else NARROW) / 2
    earliest, latest = min(arrival.p10, arrival.p50 - half), max(arrival.p90, arrival.p50 + half)
    start = max(_down(earliest, grain_s), _up(now, _MINUTE_S))
    return PublishedArrival(start=start, end=_up(max(latest, start + NARROW), grain_s), at=now)


def _reason(known: PublishedArrival, fresh: PublishedArrival, p50: datetime, now: datetime) -> str:
    """Why what was told has to change, "" where it holds."""
    age = now - known.at
    if p50 < known.start:
        return f"{_minutes(known.start - fresh.start)} min earlier"
    if p50 > known.end or (p50 > known.end - END_MARGIN and age >= SETTLES):
        return f"{_minutes(fresh.end - known.end)} min later"
    is_sharper = fresh.end - fresh.start <= SHARPER * (known.end - known.start)
    return _SHARPENED if is_sharper and age >= SHARPENS_AFTER else ""


def _with_reason(fresh: PublishedArrival, because: str) -> PublishedArrival:
    return PublishedArrival(start=fresh.start, end=fresh.end, at=fresh.at, because=because)


def _minutes(span: timedelta) -> int:
    return max(1, round(span / timedelta(minutes=1)))


def _down(at: datetime, grain_s: float) -> datetime:
    return _moment(math.floor(at.timestamp() / grain_s) * grain_s)


def _up(at: datetime, grain_s: float) -> datetime:
    return _moment(math.ceil(at.timestamp() / grain_s) * grain_s)


@lru_cache(maxsize=1_024)
def _moment(seconds: float) -> datetime:
    """One for all customers who are told the same quarter of an hour."""
    return utc(seconds)
