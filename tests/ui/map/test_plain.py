"""The plainer map as a dispatcher meets it: a real widget, real mouse and keys."""

import html
from collections.abc import Iterator

import msgspec
import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QHelpEvent, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QToolTip
from pytestqt.qtbot import QtBot

from tests.ui.map.conftest import PATIENCE_MS
from tests.ui.map.synthetic_shift import SyntheticShift
from tower.domain.words import Punctuality, Severity, VehicleKind
from tower.road.geometry import Bounds
from tower.road.pack import RegionPack
from ui.map.channel import PageView
from ui.map.plain.camera import Camera, around, world_xy
from ui.map.plain.marks import OUTLINES, severity_outline, vehicle_stamp
from ui.map.plain.view import PlainMap
from ui.map.standing import Standing
from ui.theme import palettes

SIZE = (800, 600)


@pytest.fixture
def plain(pack: RegionPack, shift: SyntheticShift, qtbot: QtBot) -> Iterator[PlainMap]:
    """The plainer map with the shift on it, drawn."""
    shown = PlainMap(pack, Standing())
    qtbot.addWidget(shown)
    shown.resize(*SIZE)
    with qtbot.waitSignals([shown.map_drawn, shown.vehicles_drawn], timeout=PATIENCE_MS):
        shown.show_scene(shift.scene())
        shown.show_vehicles(shift.frame(0.0))
        shown.show()
    yield shown
    shown.close_page()


def _colours(shown: PlainMap) -> set[str]:
    image = shown.grab().toImage()
    spots = ((x, y) for x in range(0, image.width(), 2) for y in range(0, image.height(), 2))
    return {image.pixelColor(x, y).name() for x, y in spots}


def _where(shown: PlainMap, vehicle_id: str) -> QPoint:
    found: list[dict[str, float] | None] = []
    shown.where_is(vehicle_id, found.append)
    assert found[0] is not None
    return QPoint(round(found[0]["x"]), round(found[0]["y"]))


def _zoom(shown: PlainMap) -> float:
    told: list[dict[str, float]] = []
    shown.stats(told.append)
    return told[0]["zoom"]


def test_it_looks_at_the_whole_shift_with_its_roads_vehicles_and_exceptions(
    plain: PlainMap,
) -> None:
    dark = palettes()["dark"]
    seen = _colours(plain)
    assert {dark["marks.on_time"], dark["marks.critical"], dark["map.major"]} <= seen
    for number in range(8):
        assert plain.rect().contains(_where(plain, f"vehicle-{number}"))
    assert plain.external_requests == 0


def test_layers_and_theme_are_those_of_the_full_map(plain: PlainMap) -> None:
    dark, light = palettes()["dark"], palettes()["light"]
    plain.set_layers({"vehicles": False})
    assert dark["marks.on_time"] not in _colours(plain)
    plain.set_theme("light")
    assert light["map.ground"] in _colours(plain)


def test_a_click_selects_what_is_there_and_a_click_beside_it_nothing(
    plain: PlainMap, qtbot: QtBot
) -> None:
    plain.follow("vehicle-2")
    plain.follow(None)
    with qtbot.waitSignal(plain.selected, timeout=PATIENCE_MS) as heard:
        QTest.mouseClick(plain, Qt.MouseButton.LeftButton, pos=_where(plain, "vehicle-2"))
    assert heard.args == ["vehicle", "vehicle-2"]
    assert plain.standing.selection == ("vehicle", "vehicle-2")
    with qtbot.waitSignal(plain.selected, timeout=PATIENCE_MS) as heard:
        QTest.mouseClick(plain, Qt.MouseButton.LeftButton, pos=QPoint(2, 598))
    assert heard.args == ["", ""]


def test_stops_and_exceptions_are_picked_where_they_are_drawn(
    plain: PlainMap, shift: SyntheticShift, qtbot: QtBot
) -> None:
    plain.set_layers({"vehicles": False})
    exception = next(one for one in shift.scene().exceptions if not one.vehicle_id)
    plain.fit_box(Bounds(*(2 * (exception.lat, exception.lon))))
    middle = plain.rect().center()
    with qtbot.waitSignal(plain.selected, timeout=PATIENCE_MS) as heard:
        QTest.mouseClick(plain, Qt.MouseButton.LeftButton, pos=middle - QPoint(0, 20))
    assert heard.args[0] == "exception"
    stop = shift.scene().stops[0]
    plain.set_layers({"exceptions": False})
    plain.fit_box(Bounds(*(2 * (stop.lat, stop.lon))))
    with qtbot.waitSignal(plain.selected, timeout=PATIENCE_MS) as heard:
        QTest.mouseClick(plain, Qt.MouseButton.LeftButton, pos=middle)
    assert heard.args[0] == "stop"


def test_it_is_dragged_wheeled_and_worked_by_keys(plain: PlainMap, qtbot: QtBot) -> None:
    plain.follow("vehicle-1")
    before = _where(plain, "vehicle-1")
    with qtbot.waitSignal(plain.followed, timeout=PATIENCE_MS) as dropped:
        QTest.mousePress(plain, Qt.MouseButton.LeftButton, pos=QPoint(200, 500))
        QTest.mouseMove(plain, QPoint(240, 500))
        QTest.mouseMove(plain, QPoint(300, 520))
    QTest.mouseRelease(plain, Qt.MouseButton.LeftButton, pos=QPoint(300, 520))
    assert dropped.args == [""]
    assert _where(plain, "vehicle-1") == before + QPoint(100, 20)
    zoom = _zoom(plain)
    turned = QWheelEvent(
        QPointF(400, 300), plain.mapToGlobal(QPointF(400, 300)), QPoint(), QPoint(0, 240),
        Qt.MouseButton.NoButton, Qt.KeyboardModifier.NoModifier,
        Qt.ScrollPhase.NoScrollPhase, False,
    )  # fmt: skip
    QApplication.sendEvent(plain, turned)
    assert _zoom(plain) == pytest.approx(zoom + 1.0)
    QTest.keyClick(plain, Qt.Key.Key_Minus)
    assert _zoom(plain) == pytest.approx(zoom)
    at = _where(plain, "vehicle-1")
    QTest.keyClick(plain, Qt.Key.Key_Left)
    assert _where(plain, "vehicle-1") == at + QPoint(80, 0)
    assert plain.standing.where is not None
    assert plain.standing.where.zoom == pytest.approx(zoom)


def test_a_followed_vehicle_stays_in_the_middle_and_a_double_click_follows(
    plain: PlainMap, shift: SyntheticShift, qtbot: QtBot
) -> None:
    with qtbot.waitSignal(plain.followed, timeout=PATIENCE_MS) as heard:
        QTest.mouseDClick(plain, Qt.MouseButton.LeftButton, pos=_where(plain, "vehicle-3"))
    (followed,) = heard.args
    plain.show_vehicles(shift.frame(60.0))
    assert (_where(plain, followed) - QPoint(400, 300)).manhattanLength() <= 2


def test_names_are_shown_as_text(plain: PlainMap, shift: SyntheticShift) -> None:
    hostile = "<b>x</b><img src='file:///etc/passwd'>"
    frame = shift.frame(0.0)
    names = {h: msgspec.structs.replace(n, label=hostile) for h, n in frame.names.items()}
    plain.show_vehicles(msgspec.structs.replace(frame, names=names))
    plain.follow("vehicle-2")
    at = _where(plain, "vehicle-2")
    help_ = QHelpEvent(QHelpEvent.Type.ToolTip, at, plain.mapToGlobal(at))
    QApplication.sendEvent(plain, help_)
    assert html.escape(hostile) in QToolTip.text()
    QToolTip.hideText()


def test_ten_thousand_vehicles_are_all_there_as_dots(plain: PlainMap, pack: RegionPack) -> None:
    plain.show_vehicles(SyntheticShift(pack, 4, 10_000).frame(0.0))
    assert palettes()["dark"]["marks.late"] in _colours(plain)


def test_without_a_region_there_is_a_graticule(qtbot: QtBot) -> None:
    shown = PlainMap(None, Standing(where=PageView(47.1, 9.5, 10.0)))
    qtbot.addWidget(shown)
    shown.resize(*SIZE)
    assert palettes()["dark"]["map.graticule"] in _colours(shown)


def test_a_camera_finds_its_way_back_from_any_pixel() -> None:
    camera = Camera.at(47.14, 9.52, 13.25, *SIZE)
    assert camera.centre == pytest.approx((47.14, 9.52))
    place = camera.place(123.0, 456.0)
    assert camera.spot(*place) == pytest.approx((123.0, 456.0))
    closer = camera.zoomed(2.0, 123.0, 456.0)
    assert closer.spot(*place) == pytest.approx((123.0, 456.0))
    box = around(np.array([47.0, 47.2]), np.array([9.4, 9.6]))
    fitted = camera.fitting(box)
    corners = [fitted.spot(box.south, box.west), fitted.spot(box.north, box.east)]
    assert all(0 <= x <= SIZE[0] and 0 <= y <= SIZE[1] for x, y in corners)


def test_the_unit_square_is_that_of_web_mercator() -> None:
    x, y = world_xy(np.array([0.0, 85.051128779807]), np.array([0.0, 180.0]))
    assert x.tolist() == pytest.approx([0.5, 1.0])
    assert y.tolist() == pytest.approx([0.5, 0.0], abs=1e-9)


def test_every_kind_standing_and_severity_has_its_own_look(qtbot: QtBot) -> None:  # noqa: ARG001
    assert set(OUTLINES) == set(VehicleKind)
    stamps = [vehicle_stamp("dark", VehicleKind.VAN, one, 0).toImage() for one in Punctuality]
    told_apart = {bytes(stamp.constBits()) for stamp in stamps}
    assert len(told_apart) >= len(Punctuality) - 1
    assert len({severity_outline(one).count() for one in Severity}) == len(Severity)
