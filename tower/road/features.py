"""OpenStreetMap objects as features of a vector base map.

Layer names, ``kind`` and ``kind_detail`` follow the Protomaps basemap schema,
version 4, which protomaps-leaflet's paint and label rules filter on; the layer
``addresses`` (house numbers) is Tower's own.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import shapely

from tower.road.osm import OsmArea, OsmExtract, OsmNode, OsmWay
from tower.road.tags import Tags

if TYPE_CHECKING:
    from shapely.geometry.base import BaseGeometry

Properties = Mapping[str, str | int | bool]

LAYERS = ("earth", "landuse", "water", "buildings", "roads", "boundaries", "places", "addresses")
"""Layers of a tile, in the order they are drawn."""


@dataclass(frozen=True, slots=True)
class MapFeature:
    """One thing on the map.

    Attributes:
        layer: One of `LAYERS`.
        min_zoom: First tile zoom it appears at.
        properties: What style rules and labels read.
        geometry: Longitude, latitude.
    """

    layer: str
    min_zoom: int
    properties: Properties
    geometry: "BaseGeometry"


_MAJOR = {"trunk": 8, "primary": 8, "secondary": 9, "tertiary": 11}
_MINOR = {"residential": 12, "unclassified": 12, "road": 12, "living_street": 12, "service": 13}
_PATH = {
    **dict.fromkeys(("track", "path", "cycleway", "bridleway", "footway", "steps"), 13),
    **dict.fromkeys(("pedestrian", "corridor"), 13),
}
_RAIL = {
    "rail": 9,
    "light_rail": 11,
    "narrow_gauge": 11,
    "funicular": 12,
    "tram": 12,
    "subway": 12,
    "monorail": 12,
}
_STREAMS = {"river": 9, "canal": 11, "stream": 12, "drain": 13, "ditch": 13}
_GREEN = {
    **dict.fromkeys(("forest", "wood"), 8),
    **dict.fromkeys(("farmland", "meadow", "orchard", "vineyard", "residential", "grass"), 10),
    **dict.fromkeys(("industrial", "commercial", "retail", "park", "nature_reserve"), 10),
    **dict.fromkeys(("cemetery", "allotments", "village_green", "recreation_ground"), 11),
    **dict.fromkeys(("golf_course", "military", "railway", "quarry", "farmyard", "garden"), 12),
    **dict.fromkeys(("scrub", "heath", "grassland", "fell", "wetland"), 10),
    **dict.fromkeys(("beach", "sand", "glacier", "bare_rock", "scree"), 10),
    **dict.fromkeys(("hospital", "school", "university", "college", "kindergarten"), 12),
    **dict.fromkeys(("pitch", "playground", "stadium", "sports_centre", "zoo"), 13),
}
_SAME_GREEN = {"heath": "scrub", "fell": "grassland", "garden": "park"}
_SETTLEMENTS = {
    "city": (8, 11),
    "town": (8, 9),
    "village": (9, 6),
    "hamlet": (11, 3),
    "isolated_dwelling": (13, 1),
    "locality": (13, 1),
}
_QUARTERS = {"suburb": 11, "quarter": 12, "neighbourhood": 13}


def map_features(extract: OsmExtract) -> Iterator[MapFeature]:
    """Every feature of an extract, in a repeatable order."""
    yield MapFeature("earth", 0, {"kind": "earth"}, shapely.box(*_box(extract)))
    for area in extract.areas:
        yield from _area_features(area)
    for way in extract.ways:
        yield from _way_features(way, extract.border_levels)
    for node in extract.nodes:
        yield from _node_features(node)


def _box(extract: OsmExtract) -> tuple[float, float, float, float]:
    bounds = extract.bounds
    return bounds.west, bounds.south, bounds.east, bounds.north


def _named(tags: Tags, properties: dict[str, str | int | bool]) -> Properties:
    if tags.get("name"):
        properties["name"] = tags["name"]
    return properties


def _area_features(area: OsmArea) -> Iterator[MapFeature]:
    tags = area.tags
    if tags.get("building", "no") != "no":
        yield MapFeature("buildings", 13, {"kind": "building"}, area.geometry)
        if "addr:housenumber" in tags:
            yield _address(tags, area.geometry.representative_point())
        return
    water = _water_kind(tags)
    if water:
        yield MapFeature("water", 8, _named(tags, {"kind": water}), area.geometry)
        if tags.get("name"):
            label = {"kind": "lake", "name": tags["name"]}
            yield MapFeature("water", 13, label, area.geometry.representative_point())
        return
    kind = _green_kind(tags)
    if kind:
        properties = _named(tags, {"kind": _SAME_GREEN.get(kind, kind)})
        yield MapFeature("landuse", _GREEN.get(kind, 12), properties, area.geometry)


def _water_kind(tags: Tags) -> str:
    if tags.get("natural") == "water":
        kind = tags.get("water", "")
        return kind if kind in ("lake", "river") else "water"
    if tags.get("waterway") in ("riverbank", "dock"):
        return "river"
    if tags.get("landuse") in ("reservoir", "basin") or tags.get("leisure") == "swimming_pool":
        return "water"
    return ""


def _green_kind(tags: Tags) -> str:
    if "highway" in tags:
        return "pedestrian"
    for key in ("amenity", "leisure", "landuse", "natural"):
        if tags.get(key, "") in _GREEN:
            return tags[key]
    return ""


def _way_features(way: OsmWay, borders: Mapping[int, int]) -> Iterator[MapFeature]:
    line = shapely.LineString(way.lat_lon[:, ::-1])
    tags = way.tags
    if way.id in borders and borders[way.id] <= 8:
        level = borders[way.id]
        kind = {2: "country", 4: "region", 6: "county"}.get(level, "locality")
        zoom = 8 if level <= 4 else 10
        yield MapFeature("boundaries", zoom, {"kind": kind, "kind_detail": level}, line)
    road = _road_kind(tags)
    if road:
        kind, detail, zoom = road
        properties: dict[str, str | int | bool] = {"kind": kind, "kind_detail": detail}
        properties |= _road_marks(tags)
        yield MapFeature("roads", zoom, _named(tags, properties), line)
    elif tags.get("waterway") in _STREAMS and tags.get("tunnel", "no") == "no":
        zoom = _STREAMS[tags["waterway"]]
        kind = "stream" if zoom > 12 else tags["waterway"]
        yield MapFeature("water", zoom, _named(tags, {"kind": kind}), line)


def _road_kind(tags: Tags) -> tuple[str, str, int] | None:
    """Kind, detail and first zoom of a road or railway."""
    highway = tags.get("highway", "")
    base = highway.removesuffix("_link")
    if tags.get("area") == "yes":
        return None
    if base == "motorway":
        return "highway", highway, 8
    if base in _MAJOR:
        return "major_road", highway, _MAJOR[base]
    if base in _MINOR:
        return "minor_road", highway, _MINOR[base]
    if base in _PATH:
        return "path", highway, _PATH[base]
    if tags.get("railway") in _RAIL:
        zoom = 13 if "service" in tags else _RAIL[tags["railway"]]
        return "rail", tags["railway"], zoom
    return None


def _road_marks(tags: Tags) -> dict[str, str | int | bool]:
    marks: dict[str, str | int | bool] = {}
    if tags.get("bridge", "no") != "no":
        marks["is_bridge"] = True
    if tags.get("tunnel", "no") != "no":
        marks["is_tunnel"] = True
    if tags.get("highway", "").endswith("_link"):
        marks["is_link"] = True
    if tags.get("oneway") in ("yes", "1", "true"):
        marks["oneway"] = "yes"
    if tags.get("ref") and "highway" in tags:
        marks["ref"] = tags["ref"]
    return marks


def _node_features(node: OsmNode) -> Iterator[MapFeature]:
    point = shapely.Point(node.lon, node.lat)
    place = node.tags.get("place", "")
    if node.tags.get("name") and place in _SETTLEMENTS:
        zoom, rank = _SETTLEMENTS[place]
        yield MapFeature(
            "places",
            zoom,
            {
                "kind": "locality",
                "kind_detail": place,
                "name": node.tags["name"],
                "min_zoom": zoom - 1,
                "population_rank": rank,
            },
            point,
        )
    elif node.tags.get("name") and place in _QUARTERS:
        zoom = _QUARTERS[place]
        quarter = {"kind": "neighbourhood", "kind_detail": place, "name": node.tags["name"]}
        yield MapFeature("places", zoom, {**quarter, "min_zoom": zoom}, point)
    if "addr:housenumber" in node.tags:
        yield _address(node.tags, point)


def _address(tags: Tags, point: "BaseGeometry") -> MapFeature:
    properties = {"kind": "address", "housenumber": tags["addr:housenumber"]}
    return MapFeature("addresses", 15, properties, point)
