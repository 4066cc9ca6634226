"""Write the lock files anew: `python -m installer.lock`, which is what `make lock` runs.

One lock for running Tower and one for working on it, for every Python and platform at once, with
hashes and without the address of any registry.
"""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from installer import web
from installer.console import Console, SetupError
from installer.paths import DEVELOPMENT_LOCK, LOG, PYTHON, ROOT, RUN_LOCK, WEB

_ADDRESS = "://"


def lock_python(console: Console, lock: Path, extras: Sequence[str], options: list[str]) -> None:
    """Resolve the project's dependencies into one lock file.

    Args:
        console: Where it is said.
        lock: The file to write; what it holds is kept where it still fits.
        extras: The optional groups that go in.
        options: More options for the resolver.

    Raises:
        SetupError: There is no solution, or the lock names a registry.
    """
    console.say(f"Locking {lock.relative_to(ROOT)}")
    command: list[str | Path] = [PYTHON, "-m", "uv", "pip", "compile", "pyproject.toml"]
    command += [word for extra in extras for word in ("--extra", extra)]
    command += ["--universal", "--python-version", "3.11", "--generate-hashes", "--quiet"]
    command += ["--no-emit-index-url", "--no-emit-find-links"]
    command += ["--custom-compile-command", "make lock", "--output-file", lock, *options]
    console.run(command, doing=f"locking {lock.name}", folder=ROOT)
    refuse_addresses(lock)


def lock_page(console: Console) -> None:
    """Resolve the map page's packages into its lock file.

    Raises:
        SetupError: npm failed, or the lock names a registry.
    """
    lock = WEB / "package-lock.json"
    console.say(f"Locking {lock.relative_to(ROOT)}")
    command = web.npm("install", "--package-lock-only", "--no-audit", "--no-fund")
    console.run(
        command,
        doing="locking the map page's packages",
        folder=WEB,
        environment=web.npm_environment(),
    )
    if '"resolved"' in lock.read_text(encoding="utf-8"):
        raise SetupError(f"{lock} says where its packages were fetched from; see ui/web/.npmrc.")


def refuse_addresses(lock: Path) -> None:
    """Make sure that a lock says what to install and not from where.

    Raises:
        SetupError: It names an address.
    """
    if _ADDRESS in lock.read_text(encoding="utf-8"):
        raise SetupError(f"{lock} names the address of a registry; it must work with any.")


def main(arguments: Sequence[str] | None = None) -> int:
    """Write every lock and return the exit code."""
    parser = argparse.ArgumentParser(prog="lock", description="Write the lock files anew.")
    parser.add_argument("--upgrade", action="store_true", help="take the newest versions")
    options = ["--upgrade"] if parser.parse_args(arguments).upgrade else []
    console = Console(LOG)
    try:
        lock_python(console, DEVELOPMENT_LOCK, ("build", "dev"), options)
        pinned = ["--constraint", str(DEVELOPMENT_LOCK.relative_to(ROOT))]
        lock_python(console, RUN_LOCK, ("build",), [*options, *pinned])
        lock_page(console)
    except SetupError as error:
        console.say(str(error))
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
