"""What is known of a delivery the moment it is accepted: time and places.

Its own, and those of what was accepted at the same place before it. Nothing here looks at when
anything was delivered.
"""

import numpy as np
from scipy.spatial import cKDTree

from tests.benchmarks._lade_rows import Deliveries
from tower.eta.learning.quantiles import Table
from tower.eta.model import Floats

NAMES = (
    "hour",
    "weekday",
    "km",
    "east_km",
    "north_km",
    "from_east_km",
    "from_north_km",
    "accepted_15",
    "accepted_60",
    "accepted_before",
    "nearer",
    "within_1_km",
    "within_3_km",
    "nearest_km",
    "since_min",
    "centre_km",
)

_SAME_PLACE_KM, _SAME_ROUND_H = 0.3, 24.0
_BEFORE = 64
"""So many of those accepted before are looked at, the newest first."""

_KM_A_DEGREE = 111.2
_HOUR_S, _DAY_S, _MIN_S = 3_600.0, 86_400.0, 60.0
_THURSDAY = 3
"""The weekday of 1970-01-01."""


def features_of(given: Deliveries) -> Table:
    """`(n, len(NAMES))` what is known of each delivery when it is accepted."""
    start, end = _plane(given.start, given), _plane(given.end, given)
    way = end - start
    own = (
        given.accepted % _DAY_S / _HOUR_S,
        (given.accepted // _DAY_S + _THURSDAY) % 7,
        given.km,
        way[:, 0],
        way[:, 1],
        start[:, 0],
        start[:, 1],
    )
    return np.column_stack((*own, *_company(given, start, end))).astype(np.float32)


def _plane(places: Floats, given: Deliveries) -> Floats:
    """`(n, 2)` kilometres east and north of the middle of all places of acceptance."""
    middle = np.median(given.start, axis=0)
    north = (places[:, 0] - middle[0]) * _KM_A_DEGREE
    east = (places[:, 1] - middle[1]) * _KM_A_DEGREE * np.cos(np.radians(middle[0]))
    return np.column_stack((east, north))


def _company(given: Deliveries, start: Floats, end: Floats) -> tuple[Floats, ...]:
    """What was accepted at the same place before: how much, how near each other it goes."""
    index, known = _accepted_before(given, start)
    since_min = np.where(known, (given.accepted[:, None] - given.accepted[index]) / _MIN_S, np.inf)
    apart = np.linalg.norm(end[:, None, :] - end[index], axis=2)
    apart_km = np.where(known, apart, np.inf)
    count = known.sum(axis=1)
    nobody = np.where(count == 0, np.nan, 1.0)
    centre = (end[index] * known[:, :, None]).sum(axis=1) / np.maximum(count, 1)[:, None]
    hour = since_min <= 60.0
    return (
        (since_min <= 15.0).sum(axis=1),
        hour.sum(axis=1),
        count,
        (hour & (given.km[index] < given.km[:, None])).sum(axis=1),
        (apart_km <= 1.0).sum(axis=1),
        (apart_km <= 3.0).sum(axis=1),
        np.where(count == 0, np.nan, apart_km.min(axis=1)),
        np.where(count == 0, np.nan, since_min.min(axis=1)),
        np.linalg.norm(end - centre, axis=1) * nobody,
    )


def _accepted_before(given: Deliveries, start: Floats) -> tuple[np.ndarray, np.ndarray]:
    """`(n, k)` indices of those accepted at the same place within a day before, and which count.

    Those accepted in the very same minute count as before: they are handed over together.
    """
    hours = given.accepted / _HOUR_S
    points = np.column_stack((start / _SAME_PLACE_KM, (hours - hours.min()) / _SAME_ROUND_H))
    neighbours = min(4 * _BEFORE, len(points) - 1) + 1
    far, index = cKDTree(points).query(points, k=neighbours, distance_upper_bound=1.0)
    shape = (len(points), neighbours)
    within = np.isfinite(np.asarray(far).reshape(shape))
    index = np.where(within, np.asarray(index).reshape(shape), 0)
    rows = np.arange(len(points))[:, None]
    known = within & (index != rows) & (given.accepted[index] <= given.accepted[:, None])
    newest = np.argsort(np.where(known, -given.accepted[index], np.inf), axis=1, kind="stable")
    keep = newest[:, : min(_BEFORE, neighbours)]
    return np.take_along_axis(index, keep, axis=1), np.take_along_axis(known, keep, axis=1)
