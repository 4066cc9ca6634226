"""How the rest of a route begins: from a door, on the way, or before the vehicle has left."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

import numpy as np

from tower.domain.geometry import LatLon
from tower.domain.records import Break
from tower.eta.course import Course
from tower.eta.model import Floats
from tower.eta.schedule import counts_from, share_left
from tower.eta.sheet import RouteSheet
from tower.eta.whereabouts import Track

_NAN = float("nan")
_WHOLE_SHARE, _WHOLE_SLACK_S = 0.9, 15.0
"""A leg of which so much is left, give or take some seconds, has not been begun; what the roads
said of the whole of it may be some minutes old."""


class Start(NamedTuple):
    """How the rest of a route begins; times in seconds from now.

    Attributes:
        begins_s: from when the rest of the first leg counts; where the vehicle stands at a door,
            when it came there.
        to_leave: it has not left yet.
        first_s: what was left of the first leg then.
        since_s: when it set off, at most 0; nan where it has not or nobody knows.
        breaks: the rests still to be taken.
    """

    begins_s: float
    to_leave: bool
    first_s: float
    since_s: float
    breaks: tuple[Break, ...]


def start_of(course: Course, sheet: RouteSheet, now: datetime) -> Start:
    """How the rest of a route begins.

    Args:
        course: the route, with at least one stop left.
        sheet: of that route.
        now: the present, UTC.
    """
    known = sheet.track.at(now, _last_seen(course, sheet))
    if sheet.is_here:
        return Start(sheet.arrived_s - now.timestamp(), False, 0.0, _NAN, known.breaks)
    left_at = known.left_at
    to_leave = left_at is not None and left_at > now
    since_s = _set_off_s(sheet.track, left_at, now)
    if course.left_s is not None:
        begins_s = (left_at - now).total_seconds() if left_at and to_leave else 0.0
        return Start(begins_s, to_leave, course.left_s, since_s, known.breaks)
    plan, position = course.stops[sheet.order[0]].plan, course.position
    share = share_left(known.origin, position, plan.position) if plan else 1.0
    begins = counts_from(position, course.fix_at, now, left_at)
    first_s = float(sheet.legs_s[0]) * share
    return Start((begins - now).total_seconds(), to_leave, first_s, since_s, known.breaks)


def _set_off_s(track: Track, left_at: datetime | None, now: datetime) -> float:
    """When the vehicle set off on the leg it is on, seconds from now; nan where it has not."""
    told = track.next_stop.underway.at if track.next_stop and track.next_stop.underway else None
    known = [at for at in (left_at, told) if at is not None]
    return (max(known) - now).total_seconds() if known and max(known) <= now else _NAN


def break_columns(starts: Sequence[Start], now: datetime) -> Floats:
    """`(3, b, r)` when each rest may begin, has to have begun, and how long it takes, seconds."""
    most = max((len(one.breaks) for one in starts), default=0)
    found = np.full((3, most, len(starts)), np.inf)
    for route, start in enumerate(starts):
        for place, one in enumerate(start.breaks):
            earliest_s = (one.earliest - now).total_seconds()
            latest_s = (one.latest - now).total_seconds()
            found[:, place, route] = earliest_s, latest_s, one.duration_s
    return found


def _last_seen(course: Course, sheet: RouteSheet) -> LatLon | None:
    """Where the vehicle was; nobody who has the whole leg left has left the door before."""
    if course.left_s is None:
        return course.position
    is_whole = course.left_s >= _WHOLE_SHARE * sheet.legs_s[0] - _WHOLE_SLACK_S
    return sheet.track.origin if is_whole else None
