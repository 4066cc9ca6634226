"""How fast traffic really is in the demo, by the hour, the weekday and the part of the region.

The roads of Tower suppose other hours (`tower.road.traffic`): what they suppose is a prior, and
this is what there is to be learnt. Bikes pass by what holds cars.
"""

import math
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from tower.demo.regimes import Regime
from tower.domain.geometry import LatLon, distance_m

WEEKDAY = (
    *(0.96, 0.95, 0.95, 0.95, 0.96, 0.98),
    *(1.02, 1.15, 1.24, 1.07, 1.00, 1.02),
    *(1.10, 1.05, 1.01, 1.05, 1.20, 1.34),
    *(1.17, 1.03, 0.99, 0.97, 0.96, 0.96),
)
"""Driving over free flow at the full hours of a working day: sharper peaks than supposed, and less
in between."""

FRIDAY = (*WEEKDAY[:13], 1.10, 1.16, 1.27, 1.33, 1.30, 1.18, *WEEKDAY[19:])
"""People leave work sooner on Fridays."""

WEEKEND = (*(0.95,) * 9, 0.98, 1.05, 1.10, 1.06, 1.03, 1.04, 1.05, 1.06, 1.03, *(0.98,) * 6)

RUSH = 1.9
"""What the peaks of a rush day are over those of others."""

DAY_SPREAD = 0.025
"""Standard deviation of the logarithm of how a whole day differs from others."""

DEPOT_AREA, TOWN_AREA, FAR_AREA = (1_500.0, 1.5), (1_600.0, 1.3), (3_500.0, 0.35)
"""Radius in metres, and how strongly the hours are felt, around the depot, in the middle of the
stops, and around the stop farthest away."""

_FRIDAY, _SATURDAY = 4, 5


class Area(NamedTuple):
    """A part of the region where the hours are felt more or less than elsewhere."""

    centre: LatLon
    radius_m: float
    share: float


class Traffic(NamedTuple):
    """The traffic of one day.

    Attributes:
        hours: driving over free flow at the 24 full hours.
        areas: where it is different; the first that holds a place counts.
        day: what the whole day is over others of its kind.
    """

    hours: tuple[float, ...] = (1.0,) * 24
    areas: tuple[Area, ...] = ()
    day: float = 1.0

    def factor(self, where: LatLon, at_s: float) -> float:
        """Driving over free flow at a place and second of the day."""
        hour = at_s / 3600.0 % 24.0
        usual = float(np.interp(hour, np.arange(25), [*self.hours, self.hours[0]]))
        holding = (a for a in self.areas if distance_m(a.centre, where) <= a.radius_m)
        area = next(holding, None)
        return self.day * (1.0 + (usual - 1.0) * (area.share if area else 1.0))


def traffic_of(
    places: Sequence[LatLon],
    depot: LatLon,
    regime: Regime,
    weekday: int,
    rng: np.random.Generator,
) -> Traffic:
    """The traffic of a day.

    Args:
        places: of all stops.
        depot: where routes start.
        regime: what sort of day it is.
        weekday: 0 for Monday.
        rng: decides how the day differs from others.
    """
    peak = RUSH if regime is Regime.RUSH else 1.0
    hours = tuple(1.0 + peak * (one - 1.0) if one > 1.0 else one for one in _hours(weekday))
    day = math.exp(DAY_SPREAD * float(rng.normal()))
    return Traffic(hours, _areas(places, depot), day)


def _hours(weekday: int) -> Sequence[float]:
    if weekday >= _SATURDAY:
        return WEEKEND
    return FRIDAY if weekday == _FRIDAY else WEEKDAY


def _areas(places: Sequence[LatLon], depot: LatLon) -> tuple[Area, ...]:
    lat, lon = np.median(np.array(places), axis=0).tolist()
    farthest = max(places, key=lambda place: (distance_m(depot, place), place))
    centres = (depot, LatLon(lat, lon), farthest)
    sizes = (DEPOT_AREA, TOWN_AREA, FAR_AREA)
    return tuple(Area(centre, *size) for centre, size in zip(centres, sizes, strict=True))
