"""Which layers of the map a user shows, kept from one run to the next."""

import logging
from collections.abc import Mapping

import msgspec
from PySide6.QtCore import QSettings

_KEY = "map/layers"
_log = logging.getLogger(__name__)


def kept_layers(settings: QSettings) -> dict[str, bool]:
    """The layers switched on and off by name, as they were left; empty before the first time."""
    text = str(settings.value(_KEY, "") or "{}")
    try:
        return msgspec.json.decode(text, type=dict[str, bool])
    except msgspec.DecodeError as error:
        _log.warning("the map shows its usual layers; those kept cannot be read: %s", error)
        return {}


def keep_layers(settings: QSettings, layers: Mapping[str, bool]) -> None:
    """Keep them for the next run."""
    settings.setValue(_KEY, msgspec.json.encode(layers).decode())
