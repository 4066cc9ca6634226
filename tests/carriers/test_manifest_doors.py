"""What decides how long a door takes comes in with a manifest, the same from CSV and from JSON."""

import json

import pytest

from tower.carriers.manifest import Manifest, read_manifest
from tower.domain.words import Building

CSV = (
    "route,stop,lat,lon,postcode,building,floor,has_lift,driver_id\n"
    "R1,S1,47.1,9.5,9490,flats,3,no,own-d07\n"
    "R1,S2,47.1,9.5,,,,,own-d07\n"
    "R1,S3,47.1,9.5,9491,Office,-1,yes,own-d07\n"
)
AS_JSON = {
    "routes": [{"id": "R1", "driver_id": "own-d07"}],
    "stops": [
        {"id": "S1", "route": "R1", "lat": 47.1, "lon": 9.5}
        | {"postcode": "9490", "building": "flats", "floor": 3, "has_lift": False},
        {"id": "S2", "route": "R1", "lat": 47.1, "lon": 9.5},
        {"id": "S3", "route": "R1", "lat": 47.1, "lon": 9.5}
        | {"postcode": "9491", "building": "office", "floor": -1, "has_lift": True},
    ],
}


@pytest.mark.parametrize(
    "manifest",
    [
        read_manifest(CSV.encode(), "manifest.csv"),
        read_manifest(json.dumps(AS_JSON).encode(), "manifest.json"),
    ],
    ids=["csv", "json"],
)
def test_what_the_door_is_in_and_who_drives_is_read(manifest: Manifest) -> None:
    assert manifest.problems == ()
    flat, unknown, office = manifest.stops
    assert (flat.postcode, flat.building, flat.floor) == ("9490", Building.FLATS, 3)
    assert flat.has_lift is False
    assert (unknown.postcode, unknown.building, unknown.floor) == ("", None, None)
    assert unknown.has_lift is None
    assert (office.building, office.floor, office.has_lift) == (Building.OFFICE, -1, True)
    assert [route.driver_id for route in manifest.routes] == ["own-d07"]


@pytest.mark.parametrize(
    ("column", "cell", "why"),
    [
        ("building", "castle", "'castle' is none of: house, flats, office"),
        ("floor", "2.5", "2.5 is not a floor"),
        ("floor", "900", "900 is not a floor"),
        ("floor", "ground", "'ground' is not a number"),
        ("has_lift", "perhaps", "'perhaps' is neither yes nor no"),
        ("postcode", "9" * 40, "length <= 16"),
    ],
)
def test_a_door_that_cannot_be_is_refused_with_line_and_reason(
    column: str, cell: str, why: str
) -> None:
    text = f"route,stop,lat,lon,{column}\nR1,S1,47.1,9.5,\nR1,BAD,47.1,9.5,{cell}\n"
    manifest = read_manifest(text.encode(), "manifest.csv")
    assert [stop.id for stop in manifest.stops] == ["S1"]
    [problem] = manifest.problems
    assert problem.line == 3
    assert problem.refused
    assert why in problem.message


def test_a_floor_no_building_has_is_refused_from_json_too() -> None:
    stop = {"id": "S1", "lat": 47.1, "lon": 9.5, "floor": 900}
    manifest = read_manifest(json.dumps({"stops": [stop]}).encode(), "manifest.json")
    assert manifest.stops == ()
    assert manifest.refused == 1


def test_other_systems_names_of_the_columns_are_understood() -> None:
    text = "route,stop,lat,lon,zip,building_type,lift\nR1,S1,47.1,9.5,9490,shop,yes\n"
    manifest = read_manifest(text.encode(), "manifest.csv")
    [stop] = manifest.stops
    assert (stop.postcode, stop.building, stop.has_lift) == ("9490", Building.SHOP, True)
    assert manifest.problems == ()
