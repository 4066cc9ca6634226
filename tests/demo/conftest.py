"""The committed demo region, its roads, and one plan made on it."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tower.demo.plan import DemoPlan
from tower.demo.store import demo_plan
from tower.road.engine import RoutingEngine
from tower.road.pack import RegionPack
from tower.road.region_engine import RegionEngine
from tower.road.road_engine import RoadEngine

REGION = Path(__file__).parents[2] / "resources" / "regions" / "liechtenstein.region"


@pytest.fixture(scope="session")
def pack() -> Iterator[RegionPack]:
    with RegionPack.open(REGION) as opened:
        yield opened


@pytest.fixture(scope="session")
def roads(pack: RegionPack) -> RoutingEngine:
    return RegionEngine(RoadEngine(pack.graph(), pack.info.zone))


@pytest.fixture(scope="session")
def plan(pack: RegionPack, tmp_path_factory: pytest.TempPathFactory) -> DemoPlan:
    return demo_plan(pack, 1, tmp_path_factory.mktemp("plans"))
