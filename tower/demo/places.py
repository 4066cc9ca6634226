"""Which buildings are delivered to, and by whom: compact areas along a space-filling curve."""

from collections import defaultdict
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from tower.demo.plan import DemoCarrier
from tower.domain.geometry import LatLon, distance_m
from tower.domain.words import VehicleKind
from tower.road.buildings import Building

BIKE_REACH_M = 3_500.0
"""Cargo bikes serve nothing farther from the depot than this, metres."""

HILBERT_ORDER = 10


ZONE_RADIUS_M = 600.0
"""How far the low-emission zone reaches from its middle, metres."""

SHOPS, SHOPS_APART_M = 4, 2_500.0
"""Where parcels may be collected: so many shops, at least so many metres apart."""

_CELL_DEG = 0.002


class Zone(NamedTuple):
    """Where only low-emission vehicles may drive: a circle."""

    centre: LatLon
    radius_m: float

    def holds(self, place: LatLon) -> bool:
        """True for a place inside."""
        return distance_m(self.centre, place) <= self.radius_m


def old_town(buildings: Sequence[Building]) -> Zone:
    """The low-emission zone: around the middle of the quarter with most shops and offices."""
    shops = [b for b in buildings if b.kind in ("retail", "commercial", "office")]
    cells: dict[tuple[int, int], list[LatLon]] = defaultdict(list)
    for building in shops or buildings:
        lat, lon = building.location
        cells[round(lat / _CELL_DEG), round(0.67 * lon / _CELL_DEG)].append(building.location)
    busiest = max(cells.values(), key=lambda places: (len(places), places[0]))
    lat, lon = np.median(np.array(busiest), axis=0).tolist()
    return Zone(LatLon(lat, lon), ZONE_RADIUS_M)


def shops(buildings: Sequence[Building], depot: LatLon) -> list[Building]:
    """The largest shops, no two of them close to each other or to the depot."""
    found: list[Building] = []
    trade = [one for one in buildings if one.kind in ("retail", "commercial") and one.street]
    for shop in sorted(trade, key=lambda one: (one.kind != "retail", -one.area_m2)):
        others = [depot, *(one.location for one in found)]
        if all(distance_m(shop.location, other) > SHOPS_APART_M for other in others):
            found.append(shop)
        if len(found) == SHOPS:
            break
    return found


class Territory(NamedTuple):
    """The buildings one route serves, before they are put in order."""

    carrier: DemoCarrier
    buildings: list[Building]


def divide(
    buildings: Sequence[Building],
    depot: LatLon,
    fleet: Sequence[DemoCarrier],
    rng: np.random.Generator,
) -> list[Territory]:
    """Give every carrier its customers, and cut them into compact territories.

    Carriers overlap as they do in a real town: each serves the whole region, bikes what they
    reach.

    Raises:
        ValueError: the region has fewer buildings than a tenth of what the fleet serves.
    """
    wanted = sum(carrier.vehicles * carrier.stops_per_route for carrier in fleet)
    if len(buildings) * 10 < wanted:
        raise ValueError(f"the region has {len(buildings)} buildings, too few for {wanted} stops")
    free = [buildings[int(index)] for index in rng.permutation(len(buildings))]
    territories = []
    for carrier in sorted(fleet, key=lambda carrier: carrier.vehicle_kind not in _SHORT_LEGS):
        chosen, free = _take(carrier, free, depot)
        size = carrier.stops_per_route
        ordered = _along_hilbert(chosen)
        territories += [
            Territory(carrier, ordered[start : start + size])
            for start in range(0, len(ordered), size)
        ]
    return territories


_SHORT_LEGS = (VehicleKind.CARGO_BIKE,)


def _take(
    carrier: DemoCarrier, free: list[Building], depot: LatLon
) -> tuple[list[Building], list[Building]]:
    """The carrier's share of the free buildings, near ones first for bikes, and the rest.

    In a small region a building may be delivered to more than once.
    """
    count = carrier.vehicles * carrier.stops_per_route
    near = free
    if carrier.vehicle_kind in _SHORT_LEGS:
        reached = [b for b in free if distance_m(b.location, depot) < BIKE_REACH_M]
        near = reached if len(reached) * 10 >= count else free
    chosen = [near[index % len(near)] for index in range(count)]
    taken = set(map(id, chosen))
    rest = [building for building in free if id(building) not in taken]
    return chosen, rest or free


def _along_hilbert(buildings: list[Building]) -> list[Building]:
    lat = np.array([building.location.lat for building in buildings])
    lon = np.array([building.location.lon for building in buildings])
    # One scale for both axes keeps the cells square on the ground.
    height, width = np.ptp(lat), np.ptp(lon) * np.cos(np.radians(lat.mean()))
    scale = ((1 << HILBERT_ORDER) - 1) / max(height, width, 1e-9)
    y = ((lat - lat.min()) * scale).astype(np.int64)
    x = ((lon - lon.min()) * np.cos(np.radians(lat.mean())) * scale).astype(np.int64)
    return [buildings[int(index)] for index in np.argsort(_hilbert(x, y), kind="stable")]


def _hilbert(x: NDArray[np.int64], y: NDArray[np.int64]) -> NDArray[np.int64]:
    """Distance along the Hilbert curve (Wikipedia, "Hilbert curve", xy2d)."""
    last, distance = (1 << HILBERT_ORDER) - 1, np.zeros_like(x)
    side = 1 << (HILBERT_ORDER - 1)
    while side:
        right, upper = (x & side) > 0, (y & side) > 0
        distance += side * side * ((3 * right) ^ upper)
        flip = right & ~upper
        x, y = np.where(flip, last - x, x), np.where(flip, last - y, y)
        x, y = np.where(upper, x, y), np.where(upper, y, x)
        side >>= 1
    return distance


def in_driving_order(buildings: Sequence[Building], depot: LatLon) -> list[Building]:
    """A short round trip from the depot: nearest neighbour improved by 2-opt (Croes 1958)."""
    points = [depot, *(building.location for building in buildings)]
    matrix = np.array([[distance_m(a, b) for b in points] for a in points])
    tour = _improve(_nearest_neighbour(matrix), matrix)
    return [buildings[index - 1] for index in tour[1:]]


def _nearest_neighbour(matrix: NDArray[np.float64]) -> list[int]:
    tour, left = [0], set(range(1, len(matrix)))
    while left:
        nearest = min(left, key=lambda index: (matrix[tour[-1], index], index))
        tour.append(nearest)
        left.remove(nearest)
    return tour


def _improve(tour: list[int], matrix: NDArray[np.float64]) -> list[int]:
    size, improved = len(tour), True
    while improved:
        improved = False
        for i in range(1, size - 1):
            for j in range(i + 1, size):
                after = tour[(j + 1) % size]
                old = matrix[tour[i - 1], tour[i]] + matrix[tour[j], after]
                new = matrix[tour[i - 1], tour[j]] + matrix[tour[i], after]
                if new < old - 1e-6:
                    tour[i : j + 1] = tour[i : j + 1][::-1]
                    improved = True
    return tour
