"""Which tile providers can be used, and what is said of those that cannot."""

from pathlib import Path

import pytest
from PySide6.QtCore import QSettings

from tower import __version__
from ui.tiles import TileSettings, TileSettingsError, keep_tiles, kept_tiles, provider_of

GOOD = TileSettings(
    url="https://tiles.example.org/{z}/{x}/{y}.png?key=abc", attribution="© Example Tiles"
)


@pytest.fixture
def settings(tmp_path: Path) -> QSettings:
    """Settings nobody kept anything in."""
    return QSettings(str(tmp_path / "desktop.ini"), QSettings.Format.IniFormat)


def test_without_an_address_there_is_no_provider(settings: QSettings) -> None:
    assert provider_of(kept_tiles(settings, {})) is None


def test_a_provider_is_kept_and_names_tower_in_its_requests(settings: QSettings) -> None:
    keep_tiles(settings, GOOD)
    reopened = QSettings(settings.fileName(), QSettings.Format.IniFormat)
    provider = provider_of(kept_tiles(reopened, {}))
    assert provider is not None
    assert (provider.url, provider.attribution) == (GOOD.url, GOOD.attribution)
    assert provider.user_agent.startswith(f"Tower/{__version__} ")
    assert provider.max_zoom == 19


def test_the_environment_wins_as_a_whole(settings: QSettings) -> None:
    keep_tiles(settings, GOOD)
    tiles = kept_tiles(settings, {"TOWER_TILES_URL": "http://10.0.0.7/{z}/{x}/{y}.png"})
    assert tiles.url == "http://10.0.0.7/{z}/{x}/{y}.png"
    assert tiles.attribution == ""


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("https://{s}.tiles.example.org/{z}/{x}/{y}.png", "does not fill in {s}"),
        ("https://tiles.example.org/{z}/{x}.png", "needs {z}, {x} and {y}"),
        ("https://tiles.example.org/{z}/{x}/{y", "cannot be read"),
        ("ftp://tiles.example.org/{z}/{x}/{y}.png", "https://"),
        ("tiles.example.org/{z}/{x}/{y}.png", "https://"),
        ("file:///etc/{z}/{x}/{y}.png", "https://"),
    ],
)
def test_an_address_that_cannot_work_is_told(url: str, words: str) -> None:
    with pytest.raises(TileSettingsError, match=words.replace("{", r"\{")):
        provider_of(TileSettings(url=url, attribution="© Example Tiles"))


@pytest.mark.parametrize("zoom", ["", "0", "23", "deep", "-1"])
def test_a_zoom_nobody_serves_is_told(zoom: str) -> None:
    with pytest.raises(TileSettingsError, match="1 to 22"):
        provider_of(TileSettings(url=GOOD.url, attribution="© Example Tiles", max_zoom=zoom))


def test_nobodys_tiles_are_shown_without_their_attribution() -> None:
    with pytest.raises(TileSettingsError, match="attribution"):
        provider_of(TileSettings(url=GOOD.url))
