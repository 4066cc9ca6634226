"""Tiles of a provider the user chose: asked for politely, credited on screen, and only then."""

import re
from pathlib import Path

import pytest
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QDialogButtonBox
from pytestqt.qtbot import QtBot

from tests.end_to_end.rooms import PATIENCE_MS, Seat, room, seat, tower
from tests.end_to_end.servers import TILE_COLOUR, TileServer, tile_server
from tower import __version__
from ui import layouts
from ui.tiledialog import TileDialog
from ui.tiles import TileSettings, keep_tiles

pytestmark = [pytest.mark.desktop, pytest.mark.slow]

MANIFEST = "route,stop,lat,lon\nR1,S1,42.35,-71.06\nR1,S2,42.36,-71.07\nR1,S3,42.37,-71.05\n"
CREDIT = "© Example Tiles <b>contributors</b>"


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """A shift in a city no region covers."""
    file, folder = tmp_path / "manifest.csv", tmp_path / "data"
    file.write_text(MANIFEST, "utf-8")
    assert tower("shift", "import", str(file), "--data", str(folder)).returncode == 0
    return folder


@pytest.fixture(autouse=True)
def _no_tiles_are_kept() -> None:
    keep_tiles(layouts.open_settings(), TileSettings())


def test_tiles_come_from_the_provider_of_the_environment(
    data: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    with tile_server() as tiles:
        monkeypatch.setenv("TOWER_TILES_URL", tiles.template)
        monkeypatch.setenv("TOWER_TILES_ATTRIBUTION", CREDIT)
        monkeypatch.setenv("TOWER_TILES_CONTACT", "ops@example.org")
        with room(data) as joined, seat(joined, qtbot) as mine:
            _tiles_are_shown(mine)
            _credit_is_shown_as_written(mine)
            assert mine.desktop.map.external_requests >= len(tiles.asked) > 0
        _asked_as_agreed(tiles, f"Tower/{__version__} (last-mile control tower; ops@example.org)")


def _tiles_are_shown(mine: Seat) -> None:
    def shows_them() -> bool:
        picture = mine.desktop.map.grab().toImage()
        spots = (picture.pixelColor(x, picture.height() // 2) for x in range(60, 400, 10))
        return sum(spot.name() == TILE_COLOUR.name() for spot in spots) > 20

    mine.until(shows_them)


def _credit_is_shown_as_written(mine: Seat) -> None:
    credit = "document.querySelector('.leaflet-control-attribution')"
    mine.page.wait_for(f"{credit}.textContent.includes('{CREDIT}')")
    assert mine.page.script(f"{credit}.querySelector('b') === null") is True


def _asked_as_agreed(tiles: TileServer, user_agent: str) -> None:
    assert {asked.user_agent for asked in tiles.asked} == {user_agent}
    assert not any(asked.cookie for asked in tiles.asked)
    assert all(re.fullmatch(r"/tiles/\d+/\d+/\d+\.png", asked.path) for asked in tiles.asked)


def test_without_a_provider_nothing_is_asked_and_then_one_is_chosen_in_the_menu(
    data: Path, qtbot: QtBot
) -> None:
    with tile_server() as tiles, room(data) as joined, seat(joined, qtbot) as mine:
        mine.page.wait_for("window.tower.scene.stops.size === 3")
        assert mine.desktop.map.external_requests == 0
        _choose(mine, tiles.template.replace("{z}", "{zoom}"))
        dialog = mine.desktop.window.findChild(TileDialog)
        assert dialog is not None
        assert "{zoom}" in dialog.fault.text()
        assert tiles.asked == []
        dialog.address.setText(tiles.template)
        with qtbot.waitSignal(mine.desktop.map.map_drawn, timeout=PATIENCE_MS):
            _save(dialog)
        _tiles_are_shown(mine)
        mine.page.wait_for("window.tower.scene.stops.size === 3")
    _asked_as_agreed(tiles, f"Tower/{__version__} (last-mile control tower)")
    with room(data) as joined, seat(joined, qtbot) as later:
        assert later.page.script("window.TOWER_CONFIG.tiles.url") == tiles.template


def _choose(mine: Seat, address: str) -> None:
    mine.desktop.window.actions_by_id["map_tiles"].trigger()
    dialog = mine.desktop.window.findChild(TileDialog)
    assert dialog is not None
    QTest.keyClicks(dialog.address, address)
    QTest.keyClicks(dialog.attribution, "Example Tiles")
    _save(dialog)


def _save(dialog: TileDialog) -> None:
    box = dialog.findChild(QDialogButtonBox)
    assert box is not None
    box.button(QDialogButtonBox.StandardButton.Save).click()


def test_a_provider_that_cannot_work_is_named_over_the_map(
    data: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TOWER_TILES_URL", "https://tiles.example.org/{z}/{x}/{y}.png")
    with room(data) as joined, seat(joined, qtbot) as mine:
        assert mine.desktop.map.notice.isVisible()
        assert "attribution" in mine.desktop.map.notice.text()
        assert mine.desktop.map.external_requests == 0
