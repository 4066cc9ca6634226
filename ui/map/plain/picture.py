"""What of the plainer map stands still: routes, stops, depots and exceptions."""

from collections.abc import Callable, Iterator, Sequence
from typing import Final, NamedTuple

import numpy as np
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPen, QPolygonF, QTransform

from tower.domain.words import Punctuality, Severity
from ui.map.plain.camera import Camera, Floats, world_xy
from ui.map.plain.marks import (
    RISE,
    colour,
    draw_depot,
    draw_exception,
    draw_ring,
    draw_words,
    route_colour,
)
from ui.map.scene import DEGREE_UNITS, MapException, MapRoute, MapScene, MapStop

_SEVERITIES: Final = tuple(Severity)
_STOP_PX: Final = 10.0
_MARGIN_PX: Final = 30.0
_STOP_REACH_PX: Final = 8.0
_MARK_REACH_PX: Final = 11.0

Places = Callable[[str], tuple[float, float] | None]
"""Where a vehicle is now, by its id."""


class Found(NamedTuple):
    """What lies at a pixel: its kind and id, and words about it."""

    kind: str
    id: str
    words: str


class PlainPicture:
    """The scene as it is drawn.

    Args:
        places: where vehicles are, for the exceptions that travel with them.
    """

    def __init__(self, places: Places) -> None:
        self._places = places
        self._scene = MapScene(0)
        self._lat: Floats = np.empty(0)
        self._lon: Floats = np.empty(0)
        self._lines: dict[str, tuple[bytes, QPainterPath]] = {}
        self._routes: dict[str, MapRoute] = {}

    def take(self, scene: MapScene) -> None:
        """Take the scene as it is now."""
        if scene.stops is not self._scene.stops:
            self._lat = np.array([stop.lat for stop in scene.stops])
            self._lon = np.array([stop.lon for stop in scene.stops])
        self._scene = scene
        self._routes = {route.id: route for route in scene.routes}
        self._lines = {route.id: self._line(route) for route in scene.routes if route.shape}

    def places(self) -> tuple[Floats, Floats]:
        """Latitude and longitude of all stops and depots, degrees."""
        depots = self._scene.depots
        return (
            np.append(self._lat, [depot.lat for depot in depots]),
            np.append(self._lon, [depot.lon for depot in depots]),
        )

    def places_of(self, route_id: str) -> tuple[Floats, Floats]:
        """Latitude and longitude of the stops of a route, degrees."""
        mine = [stop.route_id == route_id for stop in self._scene.stops]
        rows = np.flatnonzero(mine)
        return self._lat[rows], self._lon[rows]

    def place_of(self, kind: str, id_: str) -> tuple[float, float] | None:
        """Where a stop or an exception is, degrees; None for anything else."""
        records: Sequence[MapStop | MapException] = ()
        if kind == "stop":
            records = self._scene.stops
        elif kind == "exception":
            records = self._scene.exceptions
        return next(((one.lat, one.lon) for one in records if one.id == id_), None)

    def route_of(self, kind: str, id_: str) -> str:
        """The route something is or belongs to, or empty."""
        if kind == "route":
            return id_
        if kind == "vehicle":
            return next((one.id for one in self._scene.routes if one.vehicle_id == id_), "")
        stop_id = id_
        if kind == "exception":
            found = [one for one in self._scene.exceptions if one.id == id_]
            stop_id = found[0].stop_id if found else ""
            if found and not stop_id:
                return self.route_of("vehicle", found[0].vehicle_id)
        return next((one.route_id for one in self._scene.stops if one.id == stop_id), "")

    # Drawing, from the bottom up

    def draw_routes(self, painter: QPainter, camera: Camera, theme: str, chosen: str) -> None:
        """Draw the lines, the chosen one last and broad."""
        left, top = camera.origin
        painter.save()
        painter.setTransform(
            QTransform(camera.scale, 0, 0, camera.scale, -left, -top), combine=True
        )
        for route in self._scene.routes:
            if route.id != chosen:
                faint = 0.3 if route.punctuality is Punctuality.DONE else 0.8
                self._draw_line(painter, route, route_colour(theme, route.colour, faint), 1.6)
        own = self._routes.get(chosen)
        if own is not None:
            self._draw_line(painter, own, colour(theme, "map.route_casing"), 7.5)
            self._draw_line(painter, own, route_colour(theme, own.colour), 4.5)
        painter.restore()

    def draw_stops(self, painter: QPainter, camera: Camera, theme: str, chosen: str) -> None:
        """Draw dots in their routes' colours, and by number those of the chosen route."""
        xs, ys = camera.spots(self._lat, self._lon)
        dots: dict[str, list[QPointF]] = {}
        for row in self._inside(camera, xs, ys):
            stop = self._scene.stops[row]
            if stop.route_id != chosen or not chosen:
                dots.setdefault(self._dot(theme, stop), []).append(QPointF(xs[row], ys[row]))
        for paint, spots in dots.items():
            pen = QPen(QColor(paint), max(2.6, min(9.0, 4.8 + (camera.zoom - 13.5) * 1.1)))
            pen.setCapStyle(Qt.PenCapStyle.RoundCap)
            painter.setPen(pen)
            painter.drawPoints(QPolygonF(spots))
        for row in self._inside(camera, xs, ys):
            stop = self._scene.stops[row]
            if chosen and stop.route_id == chosen:
                self._draw_number(painter, theme, QPointF(xs[row], ys[row]), stop)

    def draw_marks(
        self, painter: QPainter, camera: Camera, theme: str, selection: tuple[str, str]
    ) -> None:
        """Draw depots, and every exception there is: the gravest and the selected one on top."""
        for depot in self._scene.depots:
            at = QPointF(*camera.spot(depot.lat, depot.lon))
            draw_depot(painter, theme, at, is_selected=selection == ("depot", depot.id))
        for exception in self._in_order(selection):
            at = self._spot(camera, exception)
            is_selected = selection == ("exception", exception.id)
            draw_exception(painter, theme, at, exception.severity, is_selected=is_selected)

    def draw_selected_stop(
        self, painter: QPainter, camera: Camera, theme: str, stop_id: str
    ) -> None:
        """A ring around the selected stop."""
        place = self.place_of("stop", stop_id)
        if place is not None:
            draw_ring(painter, theme, QPointF(*camera.spot(*place)), _STOP_PX + 5)

    # Finding

    def mark_at(
        self, camera: Camera, x: float, y: float, selection: tuple[str, str]
    ) -> Found | None:
        """The exception on top at a pixel."""
        for one in reversed(list(self._in_order(selection))):
            at = self._spot(camera, one) - QPointF(0, RISE)
            if np.hypot(at.x() - x, at.y() - y) <= _MARK_REACH_PX:
                return Found("exception", one.id, one.label)
        return None

    def stop_at(self, camera: Camera, x: float, y: float) -> Found | None:
        """The stop nearest to a pixel, or the depot."""
        for depot in self._scene.depots:
            at = camera.spot(depot.lat, depot.lon)
            if np.hypot(at[0] - x, at[1] - y) <= _STOP_PX:
                return Found("depot", depot.id, depot.label)
        if not self._scene.stops:
            return None
        xs, ys = camera.spots(self._lat, self._lon)
        away = np.hypot(xs - x, ys - y)
        row = int(np.argmin(away))
        stop = self._scene.stops[row]
        words = "\n".join(part for part in (stop.label, stop.detail) if part)
        return Found("stop", stop.id, words) if away[row] <= _STOP_REACH_PX else None

    # Parts

    def _line(self, route: MapRoute) -> tuple[bytes, QPainterPath]:
        known = self._lines.get(route.id)
        if known is not None and (known[0] is route.shape or known[0] == route.shape):
            return known
        points = np.frombuffer(route.shape, "<i4").reshape(-1, 2) / DEGREE_UNITS
        x, y = world_xy(points[:, 0], points[:, 1])
        path = QPainterPath(QPointF(x[0], y[0]))
        for at in zip(x[1:].tolist(), y[1:].tolist(), strict=True):
            path.lineTo(*at)
        return route.shape, path

    def _draw_line(self, painter: QPainter, route: MapRoute, paint: QColor, width: float) -> None:
        line = self._lines.get(route.id)
        if line is not None:
            pen = QPen(paint, width)
            pen.setCosmetic(True)
            painter.strokePath(line[1], pen)

    def _dot(self, theme: str, stop: MapStop) -> str:
        """The colour of a stop's dot: its route's, faint once it is done; its standing's if bad."""
        if stop.state.is_outcome:
            return colour(theme, "marks.done", 0.5).name(QColor.NameFormat.HexArgb)
        if stop.punctuality in {Punctuality.LATE, Punctuality.AT_RISK}:
            return colour(theme, f"marks.{stop.punctuality.value}").name()
        route = self._routes.get(stop.route_id)
        return (route_colour(theme, route.colour) if route else colour(theme, "muted")).name()

    def _draw_number(self, painter: QPainter, theme: str, at: QPointF, stop: MapStop) -> None:
        route = self._routes.get(stop.route_id)
        ring = route_colour(theme, route.colour if route else 0)
        fill, ink = colour(theme, "map.stop_fill"), colour(theme, "text")
        if stop.state.is_outcome:
            ink = colour(theme, "muted")
        elif stop.punctuality is Punctuality.LATE:
            ring = fill = colour(theme, "marks.late")
            ink = colour(theme, "map.route_casing")
        elif stop.punctuality is Punctuality.AT_RISK:
            ring = ink = colour(theme, "marks.at_risk")
        painter.setPen(QPen(ring, 2))
        painter.setBrush(fill)
        painter.drawEllipse(at, _STOP_PX, _STOP_PX)
        draw_words(painter, ink, at, str(stop.number) if stop.number else "")

    def _inside(self, camera: Camera, xs: Floats, ys: Floats) -> list[int]:
        inside = (xs > -_MARGIN_PX) & (xs < camera.width + _MARGIN_PX)
        inside &= (ys > -_MARGIN_PX) & (ys < camera.height + _MARGIN_PX)
        return [int(row) for row in np.flatnonzero(inside)]

    def _in_order(self, selection: tuple[str, str]) -> Iterator[MapException]:
        def rank(one: MapException) -> int:
            if selection == ("exception", one.id):
                return 1
            return -_SEVERITIES.index(one.severity)

        yield from sorted(self._scene.exceptions, key=rank)

    def _spot(self, camera: Camera, exception: MapException) -> QPointF:
        place = self._places(exception.vehicle_id) if exception.vehicle_id else None
        return QPointF(*camera.spot(*(place or (exception.lat, exception.lon))))
