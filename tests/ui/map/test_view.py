"""The map as a dispatcher meets it: a real widget, a real page, real mouse events."""

import os
import signal

import msgspec
import pytest
from PySide6.QtCore import QEvent, QPoint, Qt
from PySide6.QtGui import QImage, QMouseEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from tests.ui.map.conftest import PATIENCE_MS, MapMaker, MapUnderTest
from tests.ui.map.synthetic_shift import SyntheticShift
from tower.road.pack import RegionPack
from ui.map.scene import MapScene

HOSTILE = '<img src=x onerror="window.harmed=1"><script>window.harmed=1</script>'


_TONES_OF_THE_GROUND = """(() => {
  const tones = new Set();
  for (const { canvas } of window.tower.ground.level.pieces.values()) {
    if (!canvas) continue;
    const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
    for (let i = 0; i < data.length; i += 4) {
      tones.add(data[i] * 65536 + data[i + 1] * 256 + data[i + 2]);
    }
  }
  return tones.size;
})()"""


def _marks_of(stop_id: str) -> str:
    return f"window.tower.markLayer.marks.filter(m => m.selection.id === '{stop_id}')"


def _double_click(target: QWidget, at: QPoint) -> None:
    """Click twice within the double-click time; QTest spaces its clicks farther apart."""
    kinds = (
        QEvent.Type.MouseButtonPress,
        QEvent.Type.MouseButtonRelease,
        QEvent.Type.MouseButtonDblClick,
        QEvent.Type.MouseButtonRelease,
    )
    left, none = Qt.MouseButton.LeftButton, Qt.MouseButton.NoButton
    for step, kind in enumerate(kinds):
        held = none if kind == QEvent.Type.MouseButtonRelease else left
        where = target.mapToGlobal(at).toPointF()
        event = QMouseEvent(kind, at.toPointF(), where, left, held, Qt.KeyboardModifier.NoModifier)
        event.setTimestamp(1_000_000 + 20 * step)
        QApplication.sendEvent(target, event)


def _lightness(image: QImage) -> float:
    small = image.scaled(40, 30)
    values = [small.pixelColor(x, y).lightness() for x in range(40) for y in range(30)]
    return sum(values) / len(values)


def _close_up(shown: MapUnderTest, qtbot: QtBot, vehicle_id: str) -> QPoint:
    """Zoom in on one vehicle, so that the pointer meets no other; where it is then."""
    with qtbot.waitSignal(shown.view.sheet.channel.view_moved, timeout=PATIENCE_MS):
        shown.view.follow(vehicle_id)
    shown.wait_for("!window.tower.map._animatingZoom && window.tower.map.getZoom() >= 15")
    shown.view.follow(None)
    shown.script("(window.tower.map.setZoom(18, {animate: false}), 0)")
    place = shown.place(vehicle_id)
    return QPoint(round(place["x"]), round(place["y"]))


def _look_at(shown: MapUnderTest, qtbot: QtBot, lat: float, lon: float, zoom: float) -> None:
    """Move the map there as somebody who has touched it."""
    touch = "new KeyboardEvent('keydown', {key: 'Shift'})"
    shown.script(f"window.tower.map.getContainer().dispatchEvent({touch})")
    with qtbot.waitSignal(shown.view.sheet.channel.view_moved, timeout=PATIENCE_MS):
        shown.script(f"(window.tower.map.setView([{lat}, {lon}], {zoom}, {{animate: false}}), 0)")


def test_vehicles_are_on_the_map_and_nothing_left_the_machine(live_map: MapUnderTest) -> None:
    stats = live_map.stats()
    assert stats["vehicles"] == 8
    assert stats["first_map_ms"] > 0
    assert stats["first_vehicle_ms"] > 0
    assert live_map.view.external_requests == 0


def test_a_map_that_is_moved_says_so_until_it_is_let_alone(
    live_map: MapUnderTest, qtbot: QtBot
) -> None:
    for expected in (True, False):
        with qtbot.waitSignal(live_map.view.moving, timeout=PATIENCE_MS) as told:
            if expected:
                live_map.view.move_by_itself("drag", 0.5)
        assert told.args == [expected]


def test_a_click_on_a_vehicle_selects_it(live_map: MapUnderTest, qtbot: QtBot) -> None:
    at = _close_up(live_map, qtbot, "vehicle-2")
    with qtbot.waitSignal(live_map.view.selected, timeout=PATIENCE_MS) as heard:
        QTest.mouseClick(live_map.target, Qt.MouseButton.LeftButton, pos=at)
    assert heard.args == ["vehicle", "vehicle-2"]


def test_a_double_click_follows_until_the_map_is_dragged(
    live_map: MapUnderTest, shift: SyntheticShift, qtbot: QtBot
) -> None:
    at = _close_up(live_map, qtbot, "vehicle-1")
    target = live_map.target
    with qtbot.waitSignal(live_map.view.followed, timeout=PATIENCE_MS) as heard:
        _double_click(target, at)
    assert heard.args == ["vehicle-1"]
    live_map.view.show_vehicles(shift.frame(20.0))
    live_map.wait_for("window.tower.fleet.atMs[0] > 0 && !window.tower.vehicles.isMoving")
    place = live_map.place("vehicle-1")
    assert abs(place["x"] - 400) < 3
    assert abs(place["y"] - 300) < 3
    with qtbot.waitSignal(live_map.view.followed, timeout=PATIENCE_MS) as dropped:
        QTest.mousePress(target, Qt.MouseButton.LeftButton, pos=QPoint(200, 500))
        for step in range(1, 8):
            QTest.mouseMove(target, QPoint(200 + 12 * step, 500))
        QTest.mouseRelease(target, Qt.MouseButton.LeftButton, pos=QPoint(290, 500))
    assert dropped.args == [""]


def test_the_theme_changes_at_once(live_map: MapUnderTest, qtbot: QtBot) -> None:
    dark = _lightness(live_map.view.grab().toImage())
    live_map.view.set_theme("light")
    qtbot.waitUntil(lambda: _lightness(live_map.view.grab().toImage()) > 180, timeout=PATIENCE_MS)
    assert dark < 60


def test_a_view_asked_for_while_the_map_zooms_is_taken(live_map: MapUnderTest) -> None:
    was_zooming = live_map.script(
        "(map => { map._animateZoom(map.getCenter(), map.getZoom() - 1, true);"
        " const was = map._animatingZoom;"
        " window.tower.camera.fitBox([47.140, 9.510, 47.142, 9.513]); return was; })"
        "(window.tower.map)"
    )
    assert was_zooming is True
    assert live_map.script("window.tower.map.getZoom()") == 16
    assert live_map.script("window.tower.map.getBounds().contains([47.141, 9.512])") is True


def test_a_route_selected_elsewhere_shows_its_stops_by_number(
    live_map: MapUnderTest, qtbot: QtBot
) -> None:
    live_map.view.select("route", "R-202")
    with qtbot.waitSignal(live_map.view.sheet.channel.view_moved, timeout=PATIENCE_MS):
        live_map.view.fit_route("R-202")
    live_map.wait_for(
        "window.tower.markLayer.marks.filter(m => m.selection.kind === 'stop'"
        " && m.selection.id.startsWith('R-202/')).length === 18"
    )
    bounds = live_map.script(
        "window.tower.scene.stopsOf('R-202').every("
        "s => window.tower.map.getBounds().contains([s.lat, s.lon]))"
    )
    assert bounds is True


def test_the_map_opens_on_the_whole_shift_and_as_close_as_it_can(live_map: MapUnderTest) -> None:
    spots = live_map.script(
        "[...window.tower.scene.stops.values(), ...window.tower.scene.depots.values()].map("
        "s => window.tower.map.latLngToContainerPoint([s.lat, s.lon]))"
    )
    xs, ys = [spot["x"] for spot in spots], [spot["y"] for spot in spots]
    assert min(xs) >= 0
    assert max(xs) <= 800
    assert min(ys) >= 0
    assert max(ys) <= 600
    room = (max(xs) - min(xs)) / (800 - 206), (max(ys) - min(ys)) / (600 - 56)
    assert 0.93 < max(room) <= 1.001


def test_the_window_growing_before_anybody_touched_the_map_shows_more_of_it(
    live_map: MapUnderTest,
) -> None:
    before = live_map.script("window.tower.map.getZoom()")
    live_map.view.resize(1600, 1200)
    live_map.wait_for(f"window.tower.map.getZoom() > {before} + 0.8")


def test_a_map_as_small_as_a_stamp_still_shows_the_shift(live_map: MapUnderTest) -> None:
    live_map.view.resize(150, 120)
    live_map.wait_for("window.tower.map.getSize().x === 150")
    live_map.wait_for(
        "[...window.tower.scene.stops.values()].every("
        "s => window.tower.map.getBounds().contains([s.lat, s.lon]))"
    )
    assert live_map.script("window.tower.map.getZoom()") > 7


def test_streets_are_on_the_ground_wherever_the_region_is_in_view(live_map: MapUnderTest) -> None:
    for zoom in (10.4, 11.7, 13, 16.25):
        live_map.script(f"(window.tower.map.setView([47.14, 9.52], {zoom}, {{animate: false}}), 0)")
        live_map.wait_for("window.tower.ground.isCovered()")
        tones = live_map.script(_TONES_OF_THE_GROUND)
        assert tones > 20, f"at zoom {zoom} the ground is bare"


def test_stops_at_one_door_can_be_told_apart_and_picked(
    live_map: MapUnderTest, shift: SyntheticShift, qtbot: QtBot
) -> None:
    scene = shift.scene()
    first = next(stop for stop in scene.stops if stop.id == "R-201/3")
    at_one_door = tuple(
        msgspec.structs.replace(stop, lat=first.lat, lon=first.lon)
        if stop.id in {"R-201/4", "R-201/5"}
        else stop
        for stop in scene.stops
    )
    live_map.view.show_scene(msgspec.structs.replace(scene, stops=at_one_door, exceptions=()))
    live_map.view.select("route", "R-201")
    live_map.wait_for("window.tower.selection.id === 'R-201'")
    live_map.script(
        f"(window.tower.map.setView([{first.lat}, {first.lon}], 17, {{animate: false}}), 0)"
    )
    live_map.wait_for(f"{_marks_of('R-201/4')}.some(m => m.aside.dx !== 0 || m.aside.dy !== 0)")
    spot = live_map.script(
        f"(t => t.markLayer.screenPoint({_marks_of('R-201/4')}[0]))(window.tower)"
    )
    live_map.script("(window.tower.layers.set('vehicles', false), 0)")
    with qtbot.waitSignal(live_map.view.selected, timeout=PATIENCE_MS) as heard:
        at = QPoint(round(spot["x"]), round(spot["y"]))
        QTest.mouseClick(live_map.target, Qt.MouseButton.LeftButton, pos=at)
    assert heard.args == ["stop", "R-201/4"]


def test_markup_in_names_is_shown_as_text(
    live_map: MapUnderTest, shift: SyntheticShift, qtbot: QtBot
) -> None:
    frame = shift.frame(0.0)
    names = {h: msgspec.structs.replace(n, label=HOSTILE) for h, n in frame.names.items()}
    live_map.view.show_vehicles(msgspec.structs.replace(frame, names=names))
    live_map.wait_for("window.tower.scene.names.get(2).label.startsWith('<img')")
    at = _close_up(live_map, qtbot, "vehicle-2")
    QTest.mouseMove(live_map.target, at - QPoint(60, 60))
    QTest.mouseMove(live_map.target, at)
    live_map.wait_for("document.querySelector('.card.is-shown') !== null")
    assert live_map.script("document.querySelector('.card-title').textContent") == HOSTILE
    assert live_map.script("document.images.length") == 0
    assert live_map.script("window.harmed ?? 0") == 0


def test_without_a_region_there_is_a_graticule_and_the_vehicles(
    make_map: MapMaker, shift: SyntheticShift, qtbot: QtBot
) -> None:
    shown = make_map(None)
    with qtbot.waitSignal(shown.view.vehicles_drawn, timeout=PATIENCE_MS):
        shown.view.show_vehicles(shift.frame(0.0))
        shown.view.show_scene(MapScene(1))
    shown.wait_for("window.tower.map.getZoom() > 9")
    colours = {shown.view.grab().toImage().pixelColor(x, 300).name() for x in range(800)}
    assert "#1d2834" in colours, "no line of the graticule crosses the middle of the map"


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="needs SIGKILL to end the renderer")
def test_the_map_comes_back_as_it_was_when_its_renderer_dies(
    live_map: MapUnderTest, qtbot: QtBot
) -> None:
    live_map.view.set_theme("light")
    live_map.view.select("route", "R-203")
    _look_at(live_map, qtbot, 47.1, 9.52, 14)
    page = live_map.view.sheet.page
    assert page is not None
    with qtbot.waitSignals(
        [live_map.view.map_drawn, live_map.view.vehicles_drawn], timeout=PATIENCE_MS
    ):
        os.kill(page.renderProcessPid(), signal.SIGKILL)
    assert live_map.script("document.documentElement.dataset.theme") == "light"
    assert live_map.script("window.tower.selection.id") == "R-203"
    assert live_map.script("window.tower.map.getZoom()") == 14
    live_map.wait_for("window.tower.scene.stops.size > 0")


def test_set_region_starts_anew_there(make_map: MapMaker, pack: RegionPack, qtbot: QtBot) -> None:
    shown = make_map(None)
    with qtbot.waitSignal(shown.view.map_drawn, timeout=PATIENCE_MS):
        shown.view.set_region(pack)
    centre = shown.script("window.tower.map.getCenter()")
    assert abs(centre["lat"] - pack.info.center.lat) < 0.05
    assert "OpenStreetMap" in shown.script(
        "document.querySelector('.leaflet-control-attribution').textContent"
    )
