"""The live map as a widget."""

import logging
from collections.abc import Callable, Mapping
from typing import Any, Literal

import msgspec
import shiboken6
from PySide6.QtCore import QTimer, Signal
from PySide6.QtGui import QColor
from PySide6.QtWebChannel import QWebChannel
from PySide6.QtWebEngineCore import QWebEnginePage
from PySide6.QtWebEngineWidgets import QWebEngineView
from PySide6.QtWidgets import QVBoxLayout, QWidget

from tower.road.pack import RegionPack
from ui.map.channel import Drawn, MapChannel, PageView
from ui.map.drafting import DragStep, MapDraft
from ui.map.live import LiveData
from ui.map.profile import MapPage, OutboundGuard, make_profile
from ui.map.scene import MapScene, TileProvider, VehicleColumns
from ui.map.scheme import PAGE_URL, PageScheme
from ui.theme import palettes

log = logging.getLogger(__name__)

_RELOAD_AFTER_MS = 200


class MapView(QWidget):
    """The map: a page of our own in a web view, fed by value.

    ``ui.map.scheme.register_scheme`` must have run before QApplication was made. Call
    ``close_page`` before the widget goes, so that the page goes before its profile.

    Args:
        region: The pack whose roads and names are shown; None shows a graticule.
        tiles: A raster tile server to use outside the region, if the operator set one.
        theme: ``"dark"`` or ``"light"``.
        parent: Its Qt parent.

    Attributes:
        stop_dragged: A `DragStep`: the dispatcher drags a stop on the map. `show_draft` answers
            a lift with what is lifted, `refuse_drag` with why it is not.
        page_left: The page goes, and with it whatever was dragged there.

    Raises:
        MapPageMissing: The page was not built.
    """

    selected = Signal(str, str)
    followed = Signal(str)
    map_drawn = Signal()
    vehicles_drawn = Signal()
    layers_changed = Signal(dict)
    stop_dragged = Signal(object)
    page_left = Signal()

    def __init__(
        self,
        region: RegionPack | None,
        tiles: TileProvider | None = None,
        theme: str = "dark",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._tiles = tiles
        self._theme = theme
        self._selection = ("", "")
        self._followed = ""
        self._layers: dict[str, bool] = {}
        self._where: PageView | None = None
        self._draft = MapDraft()
        self._is_ready = False
        self._waiting: list[dict[str, Any]] = []
        self._live = LiveData(self)
        self._scheme = PageScheme(self._live, self._page_config, tiles, parent=self)
        self._scheme.region = region
        self._guard = OutboundGuard(tiles, self)
        self._channel = MapChannel(self)
        self._profile = make_profile(self._scheme, self._guard, tiles, self)
        self._page: MapPage | None = self._make_page()
        self._view = QWebEngineView(self)
        self._view.setPage(self._page)
        self._lay_out()
        self._listen()
        self._paint_ground()
        self._page.load(PAGE_URL)

    def show_vehicles(self, frame: VehicleColumns) -> None:
        """Show the fleet as it is now; costs the GUI thread far less than a frame."""
        self._live.show_vehicles(frame)

    def show_scene(self, scene: MapScene) -> None:
        """Show routes, stops, depots and exceptions; the page is told what changed."""
        self._live.show_scene(scene)

    def show_draft(self, draft: MapDraft) -> None:
        """Show what is being tried out, beside what is."""
        if draft != self._draft or draft.lifted:
            self._draft = draft
            self._tell(do="draft", draft=draft)

    def refuse_drag(self, why: str) -> None:
        """Say on the map why the stop pressed cannot be dragged."""
        self._tell(do="refuse", why=why)

    def carry(self, x: float, y: float) -> None:
        """Stops from beside the map are held over a point of it; `stop_dragged` says over what."""
        self._tell(do="carry", x=x, y=y)

    def carry_end(self) -> None:
        """They are elsewhere now, or put down."""
        self._tell(do="carry_end")

    def set_region(self, region: RegionPack | None) -> None:
        """Show another region, or the graticule; the page starts anew there."""
        self._scheme.region = region
        self._where = None
        self.reload()

    def set_theme(self, name: str) -> None:
        """Change between ``"dark"`` and ``"light"`` at once."""
        self._theme = name
        self._paint_ground()
        self._tell(do="theme", name=name)

    def set_layers(self, layers: Mapping[str, bool]) -> None:
        """Show and hide layers by name, as ``layers_changed`` reports them."""
        self._layers.update(layers)
        self._tell(do="layers", layers=self._layers)

    def select(self, kind: str, identifier: str) -> None:
        """Select on the map what was selected elsewhere; ``""`` selects nothing."""
        if (kind, identifier) == self._selection:
            return
        self._selection = (kind, identifier)
        self._tell(do="select", kind=kind, id=identifier)

    def fit_route(self, identifier: str) -> None:
        """Look at a whole route."""
        self._tell(do="fit_route", id=identifier)

    def fit_all(self) -> None:
        """Look at every stop and depot."""
        self._tell(do="fit_all")

    def follow(self, vehicle_id: str | None) -> None:
        """Keep a vehicle in the middle until the map is dragged; None stops it."""
        self._followed = vehicle_id or ""
        self._tell(do="follow", id=self._followed)

    def stats(self, callback: Callable[[dict[str, float]], None]) -> None:
        """Ask the page how it draws: fps, frame times, vehicles, first map and vehicles."""
        self._ask("window.tower.stats()", callback)

    def move_by_itself(self, movement: Literal["drag", "zoom"], seconds: float) -> None:
        """Drag the map in circles or zoom in and out, so that ``stats`` tells how that went."""
        self._ask(f"window.tower.measure('{movement}', {seconds * 1000.0})", lambda _: None)

    def where_is(
        self, vehicle_id: str, callback: Callable[[dict[str, float] | None], None]
    ) -> None:
        """Ask where a vehicle is drawn: ``{"x", "y"}`` in the map's pixels, or None."""
        identifier = msgspec.json.encode(vehicle_id).decode()
        self._ask(f"window.tower.whereIs({identifier})", callback)

    @property
    def external_requests(self) -> int:
        """Requests the page made to other origins, refused ones included."""
        return self._guard.external_requests

    def reload(self) -> None:
        """Load the page anew, keeping view, theme, layers and selection."""
        if self._page is None:
            return
        self._is_ready = False
        self._waiting = [{"do": "draft", "draft": self._draft}]
        self._live.drop()
        self.page_left.emit()
        self._page.load(PAGE_URL)

    def close_page(self) -> None:
        """Take the page down before its profile; the widget shows nothing afterwards."""
        if self._page is None:
            return
        self._is_ready = False
        self._live.drop()
        page, self._page = self._page, None
        self._view.close()
        # The engine warns of trouble where a profile goes while its page waits for the loop.
        shiboken6.delete(page)

    def _make_page(self) -> MapPage:
        page = MapPage(self._profile, self)
        channel = QWebChannel(page)
        channel.registerObject("map", self._channel)
        page.setWebChannel(channel)
        page.renderProcessTerminated.connect(self._on_renderer_gone)
        return page

    def _paint_ground(self) -> None:
        """Show the map's ground, not white, until the page has painted."""
        if self._page is not None:
            self._page.setBackgroundColor(QColor(palettes()[self._theme]["map.ground"]))

    def _lay_out(self) -> None:
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self._view)
        self.setFocusProxy(self._view)

    def _listen(self) -> None:
        channel = self._channel
        channel.page_ready.connect(self._on_page_ready)
        channel.selection_made.connect(self._on_page_selected)
        channel.following_changed.connect(self._on_page_followed)
        channel.page_drawn.connect(self._on_page_drawn)
        channel.layers_chosen.connect(self._on_layers_chosen)
        channel.view_moved.connect(self._on_view_moved)
        channel.stop_dragged.connect(self._on_stop_dragged)

    def _page_config(self) -> dict[str, object]:
        region = self._scheme.region
        kind, identifier = self._selection
        return {
            "theme": self._theme,
            "bounds": list(region.info.bounds) if region is not None else None,
            "attribution": region.info.attribution if region is not None else "",
            "tiles": self._tiles,
            "view": self._where,
            "selection": {"kind": kind, "id": identifier},
            "follow": self._followed,
            "layers": self._layers,
        }

    def _tell(self, **words: Any) -> None:  # noqa: ANN401
        if self._is_ready:
            self._channel.command(**words)
        else:
            self._waiting.append(words)

    def _ask(self, script: str, callback: Callable[[Any], None]) -> None:
        if self._page is not None:
            self._page.runJavaScript(script, 0, lambda text: callback(_decoded(text)))

    def _on_page_ready(self) -> None:
        self._is_ready = True
        waiting, self._waiting = self._waiting, []
        for words in waiting:
            self._channel.command(**words)

    def _on_page_selected(self, kind: str, identifier: str) -> None:
        self._selection = (kind, identifier)
        self.selected.emit(kind, identifier)

    def _on_page_followed(self, vehicle_id: str) -> None:
        self._followed = vehicle_id
        self.followed.emit(vehicle_id)

    def _on_page_drawn(self, drawn: Drawn) -> None:
        if not self._is_ready:
            return
        (self.map_drawn if drawn.what == "map" else self.vehicles_drawn).emit()

    def _on_layers_chosen(self, layers: dict[str, bool]) -> None:
        self._layers = layers
        self.layers_changed.emit(layers)

    def _on_view_moved(self, where: PageView) -> None:
        # A page on its way out may still say where it was looking.
        if self._is_ready:
            self._where = where

    def _on_stop_dragged(self, step: DragStep) -> None:
        if self._is_ready:
            self.stop_dragged.emit(step)

    def _on_renderer_gone(
        self, status: QWebEnginePage.RenderProcessTerminationStatus, code: int
    ) -> None:
        if self._page is None:
            return
        log.error("the map's renderer ended (%s, code %d); the map is loaded again", status, code)
        QTimer.singleShot(_RELOAD_AFTER_MS, self, self.reload)


def _decoded(text: object) -> Any:  # noqa: ANN401
    return msgspec.json.decode(text) if isinstance(text, str) and text else None
