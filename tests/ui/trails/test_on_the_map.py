"""Trails on the real map page: drawn, explained, hovered over, and there again after a reload."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from PySide6.QtCore import QSettings
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from tests.ui.map.conftest import PACK, PATIENCE_MS, MapUnderTest
from tests.ui.trails.conftest import ToldTravel, TrailGateway
from tests.ui.trails.driving import VEHICLE
from tower.road.geometry import Bounds
from tower.road.pack import RegionPack
from ui.map.pasttrails import MapTrails
from ui.map.view import MapView
from ui.session import Session
from ui.trails.desk import TrailDesk
from ui.trails.pictures import box_of
from ui.trails.trail import trail_of

LEGEND = "document.querySelector('.trail-legend')"
LAYER = "window.tower.pastTrails"


@pytest.fixture
def page(qtbot: QtBot) -> Iterator[MapUnderTest]:
    """A map of the demo region with nothing on it."""
    with RegionPack.open(PACK) as region:
        view = MapView(region)
        view.resize(900, 640)
        with qtbot.waitSignal(view.map_drawn, timeout=PATIENCE_MS):
            view.show()
        yield MapUnderTest(view, qtbot)
        view.close_page()
        view.deleteLater()


@pytest.fixture
def desk(
    session: Session,
    gateway: TrailGateway,
    travel: ToldTravel,
    page: MapUnderTest,
    settings: QSettings,
    window: QWidget,
) -> TrailDesk:
    """A desk whose map is that page."""
    assert gateway.fixes
    return TrailDesk(session, travel, page.view, settings, str, window)


def show_trail(session: Session, desk: TrailDesk, page: MapUnderTest) -> None:
    session.select("vehicle", VEHICLE)
    desk.toggle()
    page.wait_for(f"{LAYER}.trails.length === 1")


def test_a_trail_is_drawn_and_explained_and_goes_again(
    session: Session, desk: TrailDesk, page: MapUnderTest
) -> None:
    assert page.script(f"{LEGEND}.hidden") is True
    show_trail(session, desk, page)
    assert page.script(f"{LAYER}.isShown") is True
    words = page.script(f"{LEGEND}.textContent")
    assert words.startswith("Trails · last hour")
    for said in ("under 10", "10–30", "over 80", "km/h", "no signal", "stood"):
        assert said in words
    desk.clear()
    page.wait_for(f"{LAYER}.trails.length === 0")
    assert page.script(f"{LEGEND}.hidden") is True


def test_the_map_looks_at_a_trail(
    desk: TrailDesk, page: MapUnderTest, gateway: TrailGateway
) -> None:
    box = box_of(trail_of(gateway.fixes).lat_lon)
    assert box is not None
    desk.show.look_at(box)
    inside = box.center
    page.wait_for(f"window.tower.map.getBounds().contains([{inside.lat}, {inside.lon}])")
    page.wait_for("window.tower.map.getZoom() > 11")


def test_a_stay_says_when_and_where_under_the_pointer(
    session: Session, desk: TrailDesk, page: MapUnderTest, gateway: TrailGateway
) -> None:
    show_trail(session, desk, page)
    stay = max(gateway.fixes, key=lambda fix: fix.lon)
    desk.show.look_at(Bounds(stay.lat - 0.01, stay.lon - 0.01, stay.lat + 0.01, stay.lon + 0.01))
    page.wait_for("window.tower.map.getZoom() > 12")
    over = (
        f"(() => {{ const map = window.tower.map, at = map.latLngToContainerPoint("
        f"[{stay.lat}, {stay.lon}]); map.fire('mousemove', {{ containerPoint: at, latlng: "
        f"map.containerPointToLatLng(at) }}); return 0; }})()"
    )
    page.script(over)
    page.wait_for(
        "[...document.querySelectorAll('.card.is-shown')].some("
        "card => card.textContent.includes('not at a stop'))"
    )


def test_the_trail_is_there_again_after_the_page_was_loaded_anew(
    session: Session, desk: TrailDesk, page: MapUnderTest, qtbot: QtBot
) -> None:
    show_trail(session, desk, page)
    with qtbot.waitSignal(page.view.map_drawn, timeout=PATIENCE_MS):
        page.view.reload()
    page.wait_for(f"{LAYER}.trails.length === 1")


def test_ten_thousand_positions_reach_the_page(
    session: Session, desk: TrailDesk, page: MapUnderTest, gateway: TrailGateway
) -> None:
    first = gateway.fixes[0]
    gateway.fixes = [
        type(first)(
            vehicle_id=VEHICLE,
            at=first.at + timedelta(seconds=0.15 * n),
            lat=47.05 + 1e-5 * n,
            lon=9.50 + 1e-5 * (n % 7),
        )
        for n in range(10_000)
    ]
    show_trail(session, desk, page)
    assert page.script(f"{LAYER}.trails[0].count") == 10_000
    assert page.script(f"{LAYER}.trails[0].at(9).steps.length") < 2_000


def test_no_trails_are_nothing_to_the_page(page: MapUnderTest) -> None:
    page.view.show_trails(MapTrails())
    assert page.script(f"{LAYER}.trails.length") == 0
