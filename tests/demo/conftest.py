"""The committed demo region and one plan made on it."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tower.demo.plan import DemoPlan
from tower.demo.store import demo_plan
from tower.road.pack import RegionPack

REGION = Path(__file__).parents[2] / "resources" / "regions" / "liechtenstein.region"


@pytest.fixture(scope="session")
def pack() -> Iterator[RegionPack]:
    with RegionPack.open(REGION) as opened:
        yield opened


@pytest.fixture(scope="session")
def plan(pack: RegionPack, tmp_path_factory: pytest.TempPathFactory) -> DemoPlan:
    return demo_plan(pack, 1, tmp_path_factory.mktemp("plans"))
