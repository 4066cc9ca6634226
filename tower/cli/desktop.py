"""`tower`: the desktop, on a gateway of its own or in an operations room."""

import argparse
import sys
from importlib.metadata import entry_points

from tower.cli.kinds import DEMO_REGION
from tower.cli.scratch import scratch_folder
from tower.gateway.errors import SettingsError
from tower.gateway.options import DesktopOptions, ExitCode, TowerError

GROUP = "tower.desktop"
"""Entry point group of desktops; the value is `main(options: DesktopOptions) -> int`."""


class NoDesktop(TowerError):
    """No desktop is installed."""

    exit_code = ExitCode.FAILED


def run(options: argparse.Namespace) -> int:
    """Open the desktop.

    Raises:
        NoDesktop: none is installed.
        SettingsError: flags that do not go together.
    """
    if options.gateway and (options.speed != 1.0 or options.seed != 1):
        raise SettingsError("--speed and --seed are for the simulated shift, not for --gateway.")
    if options.gateway:
        return open_desktop(options, (), None, awaits_vehicles=False)
    # The folder is the desktop's, so that a gateway that died goes on with the same journal.
    with scratch_folder("demo") as folder:
        embedded = (*demo_command(options.speed, options.seed), "--data", str(folder))
        return open_desktop(options, embedded, DEMO_REGION, awaits_vehicles=True)


def open_desktop(
    options: argparse.Namespace,
    gateway_command: tuple[str, ...],
    region: str | None,
    *,
    awaits_vehicles: bool,
    replay_file: str = "",
) -> int:
    """Open the desktop, on this embedded gateway where the command is not empty."""
    found = list(entry_points(group=GROUP))
    if not found:
        raise NoDesktop("No desktop is installed here; set Tower up again with: make setup")
    wishes = DesktopOptions(
        gateway_url=getattr(options, "gateway", None) or "",
        token_env=getattr(options, "token_env", "TOWER_TOKEN"),
        gateway_command=gateway_command,
        theme=options.theme or "",
        size=options.size,
        screenshot=options.screenshot or "",
        after_s=options.after,
        timings=options.timings,
        region=region,
        awaits_vehicles=awaits_vehicles,
        replay_file=replay_file,
    )
    return int(found[0].load()(wishes))


def embedded_command(*words: str) -> tuple[str, ...]:
    """The command of a gateway that belongs to this desktop."""
    fixed = ("gateway", "--port", "0", "--announce", "--die-with-parent")
    return (sys.executable, "-m", "tower", *fixed, *words)


def demo_command(speed: float, seed: int) -> tuple[str, ...]:
    """The command of a gateway with the simulated shift."""
    return embedded_command("--demo", "--speed", f"{speed:g}", "--seed", str(seed))
