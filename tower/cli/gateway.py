"""`tower gateway`: a gateway without a window."""

import argparse
import contextlib
import logging
from pathlib import Path

import platformdirs
from msgspec.structs import replace

from tower.cli.demo import DemoDay, told_until
from tower.cli.kinds import DEMO_REGION
from tower.cli.recordings import recording_of
from tower.cli.scratch import scratch_folder
from tower.gateway.errors import DataError
from tower.gateway.regions import Regions
from tower.gateway.server import run as serve
from tower.gateway.settings import GatewaySettings, read_settings
from tower.road.pack import RegionPack, RegionPackError

_log = logging.getLogger(__name__)


def run(options: argparse.Namespace) -> int:
    """Run a gateway until it is told to end.

    Raises:
        TowerError: it cannot start; the message says why.
    """
    with contextlib.ExitStack() as stack:
        given = read_settings(_path(options.config), _flags(options))
        settings = given if given.data else replace(given, data=_data_folder(options, stack))
        if options.demo:
            return _run_demo(_silent(settings), options, stack)
        if options.recording:
            return _run_recording(_silent(settings), Path(options.recording))
        return serve(settings)


def _flags(options: argparse.Namespace) -> dict[str, object]:
    return {
        "host": options.host,
        "port": options.port,
        "region": options.region,
        "roads": options.roads,
        "data": str(Path(options.data).expanduser()) if options.data else None,
        "announce": options.announce or None,
        "die_with_parent": options.die_with_parent or None,
    }


def _data_folder(options: argparse.Namespace, stack: contextlib.ExitStack) -> str:
    """Where the journal lies when nobody says so: shifts nobody keeps get a folder of their own."""
    for kind in ("demo", "recording"):
        if getattr(options, kind):
            return str(stack.enter_context(scratch_folder(kind)))
    return str(platformdirs.user_data_path("tower") / "gateway")


def _run_demo(
    settings: GatewaySettings, options: argparse.Namespace, stack: contextlib.ExitStack
) -> int:
    settings = replace(settings, region=settings.region or DEMO_REGION)
    path = Regions.at_hand(settings.region_folders).find(settings.region)
    try:
        pack = stack.enter_context(RegionPack.open(path))
    except RegionPackError as error:
        raise DataError(str(error)) from error
    day = DemoDay(pack, options.seed, options.speed, told_until(Path(settings.data)))
    return serve(settings, [day], day.clock)


def _run_recording(settings: GatewaySettings, file: Path) -> int:
    recording = recording_of(file, Path(settings.data))
    return serve(recording.settings(settings), recording.sources, recording.clock)


def _silent(settings: GatewaySettings) -> GatewaySettings:
    """Without accounts and providers: nobody real hears of what is simulated, or is over.

    The weather of now is none of such a shift's either.
    """
    if settings.channel:
        _log.warning("accounts of the settings are not used: nobody real is told of this shift")
    return replace(settings, channel=(), conditions=())


def _path(text: str | None) -> Path | None:
    return Path(text).expanduser() if text else None
