"""Where the desktop finds the region pack its map is drawn from."""

import logging
import re
from pathlib import Path
from typing import NamedTuple

import platformdirs

from tower.road.pack import SUFFIX, RegionPack, RegionPackError
from ui.theme import RESOURCES

_ID = re.compile(r"[a-z0-9][a-z0-9_-]{0,63}")
_log = logging.getLogger(__name__)


class Opened(NamedTuple):
    """A region's pack, or why there is none to draw from.

    Attributes:
        pack: the pack, None where there is none at hand or it is damaged.
        fault: what is wrong with the pack at hand, in words; "" where nothing is.
    """

    pack: RegionPack | None = None
    fault: str = ""


def folders() -> tuple[Path, ...]:
    """Where packs lie: imported ones, those fetched from a gateway, the built-in ones."""
    return (
        platformdirs.user_data_path("tower") / "regions",
        fetched_folder(),
        RESOURCES / "regions",
    )


def fetched_folder() -> Path:
    """Where packs fetched from an operations room are kept."""
    return platformdirs.user_cache_path("tower") / "regions"


def open_region(region_id: str) -> Opened:
    """Open a region's pack, the first that is whole."""
    if not _ID.fullmatch(region_id):
        return Opened()
    fault = ""
    for folder in folders():
        path = folder / f"{region_id}{SUFFIX}"
        if not path.is_file():
            continue
        try:
            return Opened(RegionPack.open(path))
        except RegionPackError as error:
            _log.warning("the map does without %s: %s", path, error)
            fault = fault or str(error)
    return Opened(None, fault)


def keep_fetched(region_id: str, body: bytes) -> Opened:
    """Keep a pack that came from the gateway and open it."""
    if not _ID.fullmatch(region_id):
        return Opened()
    target = fetched_folder() / f"{region_id}{SUFFIX}"
    target.parent.mkdir(parents=True, exist_ok=True)
    partial = target.with_suffix(".part")
    partial.write_bytes(body)
    partial.replace(target)
    return open_region(region_id)
