"""The live map as a widget."""

import logging
import time
from collections import deque
from collections.abc import Callable, Mapping
from typing import Any, Literal

import msgspec
from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QStackedLayout, QWidget

from tower.road.geometry import Bounds
from tower.road.pack import RegionPack
from ui.map.channel import Drawn, PageView
from ui.map.drafting import DragStep, MapDraft
from ui.map.pasttrails import MapTrails
from ui.map.recycling import Kept, Recycler
from ui.map.scene import MapScene, TileProvider, VehicleColumns
from ui.map.sheet import MapSheet
from ui.map.standing import Standing
from ui.theme import palettes

log = logging.getLogger(__name__)

_CRASHES = 2
_WITHIN_S = 60.0
_RETURN_MS = 30_000
_RETIRE_MS = 500


class MapView(QWidget):
    """The map: a page of our own in a web view, fed by value.

    A renderer that ends is started again, and a page whose renderer has grown is replaced by a
    fresh one behind it. ``ui.map.scheme.register_scheme`` must have run before QApplication was
    made. Call ``close_page`` before the widget goes, so that the page goes before its profile.

    Args:
        region: The pack whose roads and names are shown; None shows a graticule.
        tiles: A raster tile server to use outside the region, if the operator set one.
        theme: ``"dark"`` or ``"light"``.
        parent: Its Qt parent.
        standing: What another map was set to, to go on with.

    Attributes:
        stop_dragged: A `DragStep`: the dispatcher drags a stop on the map. `show_draft` answers
            a lift with what is lifted, `refuse_drag` with why it is not.
        moving: True while a hand, or what it set going, moves the map.
        page_left: The page goes, and with it whatever was dragged there.
        gave_up: The renderer ended twice within a minute, or did not come back; says how.
        standing: What a map in place of this one goes on with.

    Raises:
        MapPageMissing: The page was not built.
    """

    selected = Signal(str, str)
    followed = Signal(str)
    map_drawn = Signal()
    vehicles_drawn = Signal()
    layers_changed = Signal(dict)
    stop_dragged = Signal(object)
    moving = Signal(bool)
    page_left = Signal()
    gave_up = Signal(str)

    def __init__(
        self,
        region: RegionPack | None,
        tiles: TileProvider | None = None,
        theme: str = "dark",
        parent: QWidget | None = None,
        standing: Standing | None = None,
    ) -> None:
        super().__init__(parent)
        self._region, self._tiles = region, tiles
        self.standing = standing or Standing()
        self.standing.theme = theme
        self._own = ""
        self._is_carrying = False
        self._retired: MapSheet | None = None
        self._retired_requests = 0
        self._crashed_at: deque[float] = deque(maxlen=_CRASHES)
        self._layers_of_pages = QStackedLayout(self)
        self._layers_of_pages.setContentsMargins(0, 0, 0, 0)
        # A page behind another one draws as if it were seen.
        self._layers_of_pages.setStackingMode(QStackedLayout.StackingMode.StackAll)
        self._return_due = QTimer(self)
        self._return_due.setSingleShot(True)
        self._return_due.setInterval(_RETURN_MS)
        self._return_due.timeout.connect(lambda: self._on_renderer_gone("it did not come back"))
        self._recycler = Recycler(self._make_behind, self._is_free, self)
        self._recycler.prepared.connect(self._bring_to_front)
        self._sheet = self._make_sheet()
        self._adopt(self._sheet)
        self._load(self._sheet)

    @property
    def sheet(self) -> MapSheet:
        """The page in front."""
        return self._sheet

    @property
    def _sheets(self) -> list[MapSheet]:
        """The page in front, and the one behind it where there is one."""
        behind = self._recycler.behind
        return [self._sheet] if behind is None else [self._sheet, behind]

    def show_vehicles(self, frame: VehicleColumns) -> None:
        """Show the fleet as it is now; costs the GUI thread far less than a frame."""
        for sheet in self._sheets:
            sheet.live.show_vehicles(frame)

    def show_scene(self, scene: MapScene) -> None:
        """Show routes, stops, depots and exceptions; the page is told what changed."""
        for sheet in self._sheets:
            sheet.live.show_scene(scene)

    def show_trails(self, trails: MapTrails) -> None:
        """Show where chosen vehicles have been, instead of what was shown before."""
        for sheet in self._sheets:
            sheet.live.show_trails(trails)

    def show_draft(self, draft: MapDraft) -> None:
        """Show what is being tried out, beside what is."""
        if draft != self.standing.draft or draft.lifted:
            self.standing.draft = draft
            self._tell(do="draft", draft=draft)

    def refuse_drag(self, why: str) -> None:
        """Say on the map why the stop pressed cannot be dragged."""
        self._sheet.tell(do="refuse", why=why)

    def carry(self, x: float, y: float) -> None:
        """Stops from beside the map are held over a point of it; `stop_dragged` says over what."""
        self._is_carrying = True
        self._sheet.tell(do="carry", x=x, y=y)

    def carry_end(self) -> None:
        """They are elsewhere now, or put down."""
        self._is_carrying = False
        self._sheet.tell(do="carry_end")

    def set_region(self, region: RegionPack | None) -> None:
        """Show another region, or the graticule; the page starts anew there."""
        self._region = region
        self.standing.where = None
        self._sheet.set_region(region)
        self.reload()

    def set_theme(self, name: str) -> None:
        """Change between ``"dark"`` and ``"light"`` at once."""
        self.standing.theme = name
        for sheet in self._sheets:
            sheet.paint_ground(self._ground)
        self._tell(do="theme", name=name)

    def set_layers(self, layers: Mapping[str, bool]) -> None:
        """Show and hide layers by name, as ``layers_changed`` reports them."""
        self.standing.layers.update(layers)
        self._tell(do="layers", layers=self.standing.layers)

    def select(self, kind: str, identifier: str) -> None:
        """Select on the map what was selected elsewhere; ``""`` selects nothing."""
        if (kind, identifier) == self.standing.selection:
            return
        self.standing.selection = (kind, identifier)
        self._tell(do="select", kind=kind, id=identifier)

    def fit_route(self, identifier: str) -> None:
        """Look at a whole route."""
        self._tell(do="fit_route", id=identifier)

    def fit_box(self, box: Bounds) -> None:
        """Look at a rectangle."""
        self._tell(do="fit_box", box=tuple(box))

    def fit_all(self) -> None:
        """Look at every stop and depot."""
        self._tell(do="fit_all")

    def follow(self, vehicle_id: str | None) -> None:
        """Keep a vehicle in the middle until the map is dragged; None stops it."""
        self.standing.followed = vehicle_id or ""
        self._tell(do="follow", id=self.standing.followed)

    def stats(self, callback: Callable[[dict[str, float]], None]) -> None:
        """Ask the page how it draws: fps, frame times, vehicles, first map and vehicles."""
        self._sheet.ask("window.tower.stats()", callback)

    def move_by_itself(self, movement: Literal["drag", "zoom"], seconds: float) -> None:
        """Drag the map in circles or zoom in and out, so that ``stats`` tells how that went."""
        self._sheet.ask(f"window.tower.measure('{movement}', {seconds * 1000.0})", lambda _: None)

    def where_is(
        self, vehicle_id: str, callback: Callable[[dict[str, float] | None], None]
    ) -> None:
        """Ask where a vehicle is drawn: ``{"x", "y"}`` in the map's pixels, or None."""
        identifier = msgspec.json.encode(vehicle_id).decode()
        self._sheet.ask(f"window.tower.whereIs({identifier})", callback)

    @property
    def external_requests(self) -> int:
        """Requests the page made to other origins, refused ones included."""
        return self._retired_requests + sum(sheet.external_requests for sheet in self._sheets)

    @property
    def renderer_pid(self) -> int:
        """Process id of the renderer of the page in front; 0 while there is none."""
        return self._sheet.renderer_pid

    def recycle(self, why: str) -> None:
        """Replace the page by a fresh one as soon as nobody is at the map.

        Args:
            why: For the log.
        """
        self._recycler.recycle(why)

    def reload(self) -> None:
        """Load the page anew, keeping view, theme, layers and selection."""
        self._own = ""
        self._load(self._sheet)
        self._recycler.watch(self._sheet)
        self.page_left.emit()

    def close_page(self) -> None:
        """Take the page down before its profile; the widget shows nothing afterwards."""
        self._return_due.stop()
        self._recycler.stop()
        self._retire()
        self._sheet.close()

    # Pages

    def _make_sheet(self) -> MapSheet:
        sheet = MapSheet(self._region, self._tiles, self._page_config, self)
        sheet.paint_ground(self._ground)
        self._layers_of_pages.addWidget(sheet.view)
        return sheet

    def _make_behind(self, kept: Kept) -> MapSheet:
        """Make another page that goes on where the one in front is, hidden by it."""
        self.standing.where, self._own = kept.view, kept.own
        behind = self._make_sheet()
        self._layers_of_pages.setCurrentWidget(self._sheet.view)
        self._sheet.live.hand_over(behind.live)
        self._load(behind)
        return behind

    def _load(self, sheet: MapSheet) -> None:
        sheet.load()
        sheet.tell(do="draft", draft=self.standing.draft)

    def _is_free(self) -> bool:
        """Whether nothing is under way that another page would not know of."""
        is_dragging = self._is_carrying or bool(self.standing.draft.lifted)
        return self.isVisible() and not is_dragging and not self._return_due.isActive()

    def _bring_to_front(self, sheet: MapSheet) -> None:
        self._retire()
        old, self._sheet = self._sheet, sheet
        has_focus = old.view.hasFocus() or self.focusProxy() is self.window().focusWidget()
        self._adopt(sheet)
        self.moving.emit(False)  # what the other page says of that is heard no more
        self._layers_of_pages.setCurrentWidget(sheet.view)
        if has_focus:
            sheet.view.setFocus()
        self._retired_requests += old.external_requests
        old.channel.blockSignals(True)
        old.renderer_gone.disconnect()
        self._retired = old
        # The other is painted before this one goes.
        QTimer.singleShot(_RETIRE_MS, old, self._retire)

    def _retire(self) -> None:
        """Let the page that was in front before go."""
        old, self._retired = self._retired, None
        if old is not None:
            old.discard()

    def _adopt(self, sheet: MapSheet) -> None:
        """Listen to a page, which is the one in front from now on."""
        self.setFocusProxy(sheet.view)
        channel = sheet.channel
        channel.page_ready.connect(self._return_due.stop)
        channel.selection_made.connect(self._on_page_selected)
        channel.following_changed.connect(self._on_page_followed)
        channel.page_drawn.connect(self._on_page_drawn)
        channel.layers_chosen.connect(self._on_layers_chosen)
        channel.view_moved.connect(self._on_view_moved)
        channel.stop_dragged.connect(self._on_stop_dragged)
        channel.moving_changed.connect(self._on_moving_changed)
        sheet.renderer_gone.connect(self._on_renderer_gone)
        self._recycler.watch(sheet)

    @property
    def _ground(self) -> str:
        """The colour of the map's ground."""
        return palettes()[self.standing.theme]["map.ground"]

    def _page_config(self) -> dict[str, object]:
        region, standing = self._region, self.standing
        kind, identifier = standing.selection
        return {
            "theme": standing.theme,
            "bounds": list(region.info.bounds) if region is not None else None,
            "attribution": region.info.attribution if region is not None else "",
            "tiles": self._tiles,
            "view": standing.where,
            "selection": {"kind": kind, "id": identifier},
            "follow": standing.followed,
            "layers": standing.layers,
            "kept": self._own,
        }

    def _tell(self, **words: Any) -> None:  # noqa: ANN401
        for sheet in self._sheets:
            sheet.tell(**words)

    # What the page in front says

    def _on_page_selected(self, kind: str, identifier: str) -> None:
        self.standing.selection = (kind, identifier)
        self.selected.emit(kind, identifier)

    def _on_page_followed(self, vehicle_id: str) -> None:
        self.standing.followed = vehicle_id
        self.followed.emit(vehicle_id)

    def _on_page_drawn(self, drawn: Drawn) -> None:
        if not self._sheet.is_ready:
            return
        (self.map_drawn if drawn.what == "map" else self.vehicles_drawn).emit()

    def _on_layers_chosen(self, layers: dict[str, bool]) -> None:
        self.standing.layers = layers
        self.layers_changed.emit(layers)

    def _on_view_moved(self, where: PageView) -> None:
        # A page on its way out may still say where it was looking.
        if self._sheet.is_ready:
            self.standing.where = where

    def _on_stop_dragged(self, step: DragStep) -> None:
        if self._sheet.is_ready:
            self.stop_dragged.emit(step)

    def _on_moving_changed(self, is_moving: bool) -> None:
        if self._sheet.is_ready:
            self.moving.emit(is_moving)

    def _on_renderer_gone(self, how: str) -> None:
        """Load the page again; the second time within a minute somebody else shows the map."""
        now = time.monotonic()
        self._crashed_at.append(now)
        self._recycler.abandon()
        if len(self._crashed_at) == _CRASHES and now - self._crashed_at[0] < _WITHIN_S:
            log.error("the map's renderer ended again (%s); the map is not loaded again", how)
            self._return_due.stop()
            # Nobody may delete the page from within its own signal.
            QTimer.singleShot(0, self, lambda: self.gave_up.emit(how))
            return
        log.error("the map's renderer ended (%s); the map is loaded again", how)
        self._return_due.start()
        # The engine does not load from within its own signal.
        QTimer.singleShot(0, self, self.reload)
