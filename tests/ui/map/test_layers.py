"""The layers a user shows stay as they were left."""

from pathlib import Path

import pytest
from PySide6.QtCore import QSettings
from pytestqt.qtbot import QtBot

from tests.ui.map.conftest import PATIENCE_MS, MapUnderTest
from ui.map.layers import keep_layers, kept_layers


@pytest.fixture
def settings(tmp_path: Path) -> QSettings:
    """Settings nobody has written yet."""
    return QSettings(str(tmp_path / "desktop.ini"), QSettings.Format.IniFormat)


def test_layers_are_as_they_were_left(settings: QSettings) -> None:
    assert kept_layers(settings) == {}
    keep_layers(settings, {"stops": False, "trails": True})
    settings.sync()
    again = QSettings(settings.fileName(), QSettings.Format.IniFormat)
    assert kept_layers(again) == {"stops": False, "trails": True}


@pytest.mark.parametrize("spoilt", ["{", '{"stops": 3}', "[]"])
def test_spoilt_settings_give_the_usual_layers(settings: QSettings, spoilt: str) -> None:
    settings.setValue("map/layers", spoilt)
    assert kept_layers(settings) == {}


def test_a_tick_in_the_layers_box_is_told_and_outlives_the_page(
    live_map: MapUnderTest, qtbot: QtBot
) -> None:
    ticks = "[...document.querySelectorAll('.layers label')]"
    with qtbot.waitSignal(live_map.view.layers_changed, timeout=PATIENCE_MS) as heard:
        live_map.script(f"({ticks}.find(l => l.textContent === 'Stops').click(), 0)")
    assert heard.args is not None
    assert heard.args[0]["stops"] is False
    with qtbot.waitSignal(live_map.view.map_drawn, timeout=PATIENCE_MS):
        live_map.view.reload()
    assert live_map.script("window.tower.layers.isOn('stops')") is False
    assert live_map.script("window.tower.layers.isOn('routes')") is True
