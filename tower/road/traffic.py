"""How much longer driving takes by the hour, before anything has been learnt.

The table is an assumption: the two humps of the day in a mid-size European town, near free
flow at night, 12-18 % longer in the day, 32 % in the evening peak. Learnt factors are to replace
it.
"""

from datetime import datetime, tzinfo

import numpy as np

from tower.road.geometry import FloatArray
from tower.road.roads import Profile

_WEEKDAY = (
    *(1.00, 1.00, 1.00, 1.00, 1.00, 1.02),
    *(1.08, 1.24, 1.22, 1.14, 1.12, 1.14),
    *(1.16, 1.15, 1.15, 1.18, 1.27, 1.32),
    *(1.22, 1.12, 1.06, 1.03, 1.01, 1.00),
)
_WEEKEND = (
    *(1.00, 1.00, 1.00, 1.00, 1.00, 1.00),
    *(1.00, 1.01, 1.03, 1.06, 1.10, 1.12),
    *(1.12, 1.11, 1.10, 1.10, 1.10, 1.09),
    *(1.07, 1.05, 1.03, 1.02, 1.01, 1.00),
)


_DAY_S, _WEEK_S = 86_400.0, 604_800.0
_WEEK = np.array([*(_WEEKDAY * 5), *(_WEEKEND * 2), _WEEKDAY[0]])
"""The full hours of a week, Monday first, and the one after them."""

_RISES = np.diff(_WEEK, append=_WEEK[-1])
"""How much each hour adds."""


def traffic_factor(departure: datetime | None, zone: tzinfo, profile: Profile) -> float:
    """Travel time over free-flow time for a departure; 1.0 for bicycles, and without one.

    Linear between the full hours, so that a minute's delay never makes a jump.

    Args:
        departure: An aware time, or None for free flow.
        zone: Time zone of the roads.
        profile: Who travels.

    Raises:
        ValueError: The departure has no time zone.
    """
    if departure is None:
        return 1.0
    if departure.tzinfo is None:
        message = "A departure needs a time zone."
        raise ValueError(message)
    if profile is Profile.BICYCLE:
        return 1.0
    return float(traffic_factors(departure, np.zeros(1), zone, profile)[0])


def traffic_factors(
    start: datetime, ahead_s: FloatArray, zone: tzinfo, profile: Profile
) -> FloatArray:
    """`traffic_factor` for many departures.

    Args:
        start: An aware time.
        ahead_s: ``(n,)`` seconds after it that each departs.
        zone: Time zone of the roads.
        profile: Who travels.
    """
    if profile is Profile.BICYCLE:
        return np.ones(len(ahead_s))
    local = start.astimezone(zone)
    midnight_s = local.weekday() * _DAY_S
    since_s = midnight_s + local.hour * 3600.0 + local.minute * 60.0 + local.second
    hours = (since_s + ahead_s) % _WEEK_S / 3600.0
    full = hours.astype(np.intp)  # np.interp would let other threads go on, at every route
    factors: FloatArray = _WEEK[full] + _RISES[full] * (hours - full)
    return factors
