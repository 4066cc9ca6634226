"""The map's place in the window, and the wires between the map and the session."""

import logging
from collections.abc import Mapping, Sequence
from time import monotonic
from typing import Any, Literal

from PySide6.QtCore import QPoint, Qt, QTimer, Signal
from PySide6.QtWidgets import QStackedLayout, QVBoxLayout, QWidget

from tower.road.geometry import Bounds
from tower.road.pack import RegionPack
from tower.routes.change import Move
from ui.draft.draft import Draft
from ui.exchange import Answer, Selection
from ui.map.drafting import DragStep
from ui.map.pasttrails import MapTrails
from ui.map.plain.bar import PlainBar
from ui.map.plain.view import PlainMap
from ui.map.scene import TileProvider
from ui.map.scheme import MapPageMissing
from ui.map.standing import Standing
from ui.map.view import MapView
from ui.mapdraft import MapDrafting
from ui.mapfeed import MapFeed
from ui.regions import Opened, keep_fetched, open_region
from ui.session import Session
from ui.subjects import place_of
from ui.tiles import TileSettings, TileSettingsError, provider_of
from ui.together import Together, alone
from ui.widgets.empty import EmptyState
from ui.widgets.notice import Notice

_SCENE_MS = 500
_BEHIND_MS = 4
_SHOWN_EVERY_S = 0.5
"""While a large shift comes in a share at a time, the map is shown what there is so often."""

_log = logging.getLogger(__name__)


class MapHost(QWidget):
    """Holds the map, which is made after the window's first paint.

    Args:
        session: shown on the map; selects what is clicked there.
        tiles: the tile provider the user configured, if any.

    Attributes:
        map_drawn: the base map is on the screen.
        map_missing: there will be no map; says why.
        notice: what the map cannot show, and why.
        plain_bar: shown while the map is the plainer one; offers the full one.
        vehicles_drawn: the vehicles are.
        followed: id of the vehicle the map follows, "" for none.
        layers_changed: the map's layers by name, switched on or off by the user.
    """

    map_drawn = Signal()
    map_missing = Signal(str)
    vehicles_drawn = Signal()
    followed = Signal(str)
    layers_changed = Signal(dict)

    def __init__(
        self, session: Session, tiles: TileSettings | None = None, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self._session, self._tiles = session, tiles or TileSettings()
        self._feed = MapFeed(session)
        self._drafting: MapDrafting | None = None
        self._view: MapView | PlainMap | None = None
        self._region: RegionPack | None = None
        self._region_id = ""
        self._followed, self._external_before = "", 0
        self._shown_at, self._is_taken_in = 0.0, False
        self._shown_layers: dict[str, bool] = {}
        self._trails = MapTrails()
        self._words = EmptyState(session.theme, "", "")
        self.notice = Notice(session.theme)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.notice)
        self.plain_bar = PlainBar(session.theme)
        self.plain_bar.full_wanted.connect(self.try_full_map)
        column.addWidget(self.plain_bar)
        self._layers = QStackedLayout()
        column.addLayout(self._layers, 1)
        self._layers.addWidget(self._words)
        self._scene_due = QTimer(self)
        self._scene_due.setSingleShot(True)
        self._scene_due.setInterval(_SCENE_MS)
        self._scene_due.timeout.connect(self._on_scene_due)
        self._draft_due = QTimer(self)
        self._draft_due.setSingleShot(True)
        self._draft_due.timeout.connect(self._show_draft)
        self._listen()

    def _listen(self) -> None:
        session = self._session
        session.telemetry_changed.connect(self._show_vehicles)
        session.arrivals_changed.connect(self._on_arrivals_changed)
        session.records_changed.connect(self._on_records_changed)
        session.state_replaced.connect(self._on_state_replaced)
        session.hidden_changed.connect(self._on_everything_changed)
        session.shapes_changed.connect(self._on_shapes_changed)
        session.selection_changed.connect(self._on_selection_changed)
        session.exceptions_changed.connect(self._on_exceptions_changed)
        session.theme.theme_changed.connect(self._on_theme_changed)

    # What the window asks

    def start(self, region_id: str) -> None:
        """Make the map, on a region to begin with ("" for none)."""
        self._region_id = region_id
        self._region = self._opened(open_region(region_id))
        self._make_view()

    def show_draft(self, draft: Draft, together: Together = alone) -> None:
        """Show a draft on the map, and let stops be dragged there; called once.

        Args:
            draft: what is tried out.
            together: the stops that move with one.
        """
        self._drafting = MapDrafting(self._session, draft, together)
        # Several changes of one moment make one picture.
        draft.changed.connect(lambda: self._draft_due.start(0))
        # The new order is drawn by the same frame that forgets the draft.
        draft.committed.connect(lambda _words: self._show_scene())

    def carry(self, at: QPoint, stops: Sequence[str]) -> Move | None:
        """Stops from beside the map are held over a point of it.

        Returns:
            What letting go there would do, as far as the page has said yet.
        """
        page = self._page
        if page is None or self._drafting is None:
            return None
        place = page.mapFrom(self, at)
        page.carry(place.x(), place.y())
        return self._drafting.carry(stops)

    def carry_end(self) -> None:
        """They are elsewhere now, or put down."""
        page = self._page
        if page is not None and self._drafting is not None and self._drafting.carry_end():
            page.carry_end()

    def set_layers(self, layers: Mapping[str, bool]) -> None:
        """Show and hide the map's layers by name, on this map and the next."""
        self._shown_layers = dict(layers)
        if self._view is not None:
            self._view.set_layers(layers)

    def use_tiles(self, tiles: TileSettings) -> None:
        """Draw the map anew with another tile provider, or with none."""
        self._tiles = tiles
        if self._view is not None:
            self._make_view(self._take_down(self._view))

    def try_full_map(self) -> None:
        """Replace the plainer map by the full one."""
        if isinstance(self._view, PlainMap):
            self._make_view(self._take_down(self._view))

    def _take_down(self, old: MapView | PlainMap) -> Standing:
        """Let a map go; returns what the next one goes on with."""
        self._view = None
        self._on_page_left()
        self._external_before += old.external_requests
        self._layers.removeWidget(old)
        old.close_page()
        old.deleteLater()
        return old.standing

    def _make_view(self, standing: Standing | None = None) -> None:
        theme = self._session.theme.name
        try:
            view = MapView(self._region, self._provider(), theme, self, standing)
        except MapPageMissing as error:
            _log.error("no map: %s", error)
            self._words.set_words("No map", str(error))
            self.map_missing.emit(str(error))
            return
        view.stop_dragged.connect(self._on_stop_dragged)
        view.moving.connect(self._on_moving)
        view.page_left.connect(self._on_page_left)
        view.gave_up.connect(self._on_gave_up)
        self._show_view(view)

    def _on_gave_up(self, how: str) -> None:
        """The page does not stay alive: go on with a map that needs none."""
        if isinstance(self._view, MapView):
            _log.error("a plainer map is shown, because the renderer does not stay alive: %s", how)
            self._show_view(PlainMap(self._region, self._take_down(self._view), self))

    def _show_view(self, view: MapView | PlainMap) -> None:
        view.map_drawn.connect(self.map_drawn)
        view.vehicles_drawn.connect(self.vehicles_drawn)
        view.selected.connect(self._session.select)
        view.followed.connect(self._on_followed)
        view.layers_changed.connect(self._on_layers_changed)
        view.set_layers(self._shown_layers)
        self._view = view
        self.plain_bar.setVisible(isinstance(view, PlainMap))
        self._layers.addWidget(view)
        self._layers.setCurrentWidget(view)
        self._follow_region()
        self._on_everything_changed()
        self._show_draft()
        view.show_trails(self._trails)

    @property
    def _page(self) -> MapView | None:
        """The map where it is the full one, with a page that can do more."""
        return self._view if isinstance(self._view, MapView) else None

    def _provider(self) -> TileProvider | None:
        try:
            provider = provider_of(self._tiles)
        except TileSettingsError as error:
            self.notice.say("tiles", f"No tiles: {error} Change it under Map, Tile provider.")
            return None
        self.notice.say("tiles", "")
        return provider

    def close_map(self) -> None:
        """Take the page down before the window goes."""
        self._scene_due.stop()
        self._draft_due.stop()
        if self._view is not None:
            self._view.close_page()
        if self._region is not None:
            self._region.close()

    def fit_all(self) -> None:
        """Look at the whole shift."""
        if self._view is not None:
            self._view.fit_all()

    def fit_route(self, route_id: str) -> None:
        """Look at a whole route."""
        if self._view is not None:
            self._view.fit_route(route_id)

    def fit_box(self, box: Bounds) -> None:
        """Look at a rectangle."""
        if self._view is not None:
            self._view.fit_box(box)

    def show_trails(self, trails: MapTrails) -> None:
        """Show where chosen vehicles drove, on this map and the next."""
        self._trails = trails
        if self._view is not None:
            self._view.show_trails(trails)

    def follow(self, vehicle_id: str) -> None:
        """Keep a vehicle in the middle; "" stops it."""
        if self._view is not None:
            self._view.follow(vehicle_id or None)
            self._on_followed(vehicle_id)

    @property
    def following(self) -> str:
        """The vehicle the map follows, or ""."""
        return self._followed

    @property
    def is_behind(self) -> bool:
        """True while the page was not handed yet what the session holds."""
        return self._view is not None and (self._feed.is_behind or self._scene_due.isActive())

    @property
    def attribution(self) -> str:
        """Where the map's data comes from."""
        return self._region.info.attribution if self._region else "© OpenStreetMap contributors"

    @property
    def external_requests(self) -> int:
        """Requests of the map page to anywhere but this program."""
        now = self._view.external_requests if self._view is not None else 0
        return self._external_before + now

    def stats(self, callback: Any) -> None:  # noqa: ANN401 - the view's own callback type
        """Ask the page how it draws; nothing happens where there is no page."""
        if self._view is not None:
            self._view.stats(callback)

    def move_by_itself(self, movement: Literal["drag", "zoom"], seconds: float) -> None:
        """Drag the map in circles or zoom in and out, so that its `stats` tell how that went."""
        if self._page is not None:
            self._page.move_by_itself(movement, seconds)

    @property
    def renderer_pid(self) -> int:
        """Process id of the map's renderer; 0 where there is none."""
        return self._page.renderer_pid if self._page is not None else 0

    def recycle(self, why: str) -> None:
        """Replace the map's page by a fresh one as soon as nobody is at the map.

        Args:
            why: for the log.
        """
        if self._page is not None:
            self._page.recycle(why)

    # What the session says

    def _show_vehicles(self) -> None:
        if self._view is not None:
            self._view.show_vehicles(self._feed.vehicles())

    def _on_scene_due(self) -> None:
        work = self._show_taken_in if self._is_taken_in else self._take_in_share
        self._session.turns.take(self._scene_due, work)

    def _take_in_share(self) -> None:
        """Take in a share of what changed; it is shown next when all is in, or some time passed."""
        self._feed.advance()
        is_time = monotonic() >= self._shown_at + _SHOWN_EVERY_S
        self._is_taken_in = is_time or not self._feed.is_behind
        self._scene_due.start(self._rest_ms)

    def _show_taken_in(self) -> None:
        self._show_scene(advance=False)

    def _show_scene(self, *, advance: bool = True) -> None:
        self._is_taken_in = False
        if self._view is not None:
            self._view.show_scene(self._feed.scene(advance=advance))
            self._shown_at = monotonic()
            if self._feed.is_behind:
                self._scene_due.start(self._rest_ms)

    @property
    def _rest_ms(self) -> int:
        """Between two shares of what changed; a moment of the past is waited for."""
        return _BEHIND_MS if self._session.past is None else 0

    def _show_draft(self) -> None:
        if self._view is not None and self._drafting is not None:
            self._view.show_draft(self._drafting.picture())

    def _on_stop_dragged(self, step: DragStep) -> None:
        if self._page is None or self._drafting is None:
            return
        why = self._drafting.step(step)
        if why:
            self._page.refuse_drag(why)
            self._drafting.tell(why)

    def _on_moving(self, is_moving: bool) -> None:
        self._session.turns.is_hand_moving = is_moving

    def _on_page_left(self) -> None:
        self._on_moving(False)
        if self._drafting is not None:
            self._drafting.let_go()

    def _on_arrivals_changed(self, stop_ids: set[str]) -> None:
        self._feed.note_arrivals(stop_ids)
        self._due()

    def _on_records_changed(self, changed: Any) -> None:  # noqa: ANN401 - frozenset of Changed
        if any(one.table == "shifts" for one in changed):
            self._follow_region()
        self._feed.note_records(changed)
        self._due()

    def _on_shapes_changed(self) -> None:
        self._feed.note_shapes()
        self._due()

    def _on_everything_changed(self) -> None:
        self._feed.note_everything()
        self._show_vehicles()
        self._show_scene()

    def _on_state_replaced(self) -> None:
        self._follow_region()
        if self._session.past is None:
            self._on_everything_changed()
        else:  # its arrivals and vehicles are said next
            self._feed.note_everything()
            self._due()

    def _on_selection_changed(self, selection: Selection) -> None:
        if self._view is not None:
            self._view.select(*place_of(self._session, selection))

    def _on_exceptions_changed(self, ids: frozenset[str]) -> None:
        """The mark of an exception that is over goes; what it was about stays selected."""
        if self._session.selection.kind == "exception" and self._session.selection.id in ids:
            self._on_selection_changed(self._session.selection)

    def _on_theme_changed(self, name: str) -> None:
        if self._view is not None:
            self._view.set_theme(name)

    def _on_layers_changed(self, layers: dict[str, bool]) -> None:
        self._shown_layers = layers
        self.layers_changed.emit(layers)

    def _on_followed(self, vehicle_id: str) -> None:
        self._followed = vehicle_id
        self.followed.emit(vehicle_id)

    def _due(self) -> None:
        if self._scene_due.isActive():
            return
        if self._session.past is None:
            self._scene_due.start(_SCENE_MS)
        else:  # one picture of each moment, unless it takes long
            self._shown_at = monotonic()
            self._scene_due.start(0)

    # Regions

    def _follow_region(self) -> None:
        """Show the region of the shift; fetch its pack where it is not at hand."""
        shift = self._session.state.shift
        if shift is None or shift.region == self._region_id or self._view is None:
            return
        self._region_id = shift.region
        region = self._opened(open_region(shift.region))
        self._set_region(region)
        if region is None and shift.region:
            wanted = shift.region
            self._session.ask(
                f"/v1/regions/{wanted}", lambda answer: self._on_region(wanted, answer)
            )

    def _on_region(self, region_id: str, answer: Answer) -> None:
        if region_id != self._region_id:
            return
        if answer.status != 200:
            why = f"The gateway has no map of the region {region_id}: {answer.message}"
            _log.warning("%s", why)
            self.notice.say("region", self.notice.said("region") or why)
            return
        self._set_region(self._opened(keep_fetched(region_id, answer.body)))

    def _opened(self, opened: Opened) -> RegionPack | None:
        """Tell what is wrong with a pack, and hand it on."""
        self.notice.say("region", f"No base map: {opened.fault}" if opened.fault else "")
        return opened.pack

    def _set_region(self, region: RegionPack | None) -> None:
        old, self._region = self._region, region
        if self._view is not None:
            self._view.set_region(region)
        if old is not None:
            old.close()
