"""Finding the channel plugins that are installed."""

import logging
from importlib.metadata import EntryPoint, entry_points

from tower.outreach.port import ChannelPlugin

GROUP = "tower.channels"
"""Entry point group; the value is an object with the methods of `ChannelPlugin`."""

_log = logging.getLogger(__name__)


def find_channels() -> dict[str, ChannelPlugin]:
    """Every installed channel plugin by its name; one that cannot be loaded is left out."""
    loaded = (_load(point) for point in entry_points(group=GROUP))
    return {plugin.name: plugin for plugin in loaded if plugin is not None}


def _load(point: EntryPoint) -> ChannelPlugin | None:
    try:
        plugin = point.load()
    except Exception:  # noqa: BLE001 - a plugin may fail in any way at all
        _log.exception("channel plugin %s cannot be loaded; nothing goes over it", point.value)
        return None
    if isinstance(plugin, ChannelPlugin):
        return plugin
    _log.error("channel plugin %s is no channel; nothing goes over it", point.value)
    return None
