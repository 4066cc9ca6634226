"""Both themes can be read by everybody."""

import pytest
from PySide6.QtGui import QColor
from pytestqt.qtbot import QtBot

from tower.domain.words import Punctuality, Severity
from ui.theme import THEMES, ColourError, Theme, palettes

_GROUNDS = ("ground", "panel", "panel_raised", "panel_hover", "selection", "field")
_TEXTS = ("text", "text_secondary", "muted")


def _luminance(colour: QColor) -> float:
    """Relative luminance (WCAG 2.1)."""
    parts = []
    for part in (colour.redF(), colour.greenF(), colour.blueF()):
        linear = part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4
        parts.append(linear)
    return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2]


def _contrast(one: QColor, other: QColor) -> float:
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("name", THEMES)
@pytest.mark.parametrize("ground", _GROUNDS)
def test_text_stands_out_from_every_ground(name: str, ground: str) -> None:
    theme = Theme(name)
    for text in _TEXTS:
        assert _contrast(theme.color(text), theme.color(ground)) >= 4.5, text


@pytest.mark.parametrize("name", THEMES)
def test_status_words_and_buttons_can_be_read(name: str) -> None:
    theme = Theme(name)
    for word in (*Punctuality, *Severity, "accent"):
        for ground in ("ground", "panel", "panel_raised"):
            assert _contrast(theme.color(str(word)), theme.color(ground)) >= 4.5, (word, ground)
    assert _contrast(theme.color("accent_text"), theme.color("accent_fill")) >= 4.5


def test_both_themes_have_the_same_colours() -> None:
    dark, light = (set(palettes()[name]) for name in THEMES)
    assert dark == light


@pytest.mark.parametrize("name", THEMES)
def test_the_style_sheet_names_only_known_colours(name: str) -> None:
    sheet = Theme(name).style_sheet()
    assert "@" not in sheet.split("*/", 1)[1]
    assert palettes()[name]["accent"] in sheet


def test_switching_tells_everybody_once(qtbot: QtBot) -> None:
    theme = Theme("dark")
    with qtbot.waitSignal(theme.theme_changed) as told:
        theme.toggle()
    assert told.args == ["light"]
    with qtbot.assertNotEmitted(theme.theme_changed):
        theme.set_name("light")
        theme.set_name("neon")
    assert theme.name == "light"


def test_an_unknown_colour_is_an_error() -> None:
    with pytest.raises(ColourError, match="chartreuse"):
        Theme("dark").color("chartreuse")
