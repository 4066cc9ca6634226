"""Finding the adapters that are installed."""

import logging
from importlib.metadata import EntryPoint, entry_points

from tower.carriers.port import Adapter

GROUP = "tower.carriers"
"""Entry point group; the value is an object with the methods of `Adapter`."""

_log = logging.getLogger(__name__)


def find_adapters() -> dict[str, Adapter]:
    """Every installed adapter by its name.

    A plugin that cannot be loaded is left out and logged: one broken plugin must not keep the
    others' carriers from being heard.
    """
    loaded = (_load(point) for point in entry_points(group=GROUP))
    return {adapter.name: adapter for adapter in loaded if adapter is not None}


def _load(point: EntryPoint) -> Adapter | None:
    try:
        adapter = point.load()
    except Exception:  # noqa: BLE001 - a plugin may fail in any way at all
        _log.exception("carrier plugin %s cannot be loaded; its messages are refused", point.value)
        return None
    if isinstance(adapter, Adapter):
        return adapter
    _log.error("carrier plugin %s is not an adapter; its messages are refused", point.value)
    return None
