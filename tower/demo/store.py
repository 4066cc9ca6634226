"""Plans kept between starts: making one takes seconds, reading one a fraction of a second."""

import logging
import zlib
from datetime import date
from functools import partial
from pathlib import Path

import msgspec

from tower.demo.closing import closed_roads
from tower.demo.happenings import Closure
from tower.demo.plan import PLAN_VERSION, DemoPlan
from tower.demo.planner import Ground, Progress, plan_shift
from tower.demo.regimes import SUPPOSED_DATE, Regime
from tower.domain.geometry import LatLon
from tower.road.engine import RoutingEngine
from tower.road.pack import RegionPack
from tower.road.region_engine import RegionEngine
from tower.road.road_engine import RoadEngine

LOG = logging.getLogger(__name__)

_ENCODER = msgspec.msgpack.Encoder()
_DECODER = msgspec.msgpack.Decoder(DemoPlan)


def demo_plan(
    pack: RegionPack,
    seed: int,
    directory: Path,
    progress: Progress = lambda _fraction: None,
    *,
    regime: Regime = Regime.ORDINARY,
    on: date = SUPPOSED_DATE,
) -> DemoPlan:
    """The plan of a seed on a region: read from `directory`, or made and kept there.

    Args:
        pack: the region; its roads are read only where the plan has to be made.
        seed: decides everything that is chance.
        directory: where plans are kept; made where missing.
        progress: told the fraction done while a plan is made, 0 to 1.
        regime: what sort of day it is.
        on: local date of it; of that only the weekday matters.
    """
    own, made = f"demo-{pack.info.id}-{seed}-", f"{PLAN_VERSION}-{pack.checksum[:16]}-"
    path = directory / f"{own}{made}{regime}-{on.weekday()}.plan"
    known = _read(path)
    if known is not None:
        return known
    ground = Ground(
        pack.info.id,
        pack.checksum,
        pack.buildings,
        _depot(pack),
        roads_of(pack),
        partial(roads_of, pack),
        pack.info.time_zone,
    )
    plan = plan_shift(ground, seed, progress, regime=regime, on=on)
    if _write(path, plan):
        _forget_older(directory, own, made)
    return plan


def roads_of(pack: RegionPack, closure: Closure | None = None) -> RoutingEngine:
    """The roads of a region, read from its pack, as vehicles of the demo drive them.

    Args:
        pack: the region.
        closure: what is closed.
    """
    graph = pack.graph() if closure is None else closed_roads(pack.graph(), closure)
    return RegionEngine(RoadEngine(graph, pack.info.zone))


def _read(path: Path) -> DemoPlan | None:
    try:
        return _DECODER.decode(zlib.decompress(path.read_bytes()))
    except FileNotFoundError:
        return None
    except (OSError, zlib.error, msgspec.MsgspecError) as error:
        LOG.warning("%s cannot be read (%s); the demo shift is planned again", path, error)
        return None


def _write(path: Path, plan: DemoPlan) -> bool:
    """True once it is kept."""
    unfinished = path.with_suffix(".partial")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        unfinished.write_bytes(zlib.compress(_ENCODER.encode(plan), 1))
        unfinished.replace(path)
    except OSError as error:
        LOG.warning("the demo plan is not kept for the next start: %s", error)
        return False
    return True


def _forget_older(directory: Path, own: str, made: str) -> None:
    """Plans of the same region and seed that an earlier version made."""
    for kept in directory.glob(f"{own}*.plan"):
        if not kept.name.startswith(own + made):
            kept.unlink(missing_ok=True)


def _depot(pack: RegionPack) -> LatLon:
    """The largest industrial or commercial building: where a depot would stand."""
    houses = pack.buildings
    trade = [b for b in houses if b.kind in ("industrial", "warehouse", "commercial", "retail")]
    return max(trade or list(houses), key=lambda building: building.area_m2).location
