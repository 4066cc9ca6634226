"""The ground of the plainer map: the roads of the region, or a graticule without one."""

import math
from typing import Final

import numpy as np
from PySide6.QtCore import QPointF
from PySide6.QtGui import QPainter, QPainterPath, QPen, QTransform

from tower.road.network import COORDINATE_SCALE, Network
from tower.road.pack import RegionPack, RegionPackError
from ui.map.plain.camera import Camera, Floats, world_xy
from ui.map.plain.marks import colour

_MAJOR_MPS: Final = 15.5
"""Roads driven faster are drawn broader, and those alone from far away; metres a second."""
_MINOR_FROM_ZOOM: Final = 12.0
_MOST_VERTICES: Final = 400_000
"""With more of them only the faster roads are drawn."""
_LINES_PX: Final = 160.0
_STEPS: Final = (30.0, 10.0, 5.0, 2.0, 1.0, 0.5, 0.2, 0.1, 0.05, 0.02, 0.01, 0.005, 0.002, 0.001)


class Roads:
    """The roads of a region as paths on the unit square.

    Args:
        region: The pack; its roads are read at once, which takes some hundredths of a second.
    """

    def __init__(self, region: RegionPack) -> None:
        network = region.graph().network
        is_major = network.speeds.max(axis=(0, 1)) > _MAJOR_MPS
        is_drawn = is_major | (len(network.vertices) <= _MOST_VERTICES)
        x, y = world_xy(
            network.vertices[:, 0] / COORDINATE_SCALE, network.vertices[:, 1] / COORDINATE_SCALE
        )
        self.major = _path(network, x, y, np.flatnonzero(is_major).tolist())
        self.minor = _path(network, x, y, np.flatnonzero(is_drawn & ~is_major).tolist())

    def draw(self, painter: QPainter, camera: Camera, theme: str) -> None:
        """Draw them under everything else."""
        left, top = camera.origin
        painter.save()
        painter.setTransform(
            QTransform(camera.scale, 0, 0, camera.scale, -left, -top), combine=True
        )
        closer = max(0.0, camera.zoom - _MINOR_FROM_ZOOM)
        if camera.zoom >= _MINOR_FROM_ZOOM:
            _stroke(painter, self.minor, theme, "map.minor", 1.0 + 0.5 * closer)
        _stroke(painter, self.major, theme, "map.casing", 2.6 + 0.8 * closer)
        _stroke(painter, self.major, theme, "map.major", 1.4 + 0.8 * closer)
        painter.restore()


def _stroke(painter: QPainter, path: QPainterPath, theme: str, key: str, width: float) -> None:
    pen = QPen(colour(theme, key), width)
    pen.setCosmetic(True)
    painter.strokePath(path, pen)


def _path(network: Network, x: Floats, y: Floats, segments: list[int]) -> QPainterPath:
    path = QPainterPath()
    for segment in segments:
        first, end = int(network.offsets[segment]), int(network.offsets[segment + 1])
        points = zip(x[first:end].tolist(), y[first:end].tolist(), strict=True)
        path.moveTo(*next(points))
        for point in points:
            path.lineTo(*point)
    return path


def roads_of(region: RegionPack | None) -> tuple[Roads | None, str]:
    """The roads of a region, or why there are none in words; neither without a region."""
    if region is None:
        return None, ""
    try:
        return Roads(region), ""
    except RegionPackError as error:
        return None, str(error)


def draw_graticule(painter: QPainter, camera: Camera, theme: str) -> None:
    """Lines of latitude and longitude, as far apart as can be read."""
    north, west = camera.place(0, 0)
    south, east = camera.place(camera.width, camera.height)
    degrees_a_px = max(1e-12, (east - west) / max(1, camera.width))
    step = next((s for s in reversed(_STEPS) if s / degrees_a_px >= _LINES_PX), _STEPS[0])
    painter.setPen(QPen(colour(theme, "map.graticule"), 1))
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, on=False)
    for lon in _multiples(west, east, step):
        x, _ = camera.spot(0.0, lon)
        painter.drawLine(QPointF(x, 0), QPointF(x, camera.height))
    for lat in _multiples(max(south, -85.0), min(north, 85.0), step):
        _, y = camera.spot(lat, 0.0)
        painter.drawLine(QPointF(0, y), QPointF(camera.width, y))
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, on=True)


def _multiples(first: float, last: float, step: float) -> list[float]:
    return [n * step for n in range(math.ceil(first / step), math.floor(last / step) + 1)]
