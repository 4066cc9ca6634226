"""The tile provider a user configured for places no region covers; without one nothing leaves.

It is kept with the desktop's settings (section `tiles`); the environment variables in `VARIABLES`
win over them, for installations somebody else looks after.
"""

from collections.abc import Mapping
from string import Formatter
from urllib.parse import urlsplit

import msgspec
from PySide6.QtCore import QSettings

from tower import __version__
from ui.map.scene import TileProvider

VARIABLES: dict[str, str] = {
    "url": "TOWER_TILES_URL",
    "attribution": "TOWER_TILES_ATTRIBUTION",
    "contact": "TOWER_TILES_CONTACT",
    "max_zoom": "TOWER_TILES_MAX_ZOOM",
}
"""Environment variables by the setting they stand for."""

DEEPEST_ZOOM = 19

_PLACEHOLDERS = {"x", "y", "z"}
_FURTHEST_ZOOM = 22


class TileSettingsError(ValueError):
    """The tile provider cannot be used as it is configured; the message says what to change."""


class TileSettings(msgspec.Struct, frozen=True, kw_only=True):
    """A tile provider as a user writes it.

    Attributes:
        url: XYZ address such as `https://tiles.example.org/{z}/{x}/{y}.png`; "" for none.
        attribution: what the provider wants to be shown on the map.
        contact: who runs this Tower (an address or a page), told to the provider.
        max_zoom: the deepest zoom the provider serves.
    """

    url: str = ""
    attribution: str = ""
    contact: str = ""
    max_zoom: str = str(DEEPEST_ZOOM)


def kept_tiles(settings: QSettings, environment: Mapping[str, str]) -> TileSettings:
    """What is configured: the environment where it names an address, else the settings."""
    if environment.get(VARIABLES["url"]):
        given = {name: environment.get(variable) for name, variable in VARIABLES.items()}
    else:
        given = {name: settings.value(f"tiles/{name}") for name in VARIABLES}
    return TileSettings(**{name: str(value).strip() for name, value in given.items() if value})


def keep_tiles(settings: QSettings, tiles: TileSettings) -> None:
    """Remember a tile provider for the next start."""
    for name, value in msgspec.structs.asdict(tiles).items():
        settings.setValue(f"tiles/{name}", value)
    settings.sync()


def provider_of(tiles: TileSettings) -> TileProvider | None:
    """The provider as the map uses it, None where none is configured.

    Raises:
        TileSettingsError: the address, the attribution or the zoom cannot be used.
    """
    if not tiles.url:
        return None
    _check_address(tiles.url)
    if not tiles.attribution:
        raise TileSettingsError(
            "Tile providers want their attribution on the map: say what to show, such as "
            "“© Example Tiles”."
        )
    return TileProvider(
        url=tiles.url,
        attribution=tiles.attribution,
        user_agent=user_agent(tiles.contact),
        max_zoom=_zoom(tiles.max_zoom),
    )


def user_agent(contact: str) -> str:
    """How Tower names itself to a tile provider."""
    about = f"last-mile control tower; {contact}" if contact else "last-mile control tower"
    return f"Tower/{__version__} ({about})"


def _check_address(url: str) -> None:
    try:
        named = {name for _, name, _, _ in Formatter().parse(url) if name is not None}
        parts = urlsplit(url.replace("{", "").replace("}", ""))
        host = parts.hostname
    except ValueError as error:
        raise TileSettingsError(f"The tile address cannot be read: {error}.") from error
    if parts.scheme not in {"http", "https"} or not host:
        raise TileSettingsError("The tile address must begin with https:// or http:// and a host.")
    if named != _PLACEHOLDERS:
        wrong = ", ".join(f"{{{name}}}" for name in sorted(named - _PLACEHOLDERS))
        raise TileSettingsError(
            "The tile address needs {z}, {x} and {y}, as in "
            "https://tiles.example.org/{z}/{x}/{y}.png"
            + (f"; Tower does not fill in {wrong}." if wrong else ".")
        )


def _zoom(text: str) -> int:
    if not text.isdecimal() or not 1 <= int(text) <= _FURTHEST_ZOOM:
        raise TileSettingsError(f"The deepest zoom is a number from 1 to {_FURTHEST_ZOOM}.")
    return int(text)
