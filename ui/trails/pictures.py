"""A trail as the map shows it: speeds in classes, times, stays, stretches off the line."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from tower.domain.geometry import LatLon
from tower.domain.moments import utc
from tower.road.geometry import Bounds, FloatArray
from tower.watch.words import metres
from ui.map.pasttrails import MapTrail, TrailMoment, TrailStay, TrailStretch, TrailTick
from ui.map.scene import shape_bytes
from ui.trails.planned import Stray
from ui.trails.standing import Standing
from ui.trails.trail import Trail
from ui.trails.words import Clock, Room, span_words, stay_words

BOUNDS_KMH = (10, 30, 50, 80)
"""Where one class of speed ends and the next begins: walking, streets, town roads, country."""

GAP = 255
"""The class of a step without signal."""

_TICK_S = 300
_LATE_S = 60.0
_WEIGHTS_S = (3600, 1800, 900, 300)


class Beside(NamedTuple):
    """What is drawn beside the trail itself.

    Attributes:
        strays: where it was away from the planned line.
        planned: that line, `(n, 2)` degrees; None for none.
        moment: a marked moment with its words.
    """

    strays: Sequence[Stray] = ()
    planned: FloatArray | None = None
    moment: tuple[datetime, str] | None = None


def picture(
    vehicle_id: str,
    label: str,
    trail: Trail,
    stays: Sequence[Standing],
    room: Room,
    beside: Beside | None = None,
) -> MapTrail:
    """A trail for the map.

    Args:
        vehicle_id: whose.
        label: what people call it.
        trail: where it was.
        stays: where it stood on that trail.
        room: what is said with.
        beside: what is drawn with it.
    """
    extra = beside or Beside()
    return MapTrail(
        id=vehicle_id,
        label=label,
        points=shape_bytes(trail.lat_lon),
        steps=speed_classes(trail, stays).tobytes(),
        stays=tuple(
            TrailStay(one.at.lat, one.at.lon, span_words(one.lasted), stay_words(room, one))
            for one in sorted(stays, key=lambda one: one.lasted, reverse=True)
        ),
        ticks=tuple(ticks(trail, room.clock)),
        strays=tuple(_stretch(one, room.clock) for one in extra.strays),
        moment=_marked(trail, extra.moment) if extra.moment else None,
        planned=b"" if extra.planned is None else shape_bytes(extra.planned),
    )


def speed_classes(trail: Trail, stays: Iterable[Standing] = ()) -> NDArray[np.uint8]:
    """The class of each step of a trail; silence while it stood counts as standing."""
    if len(trail) < 2:
        return np.zeros(0, dtype=np.uint8)
    classes = np.searchsorted(BOUNDS_KMH, trail.steps_kmh, side="right").astype(np.uint8)
    silent = trail.gaps
    for stay in stays:
        silent[stay.first : stay.last] = False
    classes[silent] = GAP
    return classes


def ticks(trail: Trail, clock: Clock) -> Iterable[TrailTick]:
    """Times beside the trail: its begin and end, full hours, halves, quarters, five minutes."""
    if not len(trail):
        return
    last = len(trail) - 1
    yield TrailTick(0, clock(trail.since))
    if last:
        yield TrailTick(last, clock(trail.until))
    first_s = float(np.ceil(trail.at_s[0] / _TICK_S)) * _TICK_S
    wanted = np.arange(first_s, float(trail.at_s[-1]), _TICK_S)
    places = np.searchsorted(trail.at_s, wanted)
    seen = trail.at_s[places] - wanted <= _LATE_S
    for weight in _WEIGHTS_S:
        for at, place in zip(wanted[seen].tolist(), places[seen].tolist(), strict=True):
            if _weight(at) == weight:
                yield TrailTick(place, clock(utc(at)))


def _weight(at_s: float) -> int:
    return next(weight for weight in _WEIGHTS_S if at_s % weight == 0)


def _stretch(stray: Stray, clock: Clock) -> TrailStretch:
    span = f"{clock(stray.since)}–{clock(stray.until)}"
    words = f"Off the planned line {span}, up to {metres(stray.farthest_m)} away"
    return TrailStretch(stray.first, stray.last, words)


def _marked(trail: Trail, moment: tuple[datetime, str]) -> TrailMoment | None:
    if not len(trail):
        return None
    at, words = moment
    place = place_at(trail, at)
    return TrailMoment(place.lat, place.lon, words)


def place_at(trail: Trail, at: datetime) -> LatLon:
    """Where a vehicle was at a moment, between two positions on the straight line."""
    seconds = at.timestamp()
    lat, lon = (float(np.interp(seconds, trail.at_s, trail.lat_lon[:, axis])) for axis in (0, 1))
    return LatLon(lat, lon)


def box_of(*lines: FloatArray) -> Bounds | None:
    """The rectangle around lines `(n, 2)` of degrees; None where there is no point."""
    points = np.concatenate([line.reshape(-1, 2) for line in lines]) if lines else np.empty((0, 2))
    if not len(points):
        return None
    (south, west), (north, east) = points.min(axis=0).tolist(), points.max(axis=0).tolist()
    return Bounds(south, west, north, east)
