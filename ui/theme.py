"""Colours and type of the desktop: one palette file, two themes, switched while running."""

import re
from functools import cache
from pathlib import Path

import msgspec
from PySide6.QtCore import QDir, QObject, Signal
from PySide6.QtGui import QColor, QFont, QFontDatabase, QPalette

from tower.domain.words import Punctuality, Severity

RESOURCES = Path(__file__).resolve().parent.parent / "resources"
"""Where icons, themes and other files that travel with the program are."""

FONTS = Path(__file__).resolve().parent / "web" / "dist" / "fonts"
"""Where the map page's build puts the typeface; the system's own is used where it is missing."""

THEMES = ("dark", "light")

SMALL_PX = 11
BODY_PX = 12
TITLE_PX = 14
FIGURE_PX = 21
"""Sizes of type in device-independent pixels, from captions to the figures of the KPI strip."""

_PLACEHOLDER = re.compile(r"@([a-z_]+(?:\.[a-z_]+)?)")


class ColourError(KeyError):
    """A colour was asked for that the palette file does not have."""


@cache
def palettes() -> dict[str, dict[str, str]]:
    """Each theme's colours by name: `text`, `late`, `critical`, `map.water`, `routes.0`."""
    raw = msgspec.json.decode((RESOURCES / "themes" / "palette.json").read_bytes())
    return {name: _flatten(raw[name]) for name in THEMES}


def _flatten(raw: dict[str, object]) -> dict[str, str]:
    flat: dict[str, str] = {}
    for key, value in raw.items():
        if isinstance(value, str):
            flat[key] = value
        elif isinstance(value, list):
            flat.update({f"{key}.{index}": colour for index, colour in enumerate(value)})
        elif isinstance(value, dict):
            plain = key in {"status", "severity"}
            flat.update({name if plain else f"{key}.{name}": v for name, v in value.items()})
    return flat


@cache
def _colour(theme: str, key: str) -> QColor:
    try:
        return QColor(palettes()[theme][key])
    except KeyError as error:
        raise ColourError(f"no colour named {key!r} in the {theme} palette") from error


@cache
def _faded(theme: str, key: str, opacity: float) -> QColor:
    colour = QColor(_colour(theme, key))
    colour.setAlphaF(opacity)
    return colour


@cache
def typeface() -> str:
    """The family the desktop is set in; loads the shipped one the first time."""
    for file in sorted(FONTS.glob("*.ttf")):
        QFontDatabase.addApplicationFont(str(file))
    families = set(QFontDatabase.families())
    return next((name for name in ("Inter", "Inter Variable") if name in families), "DejaVu Sans")


@cache
def _route_colours(name: str) -> int:
    """How many colours routes wear in a theme."""
    return sum(1 for key in palettes()[name] if key.startswith("routes."))


class Theme(QObject):
    """The theme in force. Painted widgets ask it for colours and repaint on `theme_changed`.

    Attributes:
        theme_changed: the name of the new theme, after style sheet and palette are in place.
    """

    theme_changed = Signal(str)

    def __init__(self, name: str = "dark", parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._name = name if name in THEMES else "dark"

    @property
    def name(self) -> str:
        """`dark` or `light`."""
        return self._name

    def set_name(self, name: str) -> None:
        """Switch to a theme by name; unknown names and the present one change nothing."""
        if name in THEMES and name != self._name:
            self._name = name
            self.theme_changed.emit(name)

    def toggle(self) -> None:
        """Switch between dark and light."""
        self.set_name("light" if self._name == "dark" else "dark")

    def color(self, key: str) -> QColor:
        """A colour by its name in the palette file (`panel`, `late`, `critical`, `map.water`).

        Raises:
            ColourError: the palette has no such name.
        """
        return _colour(self._name, key)

    def route_color(self, number: int) -> QColor:
        """The colour a route wears, by any number that stays the route's own."""
        return self.color(f"routes.{number % _route_colours(self._name)}")

    def punctuality_color(self, punctuality: Punctuality) -> QColor:
        """The colour of a standing against the promise."""
        return self.color(punctuality.value)

    def severity_color(self, severity: Severity) -> QColor:
        """The colour of a severity."""
        return self.color(severity.value)

    def faded(self, key: str, opacity: float) -> QColor:
        """A colour by name with an opacity from 0 to 1."""
        return _faded(self._name, key, opacity)

    def font(self, size_px: int = BODY_PX, *, bold: bool = False) -> QFont:
        """The desktop's typeface with figures of equal width, so that columns line up."""
        font = QFont(typeface())
        font.setPixelSize(size_px)
        font.setWeight(QFont.Weight.DemiBold if bold else QFont.Weight.Normal)
        font.setFeature(QFont.Tag.fromString("tnum"), 1)
        return font

    def style_sheet(self) -> str:
        """The style sheet of the whole program in this theme."""
        QDir.setSearchPaths("icons", [str(RESOURCES / "icons")])
        text = (RESOURCES / "themes" / "tower.qss").read_text("utf-8")
        return _PLACEHOLDER.sub(lambda match: self.color(match[1]).name(), text)

    def palette(self) -> QPalette:
        """Qt's palette in this theme, for what no style sheet reaches."""
        palette = QPalette()
        for role, key in _ROLES.items():
            palette.setColor(role, self.color(key))
        for role in (_Role.Text, _Role.WindowText, _Role.ButtonText):
            palette.setColor(QPalette.ColorGroup.Disabled, role, self.color("disabled"))
        return palette


_Role = QPalette.ColorRole
_ROLES = {
    _Role.Window: "ground",
    _Role.WindowText: "text",
    _Role.Base: "panel",
    _Role.AlternateBase: "panel_raised",
    _Role.Text: "text",
    _Role.Button: "panel_raised",
    _Role.ButtonText: "text",
    _Role.BrightText: "text",
    _Role.Highlight: "selection",
    _Role.HighlightedText: "text",
    _Role.ToolTipBase: "panel_raised",
    _Role.ToolTipText: "text",
    _Role.PlaceholderText: "muted",
    _Role.Link: "accent",
    _Role.Light: "line_strong",
    _Role.Midlight: "line",
    _Role.Mid: "line",
    _Role.Dark: "ground",
    _Role.Shadow: "shadow",
}
