"""What the base map shows, and where."""

import math
from collections import Counter
from pathlib import Path
from typing import Any

import mapbox_vector_tile
import pytest

from tests.road.town import Town, at, ladder
from tower.domain.geometry import LatLon
from tower.road.features import map_features
from tower.road.geometry import Bounds
from tower.road.osm import read_osm
from tower.road.pack import RegionPack
from tower.road.tiles import EXTENT, MAX_ZOOM, MIN_ZOOM, Tile, cut_tiles, tile_range

SHIPPED = Path("resources/regions/liechtenstein.region")
OPTIONS = {"y_coord_down": True}


def drawn(town: Town, folder: Path) -> dict[Tile, dict[str, Any]]:
    """Every tile of a town, decoded."""
    extract = read_osm(town.write(folder))
    tiles = cut_tiles(list(map_features(extract)), extract.bounds, list[float]().append)
    return {tile: mapbox_vector_tile.decode(data, default_options=OPTIONS) for tile, data in tiles}


def shown(tiles: dict[Tile, dict[str, Any]], zoom: int, layer: str) -> list[dict[str, Any]]:
    """Properties of what a layer shows at a zoom."""
    return [
        feature["properties"]
        for (z, _, _), tile in sorted(tiles.items())
        if z == zoom
        for feature in tile.get(layer, {"features": []})["features"]
    ]


def whole_town() -> Town:
    town = ladder()
    town.way((0, 2), (4, 2), highway="primary", name="High Street", ref="7", bridge="yes")
    town.way((0, 1), (0, 2))
    town.line((0, 3), (4, 3), railway="rail")
    town.line((0, 2.5), (4, 2.5), waterway="river", name="Brook")
    town.block(1, 0.3, 0.4)
    town.block(0, 4, 2, landuse="forest")
    town.block(2.5, 4, 1, natural="water", name="Pond")
    town.node(1, 4.5, place="village", name="Ladderby")
    town.node(1.2, 0.5, addr__housenumber="12a", addr__street="Row 0")
    return town


def test_every_kind_of_thing_is_on_the_map_by_the_names_the_style_knows(tmp_path: Path) -> None:
    tiles = drawn(whole_town(), tmp_path)
    kinds = {
        (layer, properties.get("kind"))
        for layer in ("earth", "water", "landuse", "buildings", "roads", "places", "addresses")
        for properties in shown(tiles, MAX_ZOOM, layer)
    }
    assert {
        ("earth", "earth"),
        ("water", "water"),
        ("water", "river"),
        ("landuse", "forest"),
        ("buildings", "building"),
        ("roads", "major_road"),
        ("roads", "minor_road"),
        ("roads", "rail"),
        ("places", "locality"),
        ("addresses", "address"),
    } <= kinds


def test_streets_rivers_villages_and_houses_carry_their_names(tmp_path: Path) -> None:
    tiles = drawn(whole_town(), tmp_path)
    names = {
        properties.get("name") or properties.get("housenumber")
        for layer in ("roads", "water", "places", "addresses")
        for properties in shown(tiles, MAX_ZOOM, layer)
    }
    assert {"High Street", "Row 0", "Brook", "Pond", "Ladderby", "12a"} <= names
    high = next(r for r in shown(tiles, MAX_ZOOM, "roads") if r.get("name") == "High Street")
    assert high["kind_detail"] == "primary"
    assert high["ref"] == "7"
    assert high["is_bridge"] is True


def test_far_out_only_what_matters_is_drawn(tmp_path: Path) -> None:
    tiles = drawn(whole_town(), tmp_path)
    assert {r["kind"] for r in shown(tiles, MIN_ZOOM, "roads")} == {"major_road"}
    assert shown(tiles, MIN_ZOOM, "buildings") == []
    assert shown(tiles, MAX_ZOOM - 1, "addresses") == []


def test_a_street_of_many_pieces_is_one_line_with_one_label(tmp_path: Path) -> None:
    town = Town()
    for column in range(4):
        town.way((column * 0.1, 0), ((column + 1) * 0.1, 0), name="Long Street")
    town.way((0, 0), (0, 1), name="Other Street")
    per_tile = [
        Counter(f["properties"]["name"] for f in tile.get("roads", {"features": []})["features"])
        for (z, _, _), tile in drawn(town, tmp_path).items()
        if z == MAX_ZOOM
    ]
    assert sum(map(len, per_tile)) >= 2
    assert all(count == 1 for names in per_tile for count in names.values())


@pytest.mark.parametrize("zoom", range(MIN_ZOOM, MAX_ZOOM + 1))
def test_things_are_drawn_where_they_are(tmp_path: Path, zoom: int) -> None:
    town = whole_town()
    x, y = position(at(1, 4.5), zoom)
    (tile,) = [
        decoded
        for (z, tx, ty), decoded in drawn(town, tmp_path).items()
        if (z, tx, ty) == (zoom, int(x), int(y))
    ]
    if zoom < 9:
        assert "places" not in tile
        return
    (village,) = tile["places"]["features"]
    east, south = village["geometry"]["coordinates"]
    assert east / EXTENT == pytest.approx(x % 1, abs=1.5 / EXTENT)
    assert south / EXTENT == pytest.approx(y % 1, abs=1.5 / EXTENT)


def position(place: LatLon, zoom: int) -> tuple[float, float]:
    """Where a place is in tiles (slippy map formula of the OpenStreetMap wiki)."""
    lat = math.radians(place.lat)
    x = (place.lon + 180) / 360 * 2**zoom
    y = (1 - math.log(math.tan(lat) + 1 / math.cos(lat)) / math.pi) / 2 * 2**zoom
    return x, y


def test_the_map_ends_where_the_region_ends() -> None:
    with RegionPack.open(SHIPPED) as pack:
        columns, rows = tile_range(pack.info.bounds, 12)
        assert pack.tile(12, columns.start - 1, rows.start) is None
        assert pack.tile(12, columns.stop, rows.start) is None
        assert pack.tile(16, 0, 0) is None
        inside = [pack.tile(12, x, y) for x in columns for y in rows]
    assert all(inside)


def test_the_middle_of_balzers_is_well_drawn() -> None:
    x, y = position(LatLon(47.0665, 9.5026), 14)
    with RegionPack.open(SHIPPED) as pack:
        data = pack.tile(14, int(x), int(y))
    assert data is not None
    assert len(data) < 60_000
    tile = mapbox_vector_tile.decode(data, default_options=OPTIONS)
    assert len(tile["buildings"]["features"]) > 300
    names = {f["properties"].get("name") for f in tile["roads"]["features"]}
    assert len(names) > 20


def test_coordinates_stay_within_the_tile_and_its_margin() -> None:
    with RegionPack.open(SHIPPED) as pack:
        columns, rows = tile_range(pack.info.bounds, 13)
        for x in columns[::3]:
            for y in rows[::3]:
                data = pack.tile(13, x, y)
                assert data is not None
                for layer in mapbox_vector_tile.decode(data, default_options=OPTIONS).values():
                    for feature in layer["features"]:
                        flat = list(numbers(feature["geometry"]["coordinates"]))
                        assert min(flat) >= -97
                        assert max(flat) <= EXTENT + 97


def numbers(value: Any) -> Any:  # noqa: ANN401
    if isinstance(value, (int, float)):
        yield value
    else:
        for item in value:
            yield from numbers(item)


def test_tiles_of_a_region_are_counted_from_its_north_western_corner() -> None:
    columns, rows = tile_range(Bounds(47.04774, 9.471078, 47.27128, 9.636217), 10)
    assert (list(columns), list(rows)) == ([538, 539], [359])
    x, y = position(LatLon(47.1, 9.5), 10)
    assert int(x) in columns
    assert int(y) in rows
