"""The page of the map goes and comes again as it was, or a plainer map does."""

import os
import signal
from collections.abc import Iterator

import pytest
import shiboken6
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from tests.ui.conftest import Fleet
from tests.ui.example_shift import NOON
from tests.ui.map.conftest import PATIENCE_MS, MapUnderTest
from tower.domain.telemetry import Fix
from ui.map.channel import PageView
from ui.map.drafting import DraftRoute, DraftStop, MapDraft
from ui.map.plain.view import PlainMap
from ui.map.view import MapView
from ui.maphost import MapHost
from ui.session import Session
from ui.tiles import TileSettings

pytestmark = pytest.mark.skipif(
    not hasattr(signal, "SIGKILL"), reason="needs SIGKILL to end the renderer"
)

DRAFT = MapDraft(
    (DraftRoute("R-202", ("R-202/9", "R-202/8"), ("R-202/9", "R-202/8")),),
    (DraftStop("R-202/9", "R-202", 9, 8), DraftStop("R-202/8", "R-202", 8, 9)),
)


def _kill(view: MapView) -> None:
    os.kill(view.renderer_pid, signal.SIGKILL)


def test_what_was_tried_out_and_followed_is_there_again_after_a_crash(
    live_map: MapUnderTest, qtbot: QtBot
) -> None:
    view = live_map.view
    view.show_draft(DRAFT)
    view.set_layers({"routes": False})
    with qtbot.waitSignal(view.sheet.channel.view_moved, timeout=PATIENCE_MS):
        view.follow("vehicle-2")
    live_map.wait_for("!window.tower.map._animatingZoom && window.tower.map.getZoom() >= 15")
    with (
        qtbot.waitSignal(view.page_left, timeout=PATIENCE_MS),
        qtbot.waitSignals([view.map_drawn, view.vehicles_drawn], timeout=PATIENCE_MS),
    ):
        _kill(view)
    live_map.wait_for("window.tower.draft.changed.includes('R-202')")
    live_map.wait_for("window.tower.camera.followed === 'vehicle-2'")
    assert live_map.script("window.tower.layers.isOn('routes')") is False
    assert live_map.script("window.tower.map.getZoom()") >= 15
    place = live_map.place("vehicle-2")
    assert abs(place["x"] - 400) < 3
    assert abs(place["y"] - 300) < 3


@pytest.fixture
def host(session: Session, fleet: Fleet, qtbot: QtBot) -> Iterator[MapHost]:
    """The map's place in the window, with its map and one vehicle on it."""
    host = MapHost(session)
    qtbot.addWidget(host)
    host.resize(900, 700)
    fix = Fix(vehicle_id="own:v0", at=NOON, lat=47.101, lon=9.501, heading_deg=90.0)
    fleet.vehicles.update_fixes([fix])
    with qtbot.waitSignals([host.map_drawn, host.vehicles_drawn], timeout=PATIENCE_MS):
        host.show()
        host.start("")
        session.apply_frames([fleet.frame()])
    yield host
    host.close_map()


def _fall_back(host: MapHost, qtbot: QtBot) -> PlainMap:
    """Kill the renderer twice; returns the map that is there then."""
    full = host._view
    assert isinstance(full, MapView)
    with qtbot.waitSignal(full.map_drawn, timeout=PATIENCE_MS):
        _kill(full)
    _kill(full)
    qtbot.waitUntil(host.plain_bar.isVisible, timeout=PATIENCE_MS)
    qtbot.waitUntil(lambda: not shiboken6.isValid(full), timeout=PATIENCE_MS)
    plain = host._view
    assert isinstance(plain, PlainMap)
    return plain


def test_a_second_crash_within_a_minute_is_answered_with_a_plainer_map_that_says_so(
    host: MapHost, session: Session, qtbot: QtBot
) -> None:
    session.select("stop", "s2")
    host.follow("own:v0")
    plain = _fall_back(host, qtbot)
    assert host.plain_bar.isVisible()
    assert "plainer" in host.plain_bar.words
    assert plain.standing.selection == ("stop", "s2")
    assert host.following == "own:v0"
    assert host.external_requests == 0
    places: list[dict[str, float] | None] = []
    plain.where_is("own:v0", places.append)
    assert places == [pytest.approx({"x": plain.width() / 2, "y": plain.height() / 2}, abs=1.0)]
    with qtbot.waitSignal(session.selection_changed, timeout=PATIENCE_MS):
        QTest.mouseClick(plain, Qt.MouseButton.LeftButton, pos=plain.rect().center())
    assert session.selection == ("vehicle", "own:v0")


def test_the_full_map_can_be_tried_again_and_goes_on_there(
    host: MapHost, session: Session, qtbot: QtBot
) -> None:
    plain = _fall_back(host, qtbot)
    # The scene is made a share at a time.
    qtbot.waitUntil(lambda: plain._picture.places_of("r1")[0].size == 5, timeout=PATIENCE_MS)
    session.select("route", "r1")
    plain.fit_route("r1")
    where = plain.standing.where
    assert isinstance(where, PageView)
    plain.show_draft(DRAFT)
    again = host.plain_bar.findChild(QPushButton)
    assert again is not None
    with qtbot.waitSignal(host.map_drawn, timeout=PATIENCE_MS):
        again.click()
    assert not host.plain_bar.isVisible()
    full = host._view
    assert isinstance(full, MapView)
    shown = MapUnderTest(full, qtbot)
    shown.wait_for("window.tower.selection.id === 'r1'")
    shown.wait_for("window.tower.draft.changed.includes('R-202')")
    # A strip less above the map may move its middle by half a pixel.
    assert shown.script("window.tower.map.getCenter().lat") == pytest.approx(where.lat, abs=5e-5)
    assert shown.script("window.tower.map.getZoom()") == pytest.approx(where.zoom, abs=0.05)


def test_another_tile_provider_keeps_what_was_looked_at_and_selected(
    host: MapHost, session: Session, qtbot: QtBot
) -> None:
    full = host._view
    assert isinstance(full, MapView)
    session.select("route", "r2")
    shown = MapUnderTest(full, qtbot)
    shown.wait_for("window.tower.scene.stopsOf('r2').length === 5")
    with qtbot.waitSignal(full.sheet.channel.view_moved, timeout=PATIENCE_MS):
        host.fit_route("r2")
    shown.wait_for("!window.tower.map._animatingZoom && window.tower.map.getZoom() > 14")
    zoom = shown.script("window.tower.map.getZoom()")
    with qtbot.waitSignal(host.map_drawn, timeout=PATIENCE_MS):
        host.use_tiles(TileSettings())
    again = host._view
    assert isinstance(again, MapView)
    other = MapUnderTest(again, qtbot)
    other.wait_for("window.tower.selection.id === 'r2'")
    assert other.script("window.tower.map.getZoom()") == zoom
