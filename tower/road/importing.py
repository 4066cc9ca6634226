"""Importing an OpenStreetMap extract as a region pack."""

from collections.abc import Callable, Iterator
from pathlib import Path

from tower.domain.timezones import zone_named
from tower.road.addresses import find_buildings
from tower.road.build import build_network
from tower.road.buildings import Buildings
from tower.road.features import map_features
from tower.road.geometry import Bounds
from tower.road.network import AnyArray
from tower.road.osm import OsmExtract, OsmImportError, read_osm
from tower.road.pack import (
    BUILDINGS,
    INFO,
    NETWORK,
    STREETS,
    RegionPack,
    array_entries,
    json_entry,
    write_pack,
)
from tower.road.region import RegionInfo, region_id
from tower.road.tiles import MAX_ZOOM, MIN_ZOOM, MOST_TILES, cut_tiles, tile_count

Progress = Callable[[str, float], None]
"""Told what is being done, and the share of all the work done so far, 0 to 1.

Raising from it cancels the import; a pack that was there before stays.
"""

_READ, _ROADS, _BUILDINGS_DONE = 0.1, 0.2, 0.3


def build_pack(
    osm_pbf: Path,
    target: Path,
    *,
    name: str,
    progress: Progress,
    time_zone: str | None = None,
) -> RegionPack:
    """Make a region pack from an OpenStreetMap extract and open it.

    Args:
        osm_pbf: The extract.
        target: Where the pack goes; replaced only once the new one is whole.
        name: Name of the region, for people.
        progress: Told of each step.
        time_zone: IANA name of the local time; decides the hour of the traffic. Without it
            the whole hour nearest to the sun's time is taken.

    Raises:
        OsmImportError: The extract is missing, unreadable, without roads or too large, or
            there is no such time zone.
        OSError: The target cannot be written.
    """
    progress("Reading the map data", 0.0)
    extract = read_osm(osm_pbf)
    _check_size(extract.bounds, osm_pbf.name)
    zone = _checked_zone(time_zone or nautical_zone(extract.bounds.center.lon))
    info = _describe(extract, osm_pbf.name, name, zone)
    write_pack(target, _entries(extract, info, progress))
    progress("Done", 1.0)
    return RegionPack.open(target)


def _check_size(bounds: Bounds, source: str) -> None:
    if tile_count(bounds) <= MOST_TILES:
        return
    message = (
        f"{source} reaches from {bounds.south:.2f}, {bounds.west:.2f} to {bounds.north:.2f}, "
        f"{bounds.east:.2f}: too large for a region (or a single point in it lies astray, or it "
        "crosses the 180th meridian, which a region cannot). Cut it to the delivery area, with: "
        "osmium extract -b WEST,SOUTH,EAST,NORTH"
    )
    raise OsmImportError(message)


def nautical_zone(longitude: float) -> str:
    """The zone of whole hours a longitude lies in: 9.5 degrees east is ``Etc/GMT-1``.

    The sign of these names is that of POSIX: minus is east of Greenwich.
    """
    hours = round(longitude / 15)
    return f"Etc/GMT{-hours:+d}" if hours else "Etc/GMT"


def _checked_zone(name: str) -> str:
    if zone_named(name) is None:
        message = f"There is no time zone {name!r}. Use a name like Europe/Vaduz."
        raise OsmImportError(message)
    return name


def _describe(extract: OsmExtract, source: str, name: str, time_zone: str) -> RegionInfo:
    date = extract.source_date
    return RegionInfo(
        id=region_id(name),
        name=name,
        bounds=extract.bounds,
        time_zone=time_zone,
        source=source,
        source_date=date.isoformat() if date else "",
        min_zoom=MIN_ZOOM,
        max_zoom=MAX_ZOOM,
    )


def _entries(
    extract: OsmExtract, info: RegionInfo, progress: Progress
) -> Iterator[tuple[str, bytes]]:
    yield INFO, info.to_json().encode()
    progress("Joining the roads", _READ)
    network, streets = build_network(extract)
    yield from array_entries(NETWORK, network.to_arrays())
    yield json_entry(STREETS, streets)
    progress("Finding the buildings", _ROADS)
    buildings = find_buildings(extract)
    columns: dict[str, AnyArray] = {"lat_lon": buildings.lat_lon, "area_m2": buildings.area_m2}
    yield from array_entries(BUILDINGS, columns)
    yield json_entry(f"{BUILDINGS}words.json", _word_columns(buildings))

    def drawn(share: float) -> None:
        progress("Drawing the map", _BUILDINGS_DONE + share * (1.0 - _BUILDINGS_DONE))

    drawn(0.0)
    for (z, x, y), data in cut_tiles(list(map_features(extract)), info.bounds, drawn):
        yield f"tiles/{z}/{x}/{y}.mvt", data


def _word_columns(buildings: Buildings) -> dict[str, dict[str, list[str] | list[int]]]:
    """Each column as its different words and an index into them."""
    columns: dict[str, dict[str, list[str] | list[int]]] = {}
    for name, values in buildings.words.items():
        words = sorted(set(values))
        number = {word: index for index, word in enumerate(words)}
        columns[name] = {"words": list(words), "index": [number[value] for value in values]}
    return columns
