"""Reading an OpenStreetMap extract into plain records.

Any format libosmium knows (``.osm.pbf``, ``.osm``, ``.osm.bz2``) is accepted.
Only what the map, the road graph and the addresses need is kept.
"""

import logging
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import osmium
import shapely

from tower.road.geometry import Bounds, FloatArray, IntArray
from tower.road.tags import Tags

if TYPE_CHECKING:
    from shapely.geometry.base import BaseGeometry

LOG = logging.getLogger(__name__)

_RIM = 0.0005
"""Degrees added around the points of a file without a box, so that nothing lies on the edge."""

_LINE_KEYS = ("highway", "railway", "waterway")
_AREA_KEYS = ("building", "landuse", "leisure", "natural", "waterway", "amenity", "boundary")
_NODE_KEYS = ("place", "barrier", "addr:housenumber", "highway", "building")


class OsmImportError(Exception):
    """The OpenStreetMap file cannot become a region; the message says why and what to do."""


@dataclass(frozen=True, slots=True)
class OsmNode:
    """A tagged point."""

    id: int
    lat: float
    lon: float
    tags: Tags


@dataclass(frozen=True, slots=True)
class OsmWay:
    """A line: node ids ``(n,)`` and their coordinates ``(n, 2)`` lat, lon."""

    id: int
    nodes: IntArray
    lat_lon: FloatArray
    tags: Tags


@dataclass(frozen=True, slots=True)
class OsmArea:
    """A polygon or multipolygon in longitude, latitude."""

    geometry: "BaseGeometry"
    tags: Tags


@dataclass(frozen=True, slots=True)
class OsmRestriction:
    """A turn restriction: from one way by a node, or by ways, to another way."""

    tags: Tags
    from_way: int
    via_node: int | None
    via_ways: tuple[int, ...]
    to_way: int


@dataclass(slots=True)
class OsmExtract:
    """What one file holds that Tower uses.

    Attributes:
        bounds: The box the file declares, else the box of its nodes.
        source_date: Age of the data, UTC, or None where the file does not say.
        border_levels: Lowest administrative level by way id (2 is a country).
        incomplete: How many lines and areas were left out for missing members.
    """

    bounds: Bounds
    source_date: datetime | None
    nodes: list[OsmNode] = field(default_factory=list)
    ways: list[OsmWay] = field(default_factory=list)
    areas: list[OsmArea] = field(default_factory=list)
    restrictions: list[OsmRestriction] = field(default_factory=list)
    border_levels: dict[int, int] = field(default_factory=dict)
    incomplete: int = 0


def read_osm(path: Path) -> OsmExtract:
    """Read an OpenStreetMap file.

    Raises:
        OsmImportError: The file is missing, not OpenStreetMap data, damaged, or
            holds no roads.
    """
    if not path.is_file():
        message = f"There is no file {path}. Give the path of an OpenStreetMap extract (.osm.pbf)."
        raise OsmImportError(message)
    try:
        extract = _read(path)
    except (RuntimeError, ValueError, SystemError) as error:
        message = (
            f"{path.name} is not readable OpenStreetMap data ({error}). "
            "It may be damaged or only partly downloaded: fetch it again."
        )
        raise OsmImportError(message) from error
    if not any("highway" in way.tags for way in extract.ways):
        message = f"{path.name} holds no roads. Choose an extract that covers the delivery area."
        raise OsmImportError(message)
    return extract


def _read(path: Path) -> OsmExtract:
    relations = _read_relations(path)
    extract = OsmExtract(_header_bounds(path) or Bounds(90.0, 180.0, -90.0, -180.0), None)
    extract.restrictions, extract.border_levels = relations
    box = _GrowingBox()
    newest: datetime | None = None
    processor = osmium.FileProcessor(str(path)).with_areas()
    for thing in processor:
        if isinstance(thing, osmium.osm.Node):
            box.add(thing.lat, thing.lon)
            _take_node(extract, thing)
        elif isinstance(thing, osmium.osm.Way):
            newest = max(newest or thing.timestamp, thing.timestamp)
            _take_way(extract, thing)
        elif isinstance(thing, osmium.osm.Area):
            _take_area(extract, thing)
    if extract.bounds.south > extract.bounds.north:
        extract.bounds = box.bounds()
    extract.source_date = _header_date(path) or newest
    if extract.incomplete:
        LOG.info("%s: %d incomplete lines or areas left out", path.name, extract.incomplete)
    return extract


class _GrowingBox:
    def __init__(self) -> None:
        self._south, self._west, self._north, self._east = 90.0, 180.0, -90.0, -180.0

    def add(self, lat: float, lon: float) -> None:
        self._south, self._north = min(self._south, lat), max(self._north, lat)
        self._west, self._east = min(self._west, lon), max(self._east, lon)

    def bounds(self) -> Bounds:
        if self._south > self._north:
            message = "it holds no points"
            raise ValueError(message)
        return Bounds(self._south - _RIM, self._west - _RIM, self._north + _RIM, self._east + _RIM)


def _header_bounds(path: Path) -> Bounds | None:
    with osmium.io.Reader(str(path), osmium.osm.osm_entity_bits.NOTHING) as reader:
        box = reader.header().box()
        if not box.valid():
            return None
        low, high = box.bottom_left, box.top_right
    return Bounds(low.lat, low.lon, high.lat, high.lon)


def _header_date(path: Path) -> datetime | None:
    with osmium.io.Reader(str(path), osmium.osm.osm_entity_bits.NOTHING) as reader:
        header = reader.header()
        text = header.get("osmosis_replication_timestamp") or header.get("timestamp")
    return datetime.fromisoformat(text) if text else None


def _read_relations(path: Path) -> tuple[list[OsmRestriction], dict[int, int]]:
    restrictions: list[OsmRestriction] = []
    levels: dict[int, int] = {}
    for relation in osmium.FileProcessor(str(path), osmium.osm.RELATION):
        if not isinstance(relation, osmium.osm.Relation):
            continue
        kind = relation.tags.get("type")
        if kind == "restriction":
            restrictions.extend(_restriction(relation))
        elif kind in ("boundary", "multipolygon") and "admin_level" in relation.tags:
            level = _admin_level(relation.tags.get("admin_level"))
            for member in relation.members:
                if member.type == "w":
                    levels[member.ref] = min(levels.get(member.ref, level), level)
    return restrictions, levels


def _restriction(relation: "osmium.osm.Relation") -> Iterator[OsmRestriction]:
    by_role: defaultdict[tuple[str, str], list[int]] = defaultdict(list)
    for member in relation.members:
        by_role[member.role, member.type].append(member.ref)
    via_nodes, via_ways = by_role["via", "n"], by_role["via", "w"]
    if not via_nodes and not via_ways:
        return
    tags = {tag.k: tag.v for tag in relation.tags}
    via_node = via_nodes[0] if via_nodes else None
    for from_way in by_role["from", "w"]:
        for to_way in by_role["to", "w"]:
            yield OsmRestriction(
                tags, from_way, via_node, () if via_nodes else tuple(via_ways), to_way
            )


def _admin_level(text: str | None) -> int:
    return int(text) if text and text.isdigit() else 99


def _take_node(extract: OsmExtract, node: "osmium.osm.Node") -> None:
    if len(node.tags) and any(key in node.tags for key in _NODE_KEYS):
        tags = {tag.k: tag.v for tag in node.tags}
        extract.nodes.append(OsmNode(node.id, node.lat, node.lon, tags))


def _take_way(extract: OsmExtract, way: "osmium.osm.Way") -> None:
    tags = {tag.k: tag.v for tag in way.tags}
    if tags.get("boundary") == "administrative" and "admin_level" in tags:
        level = _admin_level(tags["admin_level"])
        extract.border_levels[way.id] = min(extract.border_levels.get(way.id, level), level)
    if way.id not in extract.border_levels and not any(key in tags for key in _LINE_KEYS):
        return
    known = [(n.ref, n.lat, n.lon) for n in way.nodes if n.location.valid()]
    if len(known) < len(way.nodes):
        extract.incomplete += 1
    if len(known) >= 2:
        nodes = np.array([ref for ref, _, _ in known], dtype=np.int64)
        lat_lon = np.array([(lat, lon) for _, lat, lon in known], dtype=np.float64)
        extract.ways.append(OsmWay(way.id, nodes, lat_lon, tags))


def _take_area(extract: OsmExtract, area: "osmium.osm.Area") -> None:
    if not any(key in area.tags for key in _AREA_KEYS) and not _is_square(area.tags):
        return
    try:
        geometry = shapely.from_wkb(osmium.geom.WKBFactory().create_multipolygon(area))
    except RuntimeError:
        extract.incomplete += 1
        return
    tags = {tag.k: tag.v for tag in area.tags}
    extract.areas.append(OsmArea(geometry, tags))


def _is_square(tags: "osmium.osm.TagList") -> bool:
    """Closed footways are lines unless they say they are an area."""
    return "highway" in tags and tags.get("area") == "yes"
