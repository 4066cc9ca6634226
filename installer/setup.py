"""Set Tower up: `python3 -m installer.setup`, which is what `make setup` runs.

Each step is done once for what it was done from and skipped after that; one that was cut off is
done again. Needs nothing but Python's standard library.
"""

import argparse
import fcntl
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path

from installer import environment, system, web
from installer.console import Console, SetupError
from installer.paths import DEVELOPMENT_LOCK, LOCK_FILE, LOG, RUN_LOCK, STAMPS
from installer.steps import Stamps, Step, run_steps

FAILED = 1
STOPPED = 130


def steps_to_run() -> list[Step]:
    """What it takes to run Tower, in order."""
    return [
        Step(
            "System libraries",
            "what Qt loads to draw the desktop and the map",
            None,
            system.nothing_missing,
            system.install_missing,
        ),
        Step(
            "Virtual environment",
            "a Python of Tower's own in .venv, apart from the system's",
            None,
            environment.environment_works,
            environment.create_environment,
        ),
        _dependencies("Dependencies", "the locked packages, as wheels", RUN_LOCK, "PySide6"),
        Step(
            "Tower",
            "the tower command and its carriers",
            environment.project_fingerprint,
            environment.project_present,
            environment.install_project,
        ),
        Step(
            "Qt check",
            "that the desktop's libraries load on this machine",
            partial(environment.dependencies_fingerprint, RUN_LOCK),
            environment.qt_loads,
            environment.explain_qt,
        ),
        Step(
            "Map packages",
            "what the map page is built from, by lock file",
            web.packages_fingerprint,
            web.packages_present,
            web.install_packages,
        ),
        Step(
            "Map page",
            "the map, built into ui/web/dist",
            web.page_fingerprint,
            web.page_present,
            web.build_page,
        ),
    ]


def steps_to_develop() -> list[Step]:
    """What tests and checks need on top of running Tower."""
    why = "test runner, type checker and linters"
    return [*steps_to_run(), _dependencies("Development tools", why, DEVELOPMENT_LOCK, "pytest")]


def _dependencies(name: str, why: str, lock: Path, package: str) -> Step:
    return Step(
        name,
        why,
        partial(environment.dependencies_fingerprint, lock),
        partial(environment.package_present, package),
        partial(environment.install_dependencies, lock),
    )


@contextmanager
def only_one(console: Console, path: Path = LOCK_FILE) -> Iterator[None]:
    """Hold set-up's lock: a second set-up of the same checkout waits for the first."""
    with path.open("w", encoding="utf-8") as held:
        try:
            fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            console.say("Another set-up of this checkout is running; waiting for it to end.")
            fcntl.flock(held, fcntl.LOCK_EX)
        yield


def set_up(steps: Sequence[Step], console: Console) -> None:
    """Do the steps and say how long it took; says nothing where all was done.

    Raises:
        SetupError: A step failed.
    """
    began = time.monotonic()
    with only_one(console):
        LOG.write_text("", encoding="utf-8")
        if run_steps(steps, Stamps(STAMPS), console):
            console.say(f"Tower is set up ({time.monotonic() - began:.0f} s).")


def main(arguments: Sequence[str] | None = None) -> int:
    """Set up and return the exit code: 0 done, 1 failed, 130 stopped by Ctrl+C."""
    parser = argparse.ArgumentParser(prog="setup", description="Set Tower up in this checkout.")
    parser.add_argument("--development", action="store_true", help="also what the tests need")
    options = parser.parse_args(arguments)
    console = Console(LOG)
    try:
        set_up(steps_to_develop() if options.development else steps_to_run(), console)
    except SetupError as error:
        console.say(f"\nSet-up stopped: {error}")
        return FAILED
    except KeyboardInterrupt:
        console.say("\nStopped. Run the same command again: it goes on where it was.")
        return STOPPED
    return 0


if __name__ == "__main__":
    sys.exit(main())
