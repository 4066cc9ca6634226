"""Where the desktop finds the region pack its map is drawn from."""

import logging
import re
from pathlib import Path

import platformdirs

from tower.road.pack import SUFFIX, RegionPack, RegionPackError
from ui.theme import RESOURCES

_ID = re.compile(r"[a-z0-9][a-z0-9_-]{0,63}")
_log = logging.getLogger(__name__)


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


def open_region(region_id: str) -> RegionPack | None:
    """Open a region's pack; None where there is none at hand or it is damaged (logged)."""
    if not _ID.fullmatch(region_id):
        return None
    for folder in folders():
        path = folder / f"{region_id}{SUFFIX}"
        if not path.is_file():
            continue
        try:
            return RegionPack.open(path)
        except RegionPackError as error:
            _log.warning("the map shows lines only: %s", error)
    return None


def keep_fetched(region_id: str, body: bytes) -> RegionPack | None:
    """Keep a pack that came from the gateway and open it; None where it is damaged (logged)."""
    if not _ID.fullmatch(region_id):
        return None
    target = fetched_folder() / f"{region_id}{SUFFIX}"
    target.parent.mkdir(parents=True, exist_ok=True)
    partial = target.with_suffix(".part")
    partial.write_bytes(body)
    partial.replace(target)
    return open_region(region_id)
