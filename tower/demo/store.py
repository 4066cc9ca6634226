"""Plans kept between starts: making one takes seconds, reading one a fraction of a second."""

import logging
import zlib
from pathlib import Path

import msgspec

from tower.demo.plan import PLAN_VERSION, DemoPlan
from tower.demo.planner import Progress, plan_shift
from tower.domain.geometry import LatLon
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
) -> DemoPlan:
    """The plan of a seed on a region: read from `directory`, or made and kept there.

    Args:
        pack: the region; its roads are read only where the plan has to be made.
        seed: decides everything that is chance.
        directory: where plans are kept; made where missing.
        progress: told the fraction done while a plan is made, 0 to 1.
    """
    path = directory / f"demo-{pack.info.id}-{seed}-{PLAN_VERSION}-{pack.checksum[:16]}.plan"
    known = _read(path)
    if known is not None:
        return known
    plan = plan_shift(
        region_id=pack.info.id,
        region_checksum=pack.checksum,
        buildings=pack.buildings,
        depot=_depot(pack),
        engine=RegionEngine(RoadEngine(pack.graph(), pack.info.zone)),
        seed=seed,
        timezone=pack.info.time_zone,
        progress=progress,
    )
    _write(path, plan)
    return plan


def _read(path: Path) -> DemoPlan | None:
    try:
        return _DECODER.decode(zlib.decompress(path.read_bytes()))
    except FileNotFoundError:
        return None
    except (OSError, zlib.error, msgspec.MsgspecError) as error:
        LOG.warning("%s cannot be read (%s); the demo shift is planned again", path, error)
        return None


def _write(path: Path, plan: DemoPlan) -> None:
    partial = path.with_suffix(".partial")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        partial.write_bytes(zlib.compress(_ENCODER.encode(plan), 1))
        partial.replace(path)
        _forget_older(path)
    except OSError as error:
        LOG.warning("the demo plan is not kept for the next start: %s", error)


def _forget_older(path: Path) -> None:
    """Plans of the same region and seed that an earlier version made."""
    stem = path.name.rsplit("-", 2)[0]
    for kept in path.parent.glob(f"{stem}-*-*.plan"):
        if kept != path:
            kept.unlink(missing_ok=True)


def _depot(pack: RegionPack) -> LatLon:
    """The largest industrial or commercial building: where a depot would stand."""
    houses = pack.buildings
    trade = [b for b in houses if b.kind in ("industrial", "warehouse", "commercial", "retail")]
    return max(trade or list(houses), key=lambda building: building.area_m2).location
