"""Finding the buildings of an OpenStreetMap extract and naming their addresses."""

from collections.abc import Iterator, Sequence

import numpy as np
import numpy.typing as npt
import shapely

from tower.domain.geometry import LatLon
from tower.road.buildings import Buildings
from tower.road.geometry import FloatArray, LocalPlane
from tower.road.osm import OsmArea, OsmExtract
from tower.road.tags import Tags

_PLACES = {"city", "town", "village", "hamlet", "suburb"}
_HOUSE_MAX_M2, _SHED_MAX_M2 = 350.0, 40.0
_NAMELESS = {"steps", "footway", "path", "cycleway", "track", "bridleway"}
_STREET_LIMIT_M = 300.0


def find_buildings(extract: OsmExtract) -> Buildings:
    """The buildings of an extract that lie in its bounds."""
    plane = LocalPlane(extract.bounds.center)
    areas = [a for a in extract.areas if a.tags.get("building", "no") != "no"]
    middles = np.array(
        [(p.y, p.x) for p in (area.geometry.centroid for area in areas)], dtype=np.float64
    ).reshape(-1, 2)
    kept = [i for i, at in enumerate(middles) if extract.bounds.contains(LatLon(*at))]
    areas, middles = [areas[i] for i in kept], middles[kept]
    ground = shapely.area(_flat([a.geometry for a in areas], plane))
    metres = plane.to_metres(middles)
    tags = [_with_entrances(area, doors) for area, doors in _doors(extract, areas)]
    columns = {
        "kind": _kinds(extract, areas, ground),
        "street": _streets(extract, plane, metres, tags),
        "number": [t.get("addr:housenumber", "") for t in tags],
        "place": _settlements(extract, plane, metres, tags),
        "postcode": [t.get("addr:postcode", "") for t in tags],
    }
    return Buildings(middles, ground.astype(np.float32), columns)


def _flat(shapes: Sequence[shapely.Geometry], plane: LocalPlane) -> npt.NDArray[np.object_]:
    """Shapes in metres instead of degrees."""
    flat: npt.NDArray[np.object_] = shapely.transform(
        np.array(shapes, dtype=object), lambda lon_lat: plane.to_metres(lon_lat[:, ::-1])
    )
    return flat


def _doors(extract: OsmExtract, areas: list[OsmArea]) -> Iterator[tuple[OsmArea, list[Tags]]]:
    """Each building with the address points inside it or on its wall."""
    addressed = [n for n in extract.nodes if "addr:housenumber" in n.tags]
    tree = shapely.STRtree([shapely.Point(n.lon, n.lat) for n in addressed])
    for area in areas:
        near = np.sort(tree.query(area.geometry, predicate="intersects"))
        yield area, [addressed[i].tags for i in near]


def _with_entrances(area: OsmArea, doors: list[Tags]) -> Tags:
    return {**doors[0], **area.tags} if doors else area.tags


def _kinds(extract: OsmExtract, areas: list[OsmArea], ground: npt.NDArray[np.float64]) -> list[str]:
    zones = [a for a in extract.areas if a.tags.get("landuse") in _ZONE_KINDS]
    tree = shapely.STRtree([zone.geometry for zone in zones])
    kinds = []
    for area, square_metres in zip(areas, ground, strict=True):
        inside = np.sort(tree.query(area.geometry.centroid, predicate="within"))
        landuse = zones[inside[0]].tags["landuse"] if len(inside) else ""
        kinds.append(_kind(area.tags, landuse, float(square_metres)))
    return kinds


_ZONE_KINDS = {
    "industrial": "industrial",
    "retail": "retail",
    "commercial": "commercial",
    "farmyard": "farm",
}
_PUBLIC = {"school", "kindergarten", "hospital", "university", "restaurant", "bank", "pharmacy"}


def _kind(tags: Tags, landuse: str, square_metres: float) -> str:
    if tags["building"] not in ("yes", "residential", "entrance"):
        return tags["building"]
    if "shop" in tags:
        return "retail"
    if tags.get("amenity") in _PUBLIC:
        return tags["amenity"]
    if landuse in _ZONE_KINDS:
        return _ZONE_KINDS[landuse]
    if square_metres < _SHED_MAX_M2:
        return "outbuilding"
    return "house" if square_metres <= _HOUSE_MAX_M2 else "apartments"


def _streets(
    extract: OsmExtract, plane: LocalPlane, metres: FloatArray, tags: list[Tags]
) -> list[str]:
    named = [
        w
        for w in extract.ways
        if w.tags.get("name") and w.tags.get("highway", "") not in (*_NAMELESS, "")
    ]
    lines = [shapely.LineString(plane.to_metres(way.lat_lon)) for way in named]
    nearest = _nearest(lines, metres, _STREET_LIMIT_M)
    return [
        t.get("addr:street") or (named[i].tags["name"] if i >= 0 else "")
        for t, i in zip(tags, nearest, strict=True)
    ]


def _settlements(
    extract: OsmExtract, plane: LocalPlane, metres: FloatArray, tags: list[Tags]
) -> list[str]:
    places = [n for n in extract.nodes if n.tags.get("place") in _PLACES and n.tags.get("name")]
    points = [shapely.Point(plane.to_metres((p.lat, p.lon))) for p in places]
    nearest = _nearest(points, metres, np.inf)
    return [
        t.get("addr:city") or (places[i].tags["name"] if i >= 0 else "")
        for t, i in zip(tags, nearest, strict=True)
    ]


def _nearest(
    shapes: Sequence[shapely.Geometry], metres: FloatArray, limit_m: float
) -> npt.NDArray[np.int64]:
    """Index of the nearest shape to each place, -1 beyond the limit; ties go to the first."""
    nearest = np.full(len(metres), -1, dtype=np.int64)
    if not shapes or not len(metres):
        return nearest
    distance = None if np.isinf(limit_m) else limit_m
    which, found = shapely.STRtree(shapes).query_nearest(
        shapely.points(metres), max_distance=distance
    )
    order = np.lexsort((-found, which))
    nearest[which[order]] = found[order]
    return nearest
