"""Where the operation works."""

from tower.conditions.port import Area
from tower.domain.geometry import LatLon
from tower.domain.state import State

_AROUND_DEG = 0.2
"""Degrees around a place of which nothing more is known."""


def area_of(state: State, home: LatLon | None) -> Area | None:
    """The box around all depots and stops, None where nobody knows of any place.

    Args:
        state: the shift.
        home: a place of the operation, where no shift tells more.
    """
    places = [entry.value.position for entry in state.depots.values()]
    places += [stop.plan.position for stop in state.stops.values() if stop.plan is not None]
    if places:
        lats, lons = zip(*places, strict=True)
        return Area(min(lats), min(lons), max(lats), max(lons))
    if home is None:
        return None
    around = _AROUND_DEG
    return Area(home.lat - around, home.lon - around, home.lat + around, home.lon + around)
