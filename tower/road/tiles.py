"""Cutting map features into Mapbox vector tiles (specification 2.1)."""

import math
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, Any

import mapbox_vector_tile
import numpy as np
import numpy.typing as npt
import shapely

from tower.road.features import LAYERS, MapFeature, Properties
from tower.road.geometry import Bounds, to_mercator

if TYPE_CHECKING:
    from shapely.geometry.base import BaseGeometry

MIN_ZOOM, MAX_ZOOM = 8, 15
"""Zooms of the stored tiles; the map page enlarges the last for higher ones."""

MOST_TILES = 250_000
"""Tiles of the last zoom in the largest region; some 170,000 square kilometres at 47 degrees."""

EXTENT = 4096
"""Tile units along an edge."""

_BUFFER = 96
_SMALLEST_AREA = 160.0
_TOLERANCE = {MAX_ZOOM: 1.0, MAX_ZOOM - 1: 2.0}
_FAR_TOLERANCE = 4.0
_OPTIONS = {"y_coord_down": True, "extents": EXTENT}

Geometries = npt.NDArray[np.object_]
Tile = tuple[int, int, int]


def tile_range(bounds: Bounds, zoom: int) -> tuple[range, range]:
    """Columns and rows of the tiles that touch the bounds at a zoom."""
    corners = np.array([[bounds.west, bounds.north], [bounds.east, bounds.south]])
    (left, top), (right, bottom) = to_mercator(corners) * 2**zoom
    return (
        range(math.floor(left), math.floor(right) + 1),
        range(math.floor(top), math.floor(bottom) + 1),
    )


def tile_count(bounds: Bounds) -> int:
    """How many tiles the bounds have at the last zoom."""
    columns, rows = tile_range(bounds, MAX_ZOOM)
    return len(columns) * len(rows)


def cut_tiles(
    features: Sequence[MapFeature], bounds: Bounds, progress: Callable[[float], None]
) -> Iterator[tuple[Tile, bytes]]:
    """Every tile of the region that shows something, zoom by zoom.

    Args:
        features: What to draw, in longitude, latitude.
        bounds: The region; nothing outside is kept.
        progress: Told the finished share, 0 to 1.
    """
    box = shapely.box(bounds.west, bounds.south, bounds.east, bounds.north)
    inside = [f for f in features if f.geometry.intersects(box)]
    world = shapely.transform([f.geometry for f in inside], to_mercator)
    edge = shapely.transform(box, to_mercator)
    for zoom in range(MIN_ZOOM, MAX_ZOOM + 1):
        yield from _Zoom(zoom, inside, world, edge.bounds).tiles(bounds)
        progress(2.0 ** (zoom - MAX_ZOOM))


class _Zoom:
    """Features of one zoom, in tile units of that zoom's world."""

    def __init__(
        self,
        zoom: int,
        features: Sequence[MapFeature],
        world: Geometries,
        edge: tuple[float, float, float, float],
    ) -> None:
        self._zoom = zoom
        scale = EXTENT * 2.0**zoom
        shown = np.array([f.min_zoom <= zoom for f in features])
        scaled = shapely.transform(world[shown], lambda part: part * scale)
        simple = shapely.simplify(scaled, _TOLERANCE.get(zoom, _FAR_TOLERANCE))
        clipped = shapely.clip_by_rect(shapely.make_valid(simple), *(np.array(edge) * scale))
        chosen = [f for f, keep in zip(features, shown, strict=True) if keep]
        big = np.array([f.layer == "earth" for f in chosen]) | ~_specks(clipped)
        self._shapes = clipped[big]
        self._features = [f for f, keep in zip(chosen, big, strict=True) if keep]
        self._tree = shapely.STRtree(self._shapes)

    def tiles(self, bounds: Bounds) -> Iterator[tuple[Tile, bytes]]:
        columns, rows = tile_range(bounds, self._zoom)
        for x in columns:
            for y in rows:
                data = self._tile(x, y)
                if data:
                    yield (self._zoom, x, y), data

    def _tile(self, x: int, y: int) -> bytes:
        origin = np.array([x, y], dtype=np.float64) * EXTENT
        low, high = origin - _BUFFER, origin + EXTENT + _BUFFER
        hits = np.sort(self._tree.query(shapely.box(*low, *high)))
        clipped = shapely.clip_by_rect(self._shapes[hits], *low, *high)
        local = shapely.transform(clipped, lambda part: np.round(part - origin))
        layers: defaultdict[str, list[tuple[Properties, BaseGeometry]]] = defaultdict(list)
        for index, shape in zip(hits, local, strict=True):
            if not shape.is_empty:
                feature = self._features[index]
                layers[feature.layer].append((feature.properties, shape))
        return _encode({name: _merged(layers[name]) for name in LAYERS if layers[name]})


def _specks(shapes: Geometries) -> npt.NDArray[np.bool_]:
    """Areas too small to see, and what was clipped away."""
    is_area = shapely.get_dimensions(shapes) == 2
    tiny = np.logical_and(is_area, shapely.area(shapes) < _SMALLEST_AREA)
    specks: npt.NDArray[np.bool_] = np.logical_or(shapely.is_empty(shapes), tiny)
    return specks


def _merged(
    parts: Sequence[tuple[Properties, "BaseGeometry"]],
) -> list[tuple[Properties, "BaseGeometry"]]:
    """Join lines that look the same, so that a street is labelled once."""
    lines: defaultdict[tuple[tuple[str, str | int | bool], ...], list[shapely.LineString]]
    lines = defaultdict(list)
    joined: list[tuple[Properties, BaseGeometry]] = []
    for properties, shape in parts:
        if shapely.get_dimensions(shape) == 1:
            lines[tuple(sorted(properties.items()))].extend(
                part for part in shapely.get_parts(shape) if isinstance(part, shapely.LineString)
            )
        else:
            joined.append((properties, shape))
    for key, group in lines.items():
        joined.append((dict(key), shapely.line_merge(shapely.MultiLineString(group))))
    return joined


def _encode(layers: dict[str, list[tuple[Properties, "BaseGeometry"]]]) -> bytes:
    described: list[dict[str, Any]] = []
    for name, parts in layers.items():
        features = [
            {"geometry": piece, "properties": dict(properties)}
            for properties, shape in parts
            for piece in _pieces(shape)
        ]
        if features:
            described.append({"name": name, "features": features})
    if not described:
        return b""
    encoded: bytes = mapbox_vector_tile.encode(described, default_options=_OPTIONS)
    return encoded


def _pieces(shape: "BaseGeometry") -> list["BaseGeometry"]:
    """Geometries a tile can hold: collections taken apart, collapsed areas dropped."""
    if shape.geom_type == "GeometryCollection":
        return [piece for part in shapely.get_parts(shape) for piece in _pieces(part)]
    if shapely.get_dimensions(shape) == 2:
        valid = shapely.make_valid(shape, method="structure", keep_collapsed=False)
        return [valid] if shapely.get_dimensions(valid) == 2 else []
    return [] if shape.is_empty else [shape]
