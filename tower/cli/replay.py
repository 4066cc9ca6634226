"""`tower replay`: the desktop on a recording."""

import argparse
from datetime import datetime, tzinfo
from pathlib import Path

from tower.cli.desktop import embedded_command, open_desktop
from tower.cli.kinds import is_journal
from tower.domain.timezones import zone_named
from tower.gateway.errors import DataError
from tower.gateway.options import ExitCode
from tower.replay.errors import RecordingError
from tower.replay.file import SUFFIX, read_info
from tower.replay.recording import RecordingInfo


def run(options: argparse.Namespace) -> int:
    """Open the desktop on a recording, or say what is in it.

    A `.tower` file opens without any gateway; everything else is played by one of its own.

    Raises:
        DataError: there is no such file, or it is no recording.
        NoDesktop: no desktop is installed.
    """
    file = Path(options.file).expanduser().resolve()
    if not file.exists():
        raise DataError(f"There is no recording {file}.")
    if file.suffix.lower() == SUFFIX:
        return _travel(options, file)
    if options.info:
        raise DataError(f"--info tells of {SUFFIX} recordings; {file.name} is none.")
    region = ("--region", options.region) if options.region else ()
    return open_desktop(
        options,
        embedded_command("--recording", str(file), *region),
        options.region or "",
        awaits_vehicles=not is_journal(file),
    )


def _travel(options: argparse.Namespace, file: Path) -> int:
    try:
        info = read_info(file)
    except RecordingError as error:
        raise DataError(str(error)) from error
    if options.info:
        print(described(file, info))
        return ExitCode.OK
    region = options.region or info.region
    return open_desktop(options, (), region, awaits_vehicles=False, replay_file=str(file))


def described(file: Path, info: RecordingInfo) -> str:
    """What a recording is of, in words."""
    zone = zone_named(info.zone)
    size_mb = file.stat().st_size / 1e6
    lines = [
        f"{file.name}: {info.name}",
        f"  from {_time(info.begins, zone)} to {_time(info.ends, zone)} ({info.zone})",
        f"  {info.events:,} events, {info.positions:,} positions, {size_mb:.1f} MB",
        f"  map: {info.region or 'none'}",
        f"  personal data: {'masked' if info.is_masked else 'as it was'}",
        f"  made {_time(info.made_at, zone)}",
    ]
    lines += [f"  {_time(one.at, zone)}  {one.words}" for one in info.bookmarks]
    return "\n".join(lines)


def _time(at: datetime, zone: tzinfo | None) -> str:
    return f"{at.astimezone(zone) if zone else at:%Y-%m-%d %H:%M:%S}"
