"""The plainer map as a widget: no web engine, nothing that could end on its own."""

import html
from collections.abc import Callable, Mapping
from typing import Final

import numpy as np
from PySide6.QtCore import QEvent, QPointF, QRectF, Qt, Signal
from PySide6.QtGui import (
    QFont,
    QHelpEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPixmap,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QApplication, QToolTip, QWidget

from tower.road.geometry import Bounds
from tower.road.pack import RegionPack
from ui.map.channel import PageView
from ui.map.drafting import MapDraft
from ui.map.pasttrails import MapTrails
from ui.map.plain.camera import Camera, Floats, around
from ui.map.plain.fleet import PlainFleet
from ui.map.plain.ground import Roads, draw_graticule, roads_of
from ui.map.plain.marks import colour
from ui.map.plain.picture import Found, PlainPicture
from ui.map.scene import MapScene, VehicleColumns
from ui.map.standing import Standing
from ui.theme import SMALL_PX, typeface

_WHEEL_STEP: Final = 240.0
_KEY_PAN_PX: Final = 80.0
_FOLLOW_ZOOM: Final = 15.0
_WORLD: Final = (30.0, 0.0, 2.0)
_EDGE: Final = 0.08
_PANS: Final = {
    Qt.Key.Key_Left: (1, 0),
    Qt.Key.Key_Right: (-1, 0),
    Qt.Key.Key_Up: (0, 1),
    Qt.Key.Key_Down: (0, -1),
}


class PlainMap(QWidget):
    """Vehicles, routes, stops and exceptions over the region's roads, drawn by Qt itself.

    It takes the place of a `MapView` whose renderer does not stay alive, with the same signals and
    the same colours and shapes. Stops cannot be dragged on it, and vehicles do not glide.

    Args:
        region: the pack whose roads are shown; None shows a graticule.
        standing: what the map before was set to, to go on with.
        parent: its Qt parent.

    Attributes:
        standing: what a map in place of this one goes on with.
    """

    selected = Signal(str, str)
    followed = Signal(str)
    map_drawn = Signal()
    vehicles_drawn = Signal()
    layers_changed = Signal(dict)

    def __init__(
        self, region: RegionPack | None, standing: Standing, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.standing = standing
        self._fleet = PlainFleet()
        self._picture = PlainPicture(self._fleet.place_of)
        self._said: set[str] = set()
        self._pressed: QPointF | None = None
        self._dragged_from: Camera | None = None
        # What stands still is drawn once for a view, and not again with each fix.
        self._sheet: tuple[Camera, QPixmap] | None = None
        self._roads: Roads | None = None
        self._take_region(region)
        self._camera = self._first_camera()
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setAccessibleName("Map")

    # What it shows

    def show_vehicles(self, frame: VehicleColumns) -> None:
        """Show the fleet as it is now."""
        self._fleet.take(frame)
        self._keep_following()
        self.update()

    def show_scene(self, scene: MapScene) -> None:
        """Show routes, stops, depots and exceptions."""
        self._picture.take(scene)
        self._settle()
        self._redraw()

    def show_trails(self, _trails: MapTrails) -> None:
        """Where vehicles have been is drawn by the full map alone."""

    def show_draft(self, draft: MapDraft) -> None:
        """Keep what is being tried out for the full map, which alone draws it."""
        self.standing.draft = draft

    def set_region(self, region: RegionPack | None) -> None:
        """Show another region, or the graticule."""
        self._take_region(region)
        self.standing.where = None
        self._camera = self._first_camera()
        self._settle()
        self._redraw()

    def set_theme(self, name: str) -> None:
        """Change between ``"dark"`` and ``"light"`` at once."""
        self.standing.theme = name
        self._redraw()

    def set_layers(self, layers: Mapping[str, bool]) -> None:
        """Show and hide layers by name."""
        self.standing.layers.update(layers)
        self._redraw()

    def select(self, kind: str, identifier: str) -> None:
        """Select on the map what was selected elsewhere; ``""`` selects nothing."""
        self.standing.selection = (kind, identifier)
        place = self._picture.place_of(kind, identifier)
        if place is not None:
            self._reveal(*place)
        self._redraw()

    # Where it looks

    def fit_route(self, identifier: str) -> None:
        """Look at a whole route."""
        self._fit(*self._picture.places_of(identifier), closest=17.0)

    def fit_all(self) -> None:
        """Look at every stop and depot."""
        self._fit(*self._everything())

    def fit_box(self, box: Bounds) -> None:
        """Look at a rectangle."""
        self._fit(np.array([box.south, box.north]), np.array([box.west, box.east]), closest=17.0)

    def follow(self, vehicle_id: str | None) -> None:
        """Keep a vehicle in the middle until the map is dragged; None stops it."""
        self.standing.followed = vehicle_id or ""
        if vehicle_id:
            self._look(self._camera._replace(zoom=max(self._camera.zoom, _FOLLOW_ZOOM)))
        self._keep_following()

    def stats(self, callback: Callable[[dict[str, float]], None]) -> None:
        """Say how many vehicles there are and how close the map is."""
        callback({"vehicles": float(len(self._fleet)), "zoom": self._camera.zoom})

    def where_is(
        self, vehicle_id: str, callback: Callable[[dict[str, float] | None], None]
    ) -> None:
        """Say where a vehicle is drawn: ``{"x", "y"}`` in the map's pixels, or None."""
        place = self._fleet.place_of(vehicle_id)
        spot = None if place is None else self._camera.spot(*place)
        callback(None if spot is None else {"x": spot[0], "y": spot[1]})

    @property
    def external_requests(self) -> int:
        """It asks nobody for anything."""
        return 0

    def close_page(self) -> None:
        """Let go of the region's roads."""
        self._roads = self._sheet = None

    def _take_region(self, region: RegionPack | None) -> None:
        self._roads, self._fault = roads_of(region)
        self._bounds = region.info.bounds if region is not None else None
        self._attribution = region.info.attribution if region is not None else ""

    def _first_camera(self) -> Camera:
        width, height, where = max(1, self.width()), max(1, self.height()), self.standing.where
        self._is_untouched = where is None or where.is_untouched
        if where is not None:
            return Camera.at(where.lat, where.lon, where.zoom, width, height)
        camera = Camera.at(*_WORLD, width, height)
        return camera if self._bounds is None else camera.fitting(self._bounds)

    def _everything(self) -> tuple[Floats, Floats]:
        places = self._picture.places()
        return places if places[0].size else self._fleet.places()

    def _settle(self) -> None:
        """Look at all there is until somebody moves the map."""
        lat, lon = self._everything()
        if self._is_untouched and lat.size:
            self._camera = self._camera.fitting(around(lat, lon))

    def _fit(self, lat: Floats, lon: Floats, closest: float = 16.0) -> None:
        if lat.size:
            self._end_following()
            self._look(self._camera.fitting(around(lat, lon), closest=closest))

    def _reveal(self, lat: float, lon: float) -> None:
        x, y = self._camera.spot(lat, lon)
        across, down = self.width() * _EDGE, self.height() * _EDGE
        if not (across < x < self.width() - across and down < y < self.height() - down):
            self._look(Camera.at(lat, lon, self._camera.zoom, self.width(), self.height()))

    def _keep_following(self) -> None:
        place = self._fleet.place_of(self.standing.followed)
        if place is not None:
            self._look(Camera.at(*place, self._camera.zoom, self.width(), self.height()))

    def _end_following(self) -> None:
        if self.standing.followed:
            self.standing.followed = ""
            self.followed.emit("")

    def _look(self, camera: Camera) -> None:
        self._camera, self._is_untouched = camera, False
        self.standing.where = PageView(*camera.centre, camera.zoom)
        self.update()

    def _redraw(self) -> None:
        self._sheet = None
        self.update()

    # Drawing

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw the map; called by Qt."""
        theme = self.standing.theme
        chosen = self._picture.route_of(*self.standing.selection)
        if self._sheet is None or not self._is_near(self._sheet[0]):
            self._sheet = self._camera, self._drawn(theme, chosen)
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.fillRect(self.rect(), colour(theme, "map.ground"))
        painter.drawPixmap(self._offset(self._sheet[0]), self._sheet[1])
        self._draw_what_moves(painter, theme)
        self._draw_attribution(painter, theme)
        painter.end()
        self._say_drawn()

    def _is_near(self, drawn: Camera) -> bool:
        """Whether what was drawn for another view need only be slid, as while it is dragged."""
        now = self._camera
        if (drawn.zoom, drawn.width, drawn.height) != (now.zoom, now.width, now.height):
            return False
        return drawn == now or self._dragged_from is not None

    def _offset(self, drawn: Camera) -> QPointF:
        (left, top), (now_left, now_top) = drawn.origin, self._camera.origin
        return QPointF(round(left - now_left), round(top - now_top))

    def _drawn(self, theme: str, chosen: str) -> QPixmap:
        ratio = self.devicePixelRatioF()
        sheet = QPixmap(self.size() * ratio)
        sheet.setDevicePixelRatio(ratio)
        sheet.fill(colour(theme, "map.ground"))
        painter = QPainter(sheet)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if self._roads is None:
            draw_graticule(painter, self._camera, theme)
        else:
            self._roads.draw(painter, self._camera, theme)
        if self._is_on("routes"):
            self._picture.draw_routes(painter, self._camera, theme, chosen)
        if self._is_on("stops"):
            self._picture.draw_stops(painter, self._camera, theme, chosen)
        painter.end()
        return sheet

    def _draw_what_moves(self, painter: QPainter, theme: str) -> None:
        kind, id_ = self.standing.selection
        if self._is_on("vehicles"):
            self._fleet.draw(painter, self._camera, theme, id_ if kind == "vehicle" else "")
            if self.standing.layers.get("vehicle_names", False):
                self._fleet.draw_names(painter, self._camera, theme)
        if kind == "stop":
            self._picture.draw_selected_stop(painter, self._camera, theme, id_)
        if self._is_on("exceptions"):
            self._picture.draw_marks(painter, self._camera, theme, self.standing.selection)

    def _draw_attribution(self, painter: QPainter, theme: str) -> None:
        words = self._fault or self._attribution
        font = QFont(typeface())
        font.setPixelSize(SMALL_PX)
        painter.setFont(font)
        painter.setPen(colour(theme, "muted"))
        box = QRectF(self.rect()).adjusted(8, 0, -8, -6)
        painter.drawText(box, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignBottom, words)

    def _is_on(self, layer: str) -> bool:
        return self.standing.layers.get(layer, True)

    def _say_drawn(self) -> None:
        for what, signal in (("map", self.map_drawn), ("vehicles", self.vehicles_drawn)):
            if what not in self._said and (what == "map" or len(self._fleet)):
                self._said.add(what)
                signal.emit()

    # The hand

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Look at the same middle; called by Qt."""
        self._camera = self._camera._replace(width=self.width(), height=self.height())
        self._settle()
        super().resizeEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Perhaps the begin of a drag; called by Qt."""
        if event.button() is Qt.MouseButton.LeftButton:
            self._pressed = event.position()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Drag the map; called by Qt."""
        if self._pressed is None:
            return
        moved = event.position() - self._pressed
        if self._dragged_from is None:
            if moved.manhattanLength() < QApplication.startDragDistance():
                return
            self._dragged_from = self._camera
            self._end_following()
        self._look(self._dragged_from.panned(moved.x(), moved.y()))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """The end of a drag, or a click; called by Qt."""
        if self._pressed is None or event.button() is not Qt.MouseButton.LeftButton:
            return
        was_dragged, self._pressed, self._dragged_from = self._dragged_from is not None, None, None
        if was_dragged:
            self.update()
            return
        found = self._at(event.position())
        kind, id_ = (found.kind, found.id) if found else ("", "")
        self.standing.selection = (kind, id_)
        self._redraw()
        self.selected.emit(kind, id_)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Follow a vehicle, or look closer; called by Qt."""
        found = self._at(event.position())
        if found is not None and found.kind == "vehicle":
            self.follow(found.id)
            self.followed.emit(found.id)
        else:
            self._zoom(1.0, event.position())

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Look closer, or at more; called by Qt."""
        self._zoom(event.angleDelta().y() / _WHEEL_STEP, event.position())
        event.accept()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Move by keys: arrows, plus, minus, Escape; called by Qt."""
        key = Qt.Key(event.key())
        middle = QPointF(self.rect().center())
        if key in _PANS:
            across, down = _PANS[key]
            self._end_following()
            self._look(self._camera.panned(across * _KEY_PAN_PX, down * _KEY_PAN_PX))
        elif key in {Qt.Key.Key_Plus, Qt.Key.Key_Equal}:
            self._zoom(1.0, middle)
        elif key is Qt.Key.Key_Minus:
            self._zoom(-1.0, middle)
        elif key is Qt.Key.Key_Escape and self.standing.followed:
            self._end_following()
        else:
            super().keyPressEvent(event)

    def event(self, event: QEvent) -> bool:
        """Say what lies under a resting pointer; called by Qt."""
        if isinstance(event, QHelpEvent):
            found = self._at(QPointF(event.pos()))
            words = html.escape(found.words).replace("\n", "<br>") if found else ""
            QToolTip.showText(event.globalPos(), f"<span>{words}</span>" if words else "", self)
            return True
        return super().event(event)

    def _zoom(self, by: float, at: QPointF) -> None:
        spot = QPointF(self.rect().center()) if self.standing.followed else at
        self._look(self._camera.zoomed(by, spot.x(), spot.y()))

    def _at(self, spot: QPointF) -> Found | None:
        """What lies at a point, the topmost first."""
        x, y, camera = spot.x(), spot.y(), self._camera
        if self._is_on("exceptions"):
            found = self._picture.mark_at(camera, x, y, self.standing.selection)
            if found is not None:
                return found
        name = self._fleet.at(camera, x, y) if self._is_on("vehicles") else None
        if name is not None:
            lines = (name.label, name.driver, name.carrier, name.next_stop, name.eta)
            return Found("vehicle", name.id, "\n".join(line for line in lines if line))
        return self._picture.stop_at(camera, x, y) if self._is_on("stops") else None
