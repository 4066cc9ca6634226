"""When a vehicle that makes a detour is off the line of its route."""

from collections.abc import Mapping, Sequence

import numpy as np

from tower.demo.happenings import Happenings, Mishap
from tower.demo.plan import Drive, Life
from tower.demo.promise import Promise
from tower.domain.geometry import LatLon
from tower.road.ruler import Ruler

OFF_LINE_M = 300.0
"""Farther from the line than parking and the other side of the road explain, metres."""

_STEP_S = 10.0


def strays(
    promise: Promise, life: Life, happenings: Happenings
) -> Mapping[str, tuple[float, float]]:
    """For each stop with a detour before it, when the vehicle is off the line for longest.

    Args:
        promise: the route, with the legs it was to drive; all of them are its line.
        life: what it drove.
        happenings: where it made detours.
    """
    found = {}
    line = [Ruler(leg.shape, leg.shape_times_s) for leg in promise.legs]
    before_s = life.starts_s
    for visit in life.visits:
        if happenings.mishaps.get(visit.stop_id) is Mishap.DETOUR:
            driven = [d for d in life.drives if before_s <= d.starts_s < visit.arrives_s]
            span = _off_line(driven, line)
            if span is not None:
                found[visit.stop_id] = span
        before_s = visit.arrives_s
    return found


def _off_line(drives: Sequence[Drive], line: Sequence[Ruler]) -> tuple[float, float] | None:
    times = np.concatenate([np.add(drive.times_s, drive.starts_s) for drive in drives])
    points = np.concatenate([np.array(drive.shape).reshape(-1, 2) for drive in drives]) / 1e6
    moments = np.arange(times[0], times[-1], _STEP_S)
    lat, lon = (np.interp(moments, times, points[:, axis]) for axis in (0, 1))
    places = (LatLon(*place) for place in zip(lat.tolist(), lon.tolist(), strict=True))
    off = [min(leg.locate(place).offset_m for leg in line) > OFF_LINE_M for place in places]
    edges = np.flatnonzero(np.diff([False, *off, False]))
    if not len(edges):
        return None
    longest = int(np.argmax(edges[1::2] - edges[::2]))
    begin_s = float(moments[edges[2 * longest]])
    return begin_s, begin_s + _STEP_S * int(edges[2 * longest + 1] - edges[2 * longest])
