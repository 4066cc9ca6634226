"""Whether places can be right: in range, somewhere, and not with lat and lon swapped."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from statistics import median

from tower.carriers.manifest.entries import DepotEntry, Placed, Problem, StopEntry
from tower.domain.geometry import (
    DATE_LINE_DEG,
    POLE_DEG,
    LatLon,
    distance_m,
    is_null_island,
    is_on_earth,
)
from tower.domain.state import State

FAR_M = 300_000.0
"""No van's stop lies further than this from the middle of its shift."""

STOPS_OF_A_MIDDLE = 3
"""A route with fewer stops has no middle to speak of."""


def place_problem(line: int, lat: float, lon: float) -> Problem | None:
    """What is wrong with a place by itself, None where nothing is."""
    if not is_on_earth(lat, lon) and is_on_earth(lon, lat):
        message = f"Latitude {lat:g} is out of range; lat and lon look swapped."
        return Problem(line=line, field="lat", message=message)
    if not abs(lat) <= POLE_DEG:
        return Problem(line=line, field="lat", message=f"Latitude {lat:g} is out of range.")
    if not abs(lon) <= DATE_LINE_DEG:
        return Problem(line=line, field="lon", message=f"Longitude {lon:g} is out of range.")
    if is_null_island(lat, lon):
        message = "The place is (0, 0), which means that nobody filled it in."
        return Problem(line=line, field="lat", message=message)
    return None


def swapped(
    stops: Sequence[Placed[StopEntry]],
    depots: Sequence[Placed[DepotEntry]],
    near: LatLon | None = None,
) -> dict[int, Problem]:
    """Stops that are far from all else, and near with lat and lon swapped, by list index.

    Near is measured from the median of the stop's route, where that has three stops, and from
    that of all stops. Where all depots are far from the latter and near it when swapped, it is
    the stops, taken together, that cannot be trusted. `near`, where the operation is known to
    work, is believed before all of these.
    """
    if not stops:
        return {}
    at_home = {
        index: _swapped_problem(stop)
        for index, stop in enumerate(stops)
        if near is not None and _looks_swapped(stop.entry, near)
    }
    if at_home:
        return at_home
    middle = _middle(stops)
    if depots and all(_looks_swapped(depot.entry, middle) for depot in depots):
        return dict(enumerate(_contradicted(stops, depots[0].entry.id)))
    of_route = _middles_of_routes(stops)
    return {
        index: _swapped_problem(stop)
        for index, stop in enumerate(stops)
        if _looks_swapped(stop.entry, middle)
        or _looks_swapped(stop.entry, of_route.get(stop.entry.route, middle))
    }


def _contradicted(stops: Sequence[Placed[StopEntry]], depot_id: str) -> Iterator[Problem]:
    message = f"The stops are near depot {depot_id} only with lat and lon swapped in one of both."
    return (Problem(line=stop.line, field="lat", message=message) for stop in stops)


def _middles_of_routes(stops: Sequence[Placed[StopEntry]]) -> dict[str, LatLon]:
    of_route: dict[str, list[Placed[StopEntry]]] = defaultdict(list)
    for stop in stops:
        of_route[stop.entry.route].append(stop)
    return {route: _middle(own) for route, own in of_route.items() if len(own) >= STOPS_OF_A_MIDDLE}


def _middle(stops: Sequence[Placed[StopEntry]]) -> LatLon:
    return LatLon(
        median(stop.entry.lat for stop in stops), median(stop.entry.lon for stop in stops)
    )


def _looks_swapped(entry: StopEntry | DepotEntry, middle: LatLon) -> bool:
    if not is_on_earth(entry.lon, entry.lat):
        return False
    as_given, turned = LatLon(entry.lat, entry.lon), LatLon(entry.lon, entry.lat)
    return distance_m(as_given, middle) > FAR_M >= distance_m(turned, middle)


def _swapped_problem(stop: Placed[StopEntry]) -> Problem:
    message = "This place is far from all others, and near them with lat and lon swapped."
    return Problem(line=stop.line, field="lat", message=message)


def home_of(state: State) -> LatLon | None:
    """Where the operation works: the middle of its depots, else of its stops; None with neither."""
    places = [entry.value.position for entry in state.depots.values()] or [
        stop.plan.position for stop in state.stops.values() if stop.plan is not None
    ]
    if not places:
        return None
    return LatLon(median(place.lat for place in places), median(place.lon for place in places))
