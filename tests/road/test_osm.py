"""Reading extracts, good and bad."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.road.town import Town, ladder
from tower.road.build import build_network
from tower.road.osm import OsmImportError, read_osm


def test_a_missing_extract_is_named(tmp_path: Path) -> None:
    with pytest.raises(OsmImportError, match=r"There is no file .*nowhere\.osm\.pbf"):
        read_osm(tmp_path / "nowhere.osm.pbf")


@pytest.mark.parametrize("name", ["bad.osm.pbf", "bad.osm", "bad.txt"])
def test_a_file_that_is_no_map_is_refused(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    path.write_bytes(b"Dear dispatcher, please find attached")
    with pytest.raises(OsmImportError, match="not readable OpenStreetMap data"):
        read_osm(path)


@pytest.mark.parametrize("share", [0.01, 0.3, 0.7, 0.99])
def test_an_extract_cut_off_while_downloading_is_refused(
    shared_data: Path, tmp_path: Path, share: float
) -> None:
    content = (shared_data / "regions" / "Helsinki.osm.pbf").read_bytes()
    path = tmp_path / "half.osm.pbf"
    path.write_bytes(content[: int(len(content) * share)])
    with pytest.raises(OsmImportError, match="fetch it again"):
        read_osm(path)


def test_an_extract_without_roads_is_refused(tmp_path: Path) -> None:
    town = Town()
    town.block(0, 0, 1)
    with pytest.raises(OsmImportError, match="holds no roads"):
        read_osm(town.write(tmp_path))


def test_an_extract_of_footpaths_only_is_refused(tmp_path: Path) -> None:
    town = Town()
    town.way((0, 0), (1, 0), highway="steps")
    with pytest.raises(OsmImportError, match="open to vehicles"):
        build_network(read_osm(town.write(tmp_path)))


def test_an_extract_without_a_box_gets_that_of_its_points(tmp_path: Path) -> None:
    extract = read_osm(ladder().write(tmp_path))
    assert tuple(extract.bounds) == pytest.approx((-0.0005, 8.9995, 0.0015, 9.0045))
    assert extract.source_date == datetime(2024, 5, 1, tzinfo=UTC)


def test_the_real_extracts_are_read_with_their_age(shared_data: Path) -> None:
    extract = read_osm(shared_data / "regions" / "liechtenstein-2013-08-03.osm.pbf")
    assert extract.source_date == datetime(2013, 8, 3, 19, 0, 2, tzinfo=UTC)
    assert sum("highway" in way.tags for way in extract.ways) == 2753
    assert len(extract.restrictions) == 2
