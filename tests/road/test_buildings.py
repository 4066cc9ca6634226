"""What a building is, and what its address is taken to be."""

from pathlib import Path

import pytest

from tests.road.town import Town, ladder
from tower.road.addresses import find_buildings
from tower.road.buildings import Buildings
from tower.road.osm import read_osm


def buildings(town: Town, folder: Path) -> Buildings:
    return find_buildings(read_osm(town.write(folder)))


def test_a_building_without_an_address_takes_the_nearest_named_street(tmp_path: Path) -> None:
    town = ladder()
    town.way((1, 0.5), (2, 0.5), highway="footway", name="Back Path")
    town.block(1.4, 0.55, 0.1)
    (house,) = buildings(town, tmp_path)
    assert house.street == "Row 1"
    assert house.number == ""


def test_a_number_on_a_door_is_the_buildings_number(tmp_path: Path) -> None:
    town = ladder()
    town.block(1.4, 0.4, 0.2)
    town.node(1.5, 0.5, addr__housenumber="5b", addr__street="Rung 1", addr__postcode="9490")
    (house,) = buildings(town, tmp_path)
    assert (house.street, house.number, house.postcode) == ("Rung 1", "5b", "9490")


def test_a_buildings_own_address_beats_the_one_on_its_door(tmp_path: Path) -> None:
    town = ladder()
    town.block(1.4, 0.4, 0.2, building="yes", addr__housenumber="9")
    town.node(1.5, 0.5, addr__housenumber="5b", addr__street="Rung 1")
    (house,) = buildings(town, tmp_path)
    assert (house.street, house.number) == ("Rung 1", "9")


@pytest.mark.parametrize(
    ("size", "tags", "kind"),
    [
        (0.04, {"building": "yes"}, "outbuilding"),
        (0.1, {"building": "yes"}, "house"),
        (0.3, {"building": "yes"}, "apartments"),
        (0.3, {"building": "warehouse"}, "warehouse"),
        (0.1, {"building": "yes", "shop": "bakery"}, "retail"),
        (0.1, {"building": "yes", "amenity": "school"}, "school"),
    ],
)
def test_what_a_building_is(tmp_path: Path, size: float, tags: dict[str, str], kind: str) -> None:
    town = ladder()
    town.block(1.3, 0.3, size, **tags)
    (building,) = buildings(town, tmp_path)
    assert building.kind == kind
    assert building.area_m2 == pytest.approx((size * 111.195) ** 2, rel=0.01)


def test_a_building_in_an_industrial_zone_is_industrial(tmp_path: Path) -> None:
    town = ladder()
    town.block(1, 0, 1, landuse="industrial")
    town.block(1.3, 0.3, 0.2)
    (works,) = buildings(town, tmp_path)
    assert works.kind == "industrial"


def test_a_building_belongs_to_the_nearest_settlement(tmp_path: Path) -> None:
    town = ladder()
    town.node(0, 0.5, place="village", name="Westby")
    town.node(4, 0.5, place="town", name="Easton")
    town.node(1.4, 0.5, place="locality", name="Nobody lives here")
    town.block(1.3, 0.3, 0.2)
    (house,) = buildings(town, tmp_path)
    assert house.place == "Westby"


def test_a_town_without_buildings_has_none(tmp_path: Path) -> None:
    assert len(buildings(ladder(), tmp_path)) == 0
