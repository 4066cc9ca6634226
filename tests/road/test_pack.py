"""Region packs: round trip, repeatability, damage."""

import hashlib
import json
import zipfile
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.road.town import Town, at, ladder
from tower.road.importing import build_pack, nautical_zone
from tower.road.osm import OsmImportError
from tower.road.pack import RegionPack, RegionPackError, write_pack
from tower.road.region import ATTRIBUTION, region_id
from tower.road.road_engine import RoadEngine
from tower.road.roads import Profile

SHIPPED = Path("resources/regions/liechtenstein.region")


def quiet(step: str, share: float) -> None:
    """Nobody watches the progress."""


def small_town() -> Town:
    town = ladder()
    town.block(1.4, 0.2, 0.2)
    town.block(2.4, 0.2, 0.3, building="retail", addr__housenumber="7", addr__street="Row 0")
    town.node(2, 0.5, place="village", name="Ladderby")
    return town


@pytest.fixture(scope="module")
def packed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("packed")
    target = folder / "town.region"
    source = small_town().write(folder)
    build_pack(source, target, name="Small Town", progress=quiet, time_zone="Europe/Vaduz").close()
    return target


def resealed(path: Path, target: Path, **changed: bytes | None) -> Path:
    """A copy with entries replaced or left out, its checksum made right again."""
    with zipfile.ZipFile(path) as archive:
        contents = {name: archive.read(name) for name in archive.namelist()}
    contents |= {k.replace("__", "/"): v for k, v in changed.items() if v is not None}
    for name, content in changed.items():
        if content is None:
            del contents[name.replace("__", "/")]
    write_pack(target, contents.items())
    return target


def test_a_pack_gives_back_what_the_extract_held(packed: Path) -> None:
    with RegionPack.open(packed) as pack:
        assert pack.info.name == "Small Town"
        assert pack.info.id == "small-town"
        assert pack.info.attribution == ATTRIBUTION
        assert pack.info.source_date == "2024-05-01T00:00:00+00:00"
        shop = next(b for b in pack.buildings if b.kind == "retail")
        assert (shop.street, shop.number, shop.place) == ("Row 0", "7", "Ladderby")
        leg = RoadEngine(pack.graph()).leg(at(0, 0), at(4, 1), Profile.CAR)
        assert leg.distance_m == pytest.approx(5 * 111.195, rel=0.01)


def test_a_town_packed_drives_like_the_town_itself(packed: Path, tmp_path: Path) -> None:
    places = [at(0.2, 0), at(3.3, 1), at(2, 0.4)]
    direct = small_town().engine(tmp_path).matrix(places, Profile.BICYCLE)
    with RegionPack.open(packed) as pack:
        stored = RoadEngine(pack.graph()).matrix(places, Profile.BICYCLE)
    assert np.array_equal(direct.durations_s, stored.durations_s)


def test_importing_twice_gives_the_same_bytes(packed: Path, tmp_path: Path) -> None:
    source = small_town().write(tmp_path)
    again = tmp_path / "again.region"
    build_pack(source, again, name="Small Town", progress=quiet, time_zone="Europe/Vaduz").close()
    assert again.read_bytes() == packed.read_bytes()


def test_a_missing_pack_says_how_to_make_one(tmp_path: Path) -> None:
    with pytest.raises(RegionPackError, match="tower region import"):
        RegionPack.open(tmp_path / "nowhere.region")


@pytest.mark.parametrize("content", [b"", b"hello", b"\x00" * 5000])
def test_a_file_that_is_no_pack_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "odd.region"
    path.write_bytes(content)
    with pytest.raises(RegionPackError, match="not a region pack"):
        RegionPack.open(path)


def test_a_zip_of_something_else_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "holiday.region"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("photo.txt", "beach")
    with pytest.raises(RegionPackError, match="not a region pack"):
        RegionPack.open(path)


@pytest.mark.parametrize("share", [0.1, 0.5, 0.9, 0.999])
def test_a_download_cut_off_is_refused(packed: Path, tmp_path: Path, share: float) -> None:
    content = packed.read_bytes()
    path = tmp_path / "half.region"
    path.write_bytes(content[: int(len(content) * share)])
    with pytest.raises(RegionPackError, match="cut off or damaged"):
        RegionPack.open(path)


@given(st.floats(0, 1, exclude_max=True), st.integers(1, 255))
def test_one_wrong_byte_anywhere_is_noticed(
    packed: Path, tmp_path_factory: pytest.TempPathFactory, place: float, change: int
) -> None:
    content = bytearray(packed.read_bytes())
    content[int(place * len(content))] ^= change
    path = tmp_path_factory.mktemp("flipped") / "flipped.region"
    path.write_bytes(content)
    with pytest.raises(RegionPackError):
        RegionPack.open(path)


def test_a_pack_from_a_newer_tower_says_to_update(packed: Path, tmp_path: Path) -> None:
    with zipfile.ZipFile(packed) as archive:
        record = json.loads(archive.read("region.json"))
    record["format"] = 99
    changed = {"region.json": json.dumps(record).encode()}
    newer = resealed(packed, tmp_path / "newer.region", **changed)
    with pytest.raises(RegionPackError, match="newer Tower"):
        RegionPack.open(newer)


@pytest.mark.parametrize("record", [b"{}", b"[]", b"null", b"{", b'{"format": 1}'])
def test_a_pack_with_a_broken_description_is_refused(
    packed: Path, tmp_path: Path, record: bytes
) -> None:
    path = resealed(packed, tmp_path / "broken.region", **{"region.json": record})
    with pytest.raises(RegionPackError):
        RegionPack.open(path)


def test_missing_roads_are_reported_when_asked_for_and_the_map_still_works(
    packed: Path, tmp_path: Path
) -> None:
    path = resealed(packed, tmp_path / "roadless.region", **{"network__arc_to.npy": None})
    with RegionPack.open(path) as pack:
        with pytest.raises(RegionPackError, match="arc_to"):
            pack.graph()
        assert len(pack.buildings) == 2


def test_a_failed_import_leaves_the_old_pack_alone(packed: Path, tmp_path: Path) -> None:
    target = tmp_path / "town.region"
    target.write_bytes(packed.read_bytes())
    broken = tmp_path / "broken.osm.pbf"
    broken.write_bytes(b"not map data at all")
    with pytest.raises(OsmImportError):
        build_pack(broken, target, name="Town", progress=quiet)
    assert hashlib.sha256(target.read_bytes()).digest() == (
        hashlib.sha256(packed.read_bytes()).digest()
    )
    assert sorted(p.name for p in tmp_path.iterdir()) == ["broken.osm.pbf", "town.region"]


def test_a_closed_pack_says_so_and_not_that_it_is_damaged(packed: Path) -> None:
    with RegionPack.open(packed) as pack:
        pass
    with pytest.raises(RegionPackError, match="was closed"):
        pack.graph()


def test_an_extract_with_a_point_gone_astray_is_told_and_not_drawn_for_hours(
    tmp_path: Path,
) -> None:
    town = ladder()
    town.node(150_000, 60_000, place="village", name="Astray")
    source, target = town.write(tmp_path), tmp_path / "town.region"
    with pytest.raises(OsmImportError, match=r"lies astray.*osmium extract"):
        build_pack(source, target, name="Town", progress=lambda _what, _share: None)
    assert not target.exists()


def test_an_import_without_a_time_zone_takes_the_hour_of_the_sun(tmp_path: Path) -> None:
    source = small_town().write(tmp_path)
    with build_pack(source, tmp_path / "sun.region", name="Sun", progress=quiet) as pack:
        noon = datetime(2024, 5, 14, 12, 0, tzinfo=UTC).astimezone(pack.info.zone)
    assert noon.hour == 13


@pytest.mark.parametrize(
    ("longitude", "zone"),
    [(0.0, "Etc/GMT"), (-71.2, "Etc/GMT+5"), (139.7, "Etc/GMT-9"), (180.0, "Etc/GMT-12")],
)
def test_zones_of_the_sun(longitude: float, zone: str) -> None:
    assert nautical_zone(longitude) == zone


def test_a_wrong_time_zone_is_named_and_nothing_is_written(tmp_path: Path) -> None:
    source = small_town().write(tmp_path)
    target = tmp_path / "town.region"
    with pytest.raises(OsmImportError, match="Mars/Olympus"):
        build_pack(source, target, name="Town", progress=quiet, time_zone="Mars/Olympus")
    assert not target.exists()


def test_an_import_cancelled_half_way_leaves_nothing_behind(tmp_path: Path) -> None:
    class CancelledError(Exception):
        pass

    def cancel(step: str, share: float) -> None:
        if share > 0.5:
            raise CancelledError(step)

    source = small_town().write(tmp_path)
    with pytest.raises(CancelledError):
        build_pack(source, tmp_path / "town.region", name="Town", progress=cancel)
    assert [path.name for path in tmp_path.iterdir()] == [source.name]


@pytest.mark.parametrize(
    ("name", "expected"),
    [("Zürich West", "zurich-west"), ("  La Serena ", "la-serena"), ("東京", "region")],
)
def test_a_region_has_a_plain_id(name: str, expected: str) -> None:
    assert region_id(name) == expected


def test_the_shipped_region_is_small_whole_and_has_places_for_a_shift() -> None:
    assert SHIPPED.stat().st_size < 3_000_000
    with RegionPack.open(SHIPPED) as pack:
        assert pack.info.id == "liechtenstein"
        assert pack.info.attribution == "© OpenStreetMap contributors"
        assert len(pack.buildings) > 3_000
        named = sum(bool(building.street) for building in pack.buildings)
        assert named / len(pack.buildings) > 0.95
        assert {"Vaduz", "Schaan", "Balzers", "Triesen"} <= set(pack.buildings.place)


@pytest.mark.slow
def test_the_shipped_region_is_what_its_source_gives(shared_data: Path, tmp_path: Path) -> None:
    source = shared_data / "regions" / "liechtenstein-2013-08-03.osm.pbf"
    target = tmp_path / "liechtenstein.region"
    build_pack(
        source, target, name="Liechtenstein", progress=quiet, time_zone="Europe/Vaduz"
    ).close()
    with RegionPack.open(target) as fresh, RegionPack.open(SHIPPED) as shipped:
        assert fresh.info == shipped.info
        assert fresh.tile(13, 4312, 2877) == shipped.tile(13, 4312, 2877)
        assert fresh.buildings.words == shipped.buildings.words
        theirs = shipped.graph().network.to_arrays()
        for name, array in fresh.graph().network.to_arrays().items():
            assert np.array_equal(array, theirs[name]), name
