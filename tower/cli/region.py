"""`tower region`: import maps and roads, and list them."""

import argparse
import sys
from pathlib import Path

from tower.gateway.errors import DataError
from tower.gateway.options import ExitCode
from tower.gateway.regions import Regions, target_of
from tower.road.importing import build_pack
from tower.road.osm import OsmImportError
from tower.road.pack import RegionPack, RegionPackError


def run(options: argparse.Namespace) -> int:
    """Carry out one step: import or list.

    Raises:
        DataError: the extract cannot be read, or the region cannot be written.
    """
    return _import(options) if options.step == "import" else _list()


def _import(options: argparse.Namespace) -> int:
    file = Path(options.file).expanduser()
    name = options.name or file.name.split(".")[0].removesuffix("-latest")
    target = target_of(name)
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        zone = options.time_zone
        with build_pack(file, target, name=name, progress=_show, time_zone=zone) as pack:
            print(f"\r{'':60}\rRegion {pack.info.id} is ready: {target}")
    except (OsmImportError, RegionPackError) as error:
        raise DataError(str(error)) from error
    except OSError as error:
        raise DataError(f"The region cannot be written to {target}: {error.strerror}.") from error
    return ExitCode.OK


def _show(step: str, fraction: float) -> None:
    if sys.stderr.isatty():
        sys.stderr.write(f"\r{fraction:4.0%} {step:<50}")
        sys.stderr.flush()


def _list() -> int:
    for region, path in sorted(Regions.at_hand().all().items()):
        try:
            with RegionPack.open(path) as pack:
                print(
                    f"{region:20} {pack.info.name:24} {path.stat().st_size / 1e6:6.1f} MB  {path}"
                )
        except RegionPackError as error:
            print(f"{region:20} unusable: {error}")
    return ExitCode.OK
