"""`tower replay`: the desktop on a recording."""

import argparse
from pathlib import Path

from tower.cli.desktop import embedded_command, open_desktop
from tower.cli.kinds import is_journal
from tower.gateway.errors import DataError


def run(options: argparse.Namespace) -> int:
    """Open the desktop on a gateway that plays the recording.

    Raises:
        DataError: there is no such file.
        NoDesktop: no desktop is installed.
    """
    file = Path(options.file).expanduser().resolve()
    if not file.exists():
        raise DataError(f"There is no recording {file}.")
    region = ("--region", options.region) if options.region else ()
    return open_desktop(
        options,
        embedded_command("--recording", str(file), *region),
        options.region or "",
        awaits_vehicles=not is_journal(file),
    )
