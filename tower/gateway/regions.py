"""The regions at hand: the built-in ones, and those a person imported."""

from collections.abc import Sequence
from datetime import UTC, tzinfo
from pathlib import Path

import msgspec
import platformdirs
from msgspec.structs import replace

from tower.domain.timezones import zone_named
from tower.gateway.errors import DataError, NoSuchRegion
from tower.road.engine import RoutingEngine, StraightLineEngine
from tower.road.pack import SUFFIX, RegionPack, RegionPackError
from tower.road.region import region_id
from tower.road.region_engine import RegionEngine
from tower.road.road_engine import RoadEngine
from tower.road.servers import server_address, server_engine

BUILT_IN = Path(__file__).resolve().parents[2] / "resources" / "regions"
"""Where the regions that come with Tower lie."""

_FINGERPRINT_BYTES = 64


def imported_regions() -> Path:
    """The folder where imported regions are kept for this user."""
    return platformdirs.user_data_path("tower") / "regions"


class Regions:
    """Finds region packs by id."""

    def __init__(self, folders: Sequence[Path]) -> None:
        """Looks in these folders, the first one first."""
        self._folders = folders

    @classmethod
    def at_hand(cls, more: Sequence[str] = ()) -> "Regions":
        """The folders named, then the imported regions, then the built-in ones."""
        return cls([*(Path(folder) for folder in more), imported_regions(), BUILT_IN])

    def all(self) -> dict[str, Path]:
        """Every region's file by its id."""
        found: dict[str, Path] = {}
        for folder in self._folders:
            for path in sorted(folder.glob(f"*{SUFFIX}")):
                found.setdefault(path.name.removesuffix(SUFFIX), path)
        return found

    def find(self, region: str) -> Path:
        """The file of a region.

        Raises:
            NoSuchRegion: it is neither built in nor imported.
        """
        at_hand = self.all()
        # An id never names a path: only what is listed can be had.
        if region in at_hand:
            return at_hand[region]
        known = ", ".join(sorted(at_hand)) or "none"
        raise NoSuchRegion(
            f"There is no region {region!r}; at hand are: {known}. "
            "Import it with: tower region import FILE.osm.pbf"
        )

    def check(self, region: str) -> None:
        """Make sure that a region is at hand and whole.

        Raises:
            NoSuchRegion: it is neither built in nor imported.
            DataError: its file is damaged.
        """
        try:
            RegionPack.open(self.find(region)).close()
        except RegionPackError as error:
            raise DataError(str(error)) from error


class Roads(msgspec.Struct, frozen=True):
    """Where travel times come from.

    Attributes:
        name: changes when the road data does.
        pack: the region's file, or None for straight lines.
        servers: routing servers that are asked first, as `server_address` reads them.
        zone: IANA name of the local time where there is no region to tell it.
    """

    name: str = "straight-lines"
    pack: Path | None = None
    servers: tuple[str, ...] = ()
    zone: str = "UTC"

    @property
    def lasts(self) -> bool:
        """True where the same question has the same answer tomorrow: no server is asked."""
        return not self.servers

    @classmethod
    def of(cls, path: Path) -> "Roads":
        """The roads of a region pack."""
        with path.open("rb") as file:
            file.seek(max(0, path.stat().st_size - _FINGERPRINT_BYTES))
            mark = file.read().hex()
        return cls(f"{path.name}:{mark}", path)

    def through(self, servers: Sequence[str], zone: str) -> "Roads":
        """These roads, with servers asked first."""
        if not servers:
            return self
        name = "|".join((*servers, self.name))
        return replace(self, name=name, servers=tuple(servers), zone=zone)

    def without_pack(self) -> "Roads":
        """The same without the region's file."""
        return Roads().through(self.servers, self.zone)

    def open(self) -> RoutingEngine:
        """Load the roads; takes a moment.

        Raises:
            RegionPackError: the pack is damaged.
        """
        if self.pack is None:
            return self._served(StraightLineEngine(), zone_named(self.zone) or UTC)
        with RegionPack.open(self.pack) as pack:
            roads = RegionEngine(RoadEngine(pack.graph(), pack.info.zone))
            return self._served(roads, pack.info.zone)

    def _served(self, roads: RoutingEngine, zone: tzinfo) -> RoutingEngine:
        if not self.servers:
            return roads
        return server_engine(map(server_address, self.servers), zone, roads)


def target_of(name: str) -> Path:
    """The file an imported region of this name is kept in."""
    return imported_regions() / f"{region_id(name)}{SUFFIX}"
