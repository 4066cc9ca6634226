"""A gateway with the simulated shift at nine in the morning, in a process of its own.

Says where it listens as `tower gateway --announce` does, and ends when standard input closes.
"""

import sys
from datetime import date, datetime, time
from pathlib import Path

import platformdirs

from tower.demo.source import DemoSource
from tower.demo.store import demo_plan
from tower.feed.clock import RunningClock
from tower.gateway.regions import Regions
from tower.gateway.server import run
from tower.gateway.settings import GatewaySettings
from tower.road.pack import RegionPack
from tower.road.region_engine import RegionEngine
from tower.road.road_engine import RoadEngine

REGION = "liechtenstein"
DAY, HOUR = date(2026, 11, 20), time(9, 0)
SEED = 1


def main() -> int:
    """Serve until told to end."""
    settings = GatewaySettings(
        data=sys.argv[1], port=0, region=REGION, announce=True, die_with_parent=True
    )
    with RegionPack.open(Regions.at_hand().find(REGION)) as pack:
        zone = pack.info.zone
        plan = demo_plan(pack, SEED, Path(platformdirs.user_cache_path("tower")) / "demo")
        clock = RunningClock(datetime.combine(DAY, HOUR, zone).timestamp(), 1.0)
        source = DemoSource(plan, DAY, clock, lambda: RegionEngine(RoadEngine(pack.graph(), zone)))
        return run(settings, [source], clock)


if __name__ == "__main__":
    sys.exit(main())
