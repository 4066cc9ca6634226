"""The demo region, to compare engines on real roads."""

from functools import cache
from pathlib import Path

from tower.domain.geometry import LatLon
from tower.road.pack import RegionPack
from tower.road.road_engine import RoadEngine

VADUZ, BALZERS = LatLon(47.1389, 9.5225), LatLon(47.0658, 9.5018)
FAR = LatLon(10.0, 20.0)
"""A place nowhere near."""

_PACK = Path("resources/regions/liechtenstein.region")


@cache
def own_engine() -> RoadEngine:
    """Our own roads, free flow."""
    with RegionPack.open(_PACK) as pack:
        return RoadEngine(pack.graph())


def houses(step: int) -> list[LatLon]:
    """Every so many-th building."""
    return _buildings()[::step]


@cache
def _buildings() -> list[LatLon]:
    with RegionPack.open(_PACK) as pack:
        return [building.location for building in pack.buildings]
