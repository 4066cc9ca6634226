"""What each declared action does."""

import os
from functools import partial
from pathlib import Path
from urllib.parse import quote

from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QFileDialog, QMessageBox

from ui import dialogs, layouts
from ui.draft_dialogs.host import DraftDialogs
from ui.exchange import Answer, Selection
from ui.export import stops_csv
from ui.feedback.claimswindow import ClaimsWindow
from ui.filter import Hidden
from ui.forecast.arrivalwindow import open_arrival_window
from ui.gesturehandlers import GestureHandlers
from ui.mainwindow import MainWindow, Parts
from ui.menus import Handlers
from ui.outreachhandlers import OutreachHandlers
from ui.performance.desk import PerformanceDesk
from ui.proposals.desk import ProposalDesk
from ui.queuehandlers import QueueHandlers
from ui.replay.handlers import TimeHandlers
from ui.settings.window import SettingsWindow
from ui.subjects import route_id_of, stop_id_of, vehicle_id_of, words_of
from ui.tiledialog import TileDialog
from ui.tiles import VARIABLES, TileSettings, keep_tiles, kept_tiles
from ui.trails.desk import TrailDesk

_MANIFEST_TYPES = {".csv": "text/csv", ".json": "application/json"}
_OK = 200
_WALKS = ("exception_next", "exception_previous", "stop_next", "stop_previous")


class WindowHandlers(QObject):
    """Carries out the actions of one window.

    Args:
        window: the window.
        parts: what it was assembled from.
    """

    def __init__(self, window: MainWindow, parts: Parts) -> None:
        super().__init__(window)
        self._window, self._parts, self._session = window, parts, parts.session
        self._proposals = ProposalDesk(
            parts.session, parts.draft, parts.panels.stop_lists, parts.settings, window
        )
        self._proposals.said.connect(lambda words: window.status.showMessage(words, 6000))
        self.performance = PerformanceDesk(parts.session, parts.settings, self)
        window.closing.connect(self.performance.close)
        self.performance.map_wanted.connect(window.raise_)
        self.performance.map_wanted.connect(window.activateWindow)
        self._gestures = GestureHandlers(window, parts)
        self._queue = QueueHandlers(window, parts)
        self._outreach = OutreachHandlers(window, parts)
        self._time = TimeHandlers(window, parts)
        card = parts.panels.queue.card
        self._trails = TrailDesk(
            parts.session,
            parts.travel,
            parts.map,
            parts.settings,
            lambda: card.exception_id,
            window,
        )
        self._trails.said.connect(lambda words: window.status.showMessage(words, 8000))
        parts.panels.queue.moment_wanted.connect(self._trails.show_moment)
        parts.panels.playbook.spread_wanted.connect(self._proposals.spread)
        self._draft_dialogs = DraftDialogs(parts.session, parts.draft, window)
        for told in (parts.undo.said, parts.undo.done):
            told.connect(lambda words: window.status.showMessage(words, 6000))
        window.refused_wanted.connect(self.show_refused)
        window.speed_wanted.connect(self.set_speed)
        parts.session.selection_changed.connect(self._on_selection_changed)
        parts.map.followed.connect(self._on_followed)

    def table(self) -> Handlers:
        """Every action's handler by the action's id."""
        return {
            **self._general(),
            **self._appearance(),
            **self._along_routes(),
            **self._queue.table(),
            **self._outreach.table(),
            **self._gestures.table(),
            **self._time.table(),
            **self._trails.table(),
            **self._what_is_proposed(),
            **self._map_and_reports(),
        }

    def _general(self) -> Handlers:
        window, undo = self._window, self._parts.undo
        return {
            "import_manifest": self.import_manifest,
            "save_picture": self.save_picture,
            "quit": window.leave,
            "undo": undo.undo,
            "redo": undo.redo,
            "find": window.palette_popup.open,
            "copy_selection": self.copy_selection,
            "select_nothing": self.select_nothing,
            "room_settings": lambda: SettingsWindow(self._session, window).show(),
            "minimise": window.showMinimized,
            "docks_home": window.bring_back,
            "keyboard": lambda: dialogs.keyboard_dialog(window).show(),
            "about": lambda: dialogs.about_dialog(self._parts.map.attribution, window).show(),
        }

    def _appearance(self) -> Handlers:
        window, theme = self._window, self._session.theme
        roles = {f"layout_{role}": partial(window.set_role, role) for role in layouts.ROLES}
        return {
            **roles,
            "theme_dark": lambda: theme.set_name("dark"),
            "theme_light": lambda: theme.set_name("light"),
            "theme_toggle": theme.toggle,
            "full_screen": self.toggle_full_screen,
            "performance": lambda: self.performance.open().raise_(),
            "show_everything": lambda: self._session.hide(Hidden()),
            "reset_layout": window.reset_layout,
        }

    def _along_routes(self) -> Handlers:
        routes = self._parts.panels.routes
        return {
            "route_next": lambda: routes.walk(1),
            "route_previous": lambda: routes.walk(-1),
            "stop_why_arrival": self.show_arrival,
            "stop_claims": self.show_claims,
            "route_fit": self.fit_route,
            "route_vehicle": self.select_vehicle,
            "stop_next": lambda: self.walk_stops(1),
            "stop_previous": lambda: self.walk_stops(-1),
        }

    def _what_is_proposed(self) -> Handlers:
        proposals = self._proposals
        return {
            "route_optimise": proposals.optimise,
            "routes_optimise": proposals.optimise_several,
            "stop_best_place": proposals.best_place,
            "route_broke_down": proposals.broke_down,
        }

    def _map_and_reports(self) -> Handlers:
        window, map_host = self._window, self._parts.map
        return {
            "map_fit_all": map_host.fit_all,
            "map_fit_selected": self.fit_selected,
            "map_follow": self.follow_selected,
            "map_tiles": self.choose_tiles,
            "report_on_time": lambda: window.show_dock("on_time"),
            "report_failed": lambda: window.show_dock("failed_attempts"),
            "report_events": lambda: window.show_dock("event_log"),
            "report_arrivals": lambda: window.status.forecast.tell_more().raise_(),
            "report_refused": lambda: self.show_refused(""),
            "export_stops": self.export_stops,
        }

    # Files

    def import_manifest(self) -> None:
        """Ask for a manifest and hand it to the gateway."""
        name, _ = QFileDialog.getOpenFileName(
            self._window,
            "Import routes and stops",
            self._folder(),
            "Manifests (*.csv *.json);;All files (*)",
        )
        if not name:
            return
        self._keep_folder(name)
        path = Path(name)
        kind = _MANIFEST_TYPES.get(path.suffix.lower(), "application/octet-stream")
        try:
            body = path.read_bytes()
        except OSError as error:
            self._say(f"{path.name} cannot be read: {error.strerror}.")
            return
        self._session.ask(
            f"/v1/manifest?name={quote(path.name)}",
            lambda answer: self._on_manifest(path.name, answer),
            headers={"Content-Type": kind},
            body=body,
        )

    def _on_manifest(self, name: str, answer: Answer) -> None:
        dialogs.ManifestDialog(name, answer, self._window).show()

    def save_picture(self) -> None:
        """Save what the window shows."""
        name, _ = QFileDialog.getSaveFileName(
            self._window, "Save picture", f"{self._folder()}/tower.png", "PNG (*.png)"
        )
        if not name:
            return
        self._keep_folder(name)
        if self._window.grab().save(name, "PNG"):
            self._window.status.showMessage(f"Picture saved: {name}", 6000)
        else:
            self._say(f"The picture cannot be written to {name}.")

    def export_stops(self) -> None:
        """Save every stop as a line of a CSV file."""
        name, _ = QFileDialog.getSaveFileName(
            self._window, "Export stops", f"{self._folder()}/stops.csv", "CSV (*.csv)"
        )
        if not name:
            return
        self._keep_folder(name)
        try:
            Path(name).write_text(stops_csv(self._session), "utf-8", newline="")
        except OSError as error:
            self._say(f"{name} cannot be written: {error.strerror}.")
            return
        self._window.status.showMessage(f"Stops saved: {name}", 6000)

    def _folder(self) -> str:
        """Where files were opened or saved last; at first the user's own folder."""
        kept = str(self._parts.settings.value("files/folder", ""))
        return kept if kept and Path(kept).is_dir() else str(Path.home())

    def _keep_folder(self, name: str) -> None:
        self._parts.settings.setValue("files/folder", str(Path(name).parent))

    # Selection

    def copy_selection(self) -> None:
        """Put what is selected on the clipboard, in words."""
        words = words_of(self._session, self._session.selection)
        if words:
            QGuiApplication.clipboard().setText(words)
            self._window.status.showMessage(f"Copied: {words}", 4000)

    def select_nothing(self) -> None:
        """Close the palette, put back what is dragged or not sent, or clear the selection.

        Where there is none of these and the past is shown, it leads back to live.
        """
        if self._window.palette_popup.isVisible():
            self._window.palette_popup.close_palette()
        elif self._gestures.put_back():
            return
        elif self._session.selection == Selection() and self._parts.travel.is_open:
            self._parts.travel.leave()
        else:
            self._session.select("", "")

    def select_vehicle(self) -> None:
        """Select the vehicle of what is selected."""
        if vehicle_id := vehicle_id_of(self._session, self._session.selection):
            self._session.select("vehicle", vehicle_id)

    def walk_stops(self, step: int) -> None:
        """Select the next stop of the selected route, or the one before.

        Begins at the first stop that is not done, or at the last where all are.
        """
        state, chosen = self._session.state, self._session.selection
        route = state.routes.get(route_id_of(self._session, chosen))
        stops = state.stops_of(route) if route else []
        if not stops:
            return
        ids = [stop.id for stop in stops]
        if chosen.kind == "stop" and chosen.id in ids:
            place = ids.index(chosen.id) + step
        else:
            place = next((i for i, stop in enumerate(stops) if not stop.is_done), len(ids))
        self._session.select("stop", ids[max(0, min(place, len(ids) - 1))])

    # Map

    def fit_route(self) -> None:
        """Fit the map to the route of what is selected."""
        if route_id := route_id_of(self._session, self._session.selection):
            self._parts.map.fit_route(route_id)

    def fit_selected(self) -> None:
        """Fit the map to the selected route, follow the selected vehicle, or show everything."""
        if self._session.selection.kind == "vehicle":
            self._parts.map.follow(self._session.selection.id)
        elif route_id := route_id_of(self._session, self._session.selection):
            self._parts.map.fit_route(route_id)
        else:
            self._parts.map.fit_all()

    def follow_selected(self) -> None:
        """Start or stop following the vehicle of what is selected."""
        wanted = vehicle_id_of(self._session, self._session.selection)
        self._parts.map.follow("" if self._parts.map.following else wanted)
        self._on_followed(self._parts.map.following)

    def choose_tiles(self) -> None:
        """Ask for a tile provider, unless somebody else looks after that."""
        if os.environ.get(VARIABLES["url"]):
            self._say(f"The tile provider is set by the environment ({VARIABLES['url']}).")
            return
        dialog = TileDialog(kept_tiles(self._parts.settings, {}), self._window)
        dialog.chosen.connect(self._on_tiles_chosen)
        dialog.open()

    def _on_tiles_chosen(self, tiles: TileSettings) -> None:
        keep_tiles(self._parts.settings, tiles)
        self._parts.map.use_tiles(tiles)

    def _on_followed(self, vehicle_id: str) -> None:
        if action := self._window.actions_by_id.get("map_follow"):
            action.setChecked(bool(vehicle_id))

    def _on_selection_changed(self, selection: Selection) -> None:
        self._window.status.showMessage(words_of(self._session, selection), 4000)

    # Window

    def toggle_full_screen(self) -> None:
        """The window without its frame, or as it was before."""
        self._window.setWindowState(self._window.windowState() ^ Qt.WindowState.WindowFullScreen)

    def show_arrival(self) -> None:
        """Show why the selected stop is reached when it is; J and K go on walking."""
        walks = [self._window.actions_by_id[one] for one in _WALKS]
        open_arrival_window(self._session, self._window, walks)

    def show_claims(self) -> None:
        """Show the claims about the selected stop, or about the one of the selected exception."""
        stop_id = stop_id_of(self._session, self._session.selection)
        if stop_id:
            ClaimsWindow(self._session, stop_id, self._window).show()
        else:
            self._window.status.showMessage("Select a stop first.", 6000)

    def show_refused(self, carrier_id: str) -> None:
        """Show what was refused, of one carrier or of all."""
        dialogs.RefusedDialog(self._session, carrier_id, self._window).show()

    def set_speed(self, rate: float) -> None:
        """Ask the gateway for another speed of the simulated shift."""
        self._session.ask("/v1/clock", self._on_speed, body=b'{"rate": %d}' % rate)

    def _on_speed(self, answer: Answer) -> None:
        if answer.status != _OK:
            why = answer.message or "this gateway runs in real time"
            self._window.status.showMessage(f"The speed stays: {why}", 6000)

    def _say(self, words: str) -> None:
        box = QMessageBox(self._window)
        box.setWindowTitle("Tower")
        box.setTextFormat(Qt.TextFormat.PlainText)
        box.setText(words)
        box.open()
