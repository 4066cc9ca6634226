"""One run of the desktop: makes the parts, wires them, and ends with an exit code."""

import logging
import os
import sys
import time
from pathlib import Path

import msgspec
from PySide6.QtCore import QObject, Qt, QTimer
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QApplication, QMessageBox

from tower.feed.clock import FollowingClock
from tower.gateway.answers import Me
from tower.gateway.options import DesktopOptions, ExitCode, TowerError
from tower.gateway.signin import Role
from ui import layouts
from ui.bridge import Bridge
from ui.draft.draft import Draft
from ui.draft.unsent import UnsentMark
from ui.embedded import GatewayHost
from ui.exchange import Answer
from ui.garbage import Garbage
from ui.handlers import WindowHandlers
from ui.interrupts import closing_on_interrupt
from ui.lasting import Lasting
from ui.mainwindow import MainWindow, Parts
from ui.map.layers import keep_layers, kept_layers
from ui.map.scheme import register_scheme
from ui.maphost import MapHost
from ui.panels import make_panels
from ui.precedence import go_first
from ui.replay.jobs import Jobs
from ui.replay.travel import TimeTravel
from ui.routelines import RouteLines
from ui.screenshot import Screenshot, ScreenshotError
from ui.session import Session
from ui.sparememory import SpareMemory
from ui.theme import BODY_PX, RESOURCES, THEMES, Theme
from ui.tiles import kept_tiles
from ui.timings import Timings
from ui.undo import UndoLog

_REVIVE_MS = 500
_PICTURE_SIZE = (1920, 1080)
_log = logging.getLogger(__name__)


class Desktop(QObject):
    """The parts of a running desktop.

    Args:
        options: how it is to open.
        host: where the gateway comes from.
        timings: takes the marks of the start.
    """

    def __init__(self, options: DesktopOptions, host: GatewayHost, timings: Timings) -> None:
        super().__init__()
        self._options, self._host, self.timings = options, host, timings
        self.exit_code = int(ExitCode.OK)
        self.settings = layouts.open_settings()
        self.clock = FollowingClock(time.time())
        self.theme = Theme(options.theme or self._kept_theme(), self)
        self._dress()
        self.session = Session(self.clock, self.theme, parent=self)
        self.session.is_recording = bool(options.replay_file)
        self.draft = Draft(self.session, self)
        self._unsent = UnsentMark(self.draft, self.settings, self)
        self.map = MapHost(self.session, kept_tiles(self.settings, os.environ))
        self.undo = UndoLog(self.session, self.draft, self)
        self.bridge = Bridge(self.session, host, self.clock, self)
        self.travel = TimeTravel(
            self.session, self.settings, why_not=self.draft.why_stay, parent=self
        )
        self.lines = RouteLines(self.session, self)
        self.draft.changed.connect(self.lines.renew)
        self._lasting, self._spare = (
            Lasting(self.session, self),
            SpareMemory(self.session.turns, self),
        )
        self._garbage = Garbage(self.session.turns, self)
        self._jobs = Jobs(self.session) if options.replay_file else None
        self.window = self._make_window()
        self._wire()

    def _kept_theme(self) -> str:
        name = str(self.settings.value("window/theme", "dark"))
        return name if name in THEMES else "dark"

    def _make_window(self) -> MainWindow:
        panels = make_panels(self.session, self.map, self.draft)
        parts = Parts(
            self.session,
            self.draft,
            self.map,
            panels,
            self.undo,
            self.settings,
            self._host.words,
            self.travel,
        )
        window = MainWindow(parts)
        window.bind(WindowHandlers(window, parts).table())
        return window

    def _wire(self) -> None:
        self.theme.theme_changed.connect(self._on_theme_changed)
        self.window.painted.connect(self._on_painted)
        self.window.closing.connect(self._on_closing)
        self.window.banner.retry_wanted.connect(self.bridge.retry_now)
        self.map.map_drawn.connect(lambda: self.timings.mark("map"))
        self.map.map_missing.connect(self._on_map_missing)
        self.map.set_layers(kept_layers(self.settings))
        self.map.layers_changed.connect(lambda layers: keep_layers(self.settings, layers))
        self.map.vehicles_drawn.connect(lambda: self.timings.mark("live"))
        self.session.telemetry_changed.connect(self._on_telemetry_changed)
        self.bridge.failed.connect(self._on_failed)
        self.bridge.connected.connect(lambda: self.session.ask("/v1/me", self._on_me))
        self.timings.completed.connect(self._on_timings_completed)
        self._reviving = QTimer(self)
        self._reviving.setInterval(_REVIVE_MS)
        self._reviving.timeout.connect(self._host.revive)

    def open(self) -> None:
        """Show the window and start to listen to the gateway."""
        if not self._options.replay_file:
            self.bridge.start()
        pictured = bool(self._options.screenshot)
        self.window.open_at(self._options.size or (_PICTURE_SIZE if pictured else None))
        if self._options.replay_file:
            self.travel.open_file(Path(self._options.replay_file))
        if pictured:
            self._start_screenshot()
        elif self._unsent.lost:
            self._say_lost()

    def _say_lost(self) -> None:
        """Tower ended without warning the last time, in the middle of something."""
        box = QMessageBox(QMessageBox.Icon.Information, "Tower", "", parent=self.window)
        box.setObjectName("lost_draft")
        box.setTextFormat(Qt.TextFormat.PlainText)
        box.setText("Your draft was lost when Tower ended without warning.")
        box.setInformativeText(self._unsent.lost)
        box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        box.open()

    def _start_screenshot(self) -> None:
        screenshot = Screenshot(
            self.session,
            self.timings,
            self.map,
            self.window.grab,
            self._options.screenshot,
            self._options.after_s,
            self,
        )
        screenshot.taken.connect(self._on_taken)
        screenshot.failed.connect(self._end_with)

    # Happenings

    def _on_painted(self) -> None:
        self.timings.mark("window")
        region = self._options.region
        self.map.start(str(self.settings.value("map/region", "")) if region is None else region)
        self._reviving.start()
        if self._options.screenshot:
            self.travel.changed.connect(self._end_without_recording)
            self._end_without_recording()

    def _on_me(self, answer: Answer) -> None:
        """Learn who sits here; without it nothing counts as mine."""
        if answer.status != 200:
            _log.warning("the gateway does not say whose token this is: %s", answer.message)
            return
        me = msgspec.json.decode(answer.body, type=Me)
        is_supervisor = me.role is Role.SUPERVISOR
        self.session.set_actor(me.actor.id, me.actor.name, is_supervisor=is_supervisor)

    def _on_map_missing(self, why: str) -> None:
        """The window works without its map; a picture of it would not be one of Tower."""
        if self._options.screenshot:
            self._end_with(ScreenshotError(why))

    def _end_without_recording(self) -> None:
        """There is nothing to take a picture of where the recording cannot be read."""
        if self.travel.trouble and self.exit_code == ExitCode.OK:
            error = ScreenshotError(self.travel.trouble)
            error.exit_code = ExitCode.DATA
            self._end_with(error)

    def _on_telemetry_changed(self) -> None:
        """A gateway that says it has no vehicles is live all the same."""
        if not self._options.awaits_vehicles and not self.session.vehicles.present.size:
            self.timings.mark("live")

    def _on_theme_changed(self, name: str) -> None:
        self.settings.setValue("window/theme", name)
        self._dress()

    def _dress(self) -> None:
        app = QApplication.instance()
        if isinstance(app, QApplication):
            app.setPalette(self.theme.palette())
            app.setFont(self.theme.font(BODY_PX))
            app.setStyleSheet(self.theme.style_sheet())

    def _on_timings_completed(self) -> None:
        if self._options.timings:
            self._print(self.timings.line())

    def _on_taken(self, line: str) -> None:
        self._print(line)
        self.window.close()

    def _on_failed(self, error: TowerError) -> None:
        """No gateway to work with: say why; in a window the user may try again."""
        if self._options.screenshot:
            self._end_with(error)
            return
        box = QMessageBox(QMessageBox.Icon.Warning, "Tower", "", parent=self.window)
        box.setTextFormat(Qt.TextFormat.PlainText)
        box.setText(str(error))
        again = box.addButton("Try again", QMessageBox.ButtonRole.AcceptRole)
        box.addButton("Quit", QMessageBox.ButtonRole.RejectRole)
        box.finished.connect(
            lambda: (
                self.bridge.start_again() if box.clickedButton() is again else self._end_with(error)
            )
        )
        box.open()

    def _end_with(self, error: TowerError) -> None:
        print(f"tower: {error}", file=sys.stderr)  # noqa: T201 - the command line's own answer
        self.exit_code = int(error.exit_code)
        self.window.close()

    def _on_closing(self) -> None:
        self._reviving.stop()
        self._unsent.forget()
        if self.session.state.shift is not None:
            self.settings.setValue("map/region", self.session.state.shift.region)
        self.map.close_map()

    def shut_down(self) -> None:
        """After the window closed: end the feed and the gateway."""
        self.travel.shut_down()
        if self._jobs is not None:
            self._jobs.stop()
        self.bridge.stop()
        self._garbage.stop()
        self._host.stop()

    def _print(self, line: str) -> None:
        print(line, flush=True)  # noqa: T201 - the command line's own answer


def application() -> QApplication:
    """Make what every window of this program needs, before the first; its thread goes first."""
    register_scheme()
    app = QApplication(["tower"])
    app.setApplicationName("Tower")
    app.setStyle("Fusion")
    app.setWindowIcon(QIcon(str(RESOURCES / "icons" / "tower.svg")))
    go_first()
    return app


def run(options: DesktopOptions, host: GatewayHost, started_at: float) -> int:
    """Open the desktop and work until its window closes.

    Args:
        options: how it is to open.
        host: where its gateway comes from.
        started_at: when the process was started, seconds since 1970.

    Returns:
        The exit code.
    """
    app = application()
    desktop = Desktop(options, host, Timings(started_at))
    desktop.open()
    with closing_on_interrupt(desktop.window):
        app.exec()
    desktop.shut_down()
    return desktop.exit_code
