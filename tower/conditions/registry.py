"""Finding the plugins for weather and traffic that are installed."""

import logging
from importlib.metadata import EntryPoint, entry_points

from tower.conditions.port import ConditionsPlugin

GROUP = "tower.conditions"
"""Entry point group; the value is an object with the methods of `ConditionsPlugin`."""

_log = logging.getLogger(__name__)


def find_providers() -> dict[str, ConditionsPlugin]:
    """Every installed plugin by its name; one that cannot be loaded is left out."""
    loaded = (_load(point) for point in entry_points(group=GROUP))
    return {plugin.name: plugin for plugin in loaded if plugin is not None}


def _load(point: EntryPoint) -> ConditionsPlugin | None:
    try:
        plugin = point.load()
    except Exception:  # noqa: BLE001 - a plugin may fail in any way at all
        _log.exception("conditions plugin %s cannot be loaded and is not asked", point.value)
        return None
    if isinstance(plugin, ConditionsPlugin):
        return plugin
    _log.error("conditions plugin %s is none and is not asked", point.value)
    return None
