"""What the doors of the demo are in: the sort of building, the floor, and whether there is a lift.

The sort comes from the region's real buildings. OpenStreetMap seldom tells levels and lifts, so
those are made up: the same for a building in every shift, and the floor anew for every customer.
"""

from typing import Any, NamedTuple

import numpy as np

from tower.demo.chance import happens
from tower.domain.words import Building as Sort
from tower.road.buildings import Building

_SORTS = {
    Sort.HOUSE: (
        *("house", "outbuilding", "detached", "terrace", "semidetached_house", "bungalow"),
        *("hut", "cabin", "garage", "roof", "residential", "yes"),
    ),
    Sort.FLATS: ("apartments", "dormitory"),
    Sort.OFFICE: ("commercial", "office"),
    Sort.SHOP: ("retail", "supermarket", "kiosk", "restaurant", "pharmacy", "bank"),
    Sort.INDUSTRIAL: ("industrial", "warehouse"),
}
_SORT_OF = {kind: sort for sort, kinds in _SORTS.items() for kind in kinds}

LARGE_M2 = (600.0, 1_200.0)
"""Blocks of flats on more ground than these have a floor more each."""

LOWEST_BLOCK, HIGHER_SHARE = 3, 0.4
"""A block of flats has at least three floors, and this share of them one more."""

LIFT_SHARE = {1: 0.0, 2: 0.1, 3: 0.25, 4: 0.5}
"""Share of the buildings with a lift, by floors; nearly all higher ones have one."""

HIGH_LIFT_SHARE = 0.92

OFFICE_FLOORS = 3


class House(NamedTuple):
    """What stays the same of a building from shift to shift."""

    floors: int
    has_lift: bool


def sort_of(building: Building) -> Sort:
    """What sort of building it is, in the words of a manifest."""
    return _SORT_OF.get(building.kind, Sort.OTHER)


def house_at(building: Building) -> House:
    """The floors and the lift of a building: made up, and always the same for one place."""
    place = np.round(np.array(building.location) * 1e6).astype(np.int64) + 2**31
    rng = np.random.default_rng(place.tolist())
    floors, sort = 1, sort_of(building)
    if sort is Sort.FLATS:
        larger = sum(building.area_m2 > limit for limit in LARGE_M2)
        floors = LOWEST_BLOCK + larger + happens(HIGHER_SHARE, rng)
    elif sort is Sort.OFFICE:
        floors = int(rng.integers(1, OFFICE_FLOORS + 1))
    return House(floors, happens(LIFT_SHARE.get(floors, HIGH_LIFT_SHARE), rng))


def door_facts(building: Building, rng: np.random.Generator) -> dict[str, Any]:
    """What a manifest says of a customer's door, by the names of its fields.

    Floor and lift are told of flats and offices only.

    Args:
        building: where the customer is.
        rng: picks the floor.
    """
    facts = {"postcode": building.postcode, "building": sort_of(building)}
    if facts["building"] not in (Sort.FLATS, Sort.OFFICE):
        return facts
    house = house_at(building)
    return facts | {"floor": int(rng.integers(house.floors)), "has_lift": house.has_lift}
