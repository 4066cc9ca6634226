"""An operations room as its users meet it: gateway processes, the command line, the window."""

import contextlib
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from pytestqt.qtbot import QtBot

from tests.ui.map.conftest import MapUnderTest
from tower.cli.desktop import embedded_command
from tower.gateway.options import DesktopOptions
from ui.desktop import Desktop
from ui.embedded import EmbeddedGateway
from ui.map.scheme import register_scheme
from ui.map.view import MapView
from ui.remote import RemoteGateway
from ui.timings import Timings

PATIENCE_MS = 30_000
PATIENCE_S = 60.0

# The web engine learns of the scheme only before the application exists.
register_scheme()


class Room:
    """A gateway somebody runs, and how to join it."""

    def __init__(self, url: str, token: str) -> None:
        self.url = url
        self.token = token

    def tower(self, *words: str) -> "subprocess.CompletedProcess[str]":
        """A command line of somebody who holds this room's token."""
        return tower(*words, "--gateway", self.url, token=self.token)


@contextlib.contextmanager
def room(folder: Path, *words: str) -> Iterator[Room]:
    """A gateway process on this data folder, until the block ends.

    Args:
        folder: its data folder.
        words: further words of its command line.
    """
    command = embedded_command("--data", str(folder), *words)
    host = EmbeddedGateway(command, folder.with_suffix(".log"))
    try:
        yield Room(host.wait_ready(), host.token)
    finally:
        host.stop()


def tower(
    *words: str, token: str = "", folder: Path | None = None
) -> "subprocess.CompletedProcess[str]":
    """Run one command line to its end.

    Args:
        words: what is typed after `tower`.
        token: what `TOWER_TOKEN` holds; "" for unset.
        folder: where it is typed.
    """
    environment = {name: value for name, value in os.environ.items() if name != "TOWER_TOKEN"}
    environment["QT_QPA_PLATFORM"] = "offscreen"
    if token:
        environment["TOWER_TOKEN"] = token
    return subprocess.run(
        [sys.executable, "-m", "tower", *words],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        timeout=PATIENCE_S,
        check=False,
    )


class Seat:
    """A desktop that joined a room, and what its user sees."""

    def __init__(self, desktop: Desktop, qtbot: QtBot) -> None:
        self.desktop = desktop
        self.session = desktop.session
        self._qtbot = qtbot

    @property
    def page(self) -> MapUnderTest:
        """The page of the map."""
        view = self.desktop.map._view
        assert isinstance(view, MapView), "there is no map"
        return MapUnderTest(view, self._qtbot)

    def until(self, seen: Callable[[], bool]) -> None:
        """Wait until something is so."""
        self._qtbot.waitUntil(seen, timeout=PATIENCE_MS)


@contextlib.contextmanager
def seat(joined: Room, qtbot: QtBot) -> Iterator[Seat]:
    """The window of somebody who joins a room, with its map drawn."""
    options = DesktopOptions(
        gateway_url=joined.url, size=(1366, 768), region="", awaits_vehicles=False
    )
    desktop = Desktop(options, RemoteGateway(joined.url, joined.token), Timings(time.time()))
    qtbot.addWidget(desktop.window)
    try:
        with qtbot.waitSignal(desktop.map.map_drawn, timeout=PATIENCE_MS):
            desktop.open()
        qtbot.waitUntil(lambda: desktop.session.link.status == "live", timeout=PATIENCE_MS)
        yield Seat(desktop, qtbot)
    finally:
        desktop.window.close()
        desktop.shut_down()
